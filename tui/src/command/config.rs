//! `campanile config`: what the configuration is, and whether it is right.

use serde_json::json;

use super::{
    CommandError,
    output::{Printer, table},
};
use crate::{
    cli::{ConfigCommand, ConfigWhat, Connection, Output},
    config::{ConfigError, Found, Origin, Settings},
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
        ConfigWhat::Show => show(&Found::resolve(given)?, &mut printer)?,
        ConfigWhat::Check => {
            match Settings::resolve(given) {
                // Whether somebody has a token yet is another question.
                Ok(_) | Err(ConfigError::NoToken(_)) => {}
                Err(error) => return Err(error.into()),
            }
            printer.say(&json!({ "ok": true }), || vec!["it is right".to_owned()])?;
        }
    }
    Ok(())
}

fn show(found: &Found, printer: &mut Printer) -> Result<(), CommandError> {
    let row = |name: &str, value: Option<(String, Origin)>| {
        let (value, origin) = value.map_or(("–".to_owned(), ""), |(value, origin)| (value, from(origin)));
        [name, &value, origin].map(str::to_owned).to_vec()
    };
    let rows = [
        row("file", found.path.as_ref().map(|path| (path.display().to_string(), Origin::Default))),
        row("profile", found.profile.clone()),
        row("server", Some(found.server.clone())),
        row("ca_file", found.ca_file.clone().map(|(path, origin)| (path.display().to_string(), origin))),
        row("token", found.token.clone().map(|(_, origin)| ("(not shown)".to_owned(), origin))),
    ];
    let fields = rows.iter().map(|row| (row[0].clone(), json!({ "value": row[1], "from": row[2] })));
    let value = serde_json::Value::Object(fields.collect());
    printer.say(&value, || table(&rows))?;
    Ok(())
}

fn from(origin: Origin) -> &'static str {
    match origin {
        Origin::Given => "command line or environment",
        Origin::Profile => "profile",
        Origin::File => "file",
        Origin::Default => "default",
    }
}
