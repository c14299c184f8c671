//! Holds what a user can see, through every door of the schema, against the model.

use serde_json::{Value, json};

use super::World;
use super::act::{NOTIFICATION, campus_name, markers, position_of};
use super::model::{CAMPUSES, Model, ROOT, USERS, is_everywhere, reads_a_feed};
use super::operations::{Aim, Role};
use super::server::moment;

/// Notifications that one document asks for by id, each twice under an alias.
const IDS_AT_ONCE: usize = 30;

/// Every way that this user has to see anything.
pub(crate) async fn everything(world: &mut World, user: usize) {
    campuses(world, user).await;
    by_id(world, user).await;
    pages(world, user, 20).await;
}

/// The cursor that a page gives.
pub(crate) async fn feed_cursor(world: &World, user: usize) -> String {
    let answer = world.ask(user, "{ notifications(first: 1) { feedCursor } }", json!({})).await;
    answer.data["notifications"]["feedCursor"].as_str().unwrap().to_owned()
}

/// The user's history with so many a page, from both ends, whole and filtered; and their counts.
pub(crate) async fn pages(world: &mut World, user: usize, page: usize) {
    if !reads_a_feed(user) {
        for document in ["{ notifications { feedCursor } }", "{ viewer { unreadCount { count } } }"] {
            let answer = world.ask(user, document, json!({})).await;
            assert_eq!(answer.code.as_deref(), Some("FORBIDDEN"));
        }
        return;
    }
    let model = &world.model;
    let history = model.history(user);
    walk(world, user, page, &json!({}), &history).await;
    let read = &model.receipts[user].read_at;
    let (read, unread): (Vec<_>, Vec<_>) = history.iter().partition(|n| read.contains_key(n));
    walk(world, user, page, &json!({ "unread": true }), &unread).await;
    from_the_newest(world, user, page, &json!({ "unread": false }), &read).await;
    for (campus, key) in CAMPUSES.iter().enumerate() {
        let filter = json!({ "campusKeys": [key] });
        if model.may_see_campus(user, campus).is_ok() {
            let mut of_campus = history.clone();
            of_campus.retain(|n| model.told(*n).aim == Aim::Campus(campus));
            from_the_newest(world, user, page, &filter, &of_campus).await;
        } else {
            let document =
                "query($filter: NotificationFilter) { notifications(filter: $filter) { feedCursor } }";
            let answer = world.ask(user, document, json!({ "filter": filter })).await;
            assert_eq!(answer.code.as_deref(), Some("NOT_FOUND"));
        }
    }
    counts(world, user).await;
}

async fn counts(world: &World, user: usize) {
    let document = "{ viewer { unreadCount { count atLeast } unseenCount { count atLeast } } }";
    let answer = world.ask(user, document, json!({})).await;
    let expected = json!({
        "unreadCount": { "count": world.model.unread(user), "atLeast": false },
        "unseenCount": { "count": world.model.unseen(user), "atLeast": false },
    });
    assert_eq!(answer.data["viewer"], expected);
}

/// Turns the pages from both ends.
async fn walk(world: &World, user: usize, page: usize, filter: &Value, expected: &[usize]) {
    from_the_newest(world, user, page, filter, expected).await;
    from_the_oldest(world, user, page, filter, expected).await;
}

async fn from_the_newest(world: &World, user: usize, page: usize, filter: &Value, expected: &[usize]) {
    let mut told = Vec::new();
    let mut after = Value::Null;
    loop {
        let turned = turn(world, user, json!({ "first": page, "after": after, "filter": filter })).await;
        assert_eq!(turned["pageInfo"]["hasPreviousPage"], !told.is_empty(), "{turned}");
        told.extend(positions(&turned["nodes"]));
        after = turned["pageInfo"]["endCursor"].clone();
        if turned["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(told, expected, "{} walks {filter} from the newest on", USERS[user]);
}

async fn from_the_oldest(world: &World, user: usize, page: usize, filter: &Value, expected: &[usize]) {
    let mut told = Vec::new();
    let mut before = Value::Null;
    loop {
        let turned = turn(world, user, json!({ "last": page, "before": before, "filter": filter })).await;
        assert_eq!(turned["pageInfo"]["hasNextPage"], !told.is_empty(), "{turned}");
        told.splice(0..0, positions(&turned["nodes"]));
        before = turned["pageInfo"]["startCursor"].clone();
        if turned["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(told, expected, "{} walks {filter} from the oldest on", USERS[user]);
}

async fn turn(world: &World, user: usize, arguments: Value) -> Value {
    let document = format!(
        "query($first: Int, $after: String, $last: Int, $before: String, $filter: NotificationFilter) {{
            notifications(first: $first, after: $after, last: $last, before: $before, filter: $filter) {{
                nodes {NOTIFICATION}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let answer = world.ask(user, &document, arguments).await;
    assert_eq!(answer.code, None, "{}", answer.text);
    let page = answer.data["notifications"].clone();
    copies(&world.model, user, &page["nodes"], &positions(&page["nodes"]));
    page
}

/// These are the user's copies of `expected`, in that order, read or not as they should be.
pub(crate) fn copies(model: &Model, user: usize, told: &Value, expected: &[usize]) {
    assert_eq!(positions(told), expected);
    for notification in told.as_array().unwrap() {
        copy(model, user, notification);
    }
}

fn copy(model: &Model, user: usize, notification: &Value) {
    let position = position_of(&notification["id"]);
    let told = model.told(position);
    let minutes = model.receipts[user].read_at.get(&position);
    let minutes = minutes.filter(|_| model.is_theirs(user, position));
    let read_at =
        notification["readAt"].as_str().map(|at| at.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!(read_at, minutes.map(|at| moment(*at)), "when {} read {notification}", USERS[user]);
    assert_eq!(notification["status"] == "READ", read_at.is_some());
    assert_eq!(markers(&notification.to_string()), [position, position]);
    let campus = match told.aim {
        Aim::Campus(campus) => json!(CAMPUSES[campus]),
        _ => Value::Null,
    };
    assert_eq!(notification["campus"]["key"], campus);
    assert_eq!(notification["sender"]["name"], USERS[told.sender]);
}

/// Every notification that there is, asked for by its id at both doors.
async fn by_id(world: &World, user: usize) {
    let model = &world.model;
    for some in model.notifications().chunks(IDS_AT_ONCE) {
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
