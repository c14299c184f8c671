//! What text may hold. A terminal obeys escape sequences in a title and PostgreSQL refuses U+0000, so control characters
//! are refused here, once, for every door.

use super::invalid::Invalid;

/// Longest `key` of a user or campus, and longest of the platform's other ids and of idempotency keys, in characters.
pub const MAX_KEY: usize = 200;
/// Longest name of a user or campus, in characters.
pub const MAX_NAME: usize = 200;

/// One line of text: 1 to `max` characters, not blank, no control character.
pub fn line(field: &str, text: &str, max: usize) -> Result<(), Invalid> {
    check(field, text, max, char::is_control)
}

/// Text that may have several lines: as [`line`], but line feeds and tabs are text.
pub fn paragraph(field: &str, text: &str, max: usize) -> Result<(), Invalid> {
    check(field, text, max, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// A platform's own id of something: 1 to [`MAX_KEY`] characters on one line, no space around it.
pub fn key(field: &str, text: &str) -> Result<(), Invalid> {
    line(field, text, MAX_KEY)?;
    if text.trim() == text {
        Ok(())
    } else {
        Err(Invalid::new(field, "must not begin or end with white space"))
    }
}

fn check(field: &str, text: &str, max: usize, refused: impl Fn(char) -> bool) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new(field, "must not be empty"));
    }
    // Bytes bound characters from above: a huge text is refused without being walked.
    if text.len() > 4 * max || text.chars().count() > max {
        return Err(Invalid::new(field, format!("must be at most {max} characters")));
    }
    match text.chars().find(|c| refused(*c)) {
        Some(c) => {
            Err(Invalid::new(field, format!("must not contain the control character U+{:04X}", u32::from(c))))
        }
        None => Ok(()),
    }
}

/// `text`, or its beginning with an ellipsis where it has more than `max` characters.
pub fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Open day", true)]
    #[case::any_language("開放日 – été 🎉", true)]
    #[case::the_longest(&"é".repeat(200), true)]
    #[case::one_too_long(&"é".repeat(201), false)]
    #[case::empty("", false)]
    #[case::blank(" \u{3000}", false)]
    #[case::escape("a\u{1b}[2J", false)]
    #[case::nul("a\0b", false)]
    #[case::c1("a\u{9b}31m", false)]
    #[case::two_lines("a\nb", false)]
    fn a_title_is_one_clean_line(#[case] text: &str, #[case] accepted: bool) {
        assert_eq!(line("title", text, 200).is_ok(), accepted);
    }

    #[rstest]
    #[case("a\n\tb\n", true)]
    #[case("over\rwritten", false)]
    #[case("a\u{1b}b", false)]
    #[case("a\u{7f}b", false)]
    fn a_message_may_have_lines(#[case] text: &str, #[case] accepted: bool) {
        assert_eq!(paragraph("message", text, 4000).is_ok(), accepted);
    }

    #[rstest]
    #[case("short", 5, "short")]
    #[case("longer", 5, "long…")]
    #[case("ééééé", 4, "ééé…")]
    fn clips_with_an_ellipsis(#[case] text: &str, #[case] max: usize, #[case] expected: &str) {
        assert_eq!(clip(text, max), expected);
    }
}
