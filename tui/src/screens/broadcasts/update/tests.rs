//! What is asked, what is followed, what is done; and what it looks like.

use chrono::TimeDelta;
use rstest::rstest;

use crate::{
    action::Action,
    effect::Effect,
    fixture::{act, admin, admin_with, arrival, broadcast, happen, moment, net, type_line},
    keymap::Context,
    message::{Message, Signal as Net},
    model::{
        Model,
        broadcast::{Audience, Broadcast, State},
        fault::Fault,
        notification::Priority,
        overlay::Overlay,
    },
    options::Options,
    screens::{
        Tab,
        broadcasts::exchange::{self, Page, Signal},
    },
    theme::Theme,
    update::update,
    view::tests::{resize, shown, styled},
};

fn ours(effects: Vec<Effect>) -> Vec<exchange::Effect> {
    let ours = effects.into_iter().filter_map(|effect| match effect {
        Effect::Broadcasts(effect) => Some(effect),
        _ => None,
    });
    ours.collect()
}

/// The page that was asked for is there.
fn page(model: &mut Model, broadcasts: Vec<Broadcast>, end: Option<&str>) -> Vec<exchange::Effect> {
    let ticket = model.screens.broadcasts.fetching.unwrap();
    let older = !model.screens.broadcasts.rows.is_empty();
    let result = Ok(Page { broadcasts, end: end.map(str::to_owned) });
    ours(net(model, Signal::Page { ticket, older, result }))
}

fn tick(model: &mut Model) -> Vec<exchange::Effect> {
    let now = model.shared.now + TimeDelta::seconds(1);
    ours(update(model, Message::Tick(now)))
}

/// One of each kind, the newest first.
fn some() -> Vec<Broadcast> {
    let mut waits = broadcast(9);
    (waits.state, waits.outcome, waits.delivered, waits.read) = (State::Scheduled, None, 0, 0);
    waits.send_at = Some(moment() + TimeDelta::minutes(95));
    waits.title = "Fire drill at noon".into();
    let mut urgent = broadcast(8);
    (urgent.priority, urgent.audience, urgent.campus) = (Priority::Urgent, Audience::All, None);
    urgent.title = "Network maintenance".into();
    urgent.size = 21_304;
    let mut named = broadcast(7);
    (named.audience, named.size, named.delivered, named.read) = (Audience::Users, 3, 3, 1);
    named.title = "図書館は正午まで閉館します 👩‍👩‍👧".into();
    let mut recalled = broadcast(6);
    (recalled.state, recalled.outcome) = (State::Recalled, None);
    recalled.send_at = Some(moment() - TimeDelta::hours(3));
    let mut failed = broadcast(5);
    (failed.state, failed.outcome, failed.delivered, failed.read) = (State::Failed, None, 0, 0);
    failed.failure = Some("its sender may not send there any more".into());
    failed.send_at = Some(moment() - TimeDelta::days(2));
    let mut cancelled = broadcast(4);
    (cancelled.state, cancelled.outcome, cancelled.delivered, cancelled.read) =
        (State::Cancelled, None, 0, 0);
    vec![waits, urgent, named, recalled, failed, cancelled]
}

/// An admin who looks at one of each kind.
fn looking() -> Model {
    let mut model = admin();
    model.shared.options.zone = chrono_tz::Europe::London;
    act(&mut model, Action::Broadcasts);
    page(&mut model, some(), None);
    model
}

fn many(from: u16, to: u16) -> Vec<Broadcast> {
    (from..=to).rev().map(broadcast).collect()
}

fn watched(model: &Model) -> Vec<&str> {
    model.screens.broadcasts.watched.iter().map(crate::model::broadcast::BroadcastId::as_str).collect()
}

fn selected(model: &Model) -> &str {
    model.screens.broadcasts.selected().map_or("", |row| row.id.as_str())
}

#[test]
fn the_tab_is_for_who_may_publish() {
    assert!(!crate::fixture::model().shared.tabs().contains(&Tab::Broadcasts));
    assert!(admin().shared.tabs().contains(&Tab::Broadcasts));
}

#[test]
fn those_on_the_screen_that_can_change_are_followed_and_move() {
    let mut model = admin();
    assert!(matches!(&ours(act(&mut model, Action::Broadcasts))[..], [exchange::Effect::Page { .. }]));
    let effects = page(&mut model, some(), None);
    assert_eq!(effects.len(), 3);
    assert_eq!(watched(&model), ["b7", "b8", "b9"]);
    let generation = model.screens.broadcasts.generation;
    let mut reading = some().remove(1);
    reading.read = 20_000;
    let signal =
        |generation, reading: &Broadcast| Signal::Reading { generation, reading: Box::new(reading.clone()) };
    net(&mut model, signal(generation, &reading));
    assert_eq!(model.screens.broadcasts.rows[1].read, 20_000);
    reading.read = 1;
    net(&mut model, signal(generation - 1, &reading));
    assert_eq!(model.screens.broadcasts.rows[1].read, 20_000, "that was an earlier subscription");

    assert_eq!(ours(act(&mut model, Action::Feed)).len(), 3);
    assert!(watched(&model).is_empty());
}

