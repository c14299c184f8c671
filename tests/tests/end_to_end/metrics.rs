//! What the server says of itself: `metrics` as query and subscription, and `/metrics` for Prometheus.

use anyhow::{Context, Result, bail};
use campanile_tests::{
    caller::Caller,
    directory,
    feed::Feed,
    publish,
    server::{Role, Server},
    socket::{Frame, Socket},
    wait::until,
};
use hyper::{
    StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const METRICS: &str = "{ metrics {
  connections subscriptions publishedTotal deliveredTotal catchingUp servers
  perCampus { campus { key } connections publishedLastHour }
} }";

/// A server with Ada and Bea on north and Cid on south.
async fn server() -> Result<(Server, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    let users: &[(&str, &[&str])] = &[("ada", &["north"]), ("bea", &["north"]), ("cid", &["south"])];
    directory::set_up(&platform, &["north", "south"], users).await?;
    Ok((server, platform))
}

/// Waits until the reading is this: numbers follow what they count, and campuses are counted once a second.
async fn reads(reader: &Caller, expected: Value) -> Result<()> {
    let mut last = Value::Null;
    let looked = until("the numbers are as expected", async || {
        last = reader.ask(METRICS, Value::Null).await.ok()?;
        (last["metrics"] == expected).then_some(())
    });
    looked.await.with_context(|| format!("they are {last}"))
}

/// The number of this name.
fn number(exposition: &str, name: &str) -> Option<f64> {
    let line = exposition.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.parse().ok()
}

#[tokio::test]
async fn every_delivery_counts() -> Result<()> {
    let (server, platform) = server().await?;
    let root = server.caller("root", Role::SuperAdmin).await?;
    let (ada, bea, cid) =
        (server.member("ada").await?, server.member("bea").await?, server.member("cid").await?);
    let mut feeds = [Feed::live(&ada).await?, Feed::live(&ada).await?, Feed::live(&bea).await?];
    let _elsewhere = Feed::live(&cid).await?;

    for i in 0..20 {
        publish::to_campus(&platform, "north", &i.to_string()).await?;
    }
    for feed in &mut feeds {
        feed.titles_through("19").await?;
    }

    let per_campus = json!([
        { "campus": { "key": "north" }, "connections": 3, "publishedLastHour": 20 },
        { "campus": { "key": "south" }, "connections": 1, "publishedLastHour": 0 },
    ]);
    let all = json!({
        "connections": 4, "subscriptions": 4, "publishedTotal": 20.0, "deliveredTotal": 60.0,
        "catchingUp": 0, "servers": 1, "perCampus": per_campus,
    });
    reads(&root, all).await?;
    let exposition = root.get("/metrics").await?.text;
    let build = format!("campanile_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    for (name, expected) in [
        (build.as_str(), 1.0),
        ("campanile_connections", 4.0),
        ("campanile_subscriptions", 4.0),
        ("campanile_catching_up", 0.0),
        ("campanile_publishes_total", 20.0),
        ("campanile_deliveries_total", 60.0),
        ("campanile_backlog", 0.0),
    ] {
        assert_eq!(number(&exposition, name), Some(expected), "{name} in {exposition}");
    }
    let live = number(&exposition, "campanile_delivery_latency_seconds_count");
    let all_live = number(&exposition, "campanile_delivery_latency_seconds_bucket{le=\"+Inf\"}");
    assert!(live > Some(0.0) && live <= Some(60.0) && live == all_live, "{exposition}");
    assert!(number(&exposition, "campanile_log_head") >= Some(20.0), "{exposition}");
    let latency = root.ask("{ metrics { deliveryLatencyMs { p50 p90 p99 max } } }", Value::Null).await?;
    let latency = &latency["metrics"]["deliveryLatencyMs"];
    let values: Vec<_> = ["p50", "p90", "p99", "max"].iter().map(|name| latency[name].as_f64()).collect();
    assert!(values.is_sorted() && values.iter().all(Option::is_some), "{latency}");

    drop(feeds);
    until("who has gone does not count", async || {
        let metrics = root.get("/metrics").await.ok()?.text;
        let is_one = |name| number(&metrics, name) == Some(1.0);
        (is_one("campanile_connections") && is_one("campanile_subscriptions")).then_some(())
    })
    .await
}

#[tokio::test]
async fn a_stream_over_http_is_a_connection_too() -> Result<()> {
    let (server, _) = server().await?;
    let root = server.caller("root", Role::SuperAdmin).await?;
    let mut stream = TcpStream::connect(server.address()).await?;
    let body = json!({ "query": "subscription { feed { cursor } }" }).to_string();
    let request = format!(
        "POST /graphql/stream HTTP/1.1\r\nhost: campanile\r\nauthorization: Bearer {}\r\n\
         accept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.token("ada", Role::Member).await?,
        body.len(),
    );
    stream.write_all(request.as_bytes()).await?;
    let counted = async |expected: f64| {
        until("the stream counts while it is open", async || {
            let metrics = root.get("/metrics").await.ok()?.text;
            let is_expected = |name| number(&metrics, name) == Some(expected);
            (is_expected("campanile_connections") && is_expected("campanile_subscriptions")).then_some(())
        })
        .await
    };
    counted(1.0).await?;
    drop(stream);
    counted(0.0).await
}

