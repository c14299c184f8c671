//! Who goes before whom, and what is said when something is wrong.

use rstest::rstest;

use super::*;
use crate::credentials::TokenFile;
use std::os::unix::fs::PermissionsExt;

fn file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    (folder, path)
}

/// No keyring, and nothing in the file.
fn nothing_kept() -> Credentials {
    let none = || TokenFile::at("/nonexistent/tokens.json".into());
    Credentials::new(none(), none())
}

fn given(
    server: Option<String>,
    token: Option<String>,
    profile: Option<&str>,
    config: PathBuf,
) -> Connection {
    let profile = profile.map(str::to_owned);
    Connection { server, ca_file: None, token, profile, config: Some(config), readonly: false }
}

fn resolve(server: Option<&str>, token: Option<&str>, path: PathBuf) -> Result<Settings, String> {
    let (server, token) = (server.map(str::to_owned), token.map(str::to_owned));
    let given = given(server, token, None, path);
    Settings::resolve(given, &nothing_kept()).map_err(|error| error.to_string())
}

#[test]
fn the_command_line_goes_before_the_file() {
    let (_folder, path) = file("server = \"http://file:1\"\ntoken = \"from file\"", 0o600);
    let settings = resolve(None, None, path.clone()).unwrap();
    assert_eq!(
        (settings.endpoint.to_string().as_str(), settings.token),
        ("http://file:1", Token::new("from file"))
    );
    let settings = resolve(Some("ws://flag:2"), Some("from flag"), path).unwrap();
    assert_eq!(
        (settings.endpoint.to_string().as_str(), settings.token),
        ("ws://flag:2", Token::new("from flag"))
    );
}

#[test]
fn a_token_that_others_may_read_is_refused() {
    let (_folder, path) = file("token = \"secret\"", 0o640);
    let error = resolve(None, None, path).unwrap_err();
    assert!(error.contains("chmod 600"), "{error}");
    let (_folder, path) = file("server = \"http://file:1\"", 0o644);
    assert!(resolve(None, Some("from flag"), path).is_ok());
}

#[test]
fn the_authority_is_beside_the_file_that_names_it() {
    let (folder, path) = file("server = \"https://x\"\ntoken = \"t\"\nca_file = \"ca.pem\"", 0o600);
    let error = resolve(None, None, path.clone()).unwrap_err();
    assert!(error.contains(folder.path().join("ca.pem").to_str().unwrap()), "{error}");
    let authority = rcgen::generate_simple_self_signed(["x".to_owned()]).unwrap().cert.pem();
    std::fs::write(folder.path().join("ca.pem"), authority).unwrap();
    assert!(resolve(None, None, path).is_ok());
}

#[test]
fn an_error_names_the_line_and_not_what_is_on_it() {
    let (_folder, path) = file("server = \"http://file:1\"\ntoken = secret", 0o600);
    let error = resolve(None, None, path).unwrap_err();
    assert!(error.contains("line 2") && !error.contains("secret"), "{error}");
    let (_folder, path) = file("\nserver = \"x\"\nhost = 1", 0o600);
    let error = resolve(None, None, path).unwrap_err();
    assert!(error.contains("line 3") && error.contains("host"), "{error}");
}

#[test]
fn what_is_missing_is_said() {
    let (_folder, path) = file("", 0o600);
    assert!(resolve(None, None, path.clone()).unwrap_err().contains("no token"));
    assert!(resolve(None, Some("x"), path.with_extension("not")).unwrap_err().contains("failed to read"));
}

fn revealed((source, origin): Sourced<TokenSource>) -> (String, Origin) {
    match source {
        TokenSource::Token(token) => (token.reveal().to_owned(), origin),
        TokenSource::Command(command) => (command.join(" "), origin),
    }
}

const PROFILES: &str = "server = \"http://file:1\"
token = \"usual\"
default_profile = \"work\"
[profiles.work]
token = \"at work\"
[profiles.here]
campus = \"north\"
[profiles.home]
server = \"http://home:2\"
";

