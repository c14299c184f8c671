//! Holds what a user can see, through every door of the schema, against the model.

use campanile_server::domain::cursor::Cursor;
use serde_json::{Value, json};

use super::World;
use super::act::{NOTIFICATION, campus_name, markers, position_of};
use super::filter::Filter;
use super::model::{CAMPUSES, KINDS, Model, PRIORITIES, ROOT, USERS, is_everywhere, reads_a_feed};
use super::operations::{Aim, Look, Role};
use super::server::moment;

/// Notifications that one document asks for by id, each twice under an alias.
const IDS_AT_ONCE: usize = 30;
/// Of so many of the newest, a glance is taken by their ids.
const GLANCE: usize = 4;

/// Every way that this user has to see anything.
pub(crate) async fn everything(world: &mut World, user: usize) {
    campuses(world, user).await;
    by_id(world, user, &world.model.notifications()).await;
    if !reads_a_feed(user) {
        return is_refused(world, user, &Filter::default(), "FORBIDDEN").await;
    }
    let (yes, no) = (Some(true), Some(false));
    let filters = [
        Filter::default(),
        Filter { unread: yes, ..Filter::default() },
        Filter { unread: no, ..Filter::default() },
        Filter { archived: yes, expired: yes, ..Filter::default() },
        Filter { archived: yes, unread: yes, ..Filter::default() },
        Filter { muted: yes, ..Filter::default() },
    ];
    let of_campuses =
        (0..CAMPUSES.len()).map(|campus| Filter { campuses: Some(vec![campus]), ..Filter::default() });
    for filter in filters.into_iter().chain(of_campuses) {
        if world.model.is_refused(user, &filter) {
            is_refused(world, user, &filter, "NOT_FOUND").await;
        } else {
            turn_all(world, user, 20, true, &filter).await;
            turn_all(world, user, 20, false, &filter).await;
            counts(world, user, &filter).await;
        }
    }
}

/// Some of what one user sees, as `look` says.
pub(crate) async fn at_a_glance(world: &mut World, look: &Look) {
    let Look { by: user, filter, page, newest_first, between } = look;
    // Before a page is fetched, which delivers them.
    let newest: Vec<usize> = world.model.notifications().into_iter().rev().take(GLANCE).collect();
    by_id(world, *user, &newest).await;
    if !reads_a_feed(*user) {
        return is_refused(world, *user, filter, "FORBIDDEN").await;
    }
    if world.model.is_refused(*user, filter) {
        return is_refused(world, *user, filter, "NOT_FOUND").await;
    }
    turn_all(world, *user, *page, *newest_first, filter).await;
    turn_between(world, look, *between).await;
    counts(world, *user, filter).await;
}

/// The cursor that a page gives.
pub(crate) async fn feed_cursor(world: &mut World, user: usize) -> String {
    let answer = world.ask(user, "{ notifications(first: 1) { feedCursor } }", json!({})).await;
    world.model.deliver(user);
    answer.data["notifications"]["feedCursor"].as_str().unwrap().to_owned()
}

/// How many changes of the user's receipts the server has counted, as a page's cursor says.
pub(crate) async fn revision(world: &mut World, user: usize) -> usize {
    revision_of(&feed_cursor(world, user).await)
}

fn revision_of(feed_cursor: &str) -> usize {
    usize::try_from(Cursor::decode(feed_cursor).unwrap().revision.unwrap()).unwrap()
}

async fn is_refused(world: &World, user: usize, filter: &Filter, code: &str) {
    let pages = "query($filter: NotificationFilter) { notifications(filter: $filter) { feedCursor } }";
    let count = "query($filter: NotificationFilter) { viewer { unreadCount(filter: $filter) { count } } }";
    for document in [pages, count] {
        let answer = world.ask(user, document, json!({ "filter": filter.to_json(world.model.now) })).await;
        assert_eq!(answer.code.as_deref(), Some(code), "{}", answer.text);
    }
}

async fn counts(world: &World, user: usize, filter: &Filter) {
    let document = "query($filter: NotificationFilter) { viewer {
        unreadCount { count atLeast } of: unreadCount(filter: $filter) { count atLeast }
        unseenCount { count atLeast } } }";
    let model = &world.model;
    let answer = world.ask(user, document, json!({ "filter": filter.to_json(model.now) })).await;
    let expected = json!({
        "unreadCount": { "count": model.unread(user), "atLeast": false },
        "of": { "count": model.unread_of(user, filter), "atLeast": false },
        "unseenCount": { "count": model.unseen(user), "atLeast": false },
    });
    assert_eq!(answer.data["viewer"], expected, "{} counts {filter:?}", USERS[user]);
}

