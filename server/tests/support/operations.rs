//! Random directories, and random things that random callers try.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::filter::{Filter, filter};
use super::model::{CAMPUSES, KINDS, KNOWN, PRIORITIES, ROOT, SERVICE, USERS, WORDS};
use super::settings::{Change, change};

/// What a user may do on a campus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Member,
    Admin,
}

/// Whom a publish is aimed at: users and campuses by their places in `USERS` and `CAMPUSES`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aim {
    Everyone,
    Campus(usize),
    Users { named: Vec<usize>, within: Option<usize> },
}

/// Something that somebody tries. `by` is who; a `which` or `through` names a notification by its place among all that
/// there are, whoever's they are, or none at all where there are fewer.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Publish {
        by: usize,
        aim: Aim,
        kind: usize,
        priority: usize,
        words: Vec<usize>,
        expires_in_minutes: Option<i64>,
    },
    Recall {
        by: usize,
        which: usize,
    },
    SetMembership {
        by: usize,
        user: usize,
        campus: usize,
        role: Option<Role>,
    },
    Mark {
        by: usize,
        which: Vec<usize>,
        read: bool,
    },
    Archive {
        by: usize,
        which: Vec<usize>,
        archived: bool,
    },
    MarkAllRead {
        by: usize,
        through: usize,
        campus: Option<usize>,
    },
    MarkSeen {
        by: usize,
        through: usize,
    },
    /// What they want to hear, on a campus or by default.
    UpdatePreferences {
        by: usize,
        place: Option<usize>,
        change: Change,
    },
    ResetPreferences {
        by: usize,
        campus: usize,
    },
    /// Asks why somebody, themselves without one, did or did not get it.
    Explain {
        by: usize,
        which: usize,
        about: Option<usize>,
    },
    /// Puts into the index what it lacks.
    IndexTexts,
    /// Opens a live feed; `from` one of the cursors given out so far, or from now on.
    Subscribe {
        by: usize,
        from: Option<usize>,
    },
    /// Fetches a page for its cursor.
    KeepCursor {
        by: usize,
    },
    TimePasses {
        minutes: i64,
    },
    /// Everything up to this notification is archived, as far as it is old enough.
    ComeOfAge {
        through: usize,
    },
}

/// What is held against the model after an operation: one user's pages and counts.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) by: usize,
    pub(crate) filter: Filter,
    /// So many a page.
    pub(crate) page: usize,
    /// The pages are turned from the newest on, else from the oldest.
    pub(crate) newest_first: bool,
    /// What lies between two cursors, which may stand for any position that there is.
    pub(crate) between: (usize, usize),
}

/// A directory and what happens.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    /// Who begins where, as whom.
    pub(crate) directory: Vec<(usize, usize, Role)>,
    pub(crate) operations: Vec<(Operation, Look)>,
}

pub(crate) fn script() -> impl Strategy<Value = Script> {
    let directory = vec((reader(), 0..CAMPUSES.len(), role()), 4..12).prop_map(|mut directory| {
        directory.retain(|(user, ..)| *user < KNOWN);
        directory
    });
    let steps = prop_oneof![14 => operation().prop_map(|one| vec![one]), 1 => second_thoughts()];
    (directory, vec((steps, look()), 30..75)).prop_map(|(directory, steps)| {
        let each = |(step, look): (Vec<_>, Look)| step.into_iter().map(move |one| (one, look.clone()));
        Script { directory, operations: steps.into_iter().flat_map(each).collect() }
    })
}

fn anyone() -> impl Strategy<Value = usize> {
    0..USERS.len()
}

/// Mostly one of two, so that what they say of the same notification meets.
fn reader() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..2_usize, 1 => anyone()]
}

/// Mostly somebody who may.
fn keeper() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(SERVICE), 4 => Just(ROOT), 1 => anyone()]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![3 => Just(Role::Member), 2 => Just(Role::Admin)]
}

