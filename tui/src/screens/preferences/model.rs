//! What the screen knows: what the server told last, what is on its way to it, and what can be taken back.
//!
//! What is shown is never kept: [`super::grid`] works it out of both, so that a refused change is rolled back by
//! forgetting it.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::grid::Grid;
use crate::{
    filter::Filter,
    message::Ticket,
    model::{selection::Selection, shared::Shared},
};

/// The screen's model.
#[derive(Debug)]
pub struct Preferences {
    /// The default first, then each campus.
    pub columns: Vec<Column>,
    /// On their way to the server, in order.
    pub pending: Vec<Pending>,
    /// What it takes to take back what was done, the oldest first.
    pub done: VecDeque<Done>,
    /// What applies, as it is shown: worked out of the above whenever they change.
    pub grid: Grid,
    /// Which question an answer is taken from; those to an earlier one are old news.
    pub generation: u64,
    /// That one has not been answered yet.
    pub asking: bool,
    /// What is known may not be so any more: to be asked for as soon as it is shown.
    pub wanted: bool,
    /// When it was asked for the last time.
    pub asked_at: Option<DateTime<Utc>>,
    /// It is on the screen.
    pub shown: bool,
    /// The selected row.
    pub selection: Selection,
    /// The selected column.
    pub column: usize,
    /// What the types are narrowed to.
    pub filter: Filter,
    /// The key of the place that a question is about.
    pub questioned: Option<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            pending: Vec::new(),
            done: VecDeque::new(),
            grid: Grid::default(),
            generation: 0,
            asking: false,
            wanted: true,
            asked_at: None,
            shown: false,
            selection: Selection { following: false, ..Selection::default() },
            column: 0,
            filter: Filter::default(),
            questioned: None,
        }
    }
}

/// A place in which something can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The campus's key; none is the default.
    pub place: Option<String>,
    /// For people.
    pub name: String,
    /// What applies there; none before the first answer.
    pub told: Option<Told>,
    /// Why that could not be told.
    pub fault: Option<String>,
}

/// What applies in one place, as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Every type there is.
    pub types: Vec<Type>,
    /// When it is quiet.
    pub quiet: Hours,
}

/// Whether one type is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// Which of the server's types, e.g. `EVENT_CREATED`.
    pub kind: String,
    /// As people read it.
    pub label: String,
    /// The group that it belongs to, e.g. `EVENTS`.
    pub category: String,
    /// It is heard.
    pub enabled: bool,
    /// It is not set in this place.
    pub inherited: bool,
    /// It cannot be muted.
    pub mandatory: bool,
}

/// Hours in which nothing makes a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// They count.
    pub enabled: bool,
    /// HH:MM.
    pub start: String,
    /// HH:MM; on the next day where that is not after the start.
    pub end: String,
    /// An IANA name.
    pub zone: String,
    /// They are not set in this place.
    pub inherited: bool,
    /// What follows from that for now; none until the server has said so.
    pub now: Option<Now>,
}

/// What quiet hours mean at the moment at which they were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// It is quiet.
    pub active: bool,
    /// When they begin the next time; none where they do not count.
    pub next_start: Option<DateTime<Utc>>,
    /// When they end the next time; none where they do not count.
    pub next_end: Option<DateTime<Utc>>,
}

/// Something to be changed in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Types that are to be heard, muted, or (`None`) as inherited.
    Types(Vec<(String, Option<bool>)>),
    /// Quiet hours.
    Quiet(QuietChange),
    /// All that is set on a campus, back to the default.
    Reset,
}

/// What is to be changed of quiet hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuietChange {
    /// All of them as inherited.
    Inherit,
    /// These parts; the others stay as they are.
    Set {
        /// Whether they count.
        enabled: Option<bool>,
        /// From when to when, HH:MM each.
        between: Option<(String, String)>,
        /// An IANA name.
        zone: Option<String>,
    },
}

/// A change on its way.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Tells its answer.
    pub ticket: Ticket,
    /// The campus's key; none is the default.
    pub place: Option<String>,
    /// What.
    pub change: Change,
}

/// What it takes to take something back.
#[derive(Debug, Clone)]
pub struct Done {
    /// By which it is remembered.
    pub ticket: Ticket,
    /// Where it was done.
    pub place: Option<String>,
    /// To be done instead, in order.
    pub inverse: Vec<Change>,
}

impl Preferences {
    /// The places that the viewer can set something for, with what is known of them.
    pub(super) fn places(&mut self, shared: &Shared) {
        let campuses = shared.viewer.iter().flat_map(|viewer| &viewer.campuses);
        let campuses = campuses.map(|campus| (Some(campus.key.clone()), campus.name.clone()));
        let mut before = std::mem::take(&mut self.columns);
        let column = |(place, name): (Option<String>, String)| {
            let known = before.iter().position(|column| column.place == place);
            let known = known.map(|at| before.swap_remove(at));
            Column {
                told: known.as_ref().and_then(|column| column.told.clone()),
                fault: known.and_then(|column| column.fault),
                place,
                name,
            }
        };
        self.columns = std::iter::once((None, "Default".to_owned())).chain(campuses).map(column).collect();
    }

    /// What is shown has to be worked out anew.
    pub(super) fn resolve(&mut self) {
        self.grid = Grid::of(&self.columns, &self.pending);
    }

    /// The key of the selected place; none is the default.
    pub fn place(&self) -> Option<String> {
        self.columns.get(self.column).and_then(|column| column.place.clone())
    }
}