/// Turns all pages, so many a page, from one end to the other.
async fn turn_all(world: &mut World, user: usize, page: usize, newest_first: bool, filter: &Filter) {
    let expected = world.model.page(user, filter);
    let mut told: Vec<usize> = Vec::new();
    let mut from = Value::Null;
    loop {
        let arguments = if newest_first {
            json!({ "first": page, "after": from })
        } else {
            json!({ "last": page, "before": from })
        };
        let turned = turn(world, user, arguments, filter).await;
        let info = &turned["pageInfo"];
        let (behind, ahead, edge, place) = if newest_first {
            ("hasPreviousPage", "hasNextPage", "endCursor", told.len())
        } else {
            ("hasNextPage", "hasPreviousPage", "startCursor", 0)
        };
        assert_eq!(info[behind], !told.is_empty(), "{turned}");
        told.splice(place..place, positions(&turned["nodes"]));
        from = info[edge].clone();
        if info[ahead] == false {
            break;
        }
    }
    assert_eq!(told, expected, "{} turns pages, newest first: {newest_first}, {filter:?}", USERS[user]);
}

/// The first or last of what lies between two positions.
async fn turn_between(world: &mut World, look: &Look, between: (usize, usize)) {
    let Look { by: user, filter, page, newest_first, .. } = look;
    let positions_and_none = world.model.head() + 1;
    let (older_than, newer_than) = (between.0 % positions_and_none, between.1 % positions_and_none);
    let all = world.model.page(*user, filter);
    let mut expected = all.clone();
    expected.retain(|n| newer_than < *n && *n < older_than);
    let more = expected.len() > *page;
    if *newest_first {
        expected.truncate(*page);
    } else {
        expected.drain(..expected.len().saturating_sub(*page));
    }
    let has_next = (more && *newest_first) || all.iter().any(|n| *n <= newer_than);
    let has_previous = (more && !newest_first) || all.iter().any(|n| *n >= older_than);
    let size = if *newest_first { "first" } else { "last" };
    let (after, before) = (world.server.cursor(older_than), world.server.cursor(newer_than));
    let turned = turn(world, *user, json!({ size: page, "after": after, "before": before }), filter).await;
    assert_eq!(positions(&turned["nodes"]), expected, "between {older_than} and {newer_than}: {look:?}");
    let info = &turned["pageInfo"];
    assert_eq!((&info["hasPreviousPage"], &info["hasNextPage"]), (&json!(has_previous), &json!(has_next)));
}

