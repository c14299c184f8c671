//! What becomes of a draft: typed, kept, and never lost; and what it looks like.

mod sending;

use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rstest::rstest;

use crate::{
    action::Action,
    draft::{Attempt, Draft, Field, Place},
    effect::Effect,
    fixture::{act, admin, admin_with, broadcast, connected, net, start, type_line},
    input::Typed,
    keymap::Context,
    message::{Message, Signal as Net},
    model::{
        Model,
        fault::Fault,
        letter::Recipients,
        overlay::{Kind, Overlay, Question},
        viewer::Permissions,
    },
    options::Options,
    screens::{
        Tab,
        broadcasts::exchange as broadcasts,
        compose::exchange::{self, Learned, Reach, Sent, Signal},
        feed::exchange::{self as feed, Start},
    },
    theme::Theme,
    update::update,
    view::tests::{resize, shown, styled},
};

fn ours(effects: Vec<Effect>) -> Vec<exchange::Effect> {
    let ours = effects.into_iter().filter_map(|effect| match effect {
        Effect::Compose(effect) => Some(effect),
        _ => None,
    });
    ours.collect()
}

fn tick(model: &mut Model) -> Vec<exchange::Effect> {
    let now = model.shared.now + TimeDelta::seconds(1);
    ours(update(model, Message::Tick(now)))
}

fn learned() -> Learned {
    let kind = |name: &str, label: &str, mandatory| exchange::Kind {
        name: name.into(),
        label: label.into(),
        category: "SYSTEM".into(),
        mandatory,
    };
    Learned {
        types: vec![
            kind("CAMPUS_UPDATE", "Campus update", false),
            kind("EMERGENCY", "Emergency", true),
            kind("SYSTEM_ANNOUNCEMENT", "System announcement", false),
        ],
        zones: [("north".to_owned(), chrono_tz::Europe::Rome)].into(),
    }
}

/// Somebody who may speak to North Campus and to everyone, with nothing written yet.
fn writing() -> Model {
    let mut start = start();
    let administers = start.viewer.campuses.iter().filter(|place| place.admin).cloned().collect();
    start.viewer.permissions = Permissions { administers, broadcast_to_all: true, audit_log: false };
    let mut model = connected(Options::default(), start);
    let asked = ours(act(&mut model, Action::Compose));
    assert!(matches!(&asked[..], [exchange::Effect::Restore { .. }, exchange::Effect::Learn]), "{asked:?}");
    let account = model.shared.account().unwrap();
    net(&mut model, Signal::Restored { account, result: Ok(None) });
    net(&mut model, Signal::Learned(Ok(Box::new(learned()))));
    model
}

fn key(model: &mut Model, code: KeyCode) {
    update(model, Message::Type(Typed::Key(KeyEvent::new(code, KeyModifiers::NONE))));
}

/// Types into a field.
fn write(model: &mut Model, field: Field, text: &str) {
    model.screens.compose.field = field;
    act(model, Action::EditField);
    type_line(model, text);
    act(model, Action::Back);
}

fn choose(model: &mut Model, action: Action, word: &str) {
    act(model, action);
    type_line(model, word);
    act(model, Action::Accept);
}

/// A draft that could be sent, counted already.
fn written() -> Model {
    let mut model = writing();
    choose(&mut model, Action::ChooseTo, "north");
    write(&mut model, Field::Title, "Fire drill at noon");
    write(&mut model, Field::Message, "Leave by the nearest door.\n\nMeet on the lawn.");
    counted(&mut model);
    model
}

fn counted(model: &mut Model) {
    tick(model);
    let asked = tick(model);
    let Some(exchange::Effect::Count { ticket, .. }) =
        asked.iter().find(|it| matches!(it, exchange::Effect::Count { .. }))
    else {
        panic!("{asked:?}")
    };
    let reach = Reach { size: 4_210, muted: 37, quiet: 120, connected: 2_980 };
    net(model, Signal::Counted { ticket: *ticket, result: Ok(reach) });
}

fn question(model: &Model) -> &Question {
    match model.shared.overlays.last() {
        Some(Overlay::Question(question)) => question,
        other => panic!("{other:?}, {:?}", model.shared.status),
    }
}

