//! Performs operations on the server and on the model alike; what is answered must be what the model says.

use serde_json::{Value, json};

use super::World;
use super::compare;
use super::explain::explain;
use super::feeds::LiveFeed;
use super::model::{
    CAMPUSES, Happened, KINDS, KNOWN, MANDATORY, Model, PRIORITIES, ROOT, SERVICE, Told, USERS, WORDS,
    reads_a_feed,
};
use super::operations::{Aim, Operation, Role};
use super::server::{Answer, moment};
use super::settings::{change_settings, own_zone};

/// What is asked of every notification, wherever one is.
pub(crate) const NOTIFICATION: &str =
    "{ id type category priority title message audience readAt archivedAt status createdAt
        sender { id name } campus { key name } }";

/// Makes campuses and users, and puts these users on those campuses.
pub(crate) async fn found(world: &mut World, directory: &[(usize, usize, Role)]) {
    let campuses: Vec<Value> =
        CAMPUSES.iter().map(|key| json!({ "key": key, "name": campus_name(key) })).collect();
    let users: Vec<Value> = USERS[..KNOWN]
        .iter()
        .enumerate()
        .map(|(user, key)| {
            let role = if user == SERVICE { "SERVICE" } else { "MEMBER" };
            json!({ "key": key, "name": key, "role": role, "timezone": own_zone(user) })
        })
        .collect();
    let document = "mutation($campuses: UpsertCampusesInput!, $users: UpsertUsersInput!) {
        upsertCampuses(input: $campuses) { campuses { key } } upsertUsers(input: $users) { users { key } } }";
    let variables = json!({ "campuses": { "campuses": campuses }, "users": { "users": users } });
    let answer = world.server.ask(ROOT, document, variables).await;
    assert_eq!(answer.code, None, "{}", answer.text);
    // Whoever has asked something can be asked about.
    for user in KNOWN..USERS.len() {
        world.ask(user, "{ viewer { id } }", json!({})).await;
    }
    for (user, campus, role) in directory {
        set_membership(world, ROOT, *user, *campus, Some(*role)).await;
    }
}

/// Does it, and holds the answer against the model.
pub(crate) async fn perform(world: &mut World, operation: Operation) {
    match operation {
        Operation::Publish { by, aim, kind, priority, words, expires_in_minutes } => {
            let (at, expires_at) =
                (world.model.now, expires_in_minutes.map(|minutes| world.model.now + minutes));
            publish(world, Told { sender: by, aim, kind, priority, words, at, expires_at }).await;
        }
        Operation::Recall { by, which } => recall(world, by, which).await,
        Operation::SetMembership { by, user, campus, role } => {
            set_membership(world, by, user, campus, role).await;
        }
        Operation::Mark { by, which, read } => {
            let mutation = if read { "markRead" } else { "markUnread" };
            change(world, by, &which, mutation, |model, named| model.mark(by, named, read)).await;
        }
        Operation::Archive { by, which, archived } => {
            let mutation = if archived { "archive" } else { "unarchive" };
            change(world, by, &which, mutation, |model, named| model.archive(by, named, archived)).await;
        }
        Operation::MarkAllRead { by, through, campus } => mark_all_read(world, by, through, campus).await,
        Operation::MarkSeen { by, through } => mark_seen(world, by, through).await,
        Operation::UpdatePreferences { by, place, change } => {
            change_settings(world, by, place, Some(&change)).await;
        }
        Operation::ResetPreferences { by, campus } => change_settings(world, by, Some(campus), None).await,
        Operation::Explain { by, which, about } => explain(world, by, which, about).await,
        Operation::IndexTexts => world.server.index_texts().await,
        Operation::Subscribe { by, from } => subscribe(world, by, from).await,
        Operation::KeepCursor { by } => {
            if reads_a_feed(by) {
                let cursor = compare::feed_cursor(world, by).await;
                world.cursors.push((cursor, world.model.head()));
            }
        }
        Operation::TimePasses { minutes } => {
            // What is still on its way must not meet a later time.
            ring(world).await;
            world.model.now += minutes;
            world.server.set_time(world.model.now);
        }
        Operation::ComeOfAge { through } => {
            world.model.come_of_age(through);
            world.server.archive_through(world.model.archived_through);
        }
    }
}

/// Tells everyone, and waits until every feed has told it.
pub(crate) async fn ring(world: &mut World) {
    let at = world.model.now;
    // Of a type that nobody can mute.
    let kind = MANDATORY;
    let words = vec![];
    let told = Told { sender: ROOT, aim: Aim::Everyone, kind, priority: 0, words, at, expires_at: None };
    publish(world, told).await;
    let rung = world.model.head();
    for feed in &mut world.feeds {
        feed.wait_until_added(rung).await;
        world.cursors.extend(feed.cursors());
        // What a feed has gone on from has been noted.
        let delivered_through = &mut world.model.receipts[feed.user].delivered_through;
        *delivered_through = world.rung.max(*delivered_through);
    }
    world.rung = rung;
}