async fn turn(world: &mut World, user: usize, mut arguments: Value, filter: &Filter) -> Value {
    let document = format!(
        "query($first: Int, $after: String, $last: Int, $before: String, $filter: NotificationFilter) {{
            notifications(first: $first, after: $after, last: $last, before: $before, filter: $filter) {{
                nodes {NOTIFICATION} feedCursor
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    arguments["filter"] = filter.to_json(world.model.now);
    let answer = world.ask(user, &document, arguments).await;
    assert_eq!(answer.code, None, "{}", answer.text);
    world.model.deliver(user);
    let page = answer.data["notifications"].clone();
    copies(&world.model, user, &page["nodes"], &positions(&page["nodes"]));
    let revision = revision_of(page["feedCursor"].as_str().unwrap());
    assert_eq!(revision, world.model.receipts[user].revision(), "{} has changed so much", USERS[user]);
    page
}

/// These are the user's copies of `expected`, in that order, read or not as they should be.
pub(crate) fn copies(model: &Model, user: usize, told: &Value, expected: &[usize]) {
    assert_eq!(positions(told), expected);
    for notification in told.as_array().unwrap() {
        copy(model, user, notification);
    }
}

/// This is how the user's copy should be.
pub(crate) fn copy(model: &Model, user: usize, notification: &Value) {
    let position = position_of(&notification["id"]);
    let told = model.told(position);
    // Who may see it, but was not sent it, has the copy of somebody who never looked.
    let is_theirs = model.is_theirs(user, position);
    let at = |minutes: Option<i64>| minutes.filter(|_| is_theirs).map(moment);
    let shown = |field: &str| {
        notification[field].as_str().map(|at| at.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
    };
    let read_at = shown("readAt");
    assert_eq!(read_at, at(model.read_at(user, position)), "when {} read {notification}", USERS[user]);
    let archived_at = at(model.archived_at(user, position));
    assert_eq!(shown("archivedAt"), archived_at, "when {} archived {notification}", USERS[user]);
    assert_eq!(shown("createdAt"), Some(moment(told.at)));
    let receipts = &model.receipts[user];
    let statuses: &[&str] = match read_at {
        Some(_) => &["READ"],
        None if !is_theirs => &["SENT"],
        None if position <= receipts.delivered_through => &["DELIVERED"],
        None if receipts.listens => &["SENT", "DELIVERED"],
        None => &["SENT"],
    };
    let status = notification["status"].as_str().unwrap();
    assert!(statuses.contains(&status), "{} has {notification}", USERS[user]);
    assert_eq!(markers(&notification.to_string()), [position, position]);
    let campus = match told.aim {
        Aim::Campus(campus) => json!(CAMPUSES[campus]),
        _ => Value::Null,
    };
    assert_eq!(notification["campus"]["key"], campus);
    assert_eq!(notification["sender"]["name"], USERS[told.sender]);
    let kind = (&notification["type"], &notification["category"]);
    assert_eq!(kind, (&json!(KINDS[told.kind].0), &json!(KINDS[told.kind].1)));
    assert_eq!(notification["priority"], PRIORITIES[told.priority]);
}

/// These notifications, asked for by their ids at both doors.
async fn by_id(world: &World, user: usize, notifications: &[usize]) {
    let model = &world.model;
    for some in notifications.chunks(IDS_AT_ONCE) {
        let one = |n: &usize| {
            format!("a{n}: notification(id: \"n{n}\") {NOTIFICATION} b{n}: node(id: \"n{n}\") {{ id }}")
        };
        let document = format!("{{ {} }}", some.iter().map(one).collect::<Vec<_>>().join(" "));
        let answer = world.ask(user, &document, json!({})).await;
        assert_eq!(answer.code, None, "{}", answer.text);
        for n in some {
            let (found, node) = (&answer.data[format!("a{n}")], &answer.data[format!("b{n}")]);
            let visible = model.may_see(user, *n);
            assert_eq!(found.is_object(), visible, "{} asks for {n}: {found}", USERS[user]);
            assert_eq!(node.is_object(), visible, "{} asks for {n}: {node}", USERS[user]);
            if visible {
                assert_eq!(position_of(&found["id"]), *n);
                copy(model, user, found);
            }
        }
    }
}

/// The campuses that the user may know of, with their sizes, and who the user is there.
async fn campuses(world: &World, user: usize) {
    let model = &world.model;
    let document = "query($north: String!, $south: String!, $west: String!) {
        campuses { key memberCount }
        viewer { user { key memberships { campus { key } role } }
            permissions { broadcastToAll administers { key } auditLog } }
        a0: node(id: \"campus:north\") { id } a1: node(id: \"campus:south\") { id } a2: node(id: \"campus:west\") { id }
        b0: campus(key: $north) { key } b1: campus(key: $south) { key } b2: campus(key: $west) { key } }";
    let keys = json!({ "north": "north", "south": "south", "west": "west" });
    let answer = world.ask(user, document, keys).await;
    let data = &answer.data;
    let all: Vec<usize> = (0..CAMPUSES.len()).collect();
    let known = |campus: &usize| model.may_see_campus(user, *campus).is_ok();
    let foreign = all.iter().filter(|campus| !known(campus)).count();
    assert_eq!(answer.text.matches("NOT_FOUND").count(), foreign, "{}", answer.text);
    for campus in &all {
        assert_eq!(data[format!("a{campus}")].is_object(), known(campus));
        assert_eq!(data[format!("b{campus}")].is_object(), known(campus));
    }
    let known = all.iter().filter(|campus| known(campus));
    let sizes: Vec<Value> = known
        .map(|campus| json!({ "key": CAMPUSES[*campus], "memberCount": model.members(*campus) }))
        .collect();
    assert_eq!(data["campuses"], json!(sizes));
    let role = |campus: &usize| model.membership(user, *campus, model.head()).map(|(_, role)| role);
    let memberships: Vec<Value> = all
        .iter()
        .filter_map(|campus| {
            let role = if role(campus)? == Role::Admin { "ADMIN" } else { "MEMBER" };
            Some(json!({ "campus": { "key": CAMPUSES[*campus] }, "role": role }))
        })
        .collect();
    assert_eq!(data["viewer"]["user"], json!({ "key": USERS[user], "memberships": memberships }));
    let administers = all.iter().filter(|campus| is_everywhere(user) || model.administers(user, **campus));
    let permissions = json!({
        "broadcastToAll": is_everywhere(user),
        "administers": administers.map(|campus| json!({ "key": CAMPUSES[*campus] })).collect::<Vec<_>>(),
        "auditLog": user == ROOT,
    });
    assert_eq!(data["viewer"]["permissions"], permissions);
}

/// Whatever the answer says, it says nothing that is not for this user.
pub(crate) fn nothing_foreign(model: &Model, user: usize, text: &str) {
    let told = markers(text);
    for n in &told {
        assert!(model.may_see(user, *n), "{} was told of {n}: {text}", USERS[user]);
    }
    for (campus, key) in CAMPUSES.iter().enumerate() {
        let mentioned = told.iter().any(|n| model.told(*n).aim == Aim::Campus(campus));
        let may_know = mentioned || model.may_see_campus(user, campus).is_ok();
        assert!(may_know || !text.contains(&campus_name(key)), "{} was told of {key}: {text}", USERS[user]);
    }
}

fn positions(notifications: &Value) -> Vec<usize> {
    notifications.as_array().unwrap().iter().map(|notification| position_of(&notification["id"])).collect()
}
