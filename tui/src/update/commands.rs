//! What the frame itself does when it is asked to.

use strum::IntoEnumIterator;

use crate::{
    action::{Action, Argument},
    effect::{Effect, Gesture},
    model::{Model, shared::Shared},
    screens::{
        Tab, Told,
        history::{self, views},
    },
    triage::sort::Sort,
};

use super::{link, tabs};

/// What an action can be told now: the word, and what it stands for.
pub(super) fn completions(model: &Model, action: Action, argument: Argument) -> Vec<(String, String)> {
    let Model { shared, screens } = model;
    match argument {
        Argument::Choice => model.screen().choices(shared, action),
        Argument::Tab => shared
            .tabs()
            .into_iter()
            .map(|tab| (<&str>::from(tab).to_owned(), tab.title().to_owned()))
            .collect(),
        Argument::Theme => shared.options.themes.keys().map(|name| (name.clone(), String::new())).collect(),
        Argument::Profile => {
            shared.options.profiles.iter().map(|name| (name.clone(), String::new())).collect()
        }
        Argument::Sort => Sort::iter().map(|sort| (<&str>::from(sort).to_owned(), String::new())).collect(),
        Argument::Zone => {
            chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name().to_owned(), String::new())).collect()
        }
        Argument::View => {
            let counted = |(name, _): (String, _)| (name.clone(), screens.history.counted(&name));
            views::all(shared).into_iter().map(counted).collect()
        }
        Argument::SavedView => {
            shared.options.saved.keys().map(|name| (name.clone(), String::new())).collect()
        }
        Argument::Campus => {
            let viewer = shared.viewer.iter();
            let mut places: Vec<_> = viewer
                .flat_map(|viewer| viewer.campuses.iter().chain(&viewer.permissions.administers))
                .map(|place| (place.key.clone(), place.name.clone()))
                .collect();
            places.sort();
            places.dedup();
            places.insert(0, (ALL.to_owned(), "every campus".to_owned()));
            places
        }
    }
}

/// What stands for every campus.
const ALL: &str = "all";

/// Does what it was told, with what it was told.
pub(super) fn run(model: &mut Model, action: Action, argument: &str) -> Vec<Effect> {
    let shared = &mut model.shared;
    match action {
        Action::Tab => match argument.parse::<Tab>() {
            Ok(tab) => return tabs::show(model, tab),
            Err(_) => shared.complain(format!("there is no tab {argument}")),
        },
        Action::Theme => match shared.options.themes.get(argument) {
            Some(theme) => shared.theme = theme.clone(),
            None => shared.complain(format!("there is no theme {argument}")),
        },
        Action::Campus => {
            let campus = (argument != ALL).then(|| argument.to_owned());
            if shared.campus != campus {
                shared.campus = campus;
                return super::tell(model, Told::Campus);
            }
        }
        Action::View => match views::find(shared, argument) {
            Some(view) => {
                let mut effects = model.screens.history.jump(shared, view);
                effects.extend(tabs::show(model, Tab::History));
                return effects;
            }
            None => shared.complain(format!("nothing is saved as {argument}")),
        },
        Action::DropView => {
            if shared.options.saved.remove(argument).is_some() {
                shared.say(format!("forgot {argument}"));
                return vec![
                    history::exchange::Effect::Save { name: argument.to_owned(), view: None }.into(),
                ];
            }
        }
        Action::Server => return link::switch(shared, argument.to_owned()),
        action => {
            let Model { shared, screens } = model;
            return screens.get_mut(shared.tab).run(shared, action, argument);
        }
    }
    Vec::new()
}

/// Takes the mouse, or gives it back.
pub(super) fn mouse(shared: &mut Shared) -> Vec<Effect> {
    shared.mouse = !shared.mouse;
    shared.say(if shared.mouse { "the mouse clicks and scrolls" } else { "the mouse selects text" });
    vec![Gesture::Mouse(shared.mouse).into()]
}

/// Takes the last action back.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    let Model { shared, screens } = model;
    // Whatever it is, only the server can take it back: it stays, to be taken back then.
    if !shared.link.is_up() && !shared.undo.is_empty() {
        shared.complain("not connected: nothing was taken back");
        return Vec::new();
    }
    let Some(done) = shared.undo.pop() else {
        shared.say("nothing to take back");
        return Vec::new();
    };
    shared.say(format!("took back: {}", done.what));
    screens.get_mut(done.tab).undo(shared, done.ticket)
}
