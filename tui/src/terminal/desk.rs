//! The terminal besides its frames: its gestures, and the user's own editor, which has it for a while.

use std::{
    ffi::OsString,
    io::{self, Read, Write, stdout},
};

use tempfile::NamedTempFile;
use tokio::process::Command;

use super::{Keyboard, enter, give_back, perform};
use crate::{
    app::{Desk, Editing},
    effect::Gesture,
};

/// No text is read back that is larger, in bytes.
const LARGEST: u64 = 1 << 20;

/// The real one.
#[derive(Debug)]
pub struct TerminalDesk {
    keyboard: Keyboard,
    mouse: bool,
}

impl TerminalDesk {
    /// With this keyboard; nobody has asked for the mouse yet.
    pub fn new(keyboard: Keyboard) -> Self {
        Self { keyboard, mouse: false }
    }
}

impl Desk for TerminalDesk {
    fn perform(&mut self, gesture: Gesture) -> io::Result<()> {
        if let Gesture::Mouse(ours) = gesture {
            self.mouse = ours;
        }
        perform(&mut stdout(), gesture)
    }

    fn edit(&mut self, text: String) -> Editing {
        let (keyboard, mouse) = (self.keyboard.clone(), self.mouse);
        Box::pin(async move {
            keyboard.leave();
            give_back();
            let result = edit(&editor(), &text).await.map_err(|error| error.to_string());
            let taken = enter().and_then(|()| perform(&mut stdout(), Gesture::Mouse(mouse)));
            keyboard.take();
            taken.map_err(|error| format!("the terminal is not ours again: {error}"))?;
            result
        })
    }
}

/// The user's own: `$VISUAL`, else `$EDITOR`, else what is everywhere.
fn editor() -> OsString {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(std::env::var_os);
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    named.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| usual.into())
}

/// Has a text edited, in a file that only its owner reads and that is gone afterwards.
async fn edit(editor: &OsString, text: &str) -> io::Result<String> {
    let mut file = tempfile::Builder::new().prefix("campanile-message-").suffix(".txt").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let status = command(editor, &file).kill_on_drop(true).status().await;
    let named = |why: String| io::Error::other(format!("{} {why}", editor.to_string_lossy()));
    let status = status.map_err(|error| named(format!("cannot be run: {error}")))?;
    if !status.success() {
        return Err(named(format!("failed: {status}")));
    }
    // By its path: some editors put another file in its place.
    let mut written = Vec::new();
    std::fs::File::open(file.path())?.take(LARGEST).read_to_end(&mut written)?;
    Ok(String::from_utf8_lossy(&written).into_owned())
}

/// As git has it: what the variable says may have arguments, and quotes around them.
#[cfg(unix)]
fn command(editor: &OsString, file: &NamedTempFile) -> Command {
    let mut script = editor.clone();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(editor).arg(file.path());
    command
}

/// The variable names a program, and nothing else.
#[cfg(not(unix))]
fn command(editor: &OsString, file: &NamedTempFile) -> Command {
    let mut command = Command::new(editor);
    command.arg(file.path());
    command
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_text_goes_through_the_editor() {
        let editor = OsString::from("sed -i 's/noon/one o clock/'");
        assert_eq!(edit(&editor, "Fire drill at noon\n").await.unwrap(), "Fire drill at one o clock\n");
    }

    #[tokio::test]
    async fn an_editor_that_fails_is_named() {
        let said = |editor: &str| {
            let editor = OsString::from(editor);
            async move { edit(&editor, "text").await.unwrap_err().to_string() }
        };
        assert!(said("false").await.starts_with("false failed: exit status: 1"));
        assert!(said("no-such-editor 2>&-").await.contains("failed: exit status: 127"));
    }
}