fn word(model: &Model) -> Option<&str> {
    match &question(model).kind {
        Kind::Word(word, _) => Some(word),
        _ => None,
    }
}

fn draft(model: &Model) -> &Draft {
    &model.screens.compose.draft
}

fn status(model: &Model) -> &str {
    model.shared.status.as_ref().map_or("", |status| &status.text)
}

/// Confirms, and returns what is sent.
fn confirm(model: &mut Model) -> (u64, exchange::Effect) {
    act(model, Action::Send);
    let word = word(model).unwrap_or_default().to_owned();
    type_line(model, &word);
    let mut sent = ours(act(model, Action::Accept));
    let effect = sent.remove(0);
    let exchange::Effect::Send { ticket, .. } = &effect else { panic!("{effect:?}") };
    (*ticket, effect)
}

fn refused(code: &str) -> Fault {
    Fault::Refused { code: code.into(), message: "no".into() }
}

#[test]
fn the_tab_is_for_who_may_publish() {
    assert!(!crate::fixture::model().shared.tabs().contains(&Tab::Compose));
    assert!(admin().shared.tabs().contains(&Tab::Compose));
}

#[test]
fn it_is_typed_and_kept_once_a_tick() {
    let mut model = writing();
    assert_eq!(model.context(), Context::ComposeForm);
    model.screens.compose.field = Field::Title;
    act(&mut model, Action::EditField);
    assert_eq!(model.context(), Context::ComposeLine);
    for char in "Fire".chars() {
        key(&mut model, KeyCode::Char(char));
    }
    act(&mut model, Action::Accept);
    assert_eq!(model.context(), Context::ComposeText, "the message is next, and typed as well");
    for code in [KeyCode::Char('a'), KeyCode::Enter, KeyCode::Char('b')] {
        key(&mut model, code);
    }
    assert_eq!((draft(&model).title.as_str(), draft(&model).message.as_str()), ("Fire", "a\nb"));
    let kept = tick(&mut model);
    let [exchange::Effect::Keep { draft: kept, .. }] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(**kept, *draft(&model));
    assert!(!kept.key.is_empty());
    assert!(tick(&mut model).is_empty(), "nothing has changed");
    key(&mut model, KeyCode::Char('c'));
    assert!(matches!(&ours(act(&mut model, Action::Back))[..], []));
    assert!(
        matches!(&ours(act(&mut model, Action::Feed))[..], [exchange::Effect::Keep { .. }]),
        "on leaving"
    );
}

#[test]
fn what_was_kept_is_there_again() {
    let mut model = admin();
    let asked = tick(&mut model);
    assert!(matches!(&asked[..], [exchange::Effect::Restore { .. }]), "{asked:?}");
    act(&mut model, Action::Compose);
    act(&mut model, Action::ChooseTo);
    type_line(&mut model, "north");
    act(&mut model, Action::Accept);
    assert_eq!(status(&model), "the draft that was kept is being read");
    let place = Some(Place::Campus { key: "north".into(), name: "North Campus".into() });
    let kept = Draft { place, title: "Fire".into(), message: "two\nlines".into(), ..Draft::new("k7".into()) };
    let account = model.shared.account().unwrap();
    net(&mut model, Signal::Restored { account, result: Ok(Some(Box::new(kept.clone()))) });
    assert_eq!(*draft(&model), kept);
    assert_eq!(model.screens.compose.editors.message.lines(), ["two", "lines"]);
    assert!(tick(&mut model).iter().all(|it| !matches!(it, exchange::Effect::Keep { .. })));
}

#[test]
fn what_cannot_be_read_is_said_and_one_can_write() {
    let mut model = admin();
    act(&mut model, Action::Compose);
    let account = model.shared.account().unwrap();
    net(&mut model, Signal::Restored { account, result: Err("it is no draft".into()) });
    assert_eq!(status(&model), "the draft that was kept cannot be read: it is no draft");
    write(&mut model, Field::Title, "Fire");
    assert_eq!(draft(&model).title, "Fire");
}

#[test]
fn what_cannot_be_kept_is_said_and_tried_again() {
    let mut model = written();
    net(&mut model, Signal::NotKept("the disk is full".into()));
    assert_eq!(status(&model), "the draft is not kept: the disk is full");
    assert!(matches!(&tick(&mut model)[..], [exchange::Effect::Keep { .. }]));
    net(&mut model, Signal::Kept);
    assert!(tick(&mut model).is_empty());
}

