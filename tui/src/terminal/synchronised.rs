//! Writes each frame at once, and has the terminal show it at once (synchronised output, DEC private mode 2026), so that
//! nobody sees half of one. Terminals that do not know the mode ignore it.

use std::io::{self, Write};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What is written between two flushes goes out as one.
#[derive(Debug)]
pub struct Synchronised<W> {
    out: W,
    frame: Vec<u8>,
}

impl<W> Synchronised<W> {
    /// In front of a terminal.
    pub fn new(out: W) -> Self {
        Self { out, frame: Vec::new() }
    }
}

impl<W: Write> Write for Synchronised<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.frame.is_empty() {
            self.frame.extend_from_slice(BEGIN);
        }
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.frame.is_empty() {
            self.frame.extend_from_slice(END);
            let written = self.out.write_all(&self.frame);
            self.frame.clear();
            written?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_goes_out_as_one_and_nothing_without_one() {
        let mut out = Synchronised::new(Vec::new());
        out.flush().unwrap();
        assert!(out.out.is_empty());
        out.write_all(b"one ").unwrap();
        out.write_all(b"frame").unwrap();
        assert!(out.out.is_empty());
        out.flush().unwrap();
        out.flush().unwrap();
        assert_eq!(out.out, b"\x1b[?2026hone frame\x1b[?2026l");
    }
}
