//! Why somebody did, or did not, get a notification: asked of the server, and held against the model's rules.

use serde_json::json;

use super::World;
use super::model::{Code, Model, ROOT, SERVICE, USERS, reads_a_feed};
use super::operations::Aim;

impl Model {
    /// Everyone of themselves, as far as they may know of it; a campus's admins of its members, what they are responsible
    /// for or everyone got; a super admin anything.
    fn may_explain(&self, by: usize, notification: usize, about: usize) -> Result<(), Code> {
        if by == SERVICE {
            return Err("FORBIDDEN");
        }
        let runs = |campus: usize| self.administers(by, campus);
        let may_know_own = match &self.told(notification).aim {
            Aim::Everyone => true,
            Aim::Campus(campus) => self.is_on(by, *campus),
            Aim::Users { named, within } => named.contains(&by) || within.is_some_and(runs),
        };
        let is_of_theirs = match &self.told(notification).aim {
            Aim::Everyone => self.campuses_of(about).into_iter().any(runs),
            Aim::Campus(campus) | Aim::Users { within: Some(campus), .. } => {
                runs(*campus) && self.is_on(about, *campus)
            }
            Aim::Users { within: None, .. } => false,
        };
        let holds = by == ROOT || (by == about && may_know_own) || is_of_theirs;
        holds.then_some(()).ok_or("NOT_FOUND")
    }

    /// Each rule in order, and whether it holds; `None` where nobody can know.
    fn reasons(&self, user: usize, notification: usize) -> [(&'static str, Option<bool>); 8] {
        let is_named = match &self.told(notification).aim {
            Aim::Users { named, .. } => named.contains(&user),
            Aim::Everyone | Aim::Campus(_) => true,
        };
        let is_member = match self.told(notification).aim {
            Aim::Campus(_) => self.is_for(user, notification, self.head()),
            Aim::Everyone | Aim::Users { .. } => true,
        };
        let receipts = &self.receipts[user];
        let is_delivered = notification <= receipts.delivered_through;
        [
            ("audience", Some(reads_a_feed(user) && is_named)),
            ("membership", Some(is_member)),
            ("type preference", Some(!self.mutes(user, notification, self.head()))),
            ("quiet hours", Some(!self.silences(user, notification, self.head()))),
            ("expiry", Some(!self.is_expired(notification))),
            ("recall", Some(!self.is_recalled(notification))),
            ("delivery", (is_delivered || !receipts.listens).then_some(is_delivered)),
            ("reading", Some(self.read_at(user, notification).is_some())),
        ]
    }
}

/// Asks why `about` (whoever asks, without one) did or did not get that.
pub(crate) async fn explain(world: &mut World, by: usize, which: usize, about: Option<usize>) {
    let target = world.model.notifications().get(which).copied();
    let user = about.unwrap_or(by);
    let expected = target.ok_or("NOT_FOUND").and_then(|target| {
        world.model.may_explain(by, target, user)?;
        Ok(target)
    });
    let document = "query($id: ID!, $user: String) {
        explain(notificationId: $id, userKey: $user) { received reasons { rule holds detail } } }";
    let variables = json!({ "id": super::act::id_of(target), "user": about.map(|about| USERS[about]) });
    let answer = world.ask(by, document, variables).await;
    let asked = format!("{} asks of {which}, about {about:?}: {}", USERS[by], answer.text);
    assert_eq!(answer.code.as_deref(), expected.err(), "{asked}");
    let Ok(target) = expected else { return };
    let explained = &answer.data["explain"];
    let is_theirs = world.model.page_of_all(user).contains(&target);
    assert_eq!(explained["received"], is_theirs, "{asked}");
    let told = explained["reasons"].as_array().unwrap();
    let reasons = world.model.reasons(user, target);
    assert_eq!(told.len(), reasons.len(), "{asked}");
    for (told, (rule, holds)) in told.iter().zip(reasons) {
        assert_eq!(told["rule"], rule, "{asked}");
        assert!(holds.is_none_or(|holds| told["holds"] == holds), "{rule}: {asked}");
    }
}
