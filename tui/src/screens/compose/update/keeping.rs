//! Keeping the draft: at most once a second while it is written, when one leaves, and until the server says that it was sent.

use crate::{
    credentials::Account,
    draft::Draft,
    effect::Effect,
    model::shared::Shared,
    screens::{
        Tab,
        compose::{
            Compose, exchange,
            model::{Asked, Editors, Kept},
        },
    },
};

/// Asks for the draft that was kept, once, as soon as there is somebody to write.
pub(super) fn restore(screen: &mut Compose, shared: &Shared) -> Vec<Effect> {
    if screen.kept != Kept::Unknown || !Tab::Compose.is_for(shared) {
        return Vec::new();
    }
    let Some(account) = shared.account() else {
        return Vec::new();
    };
    screen.kept = Kept::Coming;
    vec![exchange::Effect::Restore { account }.into()]
}

/// It is here, or there was none.
pub(super) fn restored(
    screen: &mut Compose,
    shared: &mut Shared,
    result: Result<Option<Box<Draft>>, String>,
) {
    if screen.kept == Kept::Here {
        return;
    }
    screen.kept = Kept::Here;
    match result {
        Ok(Some(draft)) if !draft.is_empty() => {
            shared.say(format!("there is {} that was not sent: “{}”", draft.summary(), draft.title));
            screen.begin(shared, *draft);
            screen.changed = false;
        }
        Ok(_) => {}
        Err(why) => shared.complain(format!("the draft that was kept cannot be read: {why}")),
    }
    // Another screen had something to write meanwhile.
    if let Some(Asked::Replace(draft)) = screen.asked.take() {
        if screen.draft.is_empty() {
            screen.begin(shared, *draft);
        } else {
            screen.ask_to_replace(shared, *draft);
        }
    }
}

/// Nobody wants it any more, or everybody has it.
pub(super) fn discard(screen: &mut Compose, shared: &mut Shared) -> Vec<Effect> {
    screen.draft = Draft { place: screen.draft.place.take(), ..Draft::new(shared.idempotency_key()) };
    screen.editors = Editors::of(&screen.draft);
    (screen.changed, screen.tried, screen.typing, screen.scroll) = (false, false, false, 0);
    (screen.count.asked, screen.count.wanted) = (None, false);
    shared.account().map(|account| exchange::Effect::Forget { account }.into()).into_iter().collect()
}

impl Compose {
    /// What has yet to be kept, if anything: for who leaves.
    pub fn unkept(&self) -> Option<&Draft> {
        (self.changed && self.kept == Kept::Here).then_some(&self.draft)
    }

    /// Keeps it, if it has changed.
    pub fn keep(&mut self, shared: &Shared) -> Vec<Effect> {
        let Some((draft, account)) = self.unkept().cloned().map(Box::new).zip(shared.account()) else {
            return Vec::new();
        };
        self.changed = false;
        vec![kept(account, draft)]
    }
}

/// Has it kept for whom it is.
pub(super) fn kept(account: Account, draft: Box<Draft>) -> Effect {
    if draft.is_empty() {
        exchange::Effect::Forget { account }.into()
    } else {
        exchange::Effect::Keep { account, draft }.into()
    }
}
