//! Two servers on one database behind the balancer as it is shipped: whichever of them dies, clients go on at the other with
//! neither gap nor double.

use anyhow::{Context, Result};
use campanile_tests::{
    balancer::Balancer,
    caller::Caller,
    cluster::Cluster,
    directory,
    feed::Feed,
    publish,
    stream::{Event, Stream},
    wait::{until, within},
};
use serde_json::{Value, json};

const FOLLOW: &str = "subscription { feed { cursor ... on NotificationAdded { notification { title } } } }";
const EACH: usize = 20;

/// Somebody who follows their feed over a socket, and comes back when that breaks.
struct OverSocket {
    viewer: Caller,
    feed: Feed,
    breaks: usize,
}

/// The same over an event stream.
struct OverStream {
    viewer: Caller,
    stream: Stream,
    last_event: Option<String>,
    breaks: usize,
}

impl OverSocket {
    async fn through(&mut self, last: &str) -> Result<Vec<String>> {
        let mut titles = Vec::new();
        loop {
            if let Ok(Some(event)) = self.feed.next_or_end().await {
                titles.extend(event.title().map(str::to_owned));
            } else {
                // Also where the balancer found nobody who would take the socket.
                self.breaks += 1;
                let cursor = self.feed.cursor().map(str::to_owned);
                let again = async || Feed::open(&self.viewer, cursor.as_deref(), &Value::Null).await.ok();
                self.feed = until("the socket is taken", again).await?;
            }
            if titles.last().is_some_and(|title| title == last) {
                return Ok(titles);
            }
        }
    }
}

impl OverStream {
    async fn open(viewer: &Caller, last_event: Option<&str>) -> Result<Stream> {
        let accept = "text/event-stream";
        Stream::resume(viewer, "/graphql/stream", accept, FOLLOW, &Value::Null, last_event).await
    }

    async fn through(&mut self, last: &str) -> Result<Vec<String>> {
        let mut titles = Vec::new();
        loop {
            if let Ok(Some(Event::Next { id, result })) = self.stream.next().await {
                self.last_event = id.or(self.last_event.take());
                let title = result["data"]["feed"]["notification"]["title"].as_str();
                titles.extend(title.map(str::to_owned));
            } else {
                self.breaks += 1;
                let again = async || {
                    let opened = Self::open(&self.viewer, self.last_event.as_deref()).await.ok()?;
                    (opened.status == 200).then_some(opened)
                };
                self.stream = until("the stream is taken", again).await?;
            }
            if titles.last().is_some_and(|title| title == last) {
                return Ok(titles);
            }
        }
    }
}

/// Publishes some, one after the other, whoever dies meanwhile.
async fn publish_some(platform: &Caller, round: &str) -> Result<Vec<String>> {
    let mut titles = Vec::new();
    for number in 0..EACH {
        let title = format!("{round} {number}");
        let input =
            json!({ "campusKey": "north", "content": publish::content(&title), "idempotencyKey": title });
        until("the publish is answered", async || {
            publish::publish(platform, publish::BROADCAST_TO_CAMPUS, &input).await.ok()
        })
        .await?;
        titles.push(title);
    }
    Ok(titles)
}

#[tokio::test]
async fn whichever_server_dies_clients_go_on_at_the_other() -> Result<()> {
    let mut cluster = Cluster::start(2).await?;
    let balancer = Balancer::start(&[cluster[0].address(), cluster[1].address()]).await?;
    let platform = balancer.before(&cluster.service(0).await?);
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = balancer.before(&cluster.member(0, "ada").await?);

    let feed = Feed::live(&ada).await?;
    let mut over_socket = OverSocket { viewer: ada.clone(), feed, breaks: 0 };
    let stream = OverStream::open(&ada, None).await?;
    let mut over_stream = OverStream { viewer: ada.clone(), stream, last_event: None, breaks: 0 };
    let (_, opened) = over_stream.stream.result().await?;
    assert!(opened["data"]["feed"]["cursor"].is_string(), "{opened}");

    for round in ["while both run", "without the first", "without the second"] {
        let dies = match round {
            "without the first" => Some(0),
            "without the second" => Some(1),
            _ => None,
        };
        let last = format!("{round} {}", EACH - 1);
        let killing = async {
            let Some(dies) = dies else { return Ok(()) };
            cluster[dies].kill_9().await?;
            // And comes back when the balancer has noticed, or has not.
            cluster[dies].restart().await
        };
        let all = async {
            tokio::try_join!(
                publish_some(&platform, round),
                over_socket.through(&last),
                over_stream.through(&last),
                killing
            )
        };
        let (published, by_socket, by_stream, ()) = within(round, Box::pin(all)).await??;
        assert_eq!(by_socket, published, "{round}");
        assert_eq!(by_stream, published, "{round}");
    }
    assert!(over_socket.breaks > 0 && over_stream.breaks > 0, "each was at one of them");
    Ok(())
}

#[tokio::test]
async fn a_server_that_cannot_do_its_work_is_passed_over() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    // Nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let balancer = Balancer::start(&[nobody, cluster[1].address()]).await?;
    let platform = balancer.before(&cluster.service(0).await?);
    for number in 0..EACH {
        let answered = platform.ask("{ campuses { key } }", Value::Null).await;
        answered.with_context(|| format!("question {number}"))?;
    }
    Ok(())
}
