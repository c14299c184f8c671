//! The screens: what is behind each tab, one folder each, with its own model, update and view.
//!
//! A screen is pure. It is asked through [`Screen`], changes itself and what it may of [`Shared`], and returns effects; it
//! knows no other screen, no key and no network.
//!
//! # How to add a screen
//!
//! Say it is called Audit. It is there by now: [`audit`] is what comes of these steps.
//!
//! 1. `screens/audit.rs` (`pub struct Audit`, `impl Screen for Audit`) and `screens/audit/{model,update,view}.rs`.
//! 2. `screens/audit/exchange.rs`: its `Effect` and `Signal`. An answer carries what tells it from an older one: a ticket
//!    (`shared.ticket()`) or a generation, counted up with every subscription.
//! 3. `screens/audit/actions.rs`: its lines of the one table, the action that goes to its tab first (number keys are
//!    dealt out in the order of the tabs). Whatever changes something on the server is `.mutates()`: `--readonly` hides it,
//!    and the session refuses the mutation. Actions that other screens have (moves, filter, mark-read, …) are not listed again.
//! 4. `api/audit.rs`: cynic fragments. `net/audit.rs`: `perform(&mut Link, Effect)`, by `link.answer(…)` for questions and
//!    `link.follow(Slot("audit", …), …)` for subscriptions; a new one in the same slot ends the one before. Every text passes
//!    `crate::sanitise` there.
//! 5. One line each in: `action::Action`, `action::Scope`, `action::table`; `keymap::Context` and its `scopes()`; [`Tab`] with its
//!    methods; [`Screens`] with its two; `effect::Effect`, `message::Signal` with their `From`; `update::receive`; `net::link::Link::perform`.
//!    The compiler names each that is missing, but for `action::table`, `Tab::of` and `Screens::all`.
//!
//! What the frame does for a screen:
//!
//! - `tell` says when it is shown and hidden, when the connection comes and goes (ask again on `Connected`: subscriptions
//!   are gone), that a second has passed, that the campus was switched, and what happened on the feed.
//! - Overlays: `shared.open(Overlay::Question(Question::word(Action::Recall, …, campus_name)))`, or `::confirm`, `::line`, `::secret`; the
//!   answer comes to `answered`. `Overlay::Text` shows a longer text.
//! - A line that narrows a list: a [`crate::filter::Filter`] in the model; `context()` says `filter.context()` first, `act` hands
//!   it `Accept` and `Back`, `typed` the rest; `view::paint::filter` draws it.
//! - Choices: an action with [`crate::action::Argument::Choice`] opens the palette with what `choices` offers, and `run` is told
//!   which. What another screen has to do is `shared.next`: an action, or a draft to be written.
//! - `shared.say`, `complain`, `toast` for what is to be said; `shared.undo.push(tab, ticket, "marked 3 as read")` for what can be
//!   taken back: `undo` gets the ticket. Actions under way are optimistic and rolled back when refused.
//! - Look and columns: styles by `shared.theme.of(Tone::…)`, texts by `view::paint`, which cuts between what people see.
//! - A list of notifications with its detail, and all that is done with one: a [`crate::triage::Triage`] in the model; see there.
//! - Tests: `crate::fixture::{admin, act, net}`, snapshots by `crate::view::tests::{shown, styled}` in every theme class.

pub mod audit;
pub mod broadcasts;
pub mod compose;
pub mod dashboard;
pub mod feed;
pub mod history;
pub mod preferences;

use ratatui::{buffer::Buffer, layout::Rect};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Gesture, Pointer, Ticket},
    model::{event::Happening, overlay::Answer, shared::Shared},
    triage,
};

/// What the frame asks of a screen.
pub trait Screen {
    /// Where the user is on it, as far as keys mean different things there.
    fn context(&self) -> Context;

    /// The user wants something that is no business of the frame.
    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect>;

    /// Something happened that is no screen's own.
    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect>;

    /// After whatever changed, the terminal's size included: brings selection and scrolling back to where there is
    /// something.
    fn settle(&mut self, shared: &Shared);

    /// Draws it, as large as the area is.
    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect);

    /// Whether an action would do something now, so that it belongs into footer and palette.
    fn works(&self, _shared: &Shared, _action: Action) -> bool {
        true
    }

    /// The user wants something, and has said in the palette which: as if they had been asked.
    fn run(&mut self, shared: &mut Shared, action: Action, argument: &str) -> Vec<Effect> {
        self.answered(shared, Answer { to: action, text: argument.to_owned() })
    }

    /// A text is typed, in a context of its own.
    fn typed(&mut self, _shared: &mut Shared, _typed: &Typed) -> Vec<Effect> {
        Vec::new()
    }

    /// The mouse did something within its area, which is [`Shared::body`].
    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        wheel(self, shared, pointer.gesture)
    }

    /// A question that it asked is answered.
    fn answered(&mut self, _shared: &mut Shared, _answer: Answer) -> Vec<Effect> {
        Vec::new()
    }

    /// What it asked of its [`crate::triage::Triage`] is answered.
    fn triaged(&mut self, _shared: &mut Shared, _signal: triage::exchange::Signal) -> Vec<Effect> {
        Vec::new()
    }

    /// Something that it did is to be taken back; see [`crate::model::shared::Undo`].
    fn undo(&mut self, _shared: &mut Shared, _ticket: Ticket) -> Vec<Effect> {
        Vec::new()
    }

    /// What an action of its own can be told: the word, and what it stands for.
    fn choices(&self, _shared: &Shared, _action: Action) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What it does not show, for the header: what is above, what is left out.
    fn says(&self, _shared: &Shared) -> Vec<String> {
        Vec::new()
    }

    /// A number beside its name on the tab.
    fn badge(&self, _shared: &Shared) -> Option<String> {
        None
    }
}