async fn publish(world: &mut World, told: Told) {
    let model = &world.model;
    let (by, aim) = (told.sender, told.aim.clone());
    let position = model.head() + 1;
    let words = told.words.iter().map(|word| WORDS[*word].to_owned());
    let title: Vec<String> = std::iter::once(marker(position)).chain(words).collect();
    let content = json!({
        "type": KINDS[told.kind].0,
        "priority": PRIORITIES[told.priority],
        "title": title.join(" "),
        "message": format!("Hear {}", marker(position)),
        "expiresAt": told.expires_at.map(|at| moment(at).to_rfc3339()),
    });
    let keys = |users: &[usize]| users.iter().map(|user| USERS[*user]).collect::<Vec<_>>();
    let (mutation, kind, input) = match &aim {
        Aim::Everyone => ("broadcastToAll", "SystemBroadcastInput", json!({ "content": content })),
        Aim::Campus(campus) => (
            "broadcastToCampus",
            "CampusBroadcastInput",
            json!({ "campusKey": CAMPUSES[*campus], "content": content }),
        ),
        Aim::Users { named, within } => (
            "notifyUsers",
            "NotifyUsersInput",
            json!({ "userKeys": keys(named), "campusKey": within.map(|campus| CAMPUSES[campus]), "content": content }),
        ),
    };
    let document = format!(
        "mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{
            created notification {NOTIFICATION} broadcast {{ id audienceSize state }} }} }}"
    );
    let expected = model.may_publish(by, &aim);
    let reach = model.reach(&aim);
    if expected.is_ok() {
        happen(world, Happened::Added(told));
    }
    let answer = world.ask(by, &document, json!({ "input": input })).await;
    assert_eq!(answer.code.as_deref(), expected.err(), "{input}: {}", answer.text);
    if expected.is_ok() {
        let done = &answer.data["done"];
        assert_eq!(done["created"], true);
        assert_eq!(position_of(&done["notification"]["id"]), position);
        assert_eq!(done["broadcast"]["audienceSize"], reach, "{}", answer.text);
    }
}

async fn recall(world: &mut World, by: usize, which: usize) {
    let target = world.model.notifications().get(which).copied();
    let expected = target.ok_or("NOT_FOUND").and_then(|n| world.model.may_recall(by, n));
    if let (Some(target), Ok(())) = (target, expected)
        && !world.model.is_recalled(target)
    {
        happen(world, Happened::Recalled(target));
    }
    let document = "mutation($input: RecallInput!) { recall(input: $input) { notificationId } }";
    let answer = world.ask(by, document, json!({ "input": { "id": id_of(target) } })).await;
    assert_eq!(answer.code.as_deref(), expected.err(), "{}", answer.text);
}

async fn set_membership(world: &mut World, by: usize, user: usize, campus: usize, role: Option<Role>) {
    let expected = match (by, user) {
        (by, _) if !super::model::is_everywhere(by) => Err("FORBIDDEN"),
        (_, user) if user >= KNOWN => Err("NOT_FOUND"),
        _ => Ok(()),
    };
    let before = world.model.membership(user, campus, world.model.head()).map(|(_, role)| role);
    let changes = expected.is_ok() && before != role;
    if changes {
        happen(world, Happened::Membership { user, campus, role });
    }
    let key = json!({ "userKey": USERS[user], "campusKey": CAMPUSES[campus] });
    let (document, row) = match role {
        Some(role) => {
            let mut row = key;
            row["role"] = json!(if role == Role::Admin { "ADMIN" } else { "MEMBER" });
            (
                "mutation($rows: [MembershipInput!]!) { done: setMemberships(input: { memberships: $rows }) { changed } }",
                row,
            )
        }
        None => (
            "mutation($rows: [MembershipKeyInput!]!) { done: removeMemberships(input: { memberships: $rows }) { changed } }",
            key,
        ),
    };
    let answer = world.ask(by, document, json!({ "rows": [row] })).await;
    assert_eq!(answer.code.as_deref(), expected.err(), "{}", answer.text);
    if expected.is_ok() {
        assert_eq!(answer.data["done"]["changed"], usize::from(changes));
    }
}

/// Says something of these, as the model does.
async fn change(
    world: &mut World,
    by: usize,
    which: &[usize],
    mutation: &str,
    say: impl FnOnce(&mut Model, &[usize]) -> Vec<usize>,
) {
    let all = world.model.notifications();
    let named: Vec<Option<usize>> = which.iter().map(|which| all.get(*which).copied()).collect();
    let theirs = if reads_a_feed(by) {
        Ok(say(&mut world.model, &named.iter().copied().flatten().collect::<Vec<_>>()))
    } else {
        Err("FORBIDDEN")
    };
    let document = format!(
        "mutation($ids: [ID!]!) {{ done: {mutation}(input: {{ ids: $ids }}) {{
            notifications {NOTIFICATION} viewer {{ unreadCount {{ count }} unseenCount {{ count }} }} }} }}"
    );
    let ids: Vec<String> = named.into_iter().map(id_of).collect();
    let answer = world.ask(by, &document, json!({ "ids": ids })).await;
    assert_eq!(answer.code.as_deref(), theirs.as_ref().err().copied(), "{}", answer.text);
    if let Ok(theirs) = theirs {
        compare::copies(&world.model, by, &answer.data["done"]["notifications"], &theirs);
        let viewer = &answer.data["done"]["viewer"];
        assert_eq!(viewer["unreadCount"]["count"], world.model.unread(by));
        assert_eq!(viewer["unseenCount"]["count"], world.model.unseen(by));
    }
}