#[rstest]
#[case::the_usual(None, ("http://file:1", Origin::File), Some(("at work", Origin::Profile)))]
#[case::of_the_same_server(Some("here"), ("http://file:1", Origin::File), Some(("usual", Origin::File)))]
#[case::no_token_for_another_server(Some("home"), ("http://home:2", Origin::Profile), None)]
fn a_profile_goes_before_the_rest_of_the_file(
    #[case] profile: Option<&str>,
    #[case] server: (&str, Origin),
    #[case] token: Option<(&str, Origin)>,
) {
    let (_folder, path) = file(PROFILES, 0o600);
    let found = Found::resolve(given(None, None, profile, path.clone())).unwrap();
    let of = |(value, origin): &Sourced<String>| (value.clone(), *origin);
    assert_eq!(of(&found.server), (server.0.to_owned(), server.1));
    assert_eq!(found.token.map(revealed), token.map(|(token, origin)| (token.to_owned(), origin)));
    let found = Found::resolve(given(None, Some("flag".into()), profile, path)).unwrap();
    assert_eq!(found.token.map(revealed), Some(("flag".to_owned(), Origin::Flag)));
}

#[rstest]
#[case(PROFILES, Some("hmoe"), "there is no profile \"hmoe\"; there are here, home, work")]
#[case("", Some("home"), "there is no profile \"home\"; write [profiles.NAME]")]
#[case("default_profile = \"x\"", None, "there is no profile \"x\"")]
#[case("[profiles.a]\nserver = \"x\"\nhost = 1", None, "line 3: unknown field `host`")]
fn what_is_wrong_with_profiles_is_said(#[case] text: &str, #[case] profile: Option<&str>, #[case] why: &str) {
    let (_folder, path) = file(text, 0o600);
    let error = Found::resolve(given(None, None, profile, path)).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

#[test]
fn a_profiles_token_is_nobody_elses_either() {
    let (_folder, path) = file(PROFILES, 0o644);
    assert!(resolve(None, None, path).unwrap_err().contains("chmod 600"));
}

#[test]
fn what_was_kept_is_asked_last_and_only_for_its_server_and_profile() {
    let (folder, path) = file("server = \"http://file:1\"\n[profiles.work]", 0o600);
    let tokens = TokenFile::at(folder.path().join("tokens.json"));
    let credentials = Credentials::new(TokenFile::at("/nonexistent/tokens.json".into()), tokens.clone());
    let kept = Secret::new("kept").unwrap();
    let resolve = |server: Option<&str>, profile| {
        let given = given(server.map(str::to_owned), None, profile, path.clone());
        Found::resolve(given).unwrap().with_kept(&credentials).unwrap().token.map(revealed)
    };
    assert_eq!(resolve(None, None), None);
    let account = Found::resolve(given(None, None, Some("work"), path.clone())).unwrap().account().unwrap();
    crate::credentials::Vault::set(&tokens, &account, &kept).unwrap();
    assert_eq!(resolve(None, Some("work")), Some(("kept".to_owned(), Origin::TokenFile)));
    assert_eq!(resolve(None, None), None);
    assert_eq!(resolve(Some("http://other:1"), Some("work")), None);
}

#[rstest]
#[case(r#"["echo", " printed "]"#, Ok("printed"))]
#[case(r#"["true"]"#, Err("printed no token"))]
#[case(r#"["false"]"#, Err("failed: exit status: 1"))]
#[case(r#"["/nonexistent"]"#, Err("cannot be run"))]
#[case("[]", Err("cannot be run"))]
fn a_token_can_be_printed_by_a_program(#[case] command: &str, #[case] token: Result<&str, &str>) {
    let (_folder, path) = file(&format!("token_command = {command}"), 0o644);
    match (resolve(None, None, path), token) {
        (Ok(settings), Ok(token)) => assert_eq!(settings.token, Token::new(token)),
        (Err(error), Err(why)) => assert!(error.contains(why), "{error}"),
        (resolved, _) => panic!("{resolved:?}"),
    }
}
