//! Which line of the file something is on. The text itself is not kept: it may hold a token.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use super::ConfigError;

/// A file's name, and where its lines end.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    path: PathBuf,
    ends: Vec<usize>,
}

impl Lines {
    pub(super) fn of(path: &Path, text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
        Self { path: path.to_owned(), ends: ends.collect() }
    }

    /// What is wrong with the bytes of the text at `span`.
    pub(super) fn error(&self, span: &Range<usize>, message: String) -> ConfigError {
        let line = self.ends.partition_point(|end| *end < span.start) + 1;
        ConfigError::Invalid { path: self.path.clone(), line, message }
    }
}