#[test]
fn a_subscription_that_is_refused_is_not_tried_again_before_the_next_connection() {
    let mut model = looking();
    let generation = model.screens.broadcasts.generation;
    let fault = Some(Fault::Refused { code: "RATE_LIMITED".into(), message: "too many".into() });
    net(&mut model, Signal::Ended { generation, id: "b8".into(), fault });
    assert!(tick(&mut model).is_empty());
    assert_eq!(watched(&model), ["b7", "b9"]);
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    assert!(tick(&mut model).is_empty());
    let asked = ours(net(&mut model, Net::Connected));
    assert!(matches!(&asked[..], [exchange::Effect::Page { .. }]), "{asked:?}");
    assert_eq!(tick(&mut model).len(), 3);
}

#[test]
fn scrolling_asks_for_older_pages_and_follows_what_is_seen() {
    let mut model = admin();
    act(&mut model, Action::Broadcasts);
    page(&mut model, many(101, 150), Some("c101"));
    assert_eq!(watched(&model).len(), 8, "as many as there are rows: {:?}", watched(&model));
    let asked = ours(act(&mut model, Action::Bottom));
    assert!(matches!(&asked[..], [exchange::Effect::Page { after: Some(after), .. }] if after == "c101"));
    assert!(ours(act(&mut model, Action::Bottom)).is_empty(), "it is on its way");
    page(&mut model, many(90, 102), None);
    assert_eq!(model.screens.broadcasts.rows.len(), 61);
    act(&mut model, Action::Bottom);
    tick(&mut model);
    assert!(watched(&model).contains(&"b90") && !watched(&model).contains(&"b150"));
}

#[test]
fn a_high_terminal_does_not_follow_them_all() {
    let mut model = admin();
    resize(&mut model, 200, 80);
    act(&mut model, Action::Broadcasts);
    page(&mut model, many(1, 50), None);
    assert_eq!(watched(&model).len(), super::watch::WATCHED);
}

#[test]
fn what_others_do_is_seen_and_the_selection_stays() {
    let mut model = admin();
    act(&mut model, Action::Broadcasts);
    page(&mut model, many(1, 5), None);
    for _ in 0..2 {
        act(&mut model, Action::Down);
    }
    assert_eq!(selected(&model), "b3");
    happen(&mut model, "c9", arrival(9));
    let asked = tick(&mut model);
    assert!(matches!(&asked[..], [exchange::Effect::Page { after: None, .. }]), "{asked:?}");
    let ticket = model.screens.broadcasts.fetching.unwrap();
    let result = Ok(Page { broadcasts: many(3, 6), end: Some("c3".into()) });
    net(&mut model, Signal::Page { ticket, older: false, result });
    assert_eq!((selected(&model), model.screens.broadcasts.rows.len()), ("b3", 6));
    // A gap below the newest page: what is known is not to be trusted.
    happen(&mut model, "c10", arrival(10));
    tick(&mut model);
    let ticket = model.screens.broadcasts.fetching.unwrap();
    let result = Ok(Page { broadcasts: many(50, 60), end: Some("c50".into()) });
    net(&mut model, Signal::Page { ticket, older: false, result });
    assert_eq!(model.screens.broadcasts.rows.len(), 11);
}

#[test]
fn the_newest_are_asked_for_from_time_to_time() {
    let mut model = looking();
    let asked: usize = (0..60)
        .map(|_| {
            let effects = tick(&mut model);
            if model.screens.broadcasts.fetching.is_some() {
                page_again(&mut model);
            }
            effects.iter().filter(|it| matches!(it, exchange::Effect::Page { .. })).count()
        })
        .sum();
    assert_eq!(asked, 2);
}

fn page_again(model: &mut Model) {
    let ticket = model.screens.broadcasts.fetching.unwrap();
    net(model, Signal::Page { ticket, older: false, result: Ok(Page { broadcasts: some(), end: None }) });
}

#[test]
fn the_campus_and_the_filter_narrow() {
    let mut model = looking();
    act(&mut model, Action::Palette);
    type_line(&mut model, "campus north");
    let asked = ours(act(&mut model, Action::Accept));
    assert!(
        matches!(&asked[..], [exchange::Effect::Page { campus: Some(campus), .. }] if campus == "north"),
        "{asked:?}"
    );
    page(&mut model, some(), None);
    act(&mut model, Action::Filter);
    type_line(&mut model, "everyone maint");
    assert_eq!((model.context(), selected(&model)), (Context::FilterLine, "b8"));
    assert_eq!(model.screens.broadcasts.shown_rows().count(), 1);
    act(&mut model, Action::Back);
    assert_eq!(model.screens.broadcasts.shown_rows().count(), 6);
}

