//! The interactive client's loop over its real network: connecting, resuming, being refused.

use std::sync::Arc;

use campanile::{
    api::{
        mutations::{IdsVariables, MarkRead, NotificationIdsInput},
        queries::{StartQuery, StartVariables},
    },
    app::App,
    clock::{Clock, SystemClock},
    model::{Model, event::Cursor, link::LinkState, notification::NotificationId},
    net::{
        endpoint::{Endpoint, Token},
        link::{Link, Profile, Profiles},
        session::Session,
    },
    options::Options,
};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use cynic::{MutationBuilder, QueryBuilder};
use futures_util::stream;
use ratatui::{Terminal, layout::Size};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    screen::{Screen, watched},
    server::{Server, added, first_page, live},
};

/// Runs the client against a script, which presses keys and, when it ends, pulls the keyboard out.
pub(crate) async fn drive<F: Future<Output = ()>>(
    server: &Server,
    script: impl FnOnce(mpsc::UnboundedSender<KeyCode>, Screen) -> F,
) -> Model {
    drive_with(server, None, script).await
}

/// The same, with a profile `other` to switch to.
async fn drive_with<F: Future<Output = ()>>(
    server: &Server,
    other: Option<Profile>,
    script: impl FnOnce(mpsc::UnboundedSender<KeyCode>, Screen) -> F,
) -> Model {
    let options = Options { profiles: vec!["other".to_owned(), "broken".to_owned()], ..Options::default() };
    let profiles: Profiles = Arc::new(move |name| {
        other.clone().filter(|_| name == "other").ok_or_else(|| "its keyring is locked".to_owned())
    });
    let (queue, messages) = mpsc::channel(16);
    let (effects, performed) = mpsc::unbounded_channel();
    let link = Link::new(Endpoint::new(&server.url(), None).unwrap(), Token::new("secret"), queue)
        .with_profiles(profiles);
    tokio::spawn(link.run(performed));

    let (keys, pressed) = mpsc::unbounded_channel();
    let keyboard = stream::unfold(pressed, |mut pressed: mpsc::UnboundedReceiver<KeyCode>| async {
        let code = pressed.recv().await?;
        Some((Ok(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))), pressed))
    });
    let (backend, screen) = watched(80, 24);
    let mut terminal = Terminal::new(backend).unwrap();
    let model = Model::new(server.url(), options, SystemClock.now(), Size::new(80, 24), 1);
    let app = App { model, clock: SystemClock, messages, effects, gestures: |_| Ok(()) };
    // It holds all that is shown.
    let looping = Box::pin(app.run(&mut terminal, Box::pin(keyboard), std::future::pending()));
    let (model, ()) = tokio::join!(looping, script(keys, screen));
    model.unwrap()
}

fn shown(model: &Model) -> Vec<&str> {
    model.screens.feed.triage.inbox.shown().iter().map(NotificationId::as_str).collect()
}

#[tokio::test]
async fn a_cut_connection_is_resumed_without_gap_or_repeat() {
    let server = Server::start().await;
    let model = drive(&server, async |keys, mut screen| {
        let mut peer = server.accept().await;
        assert_eq!(peer.init, json!({"authorization": "Bearer secret"}));
        let start = peer.asks("notifications").await;
        assert_eq!(start.variables, json!({"first": 50}));
        peer.answer(&start, first_page(&[2, 1])).await;
        let feed = peer.asks("feed").await;
        assert_eq!(feed.variables, json!({"after": "c2", "filter": null}));
        peer.tell(&feed, live("c2")).await;
        peer.tell(&feed, json!({"__typename": "BellRung", "cursor": "c3"})).await;
        peer.tell(&feed, added(4)).await;
        screen.shows("Event 4").await;
        drop(peer);

        screen.shows("reconnecting").await;
        let mut peer = server.accept().await;
        let feed = peer.asks("feed").await;
        assert_eq!(feed.variables["after"], "c4");
        let refresh = peer.asks("notifications").await;
        peer.tell(&feed, added(4)).await;
        peer.tell(&feed, added(5)).await;
        peer.tell(&feed, live("c5")).await;
        peer.answer(&refresh, first_page(&[5, 4, 2, 1])).await;
        screen.shows("Event 5").await;
        screen.shows("● live").await;
        keys.send(KeyCode::Char('r')).unwrap();
        let mark = peer.asks("markRead").await;
        assert_eq!(mark.variables, json!({"input": {"ids": ["n5"]}}));
        peer.refuse(&mark, "UNAVAILABLE").await;
        screen.shows("failed to mark: no (UNAVAILABLE)").await;
        drop(keys);
    })
    .await;
    assert_eq!(shown(&model), ["n5", "n4", "n2", "n1"]);
    assert_eq!(model.screens.feed.cursor, Some(Cursor("c5".into())));
    assert_eq!(model.shared.link.state, LinkState::Live);
    assert_eq!(
        model.shared.status.map(|status| status.text),
        Some("failed to mark: no (UNAVAILABLE)".into())
    );
}

