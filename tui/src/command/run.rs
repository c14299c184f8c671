//! `campanile run`: a command for each notification, one after the other.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use tempfile::NamedTempFile;
use tokio::{process::Command, sync::Mutex};

use super::{
    CommandError,
    output::note,
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
    let Run { after, part, count, cursor_file, keep_going, command } = args;
    let kept = CursorFile(cursor_file);
    let mut following = Following::new(after.or(kept.read()?), filter(part), count);
    // Held while something runs, so that what is begun is finished.
    let running = Mutex::new(());
    let mut take = async |event: &FeedEvent| {
        let _running = running.lock().await;
        if let Some(status) = call(&command, event).await?.filter(|status| !status.success()) {
            let failure = failure(&command[0], status);
            if !keep_going {
                return Err(failure);
            }
            note(settings, failure);
        }
        kept.write(&event.cursor.0)?;
        Ok(true)
    };
    let stopped = async {
        termination().await;
        tokio::select! {
            _ = running.lock() => {}
            () = termination() => {}
        }
    };
    let result = tokio::select! {
        result = following.run(settings, &mut take) => result,
        () = stopped => Ok(()),
    };
    match (&result, &kept.0) {
        (Err(CommandError::Fault(fault)), Some(path)) if fault.is_cursor_expired() => {
            note(settings, format_args!("remove {} to go on from now", path.display()));
        }
        _ => {}
    }
    result
}

/// Where it is kept how far the feed has been dealt with, if anywhere.
struct CursorFile(Option<PathBuf>);

impl CursorFile {
    /// None where nothing has been kept yet.
    fn read(&self) -> Result<Option<String>, CommandError> {
        let Some(path) = &self.0 else { return Ok(None) };
        match fs::read_to_string(path) {
            Ok(cursor) => Ok(Some(cursor.trim().to_owned()).filter(|cursor| !cursor.is_empty())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(named("read", path, &error)),
        }
    }

    /// Beside it, and then in its place: it is never half there.
    fn write(&self, cursor: &str) -> Result<(), CommandError> {
        let Some(path) = &self.0 else { return Ok(()) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            let mut file = NamedTempFile::new_in(folder)?;
            writeln!(file, "{cursor}")?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|error| named("write", path, &error))
    }
}

fn named(what: &str, path: &Path, error: &io::Error) -> CommandError {
    io::Error::new(error.kind(), format!("failed to {what} {}: {error}", path.display())).into()
}

fn failure(command: &str, status: ExitStatus) -> CommandError {
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    CommandError::Child(format!("{command}: {status}"), code)
}

/// `None` where it is no notification.
async fn call(command: &[String], event: &FeedEvent) -> Result<Option<ExitStatus>, CommandError> {
    let Happening::Notification { notification, silent, replayed } = &event.happening else {
        return Ok(None);
    };
    let [program, arguments @ ..] = command else { return Ok(None) };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let campus = notification.campus.as_ref();
    let sender = notification.sender.as_ref();
    let fields = [
        ("ID", notification.id.as_str().to_owned()),
        ("TYPE", notification.kind.to_string()),
        ("CATEGORY", notification.category.to_string()),
        ("TITLE", notification.title.clone()),
        ("MESSAGE", notification.message.clone()),
        ("PRIORITY", notification.priority.as_str().to_owned()),
        ("CAMPUS", campus.map(|campus| campus.key.to_string()).unwrap_or_default()),
        ("CAMPUS_NAME", campus.map(|campus| campus.name.to_string()).unwrap_or_default()),
        ("SENDER", sender.map(|sender| sender.name.to_string()).unwrap_or_default()),
        ("URL", notification.data.action_url.clone().unwrap_or_default()),
        ("CREATED_AT", notification.created_at.to_rfc3339()),
        ("EXPIRES_AT", notification.expires_at.map(|at| at.to_rfc3339()).unwrap_or_default()),
        ("EVENT_ID", notification.data.event_id.clone().unwrap_or_default()),
        ("ATTENDANCE_ID", notification.data.attendance_id.clone().unwrap_or_default()),
        ("SILENT", silent.to_string()),
        ("REPLAYED", replayed.to_string()),
        ("CURSOR", event.cursor.0.clone()),
        ("JSON", serde_json::to_string(notification).unwrap_or_default()),
    ];
    for (name, value) in fields {
        child.env(format!("CAMPANILE_{name}"), value);
    }
    let status = child.status().await.map_err(|error| {
        // As a shell has it: what cannot be run, or is not there.
        let code = if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 };
        CommandError::Child(format!("failed to run {program}: {error}"), code)
    })?;
    Ok(Some(status))
}