#[test]
fn esc_leads_out_of_the_detail_first_and_then_out_of_the_filter() {
    let mut model = looking();
    act(&mut model, Action::Filter);
    type_line(&mut model, "maint");
    act(&mut model, Action::Accept);
    act(&mut model, Action::SwitchFocus);
    assert_eq!(model.context(), Context::BroadcastDetail);
    act(&mut model, Action::Back);
    assert_eq!((model.context(), model.screens.broadcasts.shown_rows().count()), (Context::BroadcastList, 1));
    act(&mut model, Action::Back);
    assert_eq!(model.screens.broadcasts.shown_rows().count(), 6);
}

#[test]
fn what_waits_is_called_off_once_it_is_confirmed() {
    let mut model = looking();
    assert!(ours(act(&mut model, Action::CancelBroadcast)).is_empty());
    // Whatever happens to the list meanwhile.
    act(&mut model, Action::Down);
    let asked = ours(act(&mut model, Action::Yes));
    let [exchange::Effect::Cancel { ticket, id }] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(id.as_str(), "b9");
    act(&mut model, Action::CancelBroadcast);
    assert!(model.shared.overlays.is_empty(), "it is being called off");
    let mut broadcast = some().remove(0);
    broadcast.state = State::Cancelled;
    net(&mut model, Signal::Cancelled { ticket: *ticket, result: Ok(Box::new(broadcast)) });
    assert_eq!(model.screens.broadcasts.rows[0].state, State::Cancelled);
    act(&mut model, Action::CancelBroadcast);
    assert!(model.shared.overlays.is_empty(), "there is nothing to call off any more");
}

#[rstest]
#[case::everyone(1, "all", "ALL")]
#[case::named_users(2, "", "")]
fn what_was_sent_is_taken_back_by_a_word_as_large(
    #[case] row: usize,
    #[case] wrong: &str,
    #[case] word: &str,
) {
    let mut model = looking();
    for _ in 0..row {
        act(&mut model, Action::Down);
    }
    act(&mut model, Action::Recall);
    let question = model.shared.overlays.len();
    if !word.is_empty() {
        type_line(&mut model, wrong);
        assert!(act(&mut model, Action::Accept).is_empty());
        act(&mut model, Action::Back);
        act(&mut model, Action::Recall);
        type_line(&mut model, word);
    }
    let asked = ours(act(&mut model, Action::Accept));
    let [exchange::Effect::Recall { ticket, .. }] = asked[..] else { panic!("{question} {asked:?}") };
    let refused = Fault::Refused { code: "FORBIDDEN".into(), message: "no".into() };
    net(&mut model, Signal::Recalled { ticket, result: Err(refused) });
    assert_eq!(model.screens.broadcasts.rows[row].state, State::Sent);
    act(&mut model, Action::Recall);
    type_line(&mut model, word);
    let asked = ours(act(&mut model, Action::Accept));
    let [exchange::Effect::Recall { ticket, .. }] = asked[..] else { panic!("{asked:?}") };
    net(&mut model, Signal::Recalled { ticket, result: Ok(()) });
    assert_eq!(model.screens.broadcasts.rows[row].state, State::Recalled);
}

#[test]
fn whoever_only_reads_changes_nothing() {
    let mut model = admin_with(Options { readonly: true, ..Options::default() });
    act(&mut model, Action::Broadcasts);
    page(&mut model, some(), None);
    act(&mut model, Action::CancelBroadcast);
    assert!(model.shared.overlays.is_empty());
    assert!(!model.bindings(model.context()).any(|binding| binding.spec.mutates));
}

#[test]
fn a_page_that_does_not_come_says_why() {
    let mut model = admin();
    act(&mut model, Action::Broadcasts);
    let ticket = model.screens.broadcasts.fetching.unwrap();
    let fault = Fault::Refused { code: "FORBIDDEN".into(), message: "not yours".into() };
    net(&mut model, Signal::Page { ticket, older: false, result: Err(fault) });
    assert!(shown(&model).contains("nothing to show: not yours (FORBIDDEN)"));
}

#[rstest]
fn in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = looking();
    act(&mut model, Action::Down);
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("broadcasts_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("broadcasts_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}

#[test]
fn a_question_before_everyone_loses_it() {
    let mut model = looking();
    resize(&mut model, 60, 15);
    act(&mut model, Action::Down);
    act(&mut model, Action::Recall);
    assert!(matches!(model.shared.overlays.last(), Some(Overlay::Question(_))));
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn a_small_screen_shows_the_detail_alone() {
    let mut model = looking();
    resize(&mut model, 60, 15);
    act(&mut model, Action::SwitchFocus);
    insta::assert_snapshot!(shown(&model));
}

proptest::proptest! {
    #[test]
    fn any_text_in_any_size_is_drawn(width in 1_u16..250, height in 1_u16..60, title in "\\PC{0,40}", focus: bool, filter: bool, moves in 0..8) {
        let mut model = looking();
        model.screens.broadcasts.rows[1].title = title;
        resize(&mut model, width, height);
        if focus {
            act(&mut model, Action::SwitchFocus);
        }
        if filter {
            act(&mut model, Action::Filter);
            type_line(&mut model, "a");
        }
        for _ in 0..moves {
            act(&mut model, Action::Down);
        }
        shown(&model);
    }
}
