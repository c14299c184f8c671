//! What is wrong with a draft, field by field, and what it means if nothing is. The limits are the server's, who has the last
//! word; here they are said as one types.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Attempt, Draft, Field, Place};
use crate::{
    model::letter::{Letter, Recipients},
    when,
};

/// Of a title, in characters.
pub const LONGEST_TITLE: usize = 200;
/// Of a message, in characters.
pub const LONGEST_MESSAGE: usize = 4_000;
/// Of an address, in characters.
pub const LONGEST_LINK: usize = 2_000;
/// Of a user's key, in characters.
const LONGEST_KEY: usize = 200;
/// Nothing waits longer.
const FARTHEST: TimeDelta = TimeDelta::days(366);
/// What was a moment ago is at once.
const A_MOMENT: TimeDelta = TimeDelta::minutes(5);

/// What there is to say about a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is wrong, from the top.
    pub faults: Vec<(Field, String)>,
    /// What it means; nothing while something is wrong.
    pub letter: Option<Letter>,
}

/// Judges a draft at a moment, by the wall clock of a zone.
pub fn judge(draft: &Draft, now: DateTime<Utc>, zone: Tz) -> Verdict {
    let mut faults = Vec::new();
    let mut note = |field, fault: Option<String>| faults.extend(fault.map(|fault| (field, fault)));
    let to = recipients(draft);
    if draft.place.is_none() {
        note(Field::To, Some("to whom?".to_owned()));
    }
    let too_long = keys(draft).find(|key| length(key) > LONGEST_KEY);
    note(Field::Only, too_long.map(|_| format!("no key has more than {LONGEST_KEY} characters")));
    note(Field::Title, text(&draft.title, LONGEST_TITLE));
    note(Field::Message, text(&draft.message, LONGEST_MESSAGE));
    note(Field::Link, link(&draft.link));
    let moments = if let Some(attempt) = draft.attempt {
        attempt
    } else {
        let (send_at, expires_at) = (moment(&draft.send_at, now, zone), moment(&draft.expires, now, zone));
        let sent = send_at.clone().ok().flatten();
        let send_fault = send_at.err().or_else(|| sent.and_then(|at| sending(at, now)));
        let (expires_at, expiry_fault) = match expires_at {
            Ok(at) => (at, at.and_then(|at| expiry(at, sent, now))),
            Err(fault) => (None, Some(fault)),
        };
        note(Field::Expires, expiry_fault);
        note(Field::SendAt, send_fault);
        Attempt { send_at: sent, expires_at }
    };
    let letter = to.filter(|_| faults.is_empty()).map(|to| Letter {
        to,
        kind: draft.kind().to_owned(),
        title: draft.title.clone(),
        message: draft.message.clone(),
        priority: Some(draft.priority.clone()),
        link: Some(draft.link.trim().to_owned()).filter(|link| !link.is_empty()),
        expires_at: moments.expires_at,
        send_at: moments.send_at,
        key: draft.key.clone(),
    });
    Verdict { faults, letter }
}

/// Whom it is for, as far as that is chosen.
pub fn recipients(draft: &Draft) -> Option<Recipients> {
    let keys: Vec<_> = keys(draft).map(str::to_owned).collect();
    Some(match (draft.place.as_ref()?, keys.is_empty()) {
        (Place::All, true) => Recipients::All,
        (Place::Campus { key, .. }, true) => Recipients::Campus(key.clone()),
        (Place::All, false) => Recipients::Users { keys, campus: None },
        (Place::Campus { key, .. }, false) => Recipients::Users { keys, campus: Some(key.clone()) },
    })
}

/// A moment in words; none where nothing is said.
pub fn moment(words: &str, now: DateTime<Utc>, zone: Tz) -> Result<Option<DateTime<Utc>>, String> {
    if words.trim().is_empty() {
        return Ok(None);
    }
    when::parse(words, now, zone).map(Some).map_err(|error| error.to_string())
}

/// In characters, as the server counts.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// The keys of the users that are named.
fn keys(draft: &Draft) -> impl Iterator<Item = &str> {
    draft.only.split(|char: char| char == ',' || char.is_whitespace()).filter(|key| !key.is_empty())
}

fn text(text: &str, longest: usize) -> Option<String> {
    match length(text) {
        _ if text.trim().is_empty() => Some("is missing".to_owned()),
        length if length > longest => Some(format!("is too long by {}", length - longest)),
        _ => None,
    }
}

fn link(link: &str) -> Option<String> {
    let link = link.trim();
    let lower = link.to_ascii_lowercase();
    let is_local = link.starts_with('/') && !link.starts_with("//");
    let leads = is_local || lower.starts_with("http://") || lower.starts_with("https://");
    match link {
        "" => None,
        _ if length(link) > LONGEST_LINK => Some(format!("has more than {LONGEST_LINK} characters")),
        _ if !leads || link.contains(char::is_whitespace) || link.contains('\\') => {
            Some("must be an http(s) address, or begin with a single /".to_owned())
        }
        _ => None,
    }
}

