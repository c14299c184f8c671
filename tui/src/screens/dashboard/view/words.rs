//! Numbers as people read them.

/// What the viewer may not see.
pub(super) const HIDDEN: &str = "—";

/// A count, its thousands apart.
pub(super) fn whole(number: Option<i32>) -> String {
    number.map_or_else(|| HIDDEN.to_owned(), |number| apart(&number.to_string()))
}

/// A count that is too large for an integer of GraphQL's.
pub(super) fn total(number: Option<f64>) -> String {
    number.map_or_else(|| HIDDEN.to_owned(), |number| apart(&format!("{number:.0}")))
}

/// So many in a second.
pub(super) fn rate(number: Option<f64>) -> String {
    number.map_or_else(|| HIDDEN.to_owned(), |number| format!("{number:.1}/s"))
}

/// A time that something took.
pub(super) fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 10_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.0} s", ms / 1_000.0),
    }
}

/// "second", "5 s"
pub(super) fn seconds(seconds: i32) -> String {
    if seconds == 1 { "second".to_owned() } else { format!("{seconds} s") }
}

fn apart(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    // Whatever is no number is left as it is.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{sign}{digits}");
    }
    let mut shown = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Some(0.0), "0")]
    #[case(Some(999.0), "999")]
    #[case(Some(1_000.0), "1,000")]
    #[case(Some(12_345_678.0), "12,345,678")]
    #[case(Some(-1_234.0), "-1,234")]
    #[case(Some(f64::NAN), "NaN")]
    #[case(Some(f64::INFINITY), "inf")]
    #[case(None, "—")]
    fn totals(#[case] number: Option<f64>, #[case] shown: &str) {
        assert_eq!(total(number), shown);
    }

    #[rstest]
    #[case(0.04, "0.0 ms")]
    #[case(9.96, "10.0 ms")]
    #[case(12.3, "12 ms")]
    #[case(12_345.0, "12 s")]
    fn times(#[case] ms: f64, #[case] shown: &str) {
        assert_eq!(milliseconds(ms), shown);
    }
}