#[test]
fn a_megabyte_is_cut_and_that_is_said() {
    let mut model = writing();
    write(&mut model, Field::Message, &"ü".repeat(1 << 20));
    assert_eq!(draft(&model).message.chars().count(), super::edit::ROOM);
    assert_eq!(status(&model), "no room for the last 1032576 characters of the paste");
    write(&mut model, Field::Message, "more");
    model.screens.compose.typing = true;
    key(&mut model, KeyCode::Char('x'));
    assert_eq!(draft(&model).message.chars().count(), super::edit::ROOM);
    key(&mut model, KeyCode::Backspace);
    assert_eq!(draft(&model).message.chars().count(), super::edit::ROOM - 1);
    write(&mut model, Field::Title, &"x".repeat(1 << 20));
    assert_eq!(draft(&model).title.len(), crate::input::LIMIT);
    assert!(status(&model).starts_with("no room for the last"));
}

#[rstest]
#[case::keys(Field::Only, 999, " grace", "nothing is pasted: it is too long by 5")]
#[case::a_tab(Field::Only, 999, "\ta", "nothing is pasted: it is too long by 4")]
#[case::an_address(Field::Link, 1_999, "/x", "nothing is pasted: it is too long by 1")]
fn half_of_it_would_be_something_else(
    #[case] field: Field,
    #[case] there: usize,
    #[case] pasted: &str,
    #[case] says: &str,
) {
    let mut model = writing();
    let there = "a".repeat(there);
    write(&mut model, field, &there);
    let text = |model: &Model| model.screens.compose.editors.line(field).unwrap().text().to_owned();
    write(&mut model, field, pasted);
    assert_eq!((text(&model).as_str(), status(&model)), (&*there, says));
    act(&mut model, Action::EditField);
    key(&mut model, KeyCode::Char('b'));
    assert_eq!(text(&model), format!("{there}b"));
    key(&mut model, KeyCode::Char('c'));
    assert_eq!((text(&model), status(&model)), (format!("{there}b"), "there is no room for more"));
}

#[test]
fn switching_the_server_keeps_what_is_being_written_there() {
    let mut model = written();
    write(&mut model, Field::Title, "!");
    let account = model.shared.account().unwrap();
    let switched = Net::Switched { profile: "other".into(), server: "http://other".into(), campus: None };
    let kept = ours(net(&mut model, switched));
    assert!(
        matches!(&kept[..], [exchange::Effect::Keep { account: kept, .. }] if *kept == account),
        "{kept:?}"
    );
    assert!(draft(&model).is_empty());
    assert_eq!(model.shared.account(), None, "nobody knows yet who it is there");
}

#[test]
fn somebody_elses_token_leaves_what_is_being_written_to_whose_it_is() {
    let mut model = written();
    write(&mut model, Field::Title, "!");
    let (account, before) = (model.shared.account().unwrap(), draft(&model).clone());
    net(&mut model, Net::Lost(Fault::Unauthenticated("expired".into())));
    net(&mut model, Net::Connected);
    let mut start = start();
    start.viewer.key = "grace".into();
    start.viewer.permissions.broadcast_to_all = true;
    let started =
        |start: &Start| feed::Signal::Started { replace: false, result: Ok(Box::new(start.clone())) };
    let kept = ours(net(&mut model, started(&start)));
    assert_eq!(kept, [exchange::Effect::Keep { account: account.clone(), draft: Box::new(before.clone()) }]);
    assert!(draft(&model).is_empty());
    net(&mut model, Net::Connected);
    net(&mut model, started(&start));
    let asked = tick(&mut model);
    let [exchange::Effect::Restore { account: hers }] = &asked[..] else { panic!("{asked:?}") };
    assert_ne!(*hers, account);
    net(&mut model, Signal::Restored { account, result: Ok(Some(Box::new(before))) });
    assert!(draft(&model).is_empty(), "that is another's");
}