fn aim() -> impl Strategy<Value = Aim> {
    let campus = || 0..CAMPUSES.len();
    // Now and then somebody whom the directory does not know.
    let named = prop_oneof![
        9 => vec(0..KNOWN, 1..4),
        1 => vec(anyone(), 1..4),
    ];
    prop_oneof![
        1 => Just(Aim::Everyone),
        6 => campus().prop_map(Aim::Campus),
        3 => (named, proptest::option::of(campus())).prop_map(|(named, within)| Aim::Users { named, within }),
    ]
}

fn look() -> impl Strategy<Value = Look> {
    let between = (0..100_usize, 0..100_usize);
    (reader(), filter(), 1..8_usize, any::<bool>(), between).prop_map(
        |(by, filter, page, newest_first, between)| Look { by, filter, page, newest_first, between },
    )
}

/// Reads much, marks it unread again, and then reads all that one campus was told.
fn second_thoughts() -> impl Strategy<Value = Vec<Operation>> {
    let which = subsequence((0..25).collect::<Vec<usize>>(), 10..=20);
    (0..2_usize, which, 5..15_usize, 0..CAMPUSES.len()).prop_map(|(by, which, through, campus)| {
        vec![
            Operation::Mark { by, which: which.clone(), read: true },
            Operation::Mark { by, which, read: false },
            Operation::MarkAllRead { by, through, campus: Some(campus) },
        ]
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    // Far enough to name one that is not there now and then.
    let which = || 0..25_usize;
    let sender = prop_oneof![keeper(), anyone()];
    let words = subsequence((0..WORDS.len()).collect::<Vec<_>>(), 0..=2);
    let publish = (
        sender,
        aim(),
        0..KINDS.len(),
        0..PRIORITIES.len(),
        words,
        proptest::option::weighted(0.2, 1..30_i64),
    );
    let publish = publish.prop_map(|(by, aim, kind, priority, words, expires_in_minutes)| {
        Operation::Publish { by, aim, kind, priority, words, expires_in_minutes }
    });
    let recall = (anyone(), which()).prop_map(|(by, which)| Operation::Recall { by, which });
    let set_membership = (keeper(), anyone(), 0..CAMPUSES.len(), proptest::option::weighted(0.7, role()))
        .prop_map(|(by, user, campus, role)| Operation::SetMembership { by, user, campus, role });
    let mark = (reader(), vec(which(), 0..8), any::<bool>()).prop_map(|(by, which, read)| Operation::Mark {
        by,
        which,
        read,
    });
    let archive = (reader(), vec(which(), 0..8), any::<bool>())
        .prop_map(|(by, which, archived)| Operation::Archive { by, which, archived });
    let campus = proptest::option::of(0..CAMPUSES.len());
    let mark_all = (reader(), which(), campus.clone())
        .prop_map(|(by, through, campus)| Operation::MarkAllRead { by, through, campus });
    let seen = (reader(), which()).prop_map(|(by, through)| Operation::MarkSeen { by, through });
    // Minutes, and now and then long enough for something to come of age.
    let minutes = prop_oneof![1..40_i64, 60..16 * 60_i64, 20 * 24 * 60..45 * 24 * 60_i64];
    let subscribe = (reader(), proptest::option::weighted(0.7, 0..100_usize))
        .prop_map(|(by, from)| Operation::Subscribe { by, from });
    let update = (reader(), campus.clone(), change())
        .prop_map(|(by, place, change)| Operation::UpdatePreferences { by, place, change });
    let reset =
        (reader(), 0..CAMPUSES.len()).prop_map(|(by, campus)| Operation::ResetPreferences { by, campus });
    let explain = (reader(), which(), proptest::option::weighted(0.7, anyone()))
        .prop_map(|(by, which, about)| Operation::Explain { by, which, about });
    prop_oneof![
        14 => publish,
        3 => recall,
        8 => set_membership,
        6 => mark,
        6 => archive,
        4 => mark_all,
        2 => seen,
        6 => update,
        1 => reset,
        6 => explain,
        1 => Just(Operation::IndexTexts),
        4 => subscribe,
        2 => anyone().prop_map(|by| Operation::KeepCursor { by }),
        4 => minutes.prop_map(|minutes| Operation::TimePasses { minutes }),
        3 => (0..20_usize).prop_map(|through| Operation::ComeOfAge { through }),
    ]
}