#[tokio::test]
async fn a_campus_admin_sees_their_campus_until_they_are_none_any_more() -> Result<()> {
    let (server, platform) = server().await?;
    directory::appoint(&platform, "ada", "north").await?;
    let ada = server.member("ada").await?;
    publish::to_campus(&platform, "north", "theirs").await?;
    publish::to_campus(&platform, "south", "another's").await?;
    let own = json!({
        "connections": null, "subscriptions": null, "publishedTotal": null, "deliveredTotal": null,
        "catchingUp": null, "servers": 1,
        "perCampus": [{ "campus": { "key": "north" }, "connections": 0, "publishedLastHour": 1 }],
    });
    assert_eq!(ada.ask(METRICS, Value::Null).await?["metrics"], own);

    let mut socket = Socket::open(server.address(), ada.token.as_deref()).await?;
    let readings = "subscription { metrics { perCampus { campus { key } } } }";
    socket.subscribe("m", readings, &json!({})).await?;
    let reading = json!({ "data": { "metrics": { "perCampus": [{ "campus": { "key": "north" } }] } } });
    for _ in 0..2 {
        let Frame::Message(next) = socket.next().await? else { bail!("closed") };
        assert_eq!(next, json!({ "id": "m", "type": "next", "payload": reading }));
    }
    directory::join(&platform, "ada", "north").await?;
    let refused = loop {
        let Frame::Message(next) = socket.next().await? else { bail!("closed") };
        if next["payload"] != reading {
            break next;
        }
    };
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    assert_eq!(socket.next().await?, Frame::Message(json!({ "id": "m", "type": "complete" })));
    Ok(())
}

#[rstest]
#[case::a_member(Role::Member)]
#[case::a_service(Role::Service)]
#[tokio::test]
async fn others_see_nothing(#[case] role: Role) -> Result<()> {
    let (server, _) = server().await?;
    let caller = server.caller("ada", role).await?;
    assert_eq!(caller.refusal(METRICS, Value::Null).await?.code, "FORBIDDEN");
    let mut socket = Socket::open(server.address(), caller.token.as_deref()).await?;
    socket.subscribe("m", "subscription { metrics { servers } }", &json!({})).await?;
    let Frame::Message(answer) = socket.next().await? else { bail!("closed") };
    assert_eq!(answer["type"], "error", "{answer}");
    assert_eq!(answer["payload"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    Ok(())
}

#[rstest]
#[case::too_short(json!(0))]
#[case::too_long(json!(3_601))]
#[case::much_too_long(json!(2_147_483_647))]
#[tokio::test]
async fn an_interval_out_of_bounds_is_refused(#[case] seconds: Value) -> Result<()> {
    let (server, _) = server().await?;
    let root = server.caller("root", Role::SuperAdmin).await?;
    let mut socket = Socket::open(server.address(), root.token.as_deref()).await?;
    let query = "subscription ($seconds: Int) { metrics(intervalSeconds: $seconds) { servers } }";
    socket.subscribe("m", query, &json!({ "seconds": seconds })).await?;
    let Frame::Message(answer) = socket.next().await? else { bail!("closed") };
    assert_eq!(answer["type"], "error", "{answer}");
    let extensions = &answer["payload"][0]["extensions"];
    assert_eq!(*extensions, json!({ "code": "BAD_USER_INPUT", "field": "intervalSeconds" }));
    Ok(())
}

#[rstest]
#[case::nobody(None, StatusCode::UNAUTHORIZED)]
#[case::a_member(Some(("ada", Role::Member)), StatusCode::FORBIDDEN)]
#[case::a_service(Some(("prometheus", Role::Service)), StatusCode::OK)]
#[case::a_service_of_the_directory(Some(("monitor", Role::Member)), StatusCode::OK)]
#[case::a_super_admin(Some(("root", Role::SuperAdmin)), StatusCode::OK)]
#[tokio::test]
async fn monitoring_needs_a_token(
    #[case] bearer: Option<(&str, Role)>,
    #[case] expected: StatusCode,
) -> Result<()> {
    let (server, platform) = server().await?;
    let monitor = "mutation { upsertUsers(input: { users: [{ key: \"monitor\", name: \"Monitor\", role: SERVICE }] }) { users { id } } }";
    platform.ask(monitor, Value::Null).await?;
    let token = match bearer {
        Some((subject, role)) => Some(server.token(subject, role).await?),
        None => None,
    };
    let reply = Caller::new(server.address(), token).get("/metrics").await?;
    assert_eq!(reply.status, expected, "{reply:?}");
    assert_eq!(reply.headers.contains_key(WWW_AUTHENTICATE), expected == StatusCode::UNAUTHORIZED);
    assert_eq!(reply.text.contains("campanile_connections"), expected == StatusCode::OK, "{reply:?}");
    Ok(())
}

#[tokio::test]
async fn monitoring_may_be_open() -> Result<()> {
    let server = Server::start_with(&["--metrics-open"]).await?;
    let reply = Caller::new(server.address(), None).get("/metrics").await?;
    assert_eq!(reply.status, StatusCode::OK);
    let media_type = reply.headers.get(CONTENT_TYPE).context("without a type")?.to_str()?;
    assert!(media_type.starts_with("application/openmetrics-text"), "{media_type}");
    assert!(reply.text.ends_with("# EOF\n"), "{reply:?}");
    let refused = Caller::new(server.address(), None).post("{ metrics { servers } }", Value::Null).await?;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "only that is open");
    Ok(())
}
