//! What people want to hear and when it shall be quiet, as naively as can be: what each of them set in each place, as of
//! every position of the log.

use std::collections::BTreeMap;

use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::World;
use super::act;
use super::model::{CAMPUSES, Code, Happened, KINDS, MANDATORY, Model, URGENT, USERS, reads_a_feed};
use super::operations::Aim;
use super::server::FIRST_MINUTE;

/// Time zones whose clocks never change, with the minutes that they are ahead of UTC.
const ZONES: [(&str, i64); 3] = [("UTC", 0), ("Asia/Tokyo", 9 * 60), ("America/Phoenix", -7 * 60)];
/// By whose clocks each of the users lives, as the directory has it.
pub(crate) const OWN_ZONES: [Option<usize>; USERS.len()] = [None, Some(1), Some(2), None, None, None];

/// On a campus, or by default.
type Place = Option<usize>;

/// What one user has set; a place where nothing is set is not there.
pub(crate) type Settings = BTreeMap<Place, Choices>;

/// What is set in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// Types that are heard, or not.
    types: BTreeMap<usize, bool>,
    quiet: Option<Quiet>,
}

/// Quiet hours: times of day in minutes, and a zone or the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quiet {
    enabled: bool,
    start: i64,
    end: i64,
    zone: Option<usize>,
}

/// Where nobody has set any.
const BUILT_IN: Quiet = Quiet { enabled: false, start: 22 * 60, end: 7 * 60, zone: None };

/// A change in one place. What is left out stays as it is.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Heard, muted, or as inherited.
    types: BTreeMap<usize, Option<bool>>,
    quiet: Option<QuietChange>,
}

#[derive(Debug, Clone)]
enum QuietChange {
    Inherit,
    Set { enabled: Option<bool>, start: Option<i64>, end: Option<i64>, zone: Option<Clocks> },
}

/// By whose clocks quiet hours go.
#[derive(Debug, Clone, Copy)]
enum Clocks {
    Own,
    Of(usize),
}

impl Clocks {
    fn zone(self) -> Option<usize> {
        match self {
            Self::Own => None,
            Self::Of(zone) => Some(zone),
        }
    }
}

/// Any change; seldom one that is refused.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    let kind = prop_oneof![12 => (0..KINDS.len()).prop_filter("may be muted", |kind| *kind != MANDATORY), 1 => Just(MANDATORY)];
    let types =
        btree_map(kind, prop_oneof![5 => Just(Some(false)), 2 => Just(Some(true)), 2 => Just(None)], 0..4);
    // Few hours, so that they are equal now and then.
    let time = || option::weighted(0.8, (0..12_i64).prop_map(|hours| 2 * hours * 60));
    let enabled = prop_oneof![6 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)];
    let zone = option::weighted(
        0.6,
        prop_oneof![1 => Just(Clocks::Own), 2 => (0..ZONES.len()).prop_map(Clocks::Of)],
    );
    let set = (enabled, time(), time(), zone).prop_map(|(enabled, start, end, zone)| QuietChange::Set {
        enabled,
        start,
        end,
        zone,
    });
    let quiet = option::weighted(0.6, prop_oneof![5 => set, 1 => Just(QuietChange::Inherit)]);
    (types, quiet).prop_map(|(types, quiet)| Change { types, quiet })
}

impl Change {
    fn to_json(&self, place: Place) -> Value {
        let types: Vec<Value> = self
            .types
            .iter()
            .map(|(kind, enabled)| json!({ "type": KINDS[*kind].0, "enabled": enabled }))
            .collect();
        let mut input = json!({ "campusKey": place.map(|campus| CAMPUSES[campus]), "types": types });
        match &self.quiet {
            None => {}
            Some(QuietChange::Inherit) => input["quietHours"] = json!({ "enabled": null }),
            Some(QuietChange::Set { enabled, start, end, zone }) => {
                let mut quiet = json!({ "startTime": start.map(clock), "endTime": end.map(clock) });
                if let Some(enabled) = enabled {
                    quiet["enabled"] = json!(enabled);
                }
                if let Some(zone) = zone {
                    quiet["timezone"] = json!(zone.zone().map(|zone| ZONES[zone].0));
                }
                input["quietHours"] = quiet;
            }
        }
        input
    }
}

/// As a clock shows it.
fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl Model {
    /// What the user had set, as things stood at `as_of`.
    fn settings(&self, of: usize, as_of: usize) -> Settings {
        let set = (1..=as_of).rev().find_map(|position| match self.at(position) {
            Happened::Settings { user, settings } if *user == of => Some(settings.clone()),
            _ => None,
        });
        set.unwrap_or_default()
    }

    /// Whether the user does not want to hear of that, as they had it at `as_of`.
    pub(crate) fn mutes(&self, user: usize, notification: usize, as_of: usize) -> bool {
        let told = self.told(notification);
        !hears(&self.settings(user, as_of), place(&told.aim), told.kind)
    }

    /// Whether it was written in the user's quiet hours, as they had them at `as_of`.
    pub(crate) fn silences(&self, user: usize, notification: usize, as_of: usize) -> bool {
        let told = self.told(notification);
        let quiet = quiet_hours(&self.settings(user, as_of), place(&told.aim));
        told.priority < URGENT && told.kind != MANDATORY && is_quiet(user, quiet, told.at)
    }

    /// What the user will have set after this change, or why they cannot.
    fn changed(&self, user: usize, place: Place, change: Option<&Change>) -> Result<Settings, Code> {
        if !reads_a_feed(user) {
            return Err("FORBIDDEN");
        }
        if let Some(campus) = place {
            self.may_see_campus(user, campus)?;
        }
        let mut settings = self.settings(user, self.head());
        let Some(change) = change else {
            settings.remove(&place);
            return Ok(settings);
        };
        if change.types.get(&MANDATORY) == Some(&Some(false)) {
            return Err("BAD_USER_INPUT");
        }
        let mut choices = settings.get(&place).cloned().unwrap_or_default();
        for (kind, heard) in &change.types {
            match heard {
                Some(heard) => choices.types.insert(*kind, *heard),
                None => choices.types.remove(kind),
            };
        }
        match &change.quiet {
            None => {}
            Some(QuietChange::Inherit) => choices.quiet = None,
            Some(QuietChange::Set { enabled, start, end, zone }) => {
                let before = quiet_hours(&settings, place);
                let quiet = Quiet {
                    enabled: enabled.unwrap_or(before.enabled),
                    start: start.unwrap_or(before.start),
                    end: end.unwrap_or(before.end),
                    zone: zone.map_or(before.zone, Clocks::zone),
                };
                if quiet.start == quiet.end {
                    return Err("BAD_USER_INPUT");
                }
                choices.quiet = Some(quiet);
            }
        }
        settings.insert(place, choices);
        settings.retain(|_, choices| *choices != Choices::default());
        Ok(settings)
    }
}