#[tokio::test]
async fn whoever_is_refused_asks_again_only_on_a_key() {
    let server = Server::start().await;
    drive(&server, async |keys, mut screen| {
        server.meet().await.close(4403, "it has expired").await;
        screen.shows("✗ refused: the token is not accepted: it has expired (4403)").await;
        screen.shows("Another token for this server").await;
        keys.send(KeyCode::Esc).unwrap();
        screen.shows("c connect now").await;
        keys.send(KeyCode::Char('c')).unwrap();
        server.accept().await.asks("viewer").await;
        drop(keys);
    })
    .await;
}

#[tokio::test]
async fn another_token_goes_on_where_the_spent_one_ended() {
    let server = Server::start().await;
    drive(&server, async |keys, mut screen| {
        server.meet().await.close(4403, "it has expired").await;
        screen.shows("Another token for this server").await;
        for char in "fresh q".chars() {
            keys.send(KeyCode::Char(char)).unwrap();
        }
        screen.shows("•••••••").await;
        keys.send(KeyCode::Enter).unwrap();
        let peer = server.accept().await;
        assert_eq!(peer.init, json!({"authorization": "Bearer fresh q"}));
        drop(keys);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_only_reads_lets_no_mutation_out() {
    let server = Server::start().await;
    let endpoint = Endpoint::new(&server.url(), None).unwrap().only_to_read(true);
    let token = Token::new("secret");
    let (session, mut peer) = tokio::join!(Session::open(&endpoint, &token), server.accept());
    let session = session.unwrap();
    let input = NotificationIdsInput { ids: vec!["n1".into()] };
    let refused = session.ask(MarkRead::build(IdsVariables { input })).await.unwrap_err();
    assert_eq!(refused.to_string(), "nothing is changed with --readonly (READONLY)");
    // What the server hears next is the question behind it.
    let asking = session.ask(StartQuery::build(StartVariables { first: 1 }));
    let answering = async {
        let start = peer.asks("viewer").await;
        peer.answer(&start, first_page(&[1])).await;
    };
    let (answer, ()) = tokio::join!(asking, answering);
    assert_eq!(answer.unwrap().viewer.user.key, "ada");
}

#[tokio::test]
async fn another_server_is_asked_from_the_beginning() {
    let [server, other] = [Server::start().await, Server::start().await];
    let endpoint = Arc::new(Endpoint::new(&other.url(), None).unwrap());
    let profile = Profile { endpoint, token: Token::new("other"), campus: None };
    let model = drive_with(&server, Some(profile), async |keys, mut screen| {
        let mut peer = server.accept().await;
        let start = peer.asks("notifications").await;
        peer.answer(&start, first_page(&[2, 1])).await;
        peer.asks("feed").await;
        screen.shows("Event 2").await;
        for char in ":server broken".chars() {
            keys.send(KeyCode::Char(char)).unwrap();
        }
        keys.send(KeyCode::Enter).unwrap();
        screen.shows("failed to switch: its keyring is locked").await;
        for char in ":server other".chars() {
            keys.send(KeyCode::Char(char)).unwrap();
        }
        screen.shows("server other").await;
        keys.send(KeyCode::Enter).unwrap();
        let mut peer = other.accept().await;
        assert_eq!(peer.init, json!({"authorization": "Bearer other"}));
        let start = peer.asks("notifications").await;
        peer.answer(&start, first_page(&[9])).await;
        screen.shows("Event 9").await;
        drop(keys);
    })
    .await;
    assert_eq!(shown(&model), ["n9"]);
    assert_eq!((model.shared.server, model.shared.profile), (other.url(), Some("other".to_owned())));
}

#[tokio::test]
async fn an_expired_cursor_starts_from_a_page() {
    let server = Server::start().await;
    let model = drive(&server, async |keys, _| {
        let mut peer = server.accept().await;
        let start = peer.asks("notifications").await;
        peer.answer(&start, first_page(&[2, 1])).await;
        let feed = peer.asks("feed").await;
        peer.refuse(&feed, "CURSOR_EXPIRED").await;
        let start = peer.asks("notifications").await;
        peer.answer(&start, first_page(&[9])).await;
        let feed = peer.asks("feed").await;
        assert_eq!(feed.variables["after"], "c9");
        drop(keys);
    })
    .await;
    assert_eq!(shown(&model), ["n9"]);
}
