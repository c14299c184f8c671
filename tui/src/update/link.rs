//! The connection: when an attempt is made, when one is given up, and who asks whom.

use std::time::Duration;

use chrono::TimeDelta;

use super::tell;
use crate::{
    action::Action,
    effect::Effect,
    model::{
        Model,
        fault::Fault,
        link::LinkState,
        overlay::{Overlay, Question},
        shared::{Shared, Undo},
    },
    net::endpoint::Token,
    screens::{Screens, Tab, Told},
};

/// What is to be done first of all.
pub fn begin() -> Vec<Effect> {
    vec![Effect::Connect { after: Duration::ZERO }]
}

/// There is a connection. What is asked on it is the screens' to say.
pub(super) fn connected(model: &mut Model) -> Vec<Effect> {
    model.shared.link.state = LinkState::CatchingUp;
    tell(model, Told::Connected)
}

/// The connection is gone, or never was.
pub(super) fn lost(model: &mut Model, fault: &Fault) -> Vec<Effect> {
    let shared = &mut model.shared;
    let why = fault.to_string();
    let mut effects = if matches!(fault, Fault::Unauthenticated(_) | Fault::Foreign(_)) {
        shared.link.state = LinkState::Refused { why: why.clone() };
        Vec::new()
    } else {
        let after = shared.link.backoff.delay();
        let until = shared.now + TimeDelta::from_std(after).unwrap_or_default();
        shared.link.state = LinkState::Waiting { until, why: why.clone() };
        vec![Effect::Connect { after }]
    };
    if matches!(fault, Fault::Unauthenticated(_)) {
        ask_for_token(shared, why);
    }
    effects.extend(tell(model, Told::Lost));
    effects
}

/// Someone does not want to wait.
pub(super) fn reconnect(shared: &mut Shared) -> Vec<Effect> {
    match shared.link.state {
        _ if shared.switching.is_some() => Vec::new(),
        LinkState::Waiting { .. } | LinkState::Refused { .. } => {
            shared.link.state = LinkState::Connecting;
            begin()
        }
        LinkState::Connecting | LinkState::CatchingUp | LinkState::Live => Vec::new(),
    }
}

/// Asks for another token, once at a time.
pub(super) fn ask_for_token(shared: &mut Shared, why: String) {
    let is_asked =
        |overlay: &Overlay| matches!(overlay, Overlay::Question(asked) if asked.to == Action::Token);
    if !shared.overlays.iter().any(is_asked) {
        let question = Question::secret(Action::Token, "Another token for this server", why);
        // What is being typed stays uppermost.
        shared.overlays.insert(0, Overlay::Question(question));
    }
}

/// From now on this is who asks.
pub(super) fn identify(shared: &mut Shared, token: &str) -> Vec<Effect> {
    if let Some(profile) = &shared.switching {
        // It is meant for this server, and by now might be shown to the other one.
        shared.complain(format!("not taken: switching to {profile}"));
        return Vec::new();
    }
    shared.link.state = LinkState::Connecting;
    vec![Effect::Identify(Token::new(token)), Effect::Connect { after: Duration::ZERO }]
}

/// Asks another server, or as another user. Until that has begun, what is shown stays what it was.
pub(super) fn switch(shared: &mut Shared, profile: String) -> Vec<Effect> {
    if !shared.options.profiles.contains(&profile) {
        shared.complain(format!("there is no profile {profile}"));
        return Vec::new();
    }
    shared.switching = Some(profile.clone());
    shared.say(format!("switching to {profile}"));
    vec![Effect::Switch { profile }]
}

/// It has begun: nothing that is known is known of the new one.
pub(super) fn switched(
    model: &mut Model,
    profile: String,
    server: String,
    campus: Option<String>,
) -> Vec<Effect> {
    let effects = begin_anew(model);
    let shared = &mut model.shared;
    (shared.switching, shared.profile, shared.server, shared.campus) = (None, Some(profile), server, campus);
    effects
}

/// The server takes the token for somebody else's than the one before: nothing that is known is theirs to see. Who they
/// are, and what is theirs, is asked on a connection of its own, so that no answer to the one before is among it.
pub(super) fn replaced(model: &mut Model, name: &str) -> Vec<Effect> {
    let effects = begin_anew(model);
    model.shared.say(format!("this is {name} now"));
    effects
}

/// Forgets whatever is somebody's, and connects.
fn begin_anew(model: &mut Model) -> Vec<Effect> {
    let shared = &mut model.shared;
    // What is being written is kept for whoever writes it.
    let mut effects = model.screens.compose.keep(shared);
    shared.link.state = LinkState::Connecting;
    shared.link.backoff.reset();
    (shared.viewer, shared.unread, shared.campus) = (None, None, None);
    shared.audit_log = false;
    shared.undo = Undo::default();
    shared.toasts.clear();
    shared.overlays.clear();
    shared.tab = Tab::Feed;
    // An editor that is open stays so; what is written there is not for whoever comes.
    let outside = model.screens.compose.outside.take();
    model.screens = Screens::default();
    model.screens.compose.outside = outside;
    effects.extend(begin());
    effects
}
