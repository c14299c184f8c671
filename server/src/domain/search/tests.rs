//! Cases of what is found, and what holds for any text.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::invalid::Invalid;

fn query(text: &str) -> Result<Option<SearchQuery>, Invalid> {
    SearchQuery::parse("search", text)
}

fn finds(text: &str, in_message: &str) -> bool {
    let text = query(text).unwrap();
    text.is_none_or(|query| query.matches(&SearchText::of("Campus news", in_message)))
}

#[rstest]
#[case::words("Open day, 12:30!", &["open", "day", "12", "30"])]
#[case::signs("don't e-mail a_b", &["don", "t", "e", "mail", "a", "b"])]
#[case::accents("Ångström Été Łódź Ærø", &["angstrom", "ete", "lodz", "aero"])]
#[case::the_same_taken_apart("E\u{301}te\u{301}", &["ete"])]
#[case::sharp_s("Straße STRASSE STRAẞE", &["strasse", "strasse", "strasse"])]
#[case::turkish("İstanbul ISPARTA ısparta", &["istanbul", "isparta", "isparta"])]
#[case::greek("ΣΊΣΥΦΟΣ Σίσυφος", &["σισυφοσ", "σισυφοσ"])]
#[case::compatible_forms("ﬁle ﬀ ① Ａｂ", &["file", "ff", "1", "ab"])]
#[case::points("שָׁלוֹם مُحَمَّد", &["שלום", "محمد"])]
#[case::invisible("Haus\u{ad}meister", &["hausmeister"])]
#[case::india("की कि", &["की", "कि"])]
#[case::chinese("东京大学", &["东京", "京大", "大学", "学"])]
#[case::one_character("学", &["学"])]
#[case::kana("カーが ガ", &["カー", "ーが", "が", "ガ"])]
#[case::half_width("ｶﾞｲﾄﾞ", &["ガイ", "イド", "ド"])]
#[case::mixed("第12回Openday", &["第", "12", "回", "openday"])]
#[case::variants("葛\u{e0100}城", &["葛城", "城"])]
#[case::korean("학교에서", &["학교", "교에", "에서", "서"])]
#[case::thai("เรียน", &["เร", "รี", "ีย", "ยน", "น"])]
#[case::nothing("\u{0}-*\"🎉\u{301}", &[])]
fn a_text_is_taken_apart(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(words(text), expected);
}

#[test]
fn a_word_and_a_text_have_an_end() {
    assert_eq!(words(&"é".repeat(100)), ["e".repeat(64)]);
    assert_eq!(words(&"\u{fdfa}".repeat(4_000)).len(), 5_000);
}

#[rstest]
#[case::a_word("library", true)]
#[case::another("museum", false)]
#[case::in_the_title("news", true)]
#[case::in_both("news library", true)]
#[case::one_missing("library museum", false)]
#[case::case_and_accents("LIBRÁRY cafe", true)]
#[case::part_of_a_word("librar", false)]
#[case::a_prefix("librar*", true)]
#[case::all_of_the_word("library*", true)]
#[case::another_prefix("libraries*", false)]
#[case::a_prefix_of_one_letter_is_text("l*", false)]
#[case::a_star_elsewhere_is_text("*library lib*rary", false)]
#[case::a_star_by_itself_is_text("library *", true)]
#[case::a_phrase("\"the new library\"", true)]
#[case::not_in_that_order("\"library new\"", false)]
#[case::in_that_order_but_apart("\"the library\"", false)]
#[case::not_across_title_and_message("\"news the\"", false)]
#[case::a_phrase_that_goes_on("\"new lib*\"", true)]
#[case::a_phrase_with_a_star_behind("\"new lib\"*", true)]
#[case::curled_quotes("“library new”", false)]
#[case::full_width_signs("＂ｎｅｗ　ｌｉｂ＊＂ －museum", true)]
#[case::excluded("new -library", false)]
#[case::excluded_but_absent("new -museum", true)]
#[case::an_excluded_prefix("new -lib*", false)]
#[case::an_excluded_phrase("new -\"new library\"", false)]
#[case::an_excluded_phrase_that_is_absent("new -\"library new\"", true)]
#[case::only_excluded_and_absent("-museum", true)]
#[case::only_excluded_and_there("-library", false)]
#[case::a_hyphen_within_is_no_exclusion("e-mail", true)]
#[case::it_makes_a_phrase("mail-e", false)]
#[case::a_hyphen_by_itself_is_text("new - library", true)]
#[case::an_unclosed_quote_is_text("\"new library", true)]
#[case::an_unclosed_quote_within("new \"library", true)]
#[case::a_quote_within_a_word_is_text("e\"mail", true)]
#[case::nothing("", true)]
#[case::blank(" \t\n\u{3000}", true)]
#[case::signs("\" - * ( ) : ^ \"\" 🎉 -", true)]
#[case::operators_are_words("library AND", false)]
#[case::operators_with_signs("NEAR(library)", false)]
#[case::a_column("terms:library", false)]
#[case::a_caret("^library", true)]
#[case::brackets("(library)", true)]
fn a_query_finds(#[case] query: &str, #[case] found: bool) {
    let message = "The new library has a café; e-mail us.";
    assert_eq!(finds(query, message), found);
}

