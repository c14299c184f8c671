//! What is found, in one table for every database: whether the texts are read or looked up in its index, the answers are the
//! same. The rule itself has its own cases in `domain::search`.

use rstest::rstest;

use super::search::{Whom, World, searching};
use crate::domain::id::Seq;

/// Titles and messages. One word stands more often in the long ones than an index of PostgreSQL's notes.
fn texts() -> Vec<(&'static str, String)> {
    let often = |word: &str, end: &str| format!("{}{end}", format!("{word} ").repeat(300));
    vec![
        ("Open Day at the Library", "Come and see the new building.".to_owned()),
        ("Été à la bibliothèque", "Œuvres, naïve Straße; İstanbul, ΣΊΣΥΦΟΣ".to_owned()),
        ("東京大学のオープンキャンパス", "学校の図書館、ガイド".to_owned()),
        ("图书馆开放时间", "周末关闭".to_owned()),
        ("도서관에서", "개관 시간".to_owned()),
        ("ห้องสมุดเปิดวันเสาร์", "-".to_owned()),
        ("Exam results: \"passed\"", "C++ & R'n'D (2026) | !important e-mail <->".to_owned()),
        ("Minutes", often("budget", "gargoyle")),
        ("שָׁלוֹם مُحَمَّد", "Русский йод".to_owned()),
        ("Glued", "a".repeat(3_000)),
        ("\\ ' \" : * & | ! < > ( )", "🎉".to_owned()),
        ("Minutes again", often("予算", "library")),
    ]
}

/// A query, and the places of the texts that it finds.
#[derive(Debug)]
struct Case(&'static str, Vec<usize>);

fn finds<const N: usize>(query: &'static str, texts: [usize; N]) -> Case {
    Case(query, texts.to_vec())
}

#[rstest]
#[case::a_word(vec![finds("library", [0, 11]), finds("LIBRARY", [0, 11]), finds("librar", []), finds("museum", [])])]
#[case::several_words(vec![finds("open day", [0]), finds("day open", [0]), finds("open building", [0]), finds("open exam", [])])]
#[case::phrases(vec![
    finds("\"open day\"", [0]), finds("\"day open\"", []), finds("\"library come\"", []), finds("\"the new building\"", [0]),
    finds("\"the library\" \"new building\"", [0]),
])]
#[case::beginnings(vec![finds("libr*", [0, 11]), finds("\"new build*\"", [0]), finds("l*", []), finds("minutes bud*", [7])])]
#[case::exclusions(vec![
    finds("library -day", [11]), finds("library -budget", [0, 11]), finds("minutes -gargoyle", [11]), finds("minutes -\"budget gargoyle\"", [11]),
    finds("minutes -gar*", [11]), finds("-library -minutes -glued exam", [6]), finds("the -\"new building\"", []),
])]
#[case::nothing_but_exclusions(vec![finds("-minutes -open -exam -glued -東京 -图书 -도서 -ห้อง -ete", [8, 10])])]
#[case::accents(vec![finds("ete", [1]), finds("BIBLIOTHÈQUE", [1]), finds("oeuvres naive", [1]), finds("strasse istanbul", [1]), finds("σίσυφος", [1])])]
#[case::points(vec![finds("שלום", [8]), finds("محمد", [8]), finds("русский", [8]), finds("йод", [8]), finds("рус*", [8])])]
#[case::japanese(vec![
    finds("東京大学", [2]), finds("京大", [2]), finds("東大", []), finds("学", [2]), finds("ｵｰﾌﾟﾝ", [2]), finds("ガイド", [2]), finds("カイト", []),
    finds("\"学校の 図書\"", []), finds("学校の図書館", [2]), finds("大学 -図書館", []),
])]
#[case::chinese(vec![finds("图书馆", [3]), finds("开放", [3]), finds("书开", []), finds("图书 周末", [3]), finds("周末 -关闭", [])])]
#[case::korean(vec![finds("도서관", [4]), finds("서관", [4]), finds("도서관에서 시간", [4]), finds("관도", [])])]
#[case::thai(vec![finds("ห้องสมุด", [5]), finds("วันเสาร์", [5]), finds("เปิดวัน", [5])])]
#[case::signs_of_ours(vec![
    finds("\"exam", [6]), finds("exam\"", [6]), finds("*exam", [6]), finds("exam -", [6]), finds("exam *", [6]), finds("-\"\" exam", [6]), finds("“exam results”", [6]),
])]
#[case::operators_of_databases(vec![
    finds("(exam)", [6]), finds("^exam", [6]), finds("exam:*", [6]), finds("exam:A", []), finds("'exam'", [6]), finds("exam & results", [6]),
    finds("exam | museum", []), finds("!exam", [6]), finds("exam <-> results", [6]), finds("exam AND results", []), finds("NOT exam", []),
    finds("terms:exam", []), finds("NEAR(exam results)", []), finds("\\exam\\", [6]), finds("exam\\' | 'a", []), finds("e-mail", [6]), finds("mail-e", []),
    finds("$1 exam", []), finds("%exam%", [6]), finds("ex_m", []),
])]
#[case::words_too_often_in_a_text(vec![
    finds("budget", [7]), finds("gargoyle", [7]), finds("\"budget gargoyle\"", [7]), finds("\"gargoyle budget\"", []), finds("予算", [11]),
    finds("予算 library", [11]), finds("\"予算 library\"", [11]),
])]
#[case::a_word_without_end(vec![finds("glued aa*", [9]), finds("aa*", [9]), finds("aa", [])])]
#[tokio::test]
async fn every_database_finds_the_same(
    #[case] cases: Vec<Case>,
    #[values(Whom::Campus, Whom::Ada, Whom::Many)] whom: Whom,
) {
    let world = World::start().await;
    let mut told: Vec<Seq> = Vec::new();
    for (title, message) in texts() {
        // The same words, where they concern nobody who asks.
        world.tell(Whom::AnotherCampus, title, &message).await;
        told.push(world.tell(whom, title, &message).await);
    }
    for index in [false, true] {
        if index {
            world.index().await;
        }
        for Case(query, expected) in &cases {
            let expected: Vec<Seq> = expected.iter().map(|place| told[*place]).collect();
            assert_eq!(world.found(&searching(query), false).await, expected, "{query}, indexed: {index}");
        }
    }
}
