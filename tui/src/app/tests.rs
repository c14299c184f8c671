//! The loop, driven by a keyboard and a network that are channels.

#[path = "../../tests/edge/screen.rs"]
mod screen;

use std::io;

use chrono::{DateTime, Utc};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures_util::{Stream, stream};
use ratatui::{Terminal, layout::Size};
use tokio::sync::{mpsc, oneshot};

use self::screen::{Screen, watched};
use super::{App, AppError, Desk, Editing};
use crate::{
    clock::Clock,
    credentials::Account,
    effect,
    fixture::{arrival, moment, start},
    message::{Message, Signal as Net},
    model::{
        Model,
        count::Count,
        event::{Cursor, FeedEvent, Happening},
    },
    options::Options,
    screens::{
        Tab, compose,
        feed::exchange::{Effect, Signal},
    },
    triage::{self, inbox::Filter},
};

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        moment()
    }
}

/// The other ends of everything that the loop holds.
struct Outside {
    keys: mpsc::UnboundedSender<io::Result<Event>>,
    net: mpsc::Sender<Message>,
    effects: mpsc::UnboundedReceiver<effect::Effect>,
    screen: Screen,
}

impl Outside {
    fn press(&self, code: KeyCode) {
        self.keys.send(Ok(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))).unwrap();
    }

    async fn tell(&self, signal: impl Into<Net>) {
        self.net.send(Message::Net(signal.into())).await.unwrap();
    }

    async fn happen(&self, at: &str, happening: Happening) {
        let event = Box::new(FeedEvent { cursor: Cursor(at.into()), happening });
        self.tell(Signal::Event { generation: 1, event }).await;
    }

    async fn asked(&mut self) -> effect::Effect {
        self.effects.recv().await.unwrap()
    }

    /// As far as every session begins.
    async fn begin(&mut self) {
        assert!(matches!(self.asked().await, effect::Effect::Connect { .. }));
        self.tell(Net::Connected).await;
        assert_eq!(self.asked().await, Effect::Start { replace: true }.into());
        self.tell(Signal::Started { replace: true, result: Ok(Box::new(start())) }).await;
        assert!(matches!(self.asked().await, effect::Effect::Feed(Effect::Follow { generation: 1, .. })));
    }
}

fn keyboard(
    keys: mpsc::UnboundedReceiver<io::Result<Event>>,
) -> impl Stream<Item = io::Result<Event>> + Unpin {
    Box::pin(stream::unfold(keys, |mut keys| async { keys.recv().await.map(|event| (event, keys)) }))
}

/// Runs the loop beside a script.
async fn drive<F: Future<Output = ()>>(script: impl FnOnce(Outside) -> F) -> Result<Model, AppError> {
    drive_at(|_| Ok(()), script).await
}

/// The same, and how many frames there were.
async fn drive_and_count<F: Future<Output = ()>>(
    script: impl FnOnce(Outside) -> F,
) -> Result<(Model, usize), AppError> {
    run_at(|_| Ok(()), script).await
}

/// The same, at a desk.
async fn drive_at<F: Future<Output = ()>>(
    desk: impl Desk,
    script: impl FnOnce(Outside) -> F,
) -> Result<Model, AppError> {
    run_at(desk, script).await.map(|(model, _)| model)
}

async fn run_at<F: Future<Output = ()>>(
    desk: impl Desk,
    script: impl FnOnce(Outside) -> F,
) -> Result<(Model, usize), AppError> {
    let (keys, pressed) = mpsc::unbounded_channel();
    let (net, messages) = mpsc::channel(FLOOD.into());
    let (performed, effects) = mpsc::unbounded_channel();
    let (backend, screen) = watched(80, 24);
    let mut terminal = Terminal::new(backend).unwrap();
    let model = Model::new("http://x".into(), Options::default(), moment(), Size::new(80, 24), 1);
    let app = App { model, clock: Stopped, messages, effects: performed, gestures: desk };
    let script = script(Outside { keys, net, effects, screen });
    let looping = app.run(&mut terminal, keyboard(pressed), std::future::pending());
    let (result, ()) = tokio::join!(looping, script);
    Ok((result?, terminal.get_frame().count()))
}

/// As many as come in a second, when much comes.
const FLOOD: u16 = 5_000;

/// Puts all of them into the loop's queue, before the loop can take the first.
fn flood(outside: &Outside) {
    for n in 100..100 + FLOOD {
        let happening = arrival(n);
        let event = Box::new(FeedEvent { cursor: Cursor(format!("c{n}")), happening });
        outside.net.try_send(Message::Net(Signal::Event { generation: 1, event }.into())).unwrap();
    }
}

#[tokio::test]
async fn what_happens_is_shown_and_what_is_pressed_is_done() {
    let result = drive(|mut outside| async move {
        outside.begin().await;
        outside.screen.shows("catching up").await;
        outside.screen.shows("Library closed").await;
        outside.happen("c6", arrival(6)).await;
        outside.happen("c6", Happening::Progress { live: true }).await;
        outside.screen.shows("New event 6").await;
        outside.screen.shows("● live").await;
        outside.screen.shows("5 unread").await;

        outside.press(KeyCode::Char('r'));
        let mark: effect::Effect = triage::exchange::Effect::Change {
            tab: Tab::Feed,
            ticket: 0,
            ids: vec!["n6".into()],
            change: triage::change::Change::Read,
        }
        .into();
        assert_eq!(outside.asked().await, mark);
        outside.screen.shows("4 unread").await;
        outside
            .tell(triage::exchange::Signal::Changed {
                tab: Tab::Feed,
                ticket: 0,
                result: Ok(Count { count: 1000, at_least: true }),
            })
            .await;
        outside.screen.shows("1000+ unread").await;

        outside.press(KeyCode::Char('?'));
        outside.screen.shows("mark as read, and go on").await;
        outside.press(KeyCode::Esc);
        outside.press(KeyCode::Char('q'));
        // The keyboard stays, so that it is the key that ends it.
        outside.keys.closed().await;
    });
    assert!(result.await.unwrap().shared.quit);
}