#[rstest]
#[case::all("東京大学", true)]
#[case::the_beginning("東京", true)]
#[case::the_middle("京大", true)]
#[case::the_end("大学", true)]
#[case::one_character("京", true)]
#[case::the_last_one("学", true)]
#[case::not_next_to_each_other("東大", false)]
#[case::apart("東 大", true)]
#[case::not_of_two_runs("学図", false)]
#[case::a_phrase_of_two("\"大学 図書\"", true)]
#[case::in_half_width("ｶﾞｲﾄﾞ", true)]
#[case::voiced_is_another("カイト", false)]
#[case::longer_than_the_run("図書館の", false)]
#[case::excluded("東京 -図書館", false)]
#[case::korean_without_its_ending("학교", true)]
fn scripts_without_spaces_are_found_by_any_part(#[case] query: &str, #[case] found: bool) {
    assert_eq!(finds(query, "東京大学 図書館 ガイド 학교에서"), found);
}

#[rstest]
#[case::long("x".repeat(201))]
#[case::huge("x".repeat(1_000_000))]
#[case::many_words("ab ".repeat(17))]
#[case::one_character_that_stands_for_many("\u{fdfa}".repeat(100))]
fn what_is_too_much_is_refused(#[case] text: String) {
    assert_eq!(query(&text).unwrap_err().field, "search");
}

#[rstest]
#[case::long("学".repeat(200))]
#[case::many_words("ab ".repeat(16))]
fn what_is_just_not_too_much_is_read(#[case] text: String) {
    assert!(query(&text).unwrap().is_some());
}

proptest! {
    #[test]
    fn words_are_letters_and_digits_and_stay_as_they_are(text in any::<String>()) {
        for word in words(&text) {
            prop_assert!(!word.is_empty() && word.chars().all(words::is_of_a_word), "{word:?}");
            prop_assert!(!word.contains(|c: char| c.is_ascii() && !c.is_ascii_lowercase() && !c.is_ascii_digit()));
        }
    }

    #[test]
    fn no_query_of_a_few_characters_is_refused(text in "[-a*\" 学é\\PC]{0,30}") {
        prop_assert!(query(&text).is_ok());
    }

    #[test]
    fn a_text_is_found_by_itself(text in "[a-zé学校ー ,'0-9ก-ฮ]{1,60}") {
        let (phrase, excluded) = (format!("\"{text}\""), format!("-\"{text}\""));
        prop_assert!(finds(&phrase, &text));
        prop_assert!(words(&text).is_empty() || !finds(&excluded, &text));
    }

    #[test]
    fn what_is_excluded_is_what_would_be_found(query in "[ab学]{1,3}[*]?", text in "[abc学校 ]{0,20}") {
        let excluded = format!("-{query}");
        prop_assert!(finds(&query, &text) != finds(&excluded, &text));
    }
}
