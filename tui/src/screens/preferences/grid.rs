//! What applies where, and why: what the server told, with what is on its way to it on top. Inheritance is worked out
//! here and nowhere else, so that a change of the default is seen on every campus at once.

use super::model::{Change, Column, Hours, Pending, QuietChange};

/// Everything that applies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// Every type there is, in the server's order.
    pub kinds: Vec<Kind>,
    /// What applies in each place; none where that is not known.
    pub places: Vec<Option<Place>>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// E.g. `EVENT_CREATED`.
    pub name: String,
    /// As people read it.
    pub label: String,
    /// E.g. `EVENTS`.
    pub category: String,
    /// It cannot be muted.
    pub mandatory: bool,
}

/// What applies in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Of each type.
    pub cells: Vec<Cell>,
    /// When it is quiet; none until the server has said so.
    pub quiet: Option<Hours>,
    /// Where they are set.
    pub quiet_origin: Origin,
}

/// Whether a type is heard in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// It is; none until the server has said so.
    pub enabled: Option<bool>,
    /// Why.
    pub origin: Origin,
}

/// Where something is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the place itself.
    Here,
    /// In the viewer's default.
    Default,
    /// Nowhere.
    BuiltIn,
    /// Nowhere, and it cannot be.
    Mandatory,
}

impl Origin {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Here => "set here",
            Self::Default => "default",
            Self::BuiltIn => "built in",
            Self::Mandatory => "mandatory",
        }
    }
}

/// What is set in one place, and nothing that is inherited.
#[derive(Debug, Clone, Default)]
struct Own {
    types: Vec<Option<bool>>,
    quiet: Option<Hours>,
}

impl Grid {
    /// Of what was told, and what is on its way.
    pub fn of(columns: &[Column], pending: &[Pending]) -> Self {
        let Some(default) = columns.first().and_then(|column| column.told.as_ref()) else {
            return Self { kinds: Vec::new(), places: vec![None; columns.len()] };
        };
        let kinds: Vec<Kind> = default
            .types
            .iter()
            .map(|of| Kind {
                name: of.kind.clone(),
                label: of.label.clone(),
                category: of.category.clone(),
                mandatory: of.mandatory,
            })
            .collect();
        // What is built in shows only where nothing is set.
        let built_in = Built {
            types: default.types.iter().map(|of| of.inherited.then_some(of.enabled)).collect(),
            quiet: default.quiet.inherited.then(|| default.quiet.clone()),
        };
        let mut owns: Vec<Option<Own>> = columns.iter().map(|column| own(column, &kinds)).collect();
        for change in pending {
            let at = columns.iter().position(|column| column.place == change.place);
            let Some(at) = at else { continue };
            let inherited =
                if at == 0 { None } else { owns.first().cloned().flatten().and_then(|own| own.quiet) };
            let inherited = inherited.or_else(|| built_in.quiet.clone());
            if let Some(Some(own)) = owns.get_mut(at) {
                own.take(&change.change, &kinds, inherited);
            }
        }
        let default = owns.first().cloned().flatten().unwrap_or_default();
        let places = owns.iter().enumerate().map(|(at, own)| {
            let default = (at > 0).then_some(&default);
            own.as_ref().map(|own| resolve(own, default, &built_in, &kinds))
        });
        Self { places: places.collect(), kinds }
    }

    /// What applies of a type in a place.
    pub fn cell(&self, kind: usize, column: usize) -> Option<Cell> {
        self.places.get(column)?.as_ref()?.cells.get(kind).copied()
    }

    /// What is set in a place.
    pub fn place(&self, column: usize) -> Option<&Place> {
        self.places.get(column)?.as_ref()
    }

    /// The types of a category.
    pub fn of_category<'a>(&'a self, category: &'a str) -> impl Iterator<Item = usize> + 'a {
        let of = self.kinds.iter().enumerate().filter(move |(_, kind)| kind.category == category);
        of.map(|(at, _)| at)
    }
}

impl Place {
    /// Something is set here.
    pub fn sets_something(&self) -> bool {
        self.quiet_origin == Origin::Here || self.cells.iter().any(|cell| cell.origin == Origin::Here)
    }
}

/// What applies where nothing is set; none where that cannot be known yet, since something is.
struct Built {
    types: Vec<Option<bool>>,
    quiet: Option<Hours>,
}

/// What is set in a place. A type that the default does not know, or a campus not yet, is not set.
fn own(column: &Column, kinds: &[Kind]) -> Option<Own> {
    let told = column.told.as_ref()?;
    let set = |kind: &Kind| {
        let of = told.types.iter().find(|of| of.kind == kind.name)?;
        (!of.inherited).then_some(of.enabled)
    };
    let quiet = (!told.quiet.inherited).then(|| told.quiet.clone());
    Some(Own { types: kinds.iter().map(set).collect(), quiet })
}

impl Own {
    /// What becomes of it. `inherited` are the quiet hours that apply where none are set.
    fn take(&mut self, change: &Change, kinds: &[Kind], inherited: Option<Hours>) {
        match change {
            Change::Reset => *self = Self { types: vec![None; kinds.len()], quiet: None },
            Change::Types(types) => {
                for (name, enabled) in types {
                    let at = kinds.iter().position(|kind| kind.name == *name);
                    if let Some(own) = at.and_then(|at| self.types.get_mut(at)) {
                        *own = *enabled;
                    }
                }
            }
            Change::Quiet(QuietChange::Inherit) => self.quiet = None,
            Change::Quiet(QuietChange::Set { enabled, between, zone }) => {
                let Some(mut hours) = self.quiet.take().or(inherited) else { return };
                hours.enabled = enabled.unwrap_or(hours.enabled);
                if let Some((start, end)) = between {
                    (hours.start, hours.end) = (start.clone(), end.clone());
                }
                if let Some(zone) = zone {
                    hours.zone.clone_from(zone);
                }
                // When that is, the server says.
                self.quiet = Some(Hours { now: None, inherited: false, ..hours });
            }
        }
    }
}

fn resolve(own: &Own, default: Option<&Own>, built_in: &Built, kinds: &[Kind]) -> Place {
    let cell = |(at, kind): (usize, &Kind)| {
        let of = |own: &Own| own.types.get(at).copied().flatten();
        let (enabled, origin) = if kind.mandatory {
            (Some(true), Origin::Mandatory)
        } else if let Some(here) = of(own) {
            (Some(here), Origin::Here)
        } else if let Some(there) = default.and_then(of) {
            (Some(there), Origin::Default)
        } else {
            (built_in.types.get(at).copied().flatten(), Origin::BuiltIn)
        };
        Cell { enabled, origin }
    };
    let (quiet, quiet_origin) = if own.quiet.is_some() {
        (own.quiet.clone(), Origin::Here)
    } else if let Some(quiet) = default.and_then(|default| default.quiet.clone()) {
        (Some(quiet), Origin::Default)
    } else {
        (built_in.quiet.clone(), Origin::BuiltIn)
    };
    Place { cells: kinds.iter().enumerate().map(cell).collect(), quiet, quiet_origin }
}
