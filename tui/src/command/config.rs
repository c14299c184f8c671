//! `campanile config`: what the configuration is, and whether it is right.

use serde_json::json;

use super::{
    CommandError, console,
    output::{Printer, table},
};
use crate::{
    cli::{ConfigCommand, ConfigWhat, Connection, Output},
    clock::{Clock, SystemClock},
    config::{ConfigError, Found, Origin, TokenSource},
    credentials::Credentials,
};

/// Prints what is asked for; a wrong file is an error.
pub(super) fn run(given: Connection, command: &ConfigCommand, output: Output) -> Result<(), CommandError> {
    let mut printer = Printer::new(output);
    match command.what {
        ConfigWhat::Path => {
            let path = given.config.or_else(crate::config::usual_path);
            let path = path.map(|path| path.display().to_string());
            let none = || "there is no folder for it".to_owned();
            printer.say(&json!({ "path": path }), || vec![path.clone().unwrap_or_else(none)])?;
        }
        ConfigWhat::Show => {
            let found = Found::resolve(given)?;
            // A keyring that is locked, a file that is damaged: that is to be seen here, and no reason to show nothing.
            let kept = found.clone().with_kept(&Credentials::system());
            show(&kept, &found, &mut printer)?;
        }
        ConfigWhat::Check => {
            let found = Found::resolve(given)?;
            found.stored.check(console::VOCABULARY)?;
            console::keymap(&found.stored)?;
            found.endpoint()?;
            let views = found.stored.views.iter();
            let (now, zone) = (SystemClock.now(), chrono_tz::UTC);
            for (name, view) in views {
                view.filter(now, zone)
                    .map_err(|error| CommandError::Usage(format!("views.{name}: {error}")))?;
            }
            printer.say(&json!({ "ok": true }), || vec!["it is right".to_owned()])?;
        }
    }
    Ok(())
}

fn show(kept: &Result<Found, ConfigError>, found: &Found, printer: &mut Printer) -> Result<(), CommandError> {
    let row = |name: &str, value: Option<(String, Origin)>| {
        let (value, origin) = value.map_or(("–".to_owned(), ""), |(value, origin)| (value, from(origin)));
        [name, &value, origin].map(str::to_owned).to_vec()
    };
    let ui = &found.stored.ui;
    let of_file = |value: Option<String>| value.map(|value| (value, Origin::File));
    let flag = |value: Option<bool>| of_file(value.map(|value| value.to_string()));
    let many = |count: usize| of_file(Some(count.to_string()).filter(|_| count > 0));
    let token = match kept {
        Ok(found) => row("token", found.token.as_ref().map(|(source, origin)| (hidden(source), *origin))),
        Err(error) => row("token", Some((format!("({error})"), Origin::Default))),
    };
    let rows = [
        row("file", found.path.as_ref().map(|path| (path.display().to_string(), Origin::Default))),
        row("profile", found.profile.clone()),
        row("server", Some(found.server.clone())),
        row("ca_file", found.ca_file.clone().map(|(path, origin)| (path.display().to_string(), origin))),
        token,
        row("campus", found.campus.clone().map(|campus| (campus, Origin::Profile))),
        row("profiles", of_file(names(found.stored.profiles.keys()))),
        row("ui.theme", of_file(ui.theme.as_ref().map(|theme| theme.get_ref().clone()))),
        row("ui.mouse", flag(ui.mouse)),
        row("ui.reduced_motion", flag(ui.reduced_motion)),
        row("ui.bell", flag(ui.bell)),
        row("ui.desktop_notifications", flag(ui.desktop_notifications)),
        row("ui.timezone", of_file(ui.timezone.map(|zone| zone.0.name().to_owned()))),
        row("keys", many(found.stored.keys.len())),
        row("themes", of_file(names(found.stored.themes.keys()))),
        row("views", of_file(names(found.stored.views.keys()))),
    ];
    let fields = rows.iter().map(|row| (row[0].clone(), json!({ "value": row[1], "from": row[2] })));
    let value = serde_json::Value::Object(fields.collect());
    printer.say(&value, || table(&rows))?;
    Ok(())
}

/// Which there are; nothing where there are none.
fn names<'a>(names: impl Iterator<Item = &'a String>) -> Option<String> {
    let names: Vec<_> = names.map(String::as_str).collect();
    Some(names.join(", ")).filter(|_| !names.is_empty())
}

/// A token is not shown; what prints it is.
fn hidden(source: &TokenSource) -> String {
    match source {
        TokenSource::Token(_) => "(not shown)".to_owned(),
        TokenSource::Command(command) => format!("(printed by {})", command.join(" ")),
    }
}

fn from(origin: Origin) -> &'static str {
    match origin {
        Origin::Flag => "command line",
        Origin::Environment => "environment",
        Origin::Profile => "profile",
        Origin::File => "file",
        Origin::Keyring => "keyring",
        Origin::TokenFile => "file of tokens",
        Origin::Default => "default",
    }
}
