//! What is looked for, and how it becomes something else.

use clap::ValueEnum;

use crate::{
    action::Action,
    api::queries::NotificationFilter,
    cli::{Category, Priority},
    config::view::View,
    effect::Effect,
    model::{
        overlay::{Overlay, Question},
        shared::Shared,
    },
    screens::history::{
        History, exchange,
        views::{self, ANY},
    },
    when::{EXAMPLES_BACK, WhenError},
};

/// As the server is asked: the chosen campus goes before any other.
pub(super) fn filter(screen: &History, shared: &Shared) -> Result<NotificationFilter, WhenError> {
    let mut view = screen.query.clone();
    if let Some(key) = &shared.campus {
        view.campus = vec![key.clone()];
    }
    view.filter(shared.now, shared.options.zone)
}

/// The words of a search, to be shown where they are: without what must not be there, and without the signs.
pub(super) fn words(search: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut is_left_out = false;
    for (nth, part) in search.split('"').enumerate() {
        let is_phrase = nth % 2 == 1;
        if !(is_phrase && is_left_out) {
            let wanted = part.split_whitespace().filter(|word| is_phrase || !word.starts_with('-'));
            let bare = wanted.map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()));
            words.extend(bare.filter(|word| !word.is_empty()).map(str::to_lowercase));
        }
        is_left_out = part.ends_with('-');
    }
    words
}

/// Changes what is looked for, where the action says all there is to say; or asks how. Says whether it is changed.
pub(super) fn changes(screen: &mut History, shared: &mut Shared, action: Action) -> bool {
    let query = &mut screen.query;
    match action {
        Action::ToggleUnread => {
            query.unread = match query.unread {
                None => Some(true),
                Some(true) => Some(false),
                Some(false) => None,
            };
        }
        Action::WithArchived => query.archived = !query.archived,
        Action::WithExpired => query.expired = !query.expired,
        Action::WithMuted => query.muted = !query.muted,
        Action::ClearFilters => take(screen, View::default()),
        Action::Since | Action::Until => {
            let title = if action == Action::Since { "Since when?" } else { "Until when?" };
            let text = format!("In words, or {ANY}: {EXAMPLES_BACK}");
            shared.open(Overlay::Question(Question::line(action, title, text)));
            return false;
        }
        Action::SaveView => {
            let text = "It is kept on this machine, and reached by `view`.";
            shared.open(Overlay::Question(Question::line(action, "Save this search as", text)));
            return false;
        }
        _ => return false,
    }
    true
}

/// Looks for something else.
pub(super) fn take(screen: &mut History, view: View) {
    screen.line = crate::filter::Filter::of(view.search.clone().unwrap_or_default());
    screen.query = view;
    screen.due = None;
}

/// What can be said in the palette: the word, and what it stands for; one of them takes the filter off.
pub(in crate::screens::history) fn choices(screen: &History, action: Action) -> Vec<(String, String)> {
    let mut choices = vec![(ANY.to_owned(), "whichever".to_owned())];
    match action {
        Action::OnlyType => choices.extend(screen.types.iter().cloned()),
        Action::OnlyCategory => choices.extend(values::<Category>()),
        Action::MinPriority => choices.extend(values::<Priority>()),
        _ => choices.clear(),
    }
    choices
}

/// The values that the command line takes, and what it says of them.
fn values<T: ValueEnum + 'static>() -> impl Iterator<Item = (String, String)> {
    let known = T::value_variants().iter().filter_map(T::to_possible_value);
    known.map(|value| {
        let help = value.get_help().map_or_else(String::new, ToString::to_string);
        (value.get_name().to_owned(), help)
    })
}

/// Changes what is looked for to what was said, or says why not.
pub(super) fn told(screen: &mut History, action: Action, argument: &str) -> Result<(), String> {
    let query = &mut screen.query;
    let is_any = argument == ANY;
    let text = (!is_any).then(|| argument.to_owned());
    match action {
        Action::OnlyType => query.types = text.into_iter().collect(),
        Action::OnlyCategory if is_any => query.category.clear(),
        Action::OnlyCategory => query.category = vec![Category::from_str(argument, true)?],
        Action::MinPriority if is_any => query.min_priority = None,
        Action::MinPriority => query.min_priority = Some(Priority::from_str(argument, true)?),
        Action::Since => query.since = text,
        Action::Until => query.until = text,
        _ => {}
    }
    Ok(())
}

/// Saves what is looked for under a name; what is saved already stays.
pub(super) fn save(screen: &mut History, shared: &mut Shared, text: &str) -> Vec<Effect> {
    match views::name(text) {
        Ok(name) => {
            shared.say(format!("saved as {name}"));
            shared.options.saved.insert(name.clone(), screen.query.clone());
            screen.miscounts();
            vec![exchange::Effect::Save { name, view: Some(Box::new(screen.query.clone())) }.into()]
        }
        Err(why) => {
            shared.complain(why);
            Vec::new()
        }
    }
}
