//! What lies over a screen: opened, scrolled, typed into, answered, closed.

use super::{beyond, commands, link, scrolled};
use crate::{
    action::{Action, Argument},
    document,
    effect::Effect,
    input::{Line, Typed},
    model::{
        Model,
        overlay::{Answer, Candidate, Overlay, Palette, rank},
    },
};

/// So many candidates are shown at once.
pub const CANDIDATES: usize = 10;

/// The keys that work where one is.
pub(super) fn open_help(model: &mut Model) {
    let context = model.screen().context();
    model.shared.open(Overlay::Help { context, scroll: 0 });
}

/// The palette; where an action has still to be told something, with that to be gone on with.
pub(super) fn open_palette(model: &mut Model, begun: Option<(Action, Argument)>) {
    let line = begun.map_or_else(Line::default, |(action, _)| Line::of(format!("{} ", <&str>::from(action))));
    model.shared.open(Overlay::Palette(Palette { line, ..Palette::default() }));
    search(model);
}

/// The uppermost is asked something.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = model.shared.body().height;
    let Some(overlay) = model.shared.overlays.last_mut() else {
        return Vec::new();
    };
    match (overlay, action) {
        (_, Action::Quit) => model.shared.quit = true,
        (Overlay::Help { .. } | Overlay::Text { .. }, Action::Help) | (_, Action::Back | Action::No) => {
            model.shared.overlays.pop();
        }
        (Overlay::Help { scroll, .. } | Overlay::Text { scroll, .. }, action) => {
            *scroll = scrolled(*scroll, action, rows);
        }
        (Overlay::Palette(_), action) => return in_palette(model, action),
        (Overlay::Question(question), Action::Accept | Action::Yes) => {
            if let Some(answer) = question.answer() {
                model.shared.overlays.pop();
                return answered(model, answer);
            }
        }
        (Overlay::Question(_), _) => {}
    }
    Vec::new()
}

/// A text is typed: into the uppermost, or else into the screen.
pub(super) fn typed(model: &mut Model, typed: &Typed) -> Vec<Effect> {
    let Some(overlay) = model.shared.overlays.last_mut() else {
        let Model { shared, screens } = model;
        return screens.get_mut(shared.tab).typed(shared, typed);
    };
    let changed = overlay.line_mut().is_some_and(|line| line.take(typed));
    if changed && matches!(overlay, Overlay::Palette(_)) {
        search(model);
    }
    Vec::new()
}

fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let Model { shared, screens } = model;
    match answer.to {
        Action::Token => link::identify(shared, &answer.text),
        _ => screens.get_mut(shared.tab).answered(shared, answer),
    }
}

fn in_palette(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Palette(palette)) = model.shared.overlays.last_mut() else {
        return Vec::new();
    };
    let last = palette.candidates.len().saturating_sub(1);
    match action {
        Action::Accept => {
            let chosen = palette.candidates.get(palette.selected).cloned();
            model.shared.overlays.pop();
            return chosen.map_or_else(Vec::new, |candidate| match candidate.argument {
                Some(argument) => commands::run(model, candidate.action, &argument),
                None => super::act(model, candidate.action),
            });
        }
        Action::Complete => {
            if let Some(candidate) = palette.candidates.get(palette.selected) {
                palette.line = Line::of(candidate.line.clone());
            }
            search(model);
        }
        Action::Up => palette.selected = palette.selected.saturating_sub(1),
        Action::Down => palette.selected = (palette.selected + 1).min(last),
        Action::PageUp => palette.selected = palette.selected.saturating_sub(CANDIDATES),
        Action::PageDown => palette.selected = (palette.selected + CANDIDATES).min(last),
        _ => {}
    }
    Vec::new()
}

/// The saved parts of the history are offered, with their unread.
pub(super) fn offers_views(model: &Model) -> bool {
    let offers = |candidate: &Candidate| candidate.action == Action::View;
    matches!(model.shared.overlays.last(), Some(Overlay::Palette(palette)) if palette.candidates.iter().any(offers))
}

/// What is offered says something else now; what is chosen stays.
pub(super) fn refresh(model: &mut Model) {
    if !matches!(model.shared.overlays.last(), Some(Overlay::Palette(_))) {
        return;
    }
    let all = candidates(model);
    if let Some(Overlay::Palette(palette)) = model.shared.overlays.last_mut() {
        palette.candidates = rank(palette.line.text(), all);
        palette.selected = palette.selected.min(palette.candidates.len().saturating_sub(1));
    }
}

/// What is typed means something else now.
fn search(model: &mut Model) {
    let all = candidates(model);
    if let Some(Overlay::Palette(palette)) = model.shared.overlays.last_mut() {
        palette.candidates = rank(palette.line.text(), all);
        palette.selected = 0;
    }
}

/// Everything that works on the screen, with everything that it can be told.
fn candidates(model: &Model) -> Vec<Candidate> {
    let typed = match model.shared.overlays.last() {
        Some(Overlay::Palette(palette)) => palette.line.text(),
        _ => "",
    };
    let mut candidates = Vec::new();
    for binding in model.bindings(model.screen().context()) {
        let spec = binding.spec;
        // Out of the palette leads its own key; this is what the screen would do.
        if spec.action == Action::Back && !model.screen().works(&model.shared, Action::Back) {
            continue;
        }
        let candidate = |argument: Option<String>, line: String, help: &str| Candidate {
            action: spec.action,
            argument,
            line,
            help: help.to_owned(),
            keys: binding.names(),
        };
        match spec.argument {
            None if spec.action != Action::Palette => {
                candidates.push(candidate(None, spec.name().to_owned(), spec.help));
            }
            None => {}
            // Hundreds: only once it is said that it shall be one of them.
            Some(Argument::Zone) if !typed.starts_with(spec.name()) => {
                candidates.push(candidate(None, spec.name().to_owned(), spec.help));
            }
            Some(argument) => {
                let completions = commands::completions(model, spec.action, argument);
                candidates.extend(completions.into_iter().map(|(word, means)| {
                    let help = if means.is_empty() { spec.help } else { &*means };
                    candidate(Some(word.clone()), format!("{} {word}", spec.name()), help)
                }));
            }
        }
    }
    candidates
}

/// After whatever changed: scrolling ends where the text does, and what is chosen is shown.
pub(super) fn settle(model: &mut Model) {
    let body = model.shared.body();
    let columns = body.width.into();
    let lines = match model.shared.overlays.last() {
        Some(Overlay::Help { context, .. }) => document::help(model, *context, columns).len(),
        Some(Overlay::Text { lines, .. }) => document::wrapped(lines, columns).len(),
        _ => 0,
    };
    match model.shared.overlays.last_mut() {
        Some(Overlay::Help { scroll, .. } | Overlay::Text { scroll, .. }) => {
            *scroll = (*scroll).min(beyond(lines, body.height));
        }
        Some(Overlay::Palette(palette)) => {
            let lowest = (palette.selected + 1).saturating_sub(CANDIDATES);
            palette.offset = palette.offset.clamp(lowest, palette.selected.max(lowest));
        }
        Some(Overlay::Question(_)) | None => {}
    }
}
