//! `campanile run`: a command for each notification, one after the other.

use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use super::{
    CommandError,
    tail::{Following, filter},
};
use crate::{
    cli::Run,
    config::Settings,
    model::event::{FeedEvent, Happening},
    terminal::termination,
};

/// Runs it until enough have come, the process is told to end, or the command fails.
pub(super) async fn run(settings: &Settings, args: Run) -> Result<(), CommandError> {
    let Run { after, part, count, keep_going, command } = args;
    let mut following = Following::new(after, filter(part), count);
    let mut take = async |event: &FeedEvent| {
        if let Some(status) = call(&command, event).await?.filter(|status| !status.success()) {
            let failure = failure(&command[0], status);
            if !keep_going {
                return Err(failure);
            }
            eprintln!("campanile: {failure}");
        }
        Ok(true)
    };
    tokio::select! {
        result = following.run(settings, &mut take) => result,
        () = termination() => Ok(()),
    }
}

fn failure(command: &str, status: ExitStatus) -> CommandError {
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    CommandError::Child(format!("{command}: {status}"), code)
}

/// `None` where it is no notification.
async fn call(command: &[String], event: &FeedEvent) -> Result<Option<ExitStatus>, CommandError> {
    let Happening::Notification { notification, silent, .. } = &event.happening else {
        return Ok(None);
    };
    let [program, arguments @ ..] = command else { return Ok(None) };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let campus = notification.campus.as_ref();
    let sender = notification.sender.as_ref();
    let fields = [
        ("ID", notification.id.as_str().to_owned()),
        ("TYPE", notification.kind.clone()),
        ("CATEGORY", notification.category.clone()),
        ("TITLE", notification.title.clone()),
        ("MESSAGE", notification.message.clone()),
        ("PRIORITY", notification.priority.as_str().to_owned()),
        ("CAMPUS", campus.map(|campus| campus.key.clone()).unwrap_or_default()),
        ("CAMPUS_NAME", campus.map(|campus| campus.name.clone()).unwrap_or_default()),
        ("SENDER", sender.map(|sender| sender.name.clone()).unwrap_or_default()),
        ("URL", notification.data.action_url.clone().unwrap_or_default()),
        ("CREATED_AT", notification.created_at.to_rfc3339()),
        ("SILENT", silent.to_string()),
        ("CURSOR", event.cursor.0.clone()),
        ("JSON", serde_json::to_string(notification).unwrap_or_default()),
    ];
    for (name, value) in fields {
        child.env(format!("CAMPANILE_{name}"), value);
    }
    let status = child.status().await.map_err(|error| {
        // As a shell has it: what cannot be run, or is not there.
        let code = if error.kind() == std::io::ErrorKind::NotFound { 127 } else { 126 };
        CommandError::Child(format!("failed to run {program}: {error}"), code)
    })?;
    Ok(Some(status))
}