/// What the wheel does on every screen.
pub fn wheel<S: Screen + ?Sized>(screen: &mut S, shared: &mut Shared, gesture: Gesture) -> Vec<Effect> {
    /// Rows at a time.
    const ROWS: usize = 3;
    let action = match gesture {
        Gesture::WheelUp => Action::Up,
        Gesture::WheelDown => Action::Down,
        Gesture::Press | Gesture::Drag | Gesture::Release => return Vec::new(),
    };
    (0..ROWS).flat_map(|_| screen.act(shared, action)).collect()
}

/// What every screen is told.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// It is shown now.
    Shown,
    /// Another one is shown instead.
    Hidden,
    /// There is a connection, and no subscription on it yet.
    Connected,
    /// The connection is gone, with all that was asked on it.
    Lost,
    /// A second has passed.
    Tick,
    /// `shared.campus` is another one.
    Campus,
    /// The feed tells this. Only the screen Feed has not to be told.
    Happening(&'a Happening),
}

/// The tabs, from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Tab {
    /// The inbox.
    Feed,
    /// Everything, searched.
    History,
    /// What was sent, and what waits.
    Broadcasts,
    /// What is being written.
    Compose,
    /// How much goes on.
    Dashboard,
    /// What is heard, and when it is quiet.
    Preferences,
    /// Who did what.
    Audit,
}

impl Tab {
    /// The one that an action goes to.
    pub fn of(action: Action) -> Option<Self> {
        Self::iter().find(|tab| tab.action() == action)
    }

    /// What goes there.
    pub fn action(self) -> Action {
        match self {
            Self::Feed => Action::Feed,
            Self::History => Action::History,
            Self::Broadcasts => Action::Broadcasts,
            Self::Compose => Action::Compose,
            Self::Dashboard => Action::Dashboard,
            Self::Preferences => Action::Preferences,
            Self::Audit => Action::Audit,
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Feed => "Feed",
            Self::History => "History",
            Self::Broadcasts => "Broadcasts",
            Self::Compose => "Compose",
            Self::Dashboard => "Dashboard",
            Self::Preferences => "Preferences",
            Self::Audit => "Audit",
        }
    }

    /// Whether this viewer has any use for it.
    pub fn is_for(self, shared: &Shared) -> bool {
        let may = shared.viewer.as_ref().map(|viewer| &viewer.permissions);
        match self {
            Self::Feed | Self::History => true,
            Self::Broadcasts | Self::Compose | Self::Dashboard => {
                may.is_some_and(|may| !may.administers.is_empty() || may.broadcast_to_all)
            }
            Self::Preferences => shared.viewer.is_some(),
            Self::Audit => shared.audit_log && may.is_some_and(|may| may.audit_log),
        }
    }
}

/// One model for each screen.
#[derive(Debug, Default)]
pub struct Screens {
    /// The inbox.
    pub feed: feed::Feed,
    /// Everything, searched.
    pub history: history::History,
    /// What was sent, and what waits.
    pub broadcasts: broadcasts::Broadcasts,
    /// What is being written.
    pub compose: compose::Compose,
    /// How much goes on.
    pub dashboard: dashboard::Dashboard,
    /// What is heard, and when it is quiet.
    pub preferences: preferences::Preferences,
    /// Who did what.
    pub audit: audit::Audit,
}

impl Screens {
    /// All of them.
    pub fn all(&mut self) -> impl Iterator<Item = &mut dyn Screen> {
        let Self { feed, history, broadcasts, compose, dashboard, preferences, audit } = self;
        [feed as &mut dyn Screen, history, broadcasts, compose, dashboard, preferences, audit].into_iter()
    }

    /// The one behind a tab.
    pub fn get(&self, tab: Tab) -> &dyn Screen {
        match tab {
            Tab::Feed => &self.feed,
            Tab::History => &self.history,
            Tab::Broadcasts => &self.broadcasts,
            Tab::Compose => &self.compose,
            Tab::Dashboard => &self.dashboard,
            Tab::Preferences => &self.preferences,
            Tab::Audit => &self.audit,
        }
    }

    /// The one behind a tab.
    pub fn get_mut(&mut self, tab: Tab) -> &mut dyn Screen {
        match tab {
            Tab::Feed => &mut self.feed,
            Tab::History => &mut self.history,
            Tab::Broadcasts => &mut self.broadcasts,
            Tab::Compose => &mut self.compose,
            Tab::Dashboard => &mut self.dashboard,
            Tab::Preferences => &mut self.preferences,
            Tab::Audit => &mut self.audit,
        }
    }
}