fn sending(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    if at < now - A_MOMENT {
        return Some("that is over".to_owned());
    }
    (at > now + FARTHEST).then(|| format!("must be at most {} days ahead", FARTHEST.num_days()))
}

fn expiry(at: DateTime<Utc>, sent: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<String> {
    (at <= sent.unwrap_or(now).max(now)).then(|| "must be after it is sent".to_owned())
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Rome;
    use rstest::rstest;

    use super::*;
    use crate::fixture::moment as now;

    fn draft() -> Draft {
        let place = Place::Campus { key: "north".into(), name: "North Campus".into() };
        let (title, message) = ("Fire drill".into(), "At noon.".into());
        Draft { place: Some(place), title, message, ..Draft::new("k".into()) }
    }

    fn faults(draft: &Draft) -> Vec<(Field, String)> {
        judge(draft, now(), Rome).faults
    }

    #[test]
    fn what_is_well_formed_becomes_a_letter() {
        let mut draft = draft();
        (draft.send_at, draft.expires) = ("tomorrow 9:00".into(), "tomorrow 18:00".into());
        draft.link = " /drill ".into();
        let letter = judge(&draft, now(), Rome).letter.unwrap();
        assert_eq!((letter.to, letter.kind.as_str()), (Recipients::Campus("north".into()), "CAMPUS_UPDATE"));
        assert_eq!(letter.send_at.unwrap().to_rfc3339(), "2026-11-22T08:00:00+00:00");
        assert_eq!(letter.expires_at.unwrap().to_rfc3339(), "2026-11-22T17:00:00+00:00");
        assert_eq!((letter.link.as_deref(), letter.key.as_str()), (Some("/drill"), "k"));
    }

    #[test]
    fn another_attempt_means_the_same_moments() {
        let mut draft = draft();
        draft.send_at = "in 2 hours".into();
        let first = judge(&draft, now(), Rome).letter.unwrap();
        draft.attempt = Some(Attempt { send_at: first.send_at, expires_at: first.expires_at });
        let later = judge(&draft, now() + TimeDelta::minutes(5), Rome).letter.unwrap();
        assert_eq!(first, later);
    }

    #[test]
    fn nothing_is_a_question_from_top_to_bottom() {
        let fields: Vec<_> = faults(&Draft::new("k".into())).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Field::To, Field::Title, Field::Message]);
    }

    #[rstest]
    #[case::fits(200, 4_000, &[])]
    #[case::too_long(201, 4_002, &["is too long by 1", "is too long by 2"])]
    fn lengths_are_counted_in_characters(
        #[case] title: usize,
        #[case] message: usize,
        #[case] wrong: &[&str],
    ) {
        let (title, message) = ("ü".repeat(title), "日".repeat(message));
        let faults = faults(&Draft { title, message, ..draft() });
        assert_eq!(faults.iter().map(|(_, fault)| fault.as_str()).collect::<Vec<_>>(), wrong);
    }

    #[rstest]
    #[case("/library", true)]
    #[case("HTTPS://example.org/x", true)]
    #[case("//example.org", false)]
    #[case("/a b", false)]
    #[case("ftp://example.org", false)]
    #[case("javascript:alert(1)", false)]
    fn links(#[case] link: &str, #[case] fine: bool) {
        assert_eq!(faults(&Draft { link: link.into(), ..draft() }).is_empty(), fine);
    }

    #[rstest]
    #[case("", "", None)]
    #[case("yesterday 9:00", "", Some(Field::SendAt))]
    #[case("in 2 years", "", Some(Field::SendAt))]
    #[case("soon", "", Some(Field::SendAt))]
    #[case("", "today 9:00", Some(Field::Expires))]
    #[case("tomorrow 9:00", "tomorrow 8:00", Some(Field::Expires))]
    #[case("tomorrow 9:00", "whenever", Some(Field::Expires))]
    fn times(#[case] send_at: &str, #[case] expires: &str, #[case] wrong: Option<Field>) {
        let faults = faults(&Draft { send_at: send_at.into(), expires: expires.into(), ..draft() });
        assert_eq!(faults.first().map(|(field, _)| *field), wrong, "{faults:?}");
    }

    #[rstest]
    #[case("", Recipients::Campus("north".into()))]
    #[case(" ada,grace  linus,", Recipients::Users { keys: vec!["ada".into(), "grace".into(), "linus".into()], campus: Some("north".into()) })]
    fn whom(#[case] only: &str, #[case] to: Recipients) {
        assert_eq!(recipients(&Draft { only: only.into(), ..draft() }), Some(to));
    }

    #[test]
    fn a_draft_is_kept_as_it_is() {
        let written = serde_json::to_string(&draft()).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&written).unwrap(), draft());
        // One of an older build, or one that lacks most.
        assert_eq!(serde_json::from_str::<Draft>(r#"{"key":"k"}"#).unwrap(), Draft::new("k".into()));
    }
}
