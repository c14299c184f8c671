//! Why somebody did, or did not, get a notification: each rule of [`visibility`](super::visibility), asked on its own.

use chrono::{DateTime, Utc};

use super::entry::{Audience, Notification};
use super::id::Seq;
use super::notification_type::NotificationType;
use super::visibility::{Addressing, Scope, is_expired};

/// What is known of one person and one notification.
#[derive(Debug, Clone)]
pub struct Facts<'f> {
    /// Which.
    pub notification: &'f Notification,
    /// What it is of.
    pub known: &'f NotificationType,
    /// The name of the campus that was told, if one was.
    pub campus: Option<&'f str>,
    /// What they can see.
    pub scope: &'f Scope,
    /// Services have none.
    pub has_feed: bool,
    /// Now.
    pub now: DateTime<Utc>,
    /// When it was taken back.
    pub recalled_at: Option<DateTime<Utc>>,
    /// Up to here a client of theirs has been on the feed, or fetched a page.
    pub delivered_through: Seq,
    /// When they read it.
    pub read_at: Option<DateTime<Utc>>,
}

/// Why, in the order in which the rules are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// It is in their feed.
    pub received: bool,
    /// One for each rule.
    pub reasons: Vec<Reason>,
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its name.
    pub rule: &'static str,
    /// It speaks for getting it; for quiet hours: with a sound.
    pub holds: bool,
    /// Why, as a sentence.
    pub detail: String,
    /// Since when, or at what moment.
    pub at: Option<DateTime<Utc>>,
}

/// Without any of these, it is not in their feed.
const DECISIVE: [&str; 5] = ["audience", "membership", "type preference", "expiry", "recall"];

/// Asks every rule.
pub fn explain(facts: &Facts<'_>) -> Explanation {
    let reasons = vec![
        audience(facts),
        membership(facts),
        type_preference(facts),
        quiet_hours(facts),
        expiry(facts),
        recall(facts),
        delivery(facts),
        reading(facts),
    ];
    let received = reasons.iter().all(|reason| reason.holds || !DECISIVE.contains(&reason.rule));
    Explanation { received, reasons }
}

fn audience(facts: &Facts<'_>) -> Reason {
    let Facts { notification, campus, has_feed, .. } = facts;
    let named = addressing(facts) != Addressing::NotNamed;
    let detail = match &notification.audience {
        _ if !has_feed => "They have no feed: they are a service.".to_owned(),
        Audience::System => "It was sent to everyone.".to_owned(),
        Audience::Campus(_) => format!("It was sent to everyone on {}.", campus.unwrap_or("a campus")),
        Audience::Users(users) if named => format!("It names them, among {}.", users.len()),
        Audience::Users(_) => "It names others only.".to_owned(),
    };
    Reason { rule: "audience", holds: *has_feed && named, detail, at: Some(notification.created_at) }
}

fn membership(facts: &Facts<'_>) -> Reason {
    let campus = facts.campus.unwrap_or("a campus");
    let joined_at = match facts.notification.audience {
        Audience::Campus(campus) => facts.scope.memberships.get(campus).map(|membership| membership.since_at),
        Audience::System | Audience::Users(_) => None,
    };
    let (holds, detail) = match addressing(facts) {
        Addressing::Theirs if joined_at.is_some() => {
            (true, format!("They were on {campus} when it was sent."))
        }
        Addressing::Theirs | Addressing::NotNamed => (true, "It takes no membership.".to_owned()),
        Addressing::NotTheirCampus => (false, format!("They are not on {campus}.")),
        Addressing::BeforeTheyJoined => (false, format!("They joined {campus} after it was sent.")),
    };
    Reason { rule: "membership", holds, detail, at: joined_at }
}

fn type_preference(facts: &Facts<'_>) -> Reason {
    let definition = &facts.known.definition;
    let muted = facts.scope.mutes(facts.notification);
    let detail = match muted {
        true => format!("They mute {}{}.", definition.name, place(facts)),
        false if definition.mandatory => format!("{} is mandatory.", definition.name),
        false => format!("They hear {}{}.", definition.name, place(facts)),
    };
    Reason { rule: "type preference", holds: !muted, detail, at: None }
}

fn quiet_hours(facts: &Facts<'_>) -> Reason {
    let silent = facts.scope.silences(facts.notification);
    let detail = match silent {
        true => "It was sent in their quiet hours: shown, but without a sound.",
        false => "It may make a sound: it was sent outside of their quiet hours, or passes them.",
    };
    let at = Some(facts.notification.created_at);
    Reason { rule: "quiet hours", holds: !silent, detail: detail.to_owned(), at }
}

fn expiry(facts: &Facts<'_>) -> Reason {
    let at = facts.notification.content.expires_at;
    let expired = is_expired(at, facts.now);
    let detail = match at {
        None => "It does not expire.",
        Some(_) if expired => "It has expired.",
        Some(_) => "It has not expired yet.",
    };
    Reason { rule: "expiry", holds: !expired, detail: detail.to_owned(), at }
}

fn recall(facts: &Facts<'_>) -> Reason {
    let recalled = facts.notification.recalled;
    let detail = if recalled { "It was taken back." } else { "It was not taken back." };
    Reason { rule: "recall", holds: !recalled, detail: detail.to_owned(), at: facts.recalled_at }
}

fn delivery(facts: &Facts<'_>) -> Reason {
    let delivered = facts.notification.seq <= facts.delivered_through;
    let detail = match delivered {
        true => "A client of theirs has been on the feed, or fetched a page, since it was sent.",
        false => "No client of theirs has been on the feed, or fetched a page, since it was sent.",
    };
    Reason { rule: "delivery", holds: delivered, detail: detail.to_owned(), at: None }
}

fn reading(facts: &Facts<'_>) -> Reason {
    let detail = if facts.read_at.is_some() { "They have read it." } else { "They have not read it." };
    Reason { rule: "reading", holds: facts.read_at.is_some(), detail: detail.to_owned(), at: facts.read_at }
}

fn addressing(facts: &Facts<'_>) -> Addressing {
    facts.scope.addressing(&facts.notification.audience, facts.notification.seq)
}

/// Where a preference counts, to be read after what it is about.
fn place(facts: &Facts<'_>) -> String {
    facts.campus.map(|campus| format!(" on {campus}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
