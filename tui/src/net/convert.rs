//! From the API's types to the model's. The border that every text crosses, and where it is cleaned.

use crate::{
    api::{explain, feed, fragments, queries},
    message::Page,
    model::{
        count::Count,
        event::{Cursor, FeedEvent, Happening, ReadState},
        explanation::{Explanation, Reason},
        notification::{Campus, Data, Notification, NotificationId, Priority, Sender},
        viewer::{Permissions, Place, Viewer},
    },
    sanitise::{json, line, text},
    screens::feed::exchange::Start,
};

/// What a first screen needs.
pub fn start(query: queries::StartQuery) -> Start {
    Start {
        unread: count(&query.viewer.unread_count),
        viewer: viewer(query.viewer),
        page: page(query.notifications),
    }
}

/// A page of the history.
pub fn page(page: queries::Page) -> Page {
    Page {
        notifications: page.nodes.into_iter().map(notification).collect(),
        end: page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
        feed_cursor: cursor(&page.feed_cursor),
    }
}

/// A number that stops counting.
pub fn count(count: &fragments::CappedCount) -> Count {
    Count { count: u32::try_from(count.count).unwrap_or(0), at_least: count.at_least }
}

/// Why the viewer got something.
pub fn explanation(explanation: explain::Explanation) -> Explanation {
    let reason = |reason: explain::Reason| Reason {
        rule: line(&reason.rule),
        holds: reason.holds,
        detail: line(&reason.detail),
        at: reason.at,
    };
    Explanation {
        received: explanation.received,
        reasons: explanation.reasons.into_iter().map(reason).collect(),
    }
}

/// Something that happened.
pub fn event(event: feed::FeedEvent) -> FeedEvent {
    let (at, happening) = match event {
        feed::FeedEvent::Added(event) => (
            event.cursor,
            Happening::Notification {
                notification: Box::new(notification(event.notification)),
                silent: event.silent,
                replayed: event.replayed,
            },
        ),
        feed::FeedEvent::Recalled(event) => {
            (event.cursor, Happening::Recalled { notification_id: id(&event.notification_id) })
        }
        feed::FeedEvent::ReadState(event) => (event.cursor.clone(), Happening::ReadState(read_state(&event))),
        feed::FeedEvent::Viewer(event) => (event.cursor, Happening::ViewerChanged),
        feed::FeedEvent::Progress(event) => (event.cursor, Happening::Progress { live: event.live }),
        feed::FeedEvent::Other(event) => (event.cursor, Happening::Unknown),
    };
    FeedEvent { cursor: cursor(&at), happening }
}

fn read_state(event: &feed::ReadStateChanged) -> ReadState {
    ReadState {
        revision: event.revision,
        notification_ids: event.notification_ids.iter().map(id).collect(),
        read_through: event.read_through.as_ref().map(id),
        read: event.read,
        archived: event.archived,
        unread_count: event.unread_count,
        unseen_count: event.unseen_count,
    }
}

fn viewer(viewer: fragments::Viewer) -> Viewer {
    let place = |membership: fragments::Membership| Place {
        key: line(&membership.campus.key),
        name: line(&membership.campus.name),
        admin: matches!(membership.role, fragments::CampusRole::Admin),
    };
    Viewer {
        key: line(&viewer.user.key),
        name: line(&viewer.user.name),
        campuses: viewer.user.memberships.into_iter().map(place).collect(),
        permissions: permissions(viewer.permissions),
    }
}

fn permissions(permissions: fragments::Permissions) -> Permissions {
    let place =
        |campus: fragments::Campus| Place { key: line(&campus.key), name: line(&campus.name), admin: true };
    Permissions {
        administers: permissions.administers.into_iter().map(place).collect(),
        broadcast_to_all: permissions.broadcast_to_all,
        audit_log: permissions.audit_log,
    }
}

fn notification(notification: fragments::Notification) -> Notification {
    let data = notification.data;
    let clean = |value: Option<String>| value.map(|value| line(&value));
    Notification {
        id: id(&notification.id),
        kind: line(&notification.kind.0).into(),
        category: category(&notification.category).into(),
        audience: audience(&notification.audience).into(),
        campus: notification.campus.map(|campus| Campus {
            id: line(campus.id.inner()).into(),
            key: line(&campus.key).into(),
            name: line(&campus.name).into(),
        }),
        title: line(&notification.title),
        message: text(&notification.message),
        data: Data {
            event_id: clean(data.event_id),
            attendance_id: clean(data.attendance_id),
            action_url: clean(data.action_url),
            metadata: data.metadata.map(json),
        },
        priority: priority(notification.priority),
        sender: notification
            .sender
            .map(|sender| Sender { id: line(sender.id.inner()).into(), name: line(&sender.name).into() }),
        created_at: notification.created_at,
        expires_at: notification.expires_at,
        read_at: notification.read_at,
        archived_at: notification.archived_at,
    }
}

/// How much something matters.
pub(super) fn priority(priority: fragments::Priority) -> Priority {
    match priority {
        fragments::Priority::Low => Priority::Low,
        fragments::Priority::Medium => Priority::Medium,
        fragments::Priority::High => Priority::High,
        fragments::Priority::Urgent => Priority::Urgent,
        fragments::Priority::Other(name) => Priority::Other(line(&name)),
    }
}

