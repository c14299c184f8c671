//! Files of the user's own that the client writes: of mode 0600, in a folder that is made for them and its owner's alone, and
//! written beside themselves and moved into their place, so that a crash leaves the one or the other and never half of one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;
use tempfile::NamedTempFile;

/// Where something is kept that should outlast the client, and that nobody edits; none where the user has no folder for such
/// things.
pub(crate) fn in_state_folder(name: &str) -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join("campanile").join(name))
}

/// Writes it, whatever was there before.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = folder_of(path)?;
    // Of mode 0600, as all of its kind are.
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Waits until no other process changes what it holds, and keeps others waiting for as long as what is returned lives: a file
/// beside it, because the file itself is replaced.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    folder_of(path)?;
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path.with_extension("lock"))?;
    match file.lock() {
        // Where nobody can wait, nobody does.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        locked => locked?,
    }
    Ok(file)
}

/// The folder that it is in, made where there is none.
fn folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    Ok(folder)
}
