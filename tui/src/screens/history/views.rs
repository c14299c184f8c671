//! Saved parts of the history: those that everybody has, those of the config file, and those saved at run time; and how
//! many of each are unread.

use std::collections::BTreeMap;

use super::{History, exchange};
use crate::{
    cli::Priority,
    config::view::View,
    effect::Effect,
    model::{count::Count, shared::Shared},
};

/// So many are counted at most; the others can be gone to all the same.
const COUNTED: usize = 30;
/// So many of the viewer's campuses, at most, have a part each.
const CAMPUSES: usize = 10;
/// What the name of such a part begins with.
const OF_CAMPUS: &str = "campus-";
/// No name is longer, in characters.
const LONGEST: usize = 40;

/// The unread of the saved parts, by name, as far as they are known.
#[derive(Debug, Default)]
pub struct Counts {
    known: BTreeMap<String, Count>,
    /// So many have yet to come.
    awaited: usize,
    /// Something has happened since.
    stale: bool,
}

/// What takes a filter off again, where one says which.
pub const ANY: &str = "any";

/// All of them, by name: first those that everybody has.
pub fn all(shared: &Shared) -> Vec<(String, View)> {
    let unread = View { unread: Some(true), ..View::default() };
    let urgent = View { min_priority: Some(Priority::Urgent), ..View::default() };
    let mut all = vec![("all".to_owned(), View::default()), ("unread".to_owned(), unread)];
    all.push(("urgent".to_owned(), urgent));
    let of_campus = |name: String, key: String| (name, View { campus: vec![key], ..View::default() });
    if let Some(key) = campus(shared) {
        all.push(of_campus("this-campus".to_owned(), key));
    } else {
        let campuses = shared.viewer.iter().flat_map(|viewer| &viewer.campuses).take(CAMPUSES);
        let keys = campuses.map(|campus| campus.key.clone());
        all.extend(keys.map(|key| of_campus(format!("{OF_CAMPUS}{key}"), key)));
    }
    // Of two with one name, the one saved at run time.
    let own: BTreeMap<_, _> = shared.options.views.iter().chain(&shared.options.saved).collect();
    let own = own.into_iter().filter(|(name, _)| !is_taken(name));
    all.extend(own.map(|(name, view)| (name.clone(), view.clone())));
    all
}

/// The chosen campus, or the viewer's only one.
fn campus(shared: &Shared) -> Option<String> {
    shared.campus.clone().or_else(|| match shared.viewer.as_ref()?.campuses.as_slice() {
        [only] => Some(only.key.clone()),
        _ => None,
    })
}

fn is_taken(name: &str) -> bool {
    ["all", "unread", "urgent", "this-campus"].contains(&name) || name.starts_with(OF_CAMPUS)
}

/// The one of a name.
pub fn find(shared: &Shared, name: &str) -> Option<View> {
    all(shared).into_iter().find(|(known, _)| known == name).map(|(_, view)| view)
}

/// A name under which something can be saved, or why not.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(format!("a name has 1 to {LONGEST} characters"));
    }
    if is_taken(&name) {
        return Err(format!("{name} is what everybody has under that name"));
    }
    Ok(name)
}

impl History {
    /// What a saved part is, in a few words: how many of it are unread.
    pub fn counted(&self, name: &str) -> String {
        let count = self.counts.known.get(name);
        count.map_or_else(|| "not counted yet".to_owned(), |count| format!("{count} unread"))
    }

    /// Asks how many are unread of each.
    pub fn count(&mut self, shared: &Shared) -> Vec<Effect> {
        if !shared.link.is_up() || self.counts.awaited > 0 {
            return Vec::new();
        }
        self.counts.stale = false;
        let mut effects = Vec::new();
        for (name, view) in all(shared).into_iter().take(COUNTED) {
            if let Ok(filter) = view.filter(shared.now, shared.options.zone) {
                effects.push(exchange::Effect::Count { name, filter: Box::new(filter) }.into());
            }
        }
        self.counts.awaited = effects.len();
        effects
    }

    /// A number has come, or has not.
    pub(super) fn counted_now(&mut self, name: String, count: Option<Count>) {
        self.counts.awaited = self.counts.awaited.saturating_sub(1);
        match count {
            Some(count) => self.counts.known.insert(name, count),
            None => self.counts.known.remove(&name),
        };
    }

    /// Something has happened: the numbers are others, most likely.
    pub(super) fn miscounts(&mut self) {
        self.counts.stale = true;
    }

    /// The numbers that were awaited will not come.
    pub(super) fn nothing_is_counted(&mut self) {
        self.counts.awaited = 0;
        self.counts.stale = true;
    }

    /// Asks again, where something has happened since.
    pub fn recount(&mut self, shared: &Shared) -> Vec<Effect> {
        if self.counts.stale { self.count(shared) } else { Vec::new() }
    }
}
