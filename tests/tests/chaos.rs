//! Three servers, one database, and everything that can be cut off is cut off at random, while people publish and read. At the
//! end everybody has seen what is theirs, once and in order, and nobody anything else.
//!
//! It takes half a minute; `CAMPANILE_CHAOS_SECONDS=120 cargo test -p campanile-tests --test chaos` takes two. Every choice
//! follows from a number that is printed, and `CAMPANILE_CHAOS_SEED` has it chosen again.

use std::{collections::BTreeMap, net::SocketAddr, str::FromStr, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use campanile_tests::{
    caller::Caller,
    cluster::Cluster,
    directory,
    feed::{Event, Feed},
    postgres::Stop,
    publish,
    server::Role,
    wait::{until, within},
};
use chrono::{TimeDelta, Utc};
use futures_util::future::try_join_all;
use rand::{RngExt as _, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

const SERVERS: usize = 3;
/// People, every other of them on either campus.
const USERS: usize = 20;
/// Clients of each.
const CLIENTS_EACH: usize = 10;
const PUBLISHERS: usize = 20;
/// Between two publishes of one publisher, and two cuts, at most.
const PACES: (Duration, Duration) = (Duration::from_millis(400), Duration::from_millis(1_500));
/// What everybody waits for at the end.
const LAST: &str = "the last";

/// Which notification has which title and is whose.
type Published = BTreeMap<String, Whose>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Everybodys,
    /// Of one campus: the even ones', or the odd ones'.
    OfCampus(usize),
    OfUser(usize),
}

impl Whose {
    fn includes(self, user: usize) -> bool {
        match self {
            Self::Everybodys => true,
            Self::OfCampus(campus) => user % 2 == campus,
            Self::OfUser(one) => user == one,
        }
    }
}

fn from_environment<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

fn campus(number: usize) -> &'static str {
    ["north", "south"][number % 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_cut_off_everybody_sees_what_is_theirs_once_and_in_order() -> Result<()> {
    let seed: u64 = from_environment("CAMPANILE_CHAOS_SEED").unwrap_or_else(rand::random);
    let seconds = from_environment("CAMPANILE_CHAOS_SECONDS").unwrap_or(30);
    println!("CAMPANILE_CHAOS_SEED={seed} CAMPANILE_CHAOS_SECONDS={seconds}");
    let mut random = StdRng::seed_from_u64(seed);

    let mut cluster = Cluster::start(SERVERS).await?;
    let addresses: Arc<[SocketAddr]> = (0..SERVERS).map(|server| cluster[server].address()).collect();
    let platform =
        Caller::new(addresses[0], Some(cluster[0].token_for("platform", Role::Service, "30d").await?));
    let keys: Vec<String> = (0..USERS).map(|user| format!("user-{user}")).collect();
    let on: Vec<[&str; 1]> = (0..USERS).map(|user| [campus(user)]).collect();
    let users: Vec<(&str, &[&str])> =
        keys.iter().zip(&on).map(|(key, on)| (key.as_str(), on.as_slice())).collect();
    directory::set_up(&platform, &["north", "south"], &users).await?;

    let (over, is_over) = watch::channel(false);
    let mut clients = Vec::new();
    for (user, key) in keys.iter().enumerate() {
        let token = cluster[0].token_for(key, Role::Member, "30d").await?;
        let page = Caller::new(addresses[0], Some(token.clone()))
            .ask("{ notifications(first: 1) { feedCursor } }", Value::Null)
            .await?;
        let cursor = page["notifications"]["feedCursor"].as_str().context("a page without a cursor")?;
        for _ in 0..CLIENTS_EACH {
            let (random, token) = (StdRng::seed_from_u64(random.random()), token.clone());
            let (addresses, cursor) = (Arc::clone(&addresses), cursor.to_owned());
            let client = Client { addresses, token, random, cursor, seen: Vec::new() };
            clients.push((user, tokio::spawn(client.follow(is_over.clone()))));
        }
    }
    let publishers: Vec<_> = (0..PUBLISHERS)
        .map(|number| {
            let random = StdRng::seed_from_u64(random.random());
            let (platform, addresses, is_over) = (platform.clone(), Arc::clone(&addresses), is_over.clone());
            tokio::spawn(publish_on(number, platform, addresses, random, is_over))
        })
        .collect();

    cut_at_random(&mut cluster, &mut random, Duration::from_secs(seconds)).await?;
    over.send_replace(true);
    let mut published = Published::new();
    for of_one in try_join_all(publishers).await? {
        published.extend(of_one?);
    }
    cluster.postgres.until_number("SELECT count(*) FROM broadcast WHERE state = 0", 0).await?;
    let input = json!({ "content": publish::content(LAST), "idempotencyKey": LAST });
    let last = async || platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok();
    until("the last is published", last).await?;
    published.insert(LAST.to_owned(), Whose::Everybodys);

    for (user, client) in clients {
        let seen = within("a client has seen the last", client).await???;
        let positions: Vec<i64> = seen.iter().map(|(position, _)| *position).collect();
        assert!(
            positions.is_sorted_by(|one, next| one < next),
            "user {user}: out of order, or twice: {positions:?}"
        );
        let mut titles: Vec<&String> = seen.iter().map(|(_, title)| title).collect();
        titles.sort();
        let theirs: Vec<&String> =
            published.iter().filter(|(_, whose)| whose.includes(user)).map(|(title, _)| title).collect();
        assert_eq!(titles, theirs, "user {user}");
    }
    let kept = cluster.postgres.number("SELECT count(*) FROM notification").await?;
    assert_eq!(
        usize::try_from(kept)?,
        published.len(),
        "each publish once, whatever became of its first try"
    );
    println!("{} notifications to {} clients", published.len(), USERS * CLIENTS_EACH);
    Ok(())
}

/// Cuts off whatever comes to mind, for so long; then everything runs.
async fn cut_at_random(cluster: &mut Cluster, random: &mut StdRng, whole: Duration) -> Result<()> {
    let end = Instant::now() + whole;
    while Instant::now() < end {
        sleep(random.random_range(PACES.1 / 5..PACES.1)).await;
        let server = random.random_range(0..SERVERS);
        let choice = random.random_range(0..7);
        println!("chaos: {choice} at server {server}");
        match choice {
            0 | 1 => {
                cluster[server].kill_9().await?;
                sleep(random.random_range(Duration::ZERO..PACES.1)).await;
                cluster[server].restart().await?;
            }
            2 => {
                cluster[server].pause(true)?;
                sleep(random.random_range(Duration::ZERO..PACES.1)).await;
                cluster[server].pause(false)?;
            }
            3 => {
                let line = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'campanile-line'";
                cluster.postgres.execute("postgres", line).await?;
            }
            4 => {
                let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'campanile%'";
                cluster.postgres.execute("postgres", all).await?;
            }
            how => {
                cluster.postgres.stop(if how == 5 { Stop::Fast } else { Stop::Immediate }).await?;
                sleep(random.random_range(Duration::ZERO..PACES.1)).await;
                cluster.postgres.begin().await?;
            }
        }
    }
    Ok(())
}

/// Publishes one after the other, each until it is acknowledged.
async fn publish_on(
    number: usize,
    platform: Caller,
    addresses: Arc<[SocketAddr]>,
    mut random: StdRng,
    is_over: watch::Receiver<bool>,
) -> Result<Published> {
    let mut published = Published::new();
    while !*is_over.borrow() {
        let title = format!("{number}-{}", published.len());
        let mut input = json!({ "content": publish::content(&title), "idempotencyKey": title });
        let to = random.random_range(0..USERS);
        let (mutation, whose) = match random.random_range(0..8) {
            0 => (publish::BROADCAST_TO_ALL, Whose::Everybodys),
            1..=4 => {
                input["campusKey"] = campus(to).into();
                (publish::BROADCAST_TO_CAMPUS, Whose::OfCampus(to % 2))
            }
            _ => {
                input["userKeys"] = json!([format!("user-{to}")]);
                (publish::NOTIFY_USERS, Whose::OfUser(to))
            }
        };
        if random.random_bool(0.1) {
            input["sendAt"] = soon();
        }
        let reply = within("a publish is acknowledged", async {
            loop {
                let caller = Caller {
                    address: addresses[random.random_range(0..addresses.len())],
                    ..platform.clone()
                };
                let asking = caller.post(mutation, json!({ "input": input }));
                // A server that was paused answers nobody: one asks another.
                let Ok(Ok(reply)) = timeout(Duration::from_secs(20), asking).await else {
                    sleep(PACES.0 / 4).await;
                    continue;
                };
                match reply.refusal() {
                    Ok(refusal) if refusal.code == "UNAVAILABLE" => sleep(PACES.0 / 4).await,
                    // It was not scheduled, and by now it is too late for that.
                    Ok(refusal) if refusal.field.as_deref() == Some("sendAt") => input["sendAt"] = soon(),
                    _ => return reply,
                }
            }
        })
        .await?;
        ensure!(reply.body.get("errors").is_none(), "refused: {reply:?}");
        published.insert(title, whose);
        sleep(random.random_range(PACES.0 / 4..PACES.0)).await;
    }
    Ok(published)
}

#[expect(clippy::disallowed_methods, reason = "a server that runs goes by the real time")]
fn soon() -> Value {
    (Utc::now() + TimeDelta::seconds(2)).to_rfc3339().into()
}

/// A client that comes back from wherever it was.
struct Client {
    addresses: Arc<[SocketAddr]>,
    token: String,
    random: StdRng,
    cursor: String,
    /// Position and title of what was added.
    seen: Vec<(i64, String)>,
}

impl Client {
    /// Follows the feed until it has seen the last.
    async fn follow(mut self, is_over: watch::Receiver<bool>) -> Result<Vec<(i64, String)>> {
        loop {
            match self.follow_once(&is_over).await {
                Ok(true) => return Ok(self.seen),
                Ok(false) => {}
                Err(error) if format!("{error:#}").contains("CURSOR_EXPIRED") => return Err(error),
                // Nobody there, or not now.
                Err(_) => {
                    let pause =
                        self.random.random_range(Duration::from_millis(20)..Duration::from_millis(300));
                    sleep(pause).await;
                }
            }
        }
    }

    /// Whether the last was seen, before the connection was lost or cut.
    async fn follow_once(&mut self, is_over: &watch::Receiver<bool>) -> Result<bool> {
        let address = self.addresses[self.random.random_range(0..self.addresses.len())];
        let caller = Caller::new(address, Some(self.token.clone()));
        let patience = Duration::from_secs(10);
        let opening = Feed::open(&caller, Some(&self.cursor), &Value::Null);
        let mut feed = timeout(patience, opening).await.context("it is not opened")??;
        let mut left = self.random.random_range(1..400);
        loop {
            // A server that was paused, or a feed that has nothing to say, is left for another.
            let Ok(event) = timeout(patience, feed.next_or_end()).await else { return Ok(false) };
            let Some(event) = event? else { return Ok(false) };
            event.cursor().clone_into(&mut self.cursor);
            if let Event::NotificationAdded { notification, .. } = event {
                let position = notification.id.trim_start_matches('n').parse()?;
                let is_last = notification.title == LAST;
                self.seen.push((position, notification.title));
                if is_last {
                    return Ok(true);
                }
            }
            left -= 1;
            if left == 0 && !*is_over.borrow() {
                return Ok(false);
            }
        }
    }
}
