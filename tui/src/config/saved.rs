//! Parts of the history that were saved at run time: a file in the platform's folder for state, of the same form as
//! `[views]` in the config file. The client writes it, so that it need not touch a file that people write.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::view::View;
use crate::private_file;

fn usual_path() -> Option<PathBuf> {
    private_file::in_state_folder("views.toml")
}

/// What was saved; nothing where there is no such file. An error names the file.
pub fn read() -> io::Result<BTreeMap<String, View>> {
    usual_path().map_or_else(|| Ok(BTreeMap::new()), |path| read_from(&path))
}

/// Saves one under a name, or, without one, forgets what was saved under it; what other consoles have saved meanwhile stays.
/// May wait until they have done so.
pub fn change(name: String, view: Option<View>) -> io::Result<()> {
    let path = usual_path().ok_or_else(|| io::Error::other("there is no folder for state"))?;
    change_in(&path, name, view)
}

fn change_in(path: &Path, name: String, view: Option<View>) -> io::Result<()> {
    let _turn = private_file::lock(path)?;
    let mut views = read_from(path)?;
    match view {
        Some(view) => views.insert(name, view),
        None => views.remove(&name),
    };
    write_to(path, &views)
}

fn read_from(path: &Path) -> io::Result<BTreeMap<String, View>> {
    let named = |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| named(&error.message())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(named(&error)),
    }
}

fn write_to(path: &Path, views: &BTreeMap<String, View>) -> io::Result<()> {
    let text = toml::to_string(views).map_err(io::Error::other)?;
    private_file::write(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Category, Priority};

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper").join("views.toml");
        assert!(read_from(&path).unwrap().is_empty());
        let view = View {
            search: Some("fire \"drill\"".into()),
            campus: vec!["north".into()],
            types: vec!["CAMPUS_UPDATE".into()],
            category: vec![Category::Events],
            min_priority: Some(Priority::High),
            unread: Some(false),
            since: Some("last mon".into()),
            until: None,
            archived: true,
            expired: false,
            muted: true,
        };
        let views = BTreeMap::from([("drills".to_owned(), view), ("all-of-it".to_owned(), View::default())]);
        write_to(&path, &views).unwrap();
        assert_eq!(read_from(&path).unwrap(), views);
    }

    #[test]
    fn what_others_have_saved_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper").join("views.toml");
        let view = |search: &str| View { search: Some(search.into()), ..View::default() };
        let consoles: Vec<_> = ["drills", "exams", "menus"]
            .into_iter()
            .map(|name| {
                let path = path.clone();
                let view = view(name);
                std::thread::spawn(move || change_in(&path, name.to_owned(), Some(view)))
            })
            .collect();
        for console in consoles {
            console.join().unwrap().unwrap();
        }
        change_in(&path, "exams".to_owned(), Some(view("finals"))).unwrap();
        change_in(&path, "menus".to_owned(), None).unwrap();
        change_in(&path, "nothing".to_owned(), None).unwrap();
        let views =
            BTreeMap::from([("drills".to_owned(), view("drills")), ("exams".to_owned(), view("finals"))]);
        assert_eq!(read_from(&path).unwrap(), views);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("views.toml");
        fs::write(&path, "[drills]\nsearhc = \"x\"").unwrap();
        let error = read_from(&path).unwrap_err().to_string();
        assert!(error.contains("views.toml: unknown field"), "{error}");
    }
}
