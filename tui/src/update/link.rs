//! The connection: when an attempt is made, and when one is given up.

use std::time::Duration;

use chrono::TimeDelta;

use super::tell;
use crate::{
    effect::Effect,
    model::{Model, fault::Fault, link::LinkState, shared::Shared},
    screens::Told,
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
    let link = &mut model.shared.link;
    let why = fault.to_string();
    let mut effects = if matches!(fault, Fault::Unauthenticated(_) | Fault::Foreign(_)) {
        link.state = LinkState::Refused { why };
        Vec::new()
    } else {
        let after = link.backoff.delay();
        let until = model.shared.now + TimeDelta::from_std(after).unwrap_or_default();
        link.state = LinkState::Waiting { until, why };
        vec![Effect::Connect { after }]
    };
    effects.extend(tell(model, Told::Lost));
    effects
}

/// Someone does not want to wait.
pub(super) fn reconnect(shared: &mut Shared) -> Vec<Effect> {
    match shared.link.state {
        LinkState::Waiting { .. } | LinkState::Refused { .. } => {
            shared.link.state = LinkState::Connecting;
            begin()
        }
        LinkState::Connecting | LinkState::CatchingUp | LinkState::Live => Vec::new(),
    }
}
