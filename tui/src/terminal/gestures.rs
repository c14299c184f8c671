//! What the terminal does besides showing frames: it rings, notifies, copies, and takes the mouse.

use std::io::{self, Write};

use crossterm::{
    clipboard::CopyToClipboard,
    event::{DisableMouseCapture, EnableMouseCapture},
    execute,
};

use crate::{effect::Gesture, sanitise};

/// Does it.
pub fn perform(out: &mut impl Write, gesture: Gesture) -> io::Result<()> {
    match gesture {
        Gesture::Ring => out.write_all(b"\x07")?,
        Gesture::Notify { title, body } => {
            // Both end at a BEL, and OSC 777 takes its fields apart at semicolons.
            let [title, body] = [title, body].map(|text| sanitise::line(&text).replace(';', ","));
            write!(out, "\x1b]9;{title}: {body}\x07\x1b]777;notify;{title};{body}\x07")?;
        }
        Gesture::Copy(text) => execute!(out, CopyToClipboard::to_clipboard_from(text))?,
        Gesture::Mouse(true) => execute!(out, EnableMouseCapture)?,
        Gesture::Mouse(false) => execute!(out, DisableMouseCapture)?,
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Gesture::Ring, "\u{7}")]
    #[case(
        Gesture::Notify { title: "North; Campus".into(), body: "fire\u{7}\u{1b}]0;x".into() },
        "\u{1b}]9;North, Campus: fire]0,x\u{7}\u{1b}]777;notify;North, Campus;fire]0,x\u{7}"
    )]
    #[case(Gesture::Copy("/library".into()), "\u{1b}]52;c;L2xpYnJhcnk=\u{1b}\\")]
    fn says(#[case] gesture: Gesture, #[case] bytes: &str) {
        let mut out = Vec::new();
        perform(&mut out, gesture).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), bytes);
    }
}
