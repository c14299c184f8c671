//! Where drafts are kept across a crash: a file for each account in the user's state folder, of mode 0600, written beside itself
//! and moved into its place, so that it is never half there.
//!
//! [`Keeper`] does it in a thread of its own, one thing after the other, so that a slow disk never holds up a key.

use std::{
    fs, io,
    io::Read,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use tokio::sync::oneshot;
use url::form_urlencoded::byte_serialize;

use crate::{credentials::Account, draft::Draft, private_file};

/// No draft is larger, in bytes.
const LARGEST: u64 = 1 << 20;

/// No file or folder has a longer name, in bytes: what is longer is a path of several. Systems take 255, the ending included.
const LONGEST_NAME: usize = 200;

/// The folder, which need not be there.
#[derive(Debug, Clone, Default)]
pub struct Drafts(Option<PathBuf>);

/// Why a draft is not to be had, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The file cannot be read or written.
    #[error("failed to use {}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What is there is no draft. It has been put aside.
    #[error("what was kept is no draft; it is now {}", .0.display())]
    Damaged(PathBuf),
}

impl Drafts {
    /// In the user's state folder; in the data folder, where the system knows no other. Without either nothing is kept.
    pub fn usual() -> Self {
        Self(private_file::in_state_folder("drafts"))
    }

    /// In that folder.
    pub fn at(folder: PathBuf) -> Self {
        Self(Some(folder))
    }

    /// The account's draft, where there is one.
    pub fn load(&self, account: &Account) -> Result<Option<Draft>, DraftError> {
        let Some(path) = self.path(account) else { return Ok(None) };
        let failed = |error| DraftError::Io { path: path.clone(), error };
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut text = Vec::new();
        file.take(LARGEST).read_to_end(&mut text).map_err(failed)?;
        if let Ok(draft) = serde_json::from_slice(&text) {
            return Ok(Some(draft));
        }
        let aside = path.with_extension("damaged");
        fs::rename(&path, &aside).map_err(failed)?;
        Err(DraftError::Damaged(aside))
    }

    /// Keeps a draft, instead of the one that there was.
    pub fn keep(&self, account: &Account, draft: &Draft) -> Result<(), DraftError> {
        let Some(path) = self.path(account) else { return Ok(()) };
        write(&path, draft).map_err(|error| DraftError::Io { path, error })
    }

    /// Keeps none any more.
    pub fn forget(&self, account: &Account) -> Result<(), DraftError> {
        let Some(path) = self.path(account) else { return Ok(()) };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(DraftError::Io { path, error }),
            _ => Ok(()),
        }
    }

    fn path(&self, account: &Account) -> Option<PathBuf> {
        let name: String = byte_serialize(account.as_str().as_bytes()).collect();
        let (mut path, mut rest) = (self.0.clone()?, name.as_str());
        while let Some((part, more)) = rest.split_at_checked(LONGEST_NAME) {
            path.push(part);
            rest = more;
        }
        path.push(format!("{rest}.json"));
        Some(path)
    }
}

fn write(path: &Path, draft: &Draft) -> io::Result<()> {
    private_file::write(path, &serde_json::to_vec(draft)?)
}

type Job = Box<dyn FnOnce(&Drafts) + Send>;

/// Does what is to be done in the folder, in the order in which it is asked.
#[derive(Debug, Clone)]
pub struct Keeper {
    jobs: mpsc::Sender<Job>,
}

impl Keeper {
    /// For this folder. Its thread ends with the last clone.
    pub fn new(drafts: Drafts) -> Self {
        let (jobs, asked) = mpsc::channel::<Job>();
        thread::spawn(move || asked.into_iter().for_each(|job| job(&drafts)));
        Self { jobs }
    }

    /// Asks for something; the answer comes once it, and all before it, is done. It never comes if that panicked.
    pub fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Drafts) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (done, answer) = oneshot::channel();
        let job: Job = Box::new(move |drafts| {
            // Nobody may be waiting.
            let _ = done.send(job(drafts));
        });
        // The thread is gone only after a panic, which has been reported; then nobody answers.
        let _ = self.jobs.send(job);
        answer
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn account(name: &str) -> Account {
        Account::new("http://x:1/../a b", Some(name))
    }

    fn draft(title: &str) -> Draft {
        Draft { title: title.to_owned(), ..Draft::new("k".to_owned()) }
    }

    fn folder() -> (tempfile::TempDir, Drafts) {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::at(folder.path().join("made"));
        (folder, drafts)
    }

    #[test]
    fn each_account_has_one_and_nobody_else_reads_it() {
        let (_folder, drafts) = folder();
        assert_eq!(drafts.load(&account("a")).unwrap(), None);
        drafts.keep(&account("a"), &draft("one")).unwrap();
        drafts.keep(&account("b"), &draft("two")).unwrap();
        drafts.keep(&account("a"), &draft("three")).unwrap();
        let path = drafts.path(&account("a")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        drafts.forget(&account("b")).unwrap();
        drafts.forget(&account("b")).unwrap();
        assert_eq!(drafts.load(&account("a")).unwrap(), Some(draft("three")));
        assert_eq!(drafts.load(&account("b")).unwrap(), None);
    }

    #[test]
    fn an_account_has_a_draft_however_long_its_name_is() {
        let (_folder, drafts) = folder();
        let long = "日".repeat(200);
        for name in [&*long, &long[3..], "日"] {
            drafts.keep(&account(name), &draft(name)).unwrap();
        }
        for name in [&*long, &long[3..], "日"] {
            assert_eq!(drafts.load(&account(name)).unwrap(), Some(draft(name)));
        }
        drafts.forget(&account(&long)).unwrap();
        assert_eq!(drafts.load(&account(&long)).unwrap(), None);
    }

    #[test]
    fn what_is_no_draft_is_put_aside() {
        let (_folder, drafts) = folder();
        drafts.keep(&account("a"), &draft("one")).unwrap();
        let path = drafts.path(&account("a")).unwrap();
        fs::write(&path, "half a dra").unwrap();
        assert!(matches!(drafts.load(&account("a")), Err(DraftError::Damaged(aside)) if aside.exists()));
        assert_eq!(drafts.load(&account("a")).unwrap(), None);
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        let drafts = Drafts::default();
        drafts.keep(&account("a"), &draft("one")).unwrap();
        assert_eq!(drafts.load(&account("a")).unwrap(), None);
    }

    #[tokio::test]
    async fn the_keeper_keeps_the_order() {
        let (_folder, drafts) = folder();
        let keeper = Keeper::new(drafts);
        for title in ["one", "two", "three"] {
            drop(keeper.ask(move |drafts| drafts.keep(&account("a"), &draft(title)).unwrap()));
        }
        let kept = keeper.ask(|drafts| drafts.load(&account("a")).unwrap()).await.unwrap();
        assert_eq!(kept, Some(draft("three")));
    }
}