async fn mark_all_read(world: &mut World, by: usize, through: usize, campus: Option<usize>) {
    let through = world.model.notifications().get(through).copied();
    let expected = match (through, campus) {
        _ if !reads_a_feed(by) => Err("FORBIDDEN"),
        (_, Some(campus)) if world.model.may_see_campus(by, campus).is_err() => Err("NOT_FOUND"),
        (None, _) => Err("BAD_USER_INPUT"),
        (Some(through), _) => Ok(through),
    };
    let said = expected.ok().map(|through| world.model.mark_all(by, through, campus));
    let document = "mutation($input: MarkAllReadInput!) {
        done: markAllRead(input: $input) { readThrough viewer { unreadCount { count } } } }";
    let input = json!({ "through": id_of(through), "campusKey": campus.map(|campus| CAMPUSES[campus]) });
    let answer = world.ask(by, document, json!({ "input": input })).await;
    assert_eq!(answer.code.as_deref(), expected.err(), "{}", answer.text);
    if let Some((said, must)) = said {
        assert_eq!(answer.data["done"]["viewer"]["unreadCount"]["count"], world.model.unread(by));
        let counts = must || compare::revision(world, by).await > world.model.receipts[by].revision();
        world.model.receipts[by].changes.extend(counts.then_some(said));
    }
}

async fn mark_seen(world: &mut World, by: usize, through: usize) {
    let through = world.model.notifications().get(through).copied();
    let expected = match through {
        _ if !reads_a_feed(by) => Err("FORBIDDEN"),
        None => Err("BAD_USER_INPUT"),
        Some(through) => Ok(through),
    };
    if let Ok(through) = expected {
        world.model.mark_seen(by, through);
    }
    let document = "mutation($input: MarkSeenInput!) {
        done: markSeen(input: $input) { viewer { unseenCount { count } } } }";
    let answer = world.ask(by, document, json!({ "input": { "through": id_of(through) } })).await;
    assert_eq!(answer.code.as_deref(), expected.err(), "{}", answer.text);
    if expected.is_ok() {
        assert_eq!(answer.data["done"]["viewer"]["unseenCount"]["count"], world.model.unseen(by));
    }
}

async fn subscribe(world: &mut World, by: usize, from: Option<usize>) {
    let kept = world.cursors.len();
    let after = from.filter(|_| kept > 0).map(|from| world.cursors[from % kept].clone());
    match LiveFeed::open(&world.server, &world.model, by, after).await {
        Ok(feed) => {
            assert!(reads_a_feed(by), "a service has no feed");
            world.model.deliver(by);
            world.model.receipts[by].listens = true;
            world.cursors.extend(feed.cursors());
            world.feeds.push(feed);
        }
        Err(code) => assert_eq!((code.as_str(), reads_a_feed(by)), ("FORBIDDEN", false)),
    }
}

/// It stands at the next position, and the live feeds are to tell of it.
pub(crate) fn happen(world: &mut World, what: Happened) {
    world.model.happened.push(what);
    let position = world.model.head();
    for feed in &mut world.feeds {
        feed.expected.extend(world.model.news(feed.user, position));
    }
}

impl World {
    /// Asks, and looks for anything in the answer that is not for this user.
    pub(crate) async fn ask(&self, user: usize, document: &str, variables: Value) -> Answer {
        let answer = self.server.ask(user, document, variables).await;
        compare::nothing_foreign(&self.model, user, &answer.text);
        answer
    }
}

/// A text that gives a notification away wherever it turns up.
fn marker(position: usize) -> String {
    format!("<<told {position}>>")
}

/// The notifications whose texts are in `text`.
pub(crate) fn markers(text: &str) -> Vec<usize> {
    let after = text.split("<<told ").skip(1);
    after.map(|rest| rest.split_once(">>").unwrap().0.parse().unwrap()).collect()
}

/// A name that gives a campus away wherever it turns up.
pub(crate) fn campus_name(key: &str) -> String {
    format!("<<campus {key}>>")
}

/// The id of the notification at that position, or of none.
pub(crate) fn id_of(notification: Option<usize>) -> String {
    notification.map_or_else(|| "n999999".to_owned(), |position| format!("n{position}"))
}

pub(crate) fn position_of(id: &Value) -> usize {
    id.as_str().and_then(|id| id.strip_prefix('n')?.parse().ok()).unwrap_or_else(|| panic!("no id: {id}"))
}