#[test]
fn discarding_is_asked() {
    let mut model = written();
    act(&mut model, Action::Discard);
    act(&mut model, Action::No);
    assert!(!draft(&model).is_empty());
    act(&mut model, Action::Discard);
    assert!(matches!(&ours(act(&mut model, Action::Yes))[..], [exchange::Effect::Forget { .. }]));
    assert!(draft(&model).is_empty());
}

#[test]
fn the_editor_has_the_message_for_a_while() {
    let mut model = written();
    write(&mut model, Field::Title, "!");
    let effects = act(&mut model, Action::EditOutside);
    let [Effect::Compose(exchange::Effect::Keep { .. }), Effect::Edit(text)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(text, "Leave by the nearest door.\n\nMeet on the lawn.");
    update(&mut model, Message::Edited(Err("vi failed".into())));
    assert_eq!(status(&model), "the message is as it was: vi failed");
    act(&mut model, Action::EditOutside);
    update(&mut model, Message::Edited(Ok("Out\u{1b}[31m!\r\n\n".into())));
    assert_eq!(draft(&model).message, "Out[31m!");
    assert_eq!(model.screens.compose.editors.message.lines(), ["Out[31m!"]);
}

#[test]
fn what_the_editor_was_opened_for_gets_the_text_whoever_writes_by_then() {
    let mut model = written();
    let (account, before) = (model.shared.account().unwrap(), draft(&model).clone());
    act(&mut model, Action::EditOutside);
    net(&mut model, Net::Switched { profile: "other".into(), server: "http://other".into(), campus: None });
    let kept = ours(update(&mut model, Message::Edited(Ok("Out!\n".into()))));
    let edited = Box::new(Draft { message: "Out!".into(), ..before });
    assert_eq!(kept, [exchange::Effect::Keep { account, draft: edited }]);
    assert_eq!(status(&model), "that message was for another account; it is kept there");
    assert!(draft(&model).is_empty());
}

#[rstest]
#[case(Action::Discard, false, true)]
#[case(Action::Preview, true, true)]
#[case(Action::NextChoice, true, false)]
fn what_does_nothing_now_is_not_offered(#[case] action: Action, #[case] empty: bool, #[case] title: bool) {
    let offers = |model: &Model| model.bindings(model.context()).any(|binding| binding.spec.action == action);
    let mut model = writing();
    resize(&mut model, 60, 15);
    assert_eq!(offers(&model), empty);
    write(&mut model, Field::Title, "Fire");
    assert_eq!(offers(&model), title);
    resize(&mut model, 120, 40);
    assert_eq!(offers(&model), title && action != Action::Preview);
}

#[test]
fn choices_go_around() {
    let mut model = writing();
    let place = |model: &Model| draft(model).place.as_ref().map(|place| place.name().to_owned());
    act(&mut model, Action::NextChoice);
    assert_eq!(place(&model).as_deref(), Some("North Campus"));
    act(&mut model, Action::NextChoice);
    assert_eq!((place(&model).as_deref(), draft(&model).kind()), (Some("everyone"), "SYSTEM_ANNOUNCEMENT"));
    act(&mut model, Action::NextChoice);
    assert_eq!(place(&model).as_deref(), Some("North Campus"));
    model.screens.compose.field = Field::Type;
    act(&mut model, Action::PreviousChoice);
    assert_eq!(draft(&model).kind(), "SYSTEM_ANNOUNCEMENT");
    model.screens.compose.field = Field::Priority;
    act(&mut model, Action::EditField);
    type_line(&mut model, "urg");
    act(&mut model, Action::Accept);
    assert_eq!(draft(&model).priority.as_str(), "URGENT");
}

#[test]
fn nobody_chooses_what_is_not_theirs() {
    let mut model = admin();
    act(&mut model, Action::Compose);
    let account = model.shared.account().unwrap();
    net(&mut model, Signal::Restored { account, result: Ok(None) });
    act(&mut model, Action::ChooseTo);
    let Some(Overlay::Palette(palette)) = model.shared.overlays.last() else { panic!() };
    let offered: Vec<_> = palette.candidates.iter().filter_map(|it| it.argument.as_deref()).collect();
    assert!(
        offered.contains(&"north") && !offered.contains(&"south") && !offered.contains(&"all"),
        "{offered:?}"
    );
}

#[test]
fn whoever_only_reads_writes_and_does_not_send() {
    let mut model = admin_with(Options { readonly: true, ..Options::default() });
    act(&mut model, Action::Compose);
    assert!(act(&mut model, Action::Send).is_empty());
    assert_eq!(status(&model), "read-only: nothing is changed from here");
}

#[rstest]
#[case::nothing_there(false, "Broadcast 3")]
#[case::something_there(true, "Fire drill at noon")]
fn what_was_sent_is_written_again(#[case] begun: bool, #[case] title: &str) {
    let mut model = if begun { written() } else { writing() };
    act(&mut model, Action::Broadcasts);
    let ticket = model.screens.broadcasts.fetching.unwrap();
    let result = Ok(broadcasts::Page { broadcasts: vec![broadcast(3)], end: None });
    net(&mut model, broadcasts::Signal::Page { ticket, older: false, result });
    act(&mut model, Action::SendAgain);
    assert_eq!((model.shared.tab, draft(&model).title.as_str()), (Tab::Compose, title));
    if begun {
        act(&mut model, Action::Yes);
    }
    assert_eq!(draft(&model).title, "Broadcast 3");
    assert_eq!(draft(&model).place, Some(Place::Campus { key: "north".into(), name: "North Campus".into() }));
    assert!(!draft(&model).key.is_empty());
}

#[test]
fn while_one_is_being_sent_no_other_is_begun() {
    let mut model = written();
    let (ticket, _) = confirm(&mut model);
    act(&mut model, Action::Broadcasts);
    let page = model.screens.broadcasts.fetching.unwrap();
    let result = Ok(broadcasts::Page { broadcasts: vec![broadcast(3)], end: None });
    net(&mut model, broadcasts::Signal::Page { ticket: page, older: false, result });
    act(&mut model, Action::SendAgain);
    assert_eq!(status(&model), "a draft is being sent; write this one when that is done");
    assert_eq!((draft(&model).title.as_str(), model.shared.overlays.len()), ("Fire drill at noon", 0));
    net(&mut model, Signal::Sent { ticket, result: Ok(Sent { created: true, waits_until: None }) });
    act(&mut model, Action::Broadcasts);
    act(&mut model, Action::SendAgain);
    assert_eq!(draft(&model).title, "Broadcast 3");
}

#[rstest]
fn in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = written();
    choose(&mut model, Action::ChoosePriority, "urgent");
    write(&mut model, Field::SendAt, "tomorrow 9:00");
    model.screens.compose.field = Field::Title;
    act(&mut model, Action::EditField);
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("compose_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("compose_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}

#[test]
fn a_long_line_is_wrapped_where_it_is_written() {
    let mut model = writing();
    resize(&mut model, 60, 15);
    model.screens.compose.field = Field::Message;
    act(&mut model, Action::EditField);
    type_line(
        &mut model,
        "A long line that wraps, because a terminal of sixty columns is not so wide: 日本語 👩‍👩‍👧.",
    );
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn a_small_terminal_shows_what_it_will_look_like_instead() {
    let mut model = written();
    resize(&mut model, 60, 15);
    act(&mut model, Action::Preview);
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn a_question_before_a_campus_hears_it() {
    let mut model = written();
    resize(&mut model, 60, 15);
    write(&mut model, Field::SendAt, "tomorrow 9:00");
    act(&mut model, Action::Send);
    insta::assert_snapshot!(shown(&model));
}

proptest::proptest! {
    #[test]
    fn any_draft_in_any_size_is_drawn(
        width in 1_u16..250, height in 1_u16..60, title in "\\PC{0,40}", message in "(\\PC|\n){0,300}", at in 0_usize..9, typing: bool, preview: bool,
    ) {
        let mut model = writing();
        write(&mut model, Field::Title, &title);
        write(&mut model, Field::Message, &message);
        write(&mut model, Field::SendAt, &title);
        for _ in 0..at {
            act(&mut model, Action::Down);
        }
        if preview {
            act(&mut model, Action::Preview);
        }
        resize(&mut model, width, height);
        if typing {
            act(&mut model, Action::EditField);
        }
        shown(&model);
        for _ in 0..3 {
            act(&mut model, Action::PageDown);
        }
        shown(&model);
    }
}