// With the clock stopped no frame is due before the queue is empty.
#[tokio::test(start_paused = true)]
async fn a_flood_makes_few_frames_and_nothing_of_it_is_lost() {
    let result = drive_and_count(|mut outside| async move {
        outside.begin().await;
        outside.screen.shows("r read").await;
        flood(&outside);
        outside.screen.shows("New event 5099").await;
        outside.press(KeyCode::Char('q'));
        outside.keys.closed().await;
    });
    let (model, frames) = result.await.unwrap();
    let listed = model.screens.feed.triage.inbox.listing(Filter::All).len();
    assert_eq!(listed, usize::from(FLOOD) + start().page.notifications.len());
    assert!(frames < 10, "{frames} frames");
}

#[tokio::test(start_paused = true)]
async fn a_key_goes_before_a_flood() {
    let result = drive(|mut outside| async move {
        outside.begin().await;
        outside.screen.shows("r read").await;
        flood(&outside);
        outside.press(KeyCode::Char('q'));
        outside.keys.closed().await;
    });
    let listed = result.await.unwrap().screens.feed.triage.inbox.listing(Filter::All).len();
    assert_eq!(listed, start().page.notifications.len(), "nothing of the flood was before the key");
}

// What a terminal that does not bracket sends.
#[tokio::test(start_paused = true)]
async fn what_is_pasted_as_keys_makes_few_frames() {
    let result = drive_and_count(|mut outside| async move {
        outside.begin().await;
        outside.screen.shows("r read").await;
        outside.press(KeyCode::Char(':'));
        outside.screen.shows("What to do").await;
        for _ in 0..5_000 {
            outside.press(KeyCode::Char('x'));
        }
        outside.press(KeyCode::Esc);
        outside.press(KeyCode::Char('q'));
        outside.keys.closed().await;
    });
    let (model, frames) = result.await.unwrap();
    assert!(model.shared.quit);
    assert!(frames < 10, "{frames} frames");
}

#[tokio::test]
async fn the_end_of_the_keyboard_is_the_end() {
    let result = drive(|mut outside| async move {
        outside.begin().await;
        drop(outside.keys);
        outside.net.closed().await;
    });
    assert!(result.await.unwrap().shared.quit);
}

#[tokio::test]
async fn without_a_network_there_is_no_going_on() {
    let result = drive(|outside| async move {
        drop((outside.net, outside.effects));
        outside.keys.closed().await;
    });
    assert!(matches!(result.await, Err(AppError::Network)));
}

#[tokio::test]
async fn a_resize_is_drawn_at_once() {
    let result = drive(|mut outside| async move {
        outside.begin().await;
        outside.screen.shows("a archive").await;
        outside.keys.send(Ok(Event::Resize(20, 5))).unwrap();
        outside.press(KeyCode::Char('q'));
        outside.keys.closed().await;
    });
    assert_eq!(result.await.unwrap().shared.size, Size::new(20, 5));
}

/// An editor that somebody else closes.
struct Editor(Option<oneshot::Receiver<String>>);

impl Desk for Editor {
    fn perform(&mut self, _: effect::Gesture) -> io::Result<()> {
        Ok(())
    }

    fn edit(&mut self, text: String) -> Editing {
        assert_eq!(text, "");
        let closed = self.0.take().unwrap();
        Box::pin(async { Ok(closed.await.unwrap()) })
    }
}

#[tokio::test]
async fn while_an_editor_has_the_terminal_its_keys_are_not_ours_and_all_else_goes_on() {
    let (close, closed) = oneshot::channel();
    let result = drive_at(Editor(Some(closed)), |mut outside| async move {
        assert!(matches!(outside.asked().await, effect::Effect::Connect { .. }));
        outside.tell(Net::Connected).await;
        assert_eq!(outside.asked().await, Effect::Start { replace: true }.into());
        let mut start = start();
        start.viewer.permissions.broadcast_to_all = true;
        outside.tell(Signal::Started { replace: true, result: Ok(Box::new(start)) }).await;
        outside.screen.shows("4 Compose").await;
        outside.press(KeyCode::Char('4'));
        outside.screen.shows("everyone there").await;
        let account = Account::new("http://x for ada", None);
        outside.tell(compose::exchange::Signal::Restored { account, result: Ok(None) }).await;
        let types = vec![compose::exchange::Kind {
            name: "CAMPUS_UPDATE".to_owned(),
            label: "News of the campus".to_owned(),
            category: "SYSTEM".to_owned(),
            mandatory: false,
        }];
        let learned = Box::new(compose::exchange::Learned { types, ..Default::default() });
        outside.tell(compose::exchange::Signal::Learned(Ok(learned))).await;
        outside.screen.shows("News of the campus").await;
        outside.press(KeyCode::Char('e'));
        // The editor's, not ours: it would end everything.
        outside.press(KeyCode::Char('q'));
        for n in 6..20 {
            outside.happen(&format!("c{n}"), arrival(n)).await;
        }
        // Those have been taken in: there was room for no more than these.
        outside.net.reserve_many(outside.net.max_capacity()).await.unwrap();
        close.send("Out!\n".to_owned()).unwrap();
        outside.keys.closed().await;
    });
    let model = result.await.unwrap();
    assert_eq!(model.screens.compose.draft.message, "Out!");
    assert_eq!(model.screens.feed.triage.inbox.shown().len(), 19);
}
