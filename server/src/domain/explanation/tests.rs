//! An explanation never disagrees with what a feed tells.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::domain::content::{Content, ContentData, Priority};
use crate::domain::directory::{CampusRole, Membership};
use crate::domain::entry::{Change, Entry, Sender};
use crate::domain::id::{CampusId, TypeId, UserId};
use crate::domain::notification_type::{self, TypeRegistry};
use crate::domain::preferences::{Choices, Preferences, QuietHours, Settings, TimeOfDay};
use crate::domain::visibility::{Interest, Told};

const ADA: UserId = UserId(1);
const PRIORITIES: &[Priority] = &[Priority::Low, Priority::Medium, Priority::High, Priority::Urgent];

fn types() -> TypeRegistry {
    let built_in = notification_type::built_in().into_iter();
    TypeRegistry::new(
        (1..)
            .map(TypeId)
            .zip(built_in)
            .map(|(id, definition)| NotificationType { id, definition, retired: false })
            .collect(),
    )
}

fn moment(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(60 * minutes, 0).unwrap()
}

fn any_audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        Just(Audience::System),
        (1..4_i64).prop_map(|campus| Audience::Campus(CampusId(campus))),
        proptest::collection::vec(1..4_i64, 1..3)
            .prop_map(|users| Audience::users(users.into_iter().map(UserId))),
    ]
}

fn any_choices() -> impl Strategy<Value = Choices> {
    let quiet = (any::<bool>(), 0..1_440_u16, 0..1_440_u16).prop_map(|(enabled, start, end)| {
        let [start, end] = [start, end].map(|minutes| TimeOfDay::from_minutes(minutes).unwrap());
        QuietHours { enabled, start, end, timezone: None }
    });
    let types = proptest::collection::btree_map((1..19_i32).prop_map(TypeId), any::<bool>(), 0..9);
    (types, proptest::option::of(quiet)).prop_map(|(types, quiet_hours)| Choices { types, quiet_hours })
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let by_campus = proptest::collection::btree_map((1..4_i64).prop_map(CampusId), any_choices(), 0..3);
    (any_choices(), by_campus).prop_map(|(default, by_campus)| Settings { default, by_campus })
}

fn any_scope() -> impl Strategy<Value = Scope> {
    let membership = (1..4_i64, 0..20_i64).prop_map(|(campus, since)| Membership {
        campus: CampusId(campus),
        role: CampusRole::Member,
        since: Seq(since),
        since_at: moment(since),
    });
    (proptest::collection::vec(membership, 0..3), any_settings()).prop_map(|(memberships, settings)| Scope {
        user: ADA,
        as_of: Seq(20),
        memberships: memberships.into_iter().collect(),
        preferences: Arc::new(Preferences::new(&settings, None, &types())),
    })
}

fn any_notification() -> impl Strategy<Value = Notification> {
    let facts = (1..20_i64, any_audience(), 1..19_i32, proptest::sample::select(PRIORITIES));
    (facts, proptest::option::of(0..3_000_i64), any::<bool>()).prop_map(
        |((seq, audience, type_id, priority), expires_at, recalled)| Notification {
            seq: Seq(seq),
            created_at: moment(100 * seq),
            audience,
            within: None,
            content: Content {
                type_id: TypeId(type_id),
                title: "title".to_owned(),
                message: "message".to_owned(),
                priority,
                data: ContentData::default(),
                expires_at: expires_at.map(moment),
            },
            sender: Sender { id: UserId(9), key: "sender".to_owned(), name: "Sender".to_owned() },
            audience_size: 1,
            recalled,
        },
    )
}

proptest! {
    #[test]
    fn it_says_what_a_feed_does(scope in any_scope(), notification in any_notification(), now in 2_000..3_000_i64) {
        let types = types();
        let facts = Facts {
            notification: &notification,
            known: types.get(notification.content.type_id).unwrap(),
            campus: None,
            scope: &scope,
            has_feed: true,
            now: moment(now),
            recalled_at: None,
            delivered_through: Seq::ZERO,
            read_at: None,
        };
        let Explanation { received, reasons } = explain(&facts);
        let (seq, created_at) = (notification.seq, notification.created_at);
        let change = Change::Added(Arc::new(notification.clone()));
        let entry = Entry { seq, created_at, change };
        let told = scope.clone().hear(&Interest::default(), &entry, moment(now));
        prop_assert_eq!(told.is_some(), received);
        let sounds = reasons.iter().find(|reason| reason.rule == "quiet hours").unwrap().holds;
        if let Some(told) = told {
            prop_assert_eq!(told, Told::Added { silent: !sounds });
        }
        let rules: Vec<&str> = reasons.iter().map(|reason| reason.rule).collect();
        prop_assert_eq!(rules, [
            "audience", "membership", "type preference", "quiet hours", "expiry", "recall", "delivery", "reading",
        ]);
    }
}

#[test]
fn a_service_has_no_feed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let notification = any_notification().new_tree(&mut runner).unwrap().current();
    let scope = any_scope().new_tree(&mut runner).unwrap().current();
    let types = types();
    let facts = Facts {
        notification: &notification,
        known: types.get(notification.content.type_id).unwrap(),
        campus: Some("North"),
        scope: &scope,
        has_feed: false,
        now: moment(0),
        recalled_at: None,
        delivered_through: Seq(99),
        read_at: Some(moment(1)),
    };
    let Explanation { received, reasons } = explain(&facts);
    assert!(!received && !reasons[0].holds && reasons[6].holds && reasons[7].at == Some(moment(1)));
}