/// What applies to a notification: what the campus that was told has, or the default.
fn place(aim: &Aim) -> Place {
    match aim {
        Aim::Campus(campus) => Some(*campus),
        Aim::Everyone | Aim::Users { .. } => None,
    }
}

fn hears(settings: &Settings, place: Place, kind: usize) -> bool {
    let set = |place| settings.get(&place).and_then(|choices| choices.types.get(&kind).copied());
    kind == MANDATORY || set(place).or_else(|| set(None)).unwrap_or(true)
}

fn quiet_hours(settings: &Settings, place: Place) -> Quiet {
    let set = |place| settings.get(&place).and_then(|choices| choices.quiet);
    set(place).or_else(|| set(None)).unwrap_or(BUILT_IN)
}

fn zone(user: usize, quiet: Quiet) -> usize {
    quiet.zone.or(OWN_ZONES[user]).unwrap_or(0)
}

/// Whether it is quiet at that moment, in minutes of the test.
fn is_quiet(user: usize, quiet: Quiet, at: i64) -> bool {
    let local = (FIRST_MINUTE + at + ZONES[zone(user, quiet)].1).rem_euclid(24 * 60);
    let within = if quiet.start < quiet.end {
        quiet.start <= local && local < quiet.end
    } else {
        quiet.start <= local || local < quiet.end
    };
    quiet.enabled && within
}

/// Whose clocks the directory says that this user lives by.
pub(crate) fn own_zone(user: usize) -> Option<&'static str> {
    OWN_ZONES[user].map(|zone| ZONES[zone].0)
}

/// Changes what somebody wants to hear in that place, or takes back all that they set there.
pub(crate) async fn change_settings(world: &mut World, by: usize, place: Place, change: Option<&Change>) {
    let after = world.model.changed(by, place, change);
    if let Ok(after) = &after
        && *after != world.model.settings(by, world.model.head())
    {
        act::happen(world, Happened::Settings { user: by, settings: after.clone() });
    }
    let (mutation, kind, input) = match change {
        Some(change) => ("updatePreferences", "UpdatePreferencesInput", change.to_json(place)),
        None => (
            "resetPreferences",
            "ResetPreferencesInput",
            json!({ "campusKey": place.map(|campus| CAMPUSES[campus]) }),
        ),
    };
    let document = format!(
        "mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{
            preferences {{ campus {{ key }} types {{ type enabled inherited mandatory }}
                quietHours {{ enabled startTime endTime timezone inherited active }} }}
            viewer {{ unreadCount {{ count }} unseenCount {{ count }} }} }} }}"
    );
    let answer = world.ask(by, &document, json!({ "input": input })).await;
    assert_eq!(answer.code.as_deref(), after.as_ref().err().copied(), "{input}: {}", answer.text);
    if let Ok(settings) = &after {
        let (shown, viewer) = (&answer.data["done"]["preferences"], &answer.data["done"]["viewer"]);
        assert_eq!(shown["campus"]["key"], json!(place.map(|campus| CAMPUSES[campus])));
        types(shown, settings, place);
        let quiet = quiet_hours(settings, place);
        let expected = json!({
            "enabled": quiet.enabled, "startTime": clock(quiet.start), "endTime": clock(quiet.end),
            "timezone": ZONES[zone(by, quiet)].0,
            "inherited": settings.get(&place).is_none_or(|choices| choices.quiet.is_none()),
            "active": is_quiet(by, quiet, world.model.now),
        });
        assert_eq!(shown["quietHours"], expected, "{settings:?}");
        assert_eq!(viewer["unreadCount"]["count"], world.model.unread(by));
        assert_eq!(viewer["unseenCount"]["count"], world.model.unseen(by));
    }
}

fn types(shown: &Value, settings: &Settings, place: Place) {
    for (kind, (name, _)) in KINDS.iter().enumerate() {
        let one = shown["types"].as_array().unwrap().iter().find(|one| one["type"] == *name);
        let is_set = settings.get(&place).is_some_and(|choices| choices.types.contains_key(&kind));
        let expected = json!({
            "type": name, "enabled": hears(settings, place, kind), "inherited": !is_set,
            "mandatory": kind == MANDATORY,
        });
        assert_eq!(one, Some(&expected), "{settings:?}");
    }
}
