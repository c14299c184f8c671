//! How much of everything there is, in a full run and in a quick one.

use crate::settings::Settings;

/// Numbers of sockets, notifications and repetitions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Sockets on one campus.
    pub(super) crowd: u32,
    /// Fewer sockets on one campus.
    pub(super) small_crowd: u32,
    /// Notifications a second, where they come steadily.
    pub(super) rate: u32,
    /// Notifications at once, where they come in bursts.
    pub(super) burst: u32,
    /// Bursts of one round.
    pub(super) bursts: u32,
    /// Sockets whose memory is measured.
    pub(super) idle: u32,
    /// What each of them has received before.
    pub(super) before_idle: u32,
    /// Nearly as many sockets as a process may have descriptors.
    pub(super) many: u32,
    /// What each of them receives.
    pub(super) to_many: u32,
    /// So few sockets that they cost nothing.
    pub(super) few: u32,
    /// Personal notifications of one round.
    pub(super) personal: u32,
    /// Sockets that come back at once.
    pub(super) returning: u32,
    /// What each of them has missed.
    pub(super) missed: u32,
    /// Sockets that stop to read.
    pub(super) stalled: u32,
    /// What is published meanwhile.
    pub(super) flood: u32,
}

impl Scale {
    pub(super) fn of(settings: &Settings) -> Self {
        let mut scale = if settings.quick { QUICK } else { FULL };
        let crowds = [
            &mut scale.crowd,
            &mut scale.small_crowd,
            &mut scale.idle,
            &mut scale.many,
            &mut scale.few,
            &mut scale.returning,
            &mut scale.stalled,
        ];
        for crowd in crowds {
            *crowd = settings.sockets.min(*crowd);
        }
        scale
    }
}

const FULL: Scale = Scale {
    crowd: 5_000,
    small_crowd: 1_000,
    rate: 20,
    burst: 200,
    bursts: 5,
    idle: 10_000,
    before_idle: 1_000,
    many: 19_000,
    to_many: 100,
    few: 200,
    personal: 2_000,
    returning: 5_000,
    missed: 2_000,
    stalled: 1_000,
    flood: 100_000,
};

const QUICK: Scale = Scale {
    bursts: 2,
    idle: 2_000,
    before_idle: 200,
    many: 5_000,
    personal: 500,
    returning: 1_000,
    stalled: 200,
    flood: 10_000,
    ..FULL
};
