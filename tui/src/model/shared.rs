//! What all screens share: who is connected to what, how large the terminal is, what time it is, how things look, and what
//! is said around and over every screen.

mod alarm;
mod toasts;
mod undo;

pub use self::{alarm::Alarm, toasts::Toasts, undo::Undo};

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use ratatui::layout::{Rect, Size};
use strum::IntoEnumIterator;

use super::{
    count::Count,
    fault::Fault,
    frame::{Frame, MADE_FOR, TOO_SMALL, is_small},
    link::Link,
    overlay::Overlay,
    viewer::Viewer,
};
use crate::{
    action::Action,
    credentials::Account,
    draft::Draft,
    effect::{Effect, Gesture},
    message::Ticket,
    options::Options,
    screens::Tab,
    theme::Theme,
};

/// How long a status line, or a toast, is worth reading.
const STATUS: TimeDelta = TimeDelta::seconds(6);

/// What is every screen's.
#[derive(Debug)]
pub struct Shared {
    /// The time, as of the last tick.
    pub now: DateTime<Utc>,
    /// The terminal's.
    pub size: Size,
    /// Which server, as the user wrote it.
    pub server: String,
    /// The profile that says so, where one does.
    pub profile: Option<String>,
    /// How the connection is.
    pub link: Link,
    /// The profile that says which other server, or identity, was asked for, and has yet to begin.
    pub switching: Option<String>,
    /// Something that everything hangs on went wrong: the connection is to be given up, and another one to be tried.
    pub broken: Option<Fault>,
    /// Who it is; unknown until the first answer.
    pub viewer: Option<Viewer>,
    /// The viewer's unread; unknown until the first answer.
    pub unread: Option<Count>,
    /// The key of the campus that screens are narrowed to; all without.
    pub campus: Option<String>,
    /// The server has a log of who did what, and shows it to the viewer: it has done so once.
    pub audit_log: bool,
    /// Which screen is shown.
    pub tab: Tab,
    /// What lies over it; the last is uppermost.
    pub overlays: Vec<Overlay>,
    /// What arrived elsewhere.
    pub toasts: Toasts,
    /// What is to be heard.
    pub alarm: Alarm,
    /// What to say at the bottom for a while.
    pub status: Option<Status>,
    /// What can be taken back.
    pub undo: Undo,
    /// What it looks like.
    pub theme: Theme,
    /// The mouse is ours.
    pub mouse: bool,
    /// How the user wants it to be.
    pub options: Options,
    /// The next mutation's.
    pub next_ticket: Ticket,
    /// What is to be done once this message has been dealt with, by another screen than the one that wants it.
    pub next: Option<Next>,
    /// The user is done.
    pub quit: bool,
    rng: StdRng,
}

/// What one screen wants of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Something that the user could have asked for.
    Act(Action),
    /// To go on with this draft.
    Write(Box<Draft>),
    /// To know no notification any more: their names may be those of others by now.
    Forget,
}

/// A line that says how something went, or what is new; for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What to say.
    pub text: String,
    /// Something failed.
    pub bad: bool,
    /// From when on it is not worth saying.
    pub until: DateTime<Utc>,
}

impl Shared {
    /// Before anything is known. `seed` makes the delays before reconnecting differ from other clients'.
    pub fn new(server: String, mut options: Options, now: DateTime<Utc>, size: Size, seed: u64) -> Self {
        let mut shared = Self {
            now,
            size: MADE_FOR,
            server,
            profile: options.profile.take(),
            link: Link::new(seed),
            switching: None,
            broken: None,
            viewer: None,
            unread: None,
            campus: options.campus.take(),
            audit_log: false,
            tab: Tab::Feed,
            overlays: Vec::new(),
            toasts: Toasts::default(),
            alarm: Alarm::default(),
            status: None,
            undo: Undo::default(),
            theme: options.theme.clone(),
            mouse: options.mouse,
            options,
            next_ticket: 0,
            next: None,
            quit: false,
            rng: StdRng::seed_from_u64(seed.rotate_left(32)),
        };
        shared.resize(size);
        shared
    }

    /// The terminal has another size. One that has become too small is said to be so, once; and not any more when it is not.
    pub fn resize(&mut self, size: Size) {
        let was = std::mem::replace(&mut self.size, size);
        if !is_small(size) {
            self.status.take_if(|status| status.text == TOO_SMALL);
        } else if !is_small(was) {
            self.complain(TOO_SMALL);
        }
    }

    /// The tabs that there are for this viewer, from the left.
    pub fn tabs(&self) -> Vec<Tab> {
        Tab::iter().filter(|tab| tab.is_for(self)).collect()
    }

    /// Which rows are whose, in a terminal of this size.
    pub fn frame(&self, size: Size) -> Frame {
        Frame::of(size, self.tabs().len())
    }

    /// Where the screen is, as of the last time that the terminal told its size.
    pub fn body(&self) -> Rect {
        self.frame(self.size).body
    }

    /// Says at the bottom how something went, for a while.
    pub fn say(&mut self, text: impl Into<String>) {
        self.status = Some(self.for_a_while(text.into(), false));
    }

    /// Says at the bottom that something failed, for a while.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.status = Some(self.for_a_while(text.into(), true));
    }

    /// Says over the screen what is new elsewhere, for a while; `bad` where it should not be missed. Of many only a few are said,
    /// and the rest counted.
    pub fn toast(&mut self, text: impl Into<String>, bad: bool) {
        let toast = self.for_a_while(text.into(), bad);
        self.toasts.push(toast);
    }

    /// Has something urgent heard: by the bell, and by the desktop, as the user wants it.
    pub fn ring(&mut self, title: &str, body: &str) -> Vec<Effect> {
        let gestures = self.alarm.sound(self.now, title, body);
        self.wanted(gestures)
    }

    /// Puts something over the screen.
    pub fn open(&mut self, overlay: Overlay) {
        self.overlays.push(overlay);
    }

    /// Tells the answer to the next mutation from that to any other.
    pub fn ticket(&mut self) -> Ticket {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }

    /// A key under which something is published once; as good as unique.
    pub fn idempotency_key(&mut self) -> String {
        format!("console-{:032x}", self.rng.random::<u128>())
    }

    /// Whose drafts these are; nobody's while it is not known who it is. One profile may be different people's, one after
    /// the other.
    pub fn account(&self) -> Option<Account> {
        let key = &self.viewer.as_ref()?.key;
        Some(Account::new(&format!("{} for {key}", self.server), self.profile.as_deref()))
    }

    /// A second has passed: what is not worth saying any more goes, and what could not be heard before is heard now.
    pub fn tick(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        self.now = now;
        self.status.take_if(|status| status.until <= now);
        self.toasts.tick(now);
        let gestures = self.alarm.tick(now);
        self.wanted(gestures)
    }

    /// Those that the user wants.
    fn wanted(&self, gestures: Vec<Gesture>) -> Vec<Effect> {
        let Options { bell, desktop_notifications, .. } = self.options;
        let is_wanted = |gesture: &Gesture| match gesture {
            Gesture::Ring => bell,
            Gesture::Notify { .. } => desktop_notifications,
            Gesture::Copy(_) | Gesture::Mouse(_) => true,
        };
        gestures.into_iter().filter(is_wanted).map(Effect::from).collect()
    }

    fn for_a_while(&self, text: String, bad: bool) -> Status {
        Status { text, bad, until: self.now + STATUS }
    }
}
