//! A part of a whole as a bar, and in per cent.

/// The parts of a cell, an eighth each.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of so many columns. Something is always seen of what is more than nothing, and something is always missing where
/// not all is there.
pub(crate) fn bar(part: u32, whole: u32, columns: usize) -> String {
    let eighths = columns.saturating_mul(8);
    let filled = match (part, whole) {
        (0, _) | (_, 0) => 0,
        (part, whole) if part >= whole => eighths,
        (part, whole) => {
            let share = f64::from(part) / f64::from(whole);
            // No terminal has so many columns that a float would lose one.
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and eight times a number of columns"
            )]
            let filled = (share * eighths as f64).round() as usize;
            filled.clamp(eighths.min(1), eighths.saturating_sub(1))
        }
    };
    let full = filled / 8;
    let partial = EIGHTHS[filled % 8];
    let rest = columns - full - usize::from(!partial.is_empty());
    format!("{}{partial}{}", "█".repeat(full), "░".repeat(rest))
}

/// In per cent, rounded down, so that only all is 100; nothing of nothing is nothing.
pub(crate) fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    format!("{}%", u64::from(part.min(whole)) * 100 / u64::from(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 10, 5, "░░░░░", "0%")]
    #[case(5, 10, 5, "██▌░░", "50%")]
    #[case(10, 10, 5, "█████", "100%")]
    #[case(1, 4_210, 5, "▏░░░░", "0%")]
    #[case(4_209, 4_210, 5, "████▉", "99%")]
    #[case(12, 10, 5, "█████", "100%")]
    #[case(0, 0, 5, "░░░░░", "–")]
    #[case(1, 2, 0, "", "50%")]
    fn bars(
        #[case] part: u32,
        #[case] whole: u32,
        #[case] columns: usize,
        #[case] shown: &str,
        #[case] per_cent: &str,
    ) {
        assert_eq!((bar(part, whole, columns).as_str(), percent(part, whole).as_str()), (shown, per_cent));
    }

    proptest! {
        #[test]
        fn a_bar_is_as_long_as_it_is_to_be(part: u32, whole: u32, columns in 0_usize..300) {
            prop_assert_eq!(crate::text::width(&bar(part, whole, columns)), columns);
        }
    }
}
