//! `campanile login` and `logout`: keeps a token for later, and forgets it.

use std::io::{IsTerminal, Read, stdin};

use cynic::QueryBuilder;
use serde_json::json;

use super::{CommandError, blocking, output::Printer, persist};
use crate::{
    api::queries::WhoQuery,
    cli::{Connection, Output},
    config::{Found, Secret, TokenSource},
    credentials::{Credentials, Place, TokenFile},
    sanitise,
};

/// No token is longer, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Reads a token, shows it to the server, keeps it, and says where.
pub(super) async fn login(given: Connection, output: Output) -> Result<(), CommandError> {
    let mut printer = Printer::new(output);
    let (found, token) = blocking(move || {
        // Only what somebody says now: a token that the file has needs no keeping.
        let said = given.token.as_deref().and_then(Secret::new);
        let found = Found::resolve(given)?;
        let token = match said {
            Some(token) => token,
            None => read(&found.server.0)?,
        };
        Ok::<_, CommandError>((found, token))
    })
    .await?;
    let account = found.account()?;
    let server = sanitise::line(&found.server.0);
    let mut settings =
        Found { token: Some((TokenSource::Token(token.clone()), found.server.1)), ..found }.settings()?;
    settings.quiet = output.quiet;
    let who = persist(&settings, |session| async move {
        session.ask(WhoQuery::build(())).await.map(|answer| answer.viewer.user)
    })
    .await
    .map_err(|fault| super::reached(fault.into(), &settings))?;
    let (place, why) = blocking(move || Credentials::system().keep(&account, &token)).await?;
    let (key, name) = (sanitise::line(&who.key), sanitise::line(&who.name));
    let value = json!({ "key": key, "name": name, "server": server, "storedIn": written(place) });
    printer.say(&value, || {
        let kept = match why {
            Some(why) => format!("the token is in {}, which only you may read: {why}", written(place)),
            None => format!("the token is in {}", written(place)),
        };
        vec![format!("{name} ({key}) at {server}"), kept]
    })?;
    Ok(())
}

/// Forgets the token of the server and the profile that are chosen.
pub(super) async fn logout(given: Connection, output: Output) -> Result<(), CommandError> {
    let found = Found::resolve(given)?;
    let (account, server) = (found.account()?, sanitise::line(&found.server.0));
    let places = blocking(move || Credentials::system().forget(&account)).await?;
    let places: Vec<_> = places.into_iter().map(written).collect();
    Printer::new(output).say(&json!({ "server": server, "removedFrom": places }), || {
        match places.as_slice() {
            [] => vec![format!("no token was kept for {server}")],
            places => vec![format!("removed from {}", places.join(" and "))],
        }
    })?;
    Ok(())
}

/// A place, as it is said.
fn written(place: Place) -> String {
    match place {
        Place::Keyring => "the system's keyring".to_owned(),
        Place::File => {
            let file = TokenFile::usual();
            file.path().map_or_else(String::new, |path| path.display().to_string())
        }
    }
}

/// From the terminal, where it does not show; or from the standard input.
fn read(server: &str) -> Result<Secret, CommandError> {
    let text = if stdin().is_terminal() {
        rpassword::prompt_password(format!("Token for {}: ", sanitise::line(server)))?
    } else {
        let mut text = String::new();
        stdin().take(LONGEST + 1).read_to_string(&mut text)?;
        text
    };
    let token = Secret::new(&text).ok_or_else(|| CommandError::Usage("no token was given".to_owned()))?;
    let whole = token.reveal().bytes().all(|byte| byte.is_ascii_graphic());
    if whole && text.len() as u64 <= LONGEST {
        Ok(token)
    } else {
        Err(CommandError::Usage("that is no token: it is one word of letters, digits and signs".to_owned()))
    }
}