/// The group that a type belongs to, as the API writes it.
pub fn category(category: &fragments::Category) -> String {
    match category {
        fragments::Category::Events => "EVENTS".to_owned(),
        fragments::Category::Attendance => "ATTENDANCE".to_owned(),
        fragments::Category::Transcription => "TRANSCRIPTION".to_owned(),
        fragments::Category::System => "SYSTEM".to_owned(),
        fragments::Category::Account => "ACCOUNT".to_owned(),
        fragments::Category::Other(name) => line(name),
    }
}

fn audience(audience: &fragments::AudienceKind) -> String {
    match audience {
        fragments::AudienceKind::Users => "USERS".to_owned(),
        fragments::AudienceKind::Campus => "CAMPUS".to_owned(),
        fragments::AudienceKind::System => "SYSTEM".to_owned(),
        fragments::AudienceKind::Other(name) => line(name),
    }
}

fn id(id: &cynic::Id) -> NotificationId {
    line(id.inner()).into()
}

fn cursor(cursor: &str) -> Cursor {
    Cursor(line(cursor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn decoded(event: Value) -> FeedEvent {
        super::event(serde_json::from_value(event).unwrap())
    }

    fn added(change: impl FnOnce(&mut Value)) -> Value {
        let mut event = json!({
            "__typename": "NotificationAdded", "cursor": "c7", "silent": false, "replayed": true,
            "notification": {
                "id": "n7", "type": "EVENT_CREATED", "category": "EVENTS", "audience": "SYSTEM", "campus": null, "title": "Open day",
                "message": "Come!", "priority": "HIGH", "sender": null, "createdAt": "2026-11-21T18:00:00Z",
                "expiresAt": null, "readAt": null, "archivedAt": null,
                "data": {"eventId": "e1", "attendanceId": null, "actionUrl": null, "metadata": {"a": 1}},
            },
        });
        change(&mut event["notification"]);
        event
    }

    #[test]
    fn a_newer_servers_kinds_are_no_error() {
        let unknown = decoded(json!({"__typename": "BellRung", "cursor": "c8", "times": 3}));
        assert_eq!(unknown, FeedEvent { cursor: Cursor("c8".into()), happening: Happening::Unknown });

        let event = decoded(added(|notification| {
            notification["priority"] = json!("CRITICAL");
            notification["category"] = json!("SPORTS");
            notification["type"] = json!("MATCH_WON");
        }));
        let Happening::Notification { notification, .. } = event.happening else { panic!("{event:?}") };
        assert_eq!(notification.priority.as_str(), "CRITICAL");
        assert_eq!((notification.label().as_str(), notification.category.as_str()), ("Match won", "SPORTS"));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_comes_in() {
        let event = decoded(added(|notification| {
            for field in ["audience", "title", "message", "type", "id", "category", "priority"] {
                notification[field] = json!("a\u{1b}]0;owned\u{7}\u{9b}b\u{202e}");
            }
            notification["data"]["metadata"] = json!({"k\u{1b}": "v\u{7f}"});
            notification["data"]["actionUrl"] = json!("/x\u{1b}");
            notification["sender"] = json!({"id": "u\u{1b}", "name": "n\u{9d}"});
            notification["campus"] = json!({"id": "c\u{1b}", "key": "k\u{1b}", "name": "n\u{9d}"});
        }));
        let printed = serde_json::to_string(&event).unwrap();
        assert!(!printed.contains("\\u") && !printed.chars().any(char::is_control), "{printed}");
    }

    #[test]
    fn an_event_prints_as_the_api_writes_it() {
        let printed = |event| serde_json::to_string(&decoded(event)).unwrap();
        insta::assert_snapshot!(printed(added(|_| ())), @r#"{"cursor":"c7","kind":"notification","notification":{"id":"n7","type":"EVENT_CREATED","category":"EVENTS","audience":"SYSTEM","campus":null,"title":"Open day","message":"Come!","data":{"eventId":"e1","attendanceId":null,"actionUrl":null,"metadata":{"a":1}},"priority":"HIGH","sender":null,"createdAt":"2026-11-21T18:00:00Z","expiresAt":null,"readAt":null,"archivedAt":null},"silent":false,"replayed":true}"#);
        let state = json!({"__typename": "ReadStateChanged", "cursor": "c9", "revision": 4, "notificationIds": ["n7"],
            "readThrough": null, "read": true, "archived": null, "unreadCount": 2, "unseenCount": 0});
        insta::assert_snapshot!(printed(state), @r#"{"cursor":"c9","kind":"readState","revision":4,"notificationIds":["n7"],"readThrough":null,"read":true,"archived":null,"unreadCount":2,"unseenCount":0}"#);
        let changed = json!({"__typename": "ViewerChanged", "cursor": "c9"});
        insta::assert_snapshot!(printed(changed), @r#"{"cursor":"c9","kind":"viewerChanged"}"#);
        let progress = json!({"__typename": "FeedProgress", "cursor": "c9", "live": true});
        insta::assert_snapshot!(printed(progress), @r#"{"cursor":"c9","kind":"progress","live":true}"#);
        let recalled = json!({"__typename": "NotificationRecalled", "cursor": "c9", "notificationId": "n7"});
        insta::assert_snapshot!(printed(recalled), @r#"{"cursor":"c9","kind":"recalled","notificationId":"n7"}"#);
    }
}
