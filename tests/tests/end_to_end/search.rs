//! Searching the history, as clients ask for it: what is found, and that nothing typed into a search box is an error but for
//! its length.

use anyhow::Result;
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::{Role, Server},
};
use rstest::rstest;
use serde_json::{Value, json};

const SEARCH: &str = "query ($search: String!) {
  notifications(filter: { search: $search }) { nodes { title } pageInfo { hasNextPage } }
  viewer { unreadCount(filter: { search: $search }) { count } }
}";

/// The titles of what is found; the count must say as many.
async fn found(caller: &Caller, search: &str) -> Result<Vec<String>> {
    let data = caller.ask(SEARCH, json!({ "search": search })).await?;
    let nodes = data["notifications"]["nodes"].as_array().cloned().unwrap_or_default();
    assert_eq!(data["viewer"]["unreadCount"]["count"], nodes.len(), "{data}");
    let title = |node: &Value| node["title"].as_str().unwrap_or_default().to_owned();
    Ok(nodes.iter().map(title).collect())
}

/// Ada is on north; south has been told a secret.
async fn told() -> Result<(Server, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north", "south"], &[("ada", &["north"]), ("bea", &["south"])]).await?;
    publish::to_campus(&platform, "south", "Secret exam").await?;
    publish::to_campus(&platform, "north", "Été à la bibliothèque").await?;
    publish::to_all(&platform, "東京大学のオープンキャンパス").await?;
    publish::to_user(&platform, "ada", "Exam results: \"passed\"").await?;
    publish::to_user(&platform, "bea", "Secret results").await?;
    let ada = server.member("ada").await?;
    Ok((server, ada))
}

#[rstest]
#[case::accents_and_case("ETE BIBLIOTHEQUE", &["Été à la bibliothèque"])]
#[case::a_phrase("\"results passed\"", &["Exam results: \"passed\""])]
#[case::a_prefix("biblio*", &["Été à la bibliothèque"])]
#[case::an_exclusion("title -exam -bibliothèque", &["東京大学のオープンキャンパス"])]
#[case::part_of_chinese("大学", &["東京大学のオープンキャンパス"])]
#[case::half_width_kana("ｵｰﾌﾟﾝ", &["東京大学のオープンキャンパス"])]
#[case::in_the_message("matters exam", &["Exam results: \"passed\""])]
#[case::what_others_were_told("secret", &[])]
#[case::another_word_for_it("results -passed", &[])]
#[tokio::test]
async fn what_matches_is_found(#[case] search: &str, #[case] titles: &[&str]) -> Result<()> {
    let (_server, ada) = told().await?;
    assert_eq!(found(&ada, search).await?, titles);
    Ok(())
}

/// Operators of databases' full texts, and of ours in the wrong place.
#[tokio::test]
async fn a_stray_operator_is_text() -> Result<()> {
    let (_server, ada) = told().await?;
    let all = found(&ada, "").await?;
    assert_eq!(all.len(), 3);
    for nothing in ["\"", "-", "*", "\"\"", "-\"", "( )", "^", ":", "\\", "%", "{}", "\u{0}", "🎉"] {
        assert_eq!(found(&ada, nothing).await?, all, "{nothing}");
    }
    for one in
        ["\"exam", "exam\"", "(exam)", "^exam", "exam:", "*exam", "exam -", "'exam'", "+exam", "exam ~\u{1}"]
    {
        assert_eq!(found(&ada, one).await?, ["Exam results: \"passed\""], "{one}");
    }
    for word in
        ["exam AND results", "exam OR results", "NOT exam", "NEAR(exam results)", "' OR 1=1 --", "terms:exam"]
    {
        assert_eq!(found(&ada, word).await?, Vec::<String>::new(), "{word}");
    }
    Ok(())
}

#[rstest]
#[case::long("x".repeat(201))]
#[case::many_words("ab ".repeat(17))]
#[tokio::test]
async fn a_search_that_is_too_long_is_refused(#[case] search: String) -> Result<()> {
    let (_server, ada) = told().await?;
    let refusal = ada.refusal(SEARCH, json!({ "search": search })).await?;
    assert_eq!(refusal.code, "BAD_USER_INPUT", "{refusal:?}");
    assert_eq!(refusal.field.as_deref(), Some("filter.search"), "{refusal:?}");
    Ok(())
}

#[tokio::test]
async fn a_super_admin_finds_no_more_than_their_own() -> Result<()> {
    let (server, _ada) = told().await?;
    let root = server.caller("root", Role::SuperAdmin).await?;
    assert_eq!(found(&root, "secret").await?, Vec::<String>::new());
    Ok(())
}
