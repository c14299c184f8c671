//! The log of who did what, which a server may have or not: a stand-in says which, the real ones cannot yet.

use crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::{
    interactive::drive,
    server::{Server, first_page, live},
};

/// Somebody who may read it.
fn super_admin() -> Value {
    let mut page = first_page(&[1]);
    page["viewer"]["permissions"]["auditLog"] = json!(true);
    page
}

fn entries(actions: &[&str], end: Option<&str>) -> Value {
    let edge = |action: &&str| {
        json!({"node": {
            "id": format!("audit:{action}"), "at": "2026-11-21T18:00:00Z", "actor": {"key": "ada", "name": "Ada\u{1b}[31m"},
            "action": action, "target": "north", "remoteAddress": "192.0.2.7", "outcome": "ok",
        }})
    };
    let edges: Vec<_> = actions.iter().map(edge).collect();
    json!({"auditLog": {"edges": edges, "pageInfo": {"hasNextPage": end.is_some(), "endCursor": end}}})
}

#[tokio::test]
async fn a_server_that_has_it_is_paged_through() {
    let server = Server::start().await;
    drive(&server, async |keys, mut screen| {
        let mut peer = server.accept().await;
        let start = peer.asks("notifications").await;
        peer.answer(&start, super_admin()).await;
        let feed = peer.asks("feed").await;
        peer.tell(&feed, live("c1")).await;
        let probe = peer.asks("auditLog").await;
        let first = json!({"first": 50, "after": null, "actorKey": null, "action": null});
        assert_eq!(probe.variables, first);
        peer.answer(&probe, entries(&["recall"], None)).await;
        screen.shows("7 Audit").await;
        keys.send(KeyCode::Char('7')).unwrap();
        let page = peer.asks("auditLog").await;
        peer.answer(&page, entries(&["recall", "broadcastToAll"], Some("p1"))).await;
        let older = peer.asks("auditLog").await;
        assert_eq!(older.variables["after"], "p1");
        peer.answer(&older, entries(&["cancelBroadcast"], None)).await;
        screen.shows("cancelBroadcast").await;
        // What a terminal would obey is not shown.
        screen.shows("Ada[31m").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_has_it_not_has_no_tab_of_it() {
    let server = Server::start().await;
    let model = drive(&server, async |_keys, mut screen| {
        let mut peer = server.accept().await;
        let start = peer.asks("notifications").await;
        peer.answer(&start, super_admin()).await;
        let feed = peer.asks("feed").await;
        peer.tell(&feed, live("c1")).await;
        let probe = peer.asks("auditLog").await;
        peer.refuse(&probe, "GRAPHQL_VALIDATION_FAILED").await;
        screen.shows("● live").await;
    })
    .await;
    assert!(!model.shared.audit_log);
}
