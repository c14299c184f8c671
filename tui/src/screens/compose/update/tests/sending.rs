//! How many it reaches, the question before it is sent, and what comes of sending.

use super::*;
use crate::message::Ticket;

/// Somebody sends before it is known how many that reaches, which is asked with that ticket.
fn sent_uncounted() -> (Model, Ticket) {
    let mut model = writing();
    choose(&mut model, Action::ChooseTo, "north");
    write(&mut model, Field::Title, "Fire");
    write(&mut model, Field::Message, "Out!");
    let asked = ours(act(&mut model, Action::Send));
    let [exchange::Effect::Count { ticket, .. }] = asked[..] else { panic!("{asked:?}") };
    (model, ticket)
}

#[test]
fn it_is_counted_when_nothing_has_changed_for_a_tick() {
    let mut model = writing();
    let counts = |effects: Vec<exchange::Effect>| {
        effects.into_iter().filter(|it| matches!(it, exchange::Effect::Count { .. })).count()
    };
    assert_eq!(counts(tick(&mut model)), 0, "nobody is meant yet");
    choose(&mut model, Action::ChooseTo, "north");
    assert_eq!(counts(tick(&mut model)), 0);
    choose(&mut model, Action::ChooseTo, "all");
    assert_eq!(counts(tick(&mut model)), 0, "it has changed");
    assert_eq!(counts(tick(&mut model)), 1);
    assert_eq!(counts(tick(&mut model)), 0, "it has been asked");
    choose(&mut model, Action::ChooseType, "emergency");
    assert_eq!((counts(tick(&mut model)), counts(tick(&mut model))), (0, 1));
    let stale = Signal::Counted { ticket: 0, result: Ok(Reach::default()) };
    net(&mut model, stale);
    assert_eq!(model.screens.compose.reach(), None);
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    net(&mut model, Net::Connected);
    assert_eq!(counts(tick(&mut model)), 1, "they may be others by now");
}

#[test]
fn what_is_missing_is_said_where_it_is() {
    let mut model = writing();
    assert!(act(&mut model, Action::Send).is_empty());
    assert_eq!((status(&model), model.screens.compose.field), ("To: to whom?", Field::To));
    choose(&mut model, Action::ChooseTo, "north");
    write(&mut model, Field::SendAt, "soon");
    act(&mut model, Action::Send);
    assert_eq!((status(&model), model.screens.compose.field), ("Title: is missing", Field::Title));
    resize(&mut model, 100, 30);
    insta::assert_snapshot!(shown(&model));
}

#[rstest]
#[case::campus("north", "", Some("North Campus"))]
#[case::everyone("all", "", Some("ALL"))]
#[case::a_few("north", "ada grace", None)]
#[case::many("all", "a b c d e f g h i j k l m n o p q r s t u", Some("21"))]
fn the_confirmation_is_as_large_as_the_blast(
    #[case] to: &str,
    #[case] only: &str,
    #[case] wanted: Option<&str>,
) {
    let mut model = written();
    choose(&mut model, Action::ChooseTo, to);
    write(&mut model, Field::Only, only);
    if model.screens.compose.reach().is_none() {
        counted(&mut model);
    }
    act(&mut model, Action::Send);
    assert_eq!(word(&model), wanted);
    assert!(
        question(&model)
            .text
            .contains("It reaches 4,210 people. 37 mute this type, 120 have quiet hours now")
    );
}

#[test]
fn whoever_does_not_wait_for_the_count_is_asked_when_it_is_there() {
    let (mut model, ticket) = sent_uncounted();
    assert!(model.shared.overlays.is_empty());
    net(&mut model, Signal::Counted { ticket, result: Err(refused("INTERNAL")) });
    assert_eq!(question(&model).text, "How many it reaches is not known: no (INTERNAL).");
}

#[rstest]
#[case::typed(|model: &mut Model| write(model, Field::Title, "!"))]
#[case::about_to_type(|model: &mut Model| drop(act(model, Action::EditField)))]
#[case::chosen(|model: &mut Model| choose(model, Action::ChoosePriority, "urgent"))]
#[case::in_the_editor(|model: &mut Model| drop(act(model, Action::EditOutside)))]
#[case::there_and_back(|model: &mut Model| {
    act(model, Action::Feed);
    act(model, Action::Compose);
})]
fn whoever_goes_on_meanwhile_is_not_asked(#[case] go_on: fn(&mut Model)) {
    let (mut model, ticket) = sent_uncounted();
    model.screens.compose.field = Field::Message;
    go_on(&mut model);
    net(&mut model, Signal::Counted { ticket, result: Ok(Reach::default()) });
    assert!(model.shared.overlays.is_empty());
    assert_eq!(model.screens.compose.reach(), Some(&Ok(Reach::default())));
}

#[test]
fn what_is_sent_is_shown_and_forgotten() {
    let mut model = written();
    write(&mut model, Field::SendAt, "tomorrow 9:00");
    act(&mut model, Action::Send);
    assert!(question(&model).text.contains("It is sent Sun 2026-11-22 09:00 CET (Europe/Rome), in 13h."));
    act(&mut model, Action::Back);
    let (ticket, effect) = confirm(&mut model);
    let exchange::Effect::Send { letter, draft: kept, .. } = effect else { panic!() };
    assert_eq!((&letter.to, &letter.key), (&Recipients::Campus("north".into()), &kept.key));
    assert_eq!(kept.attempt.unwrap().send_at, letter.send_at);
    // While it is under way nothing of it is changed.
    write(&mut model, Field::Title, " and more");
    assert_eq!((draft(&model).title.as_str(), status(&model)), ("Fire drill at noon", "it is being sent"));
    let effects = net(
        &mut model,
        Signal::Sent { ticket, result: Ok(Sent { created: true, waits_until: letter.send_at }) },
    );
    assert!(effects.iter().any(|it| matches!(it, Effect::Broadcasts(broadcasts::Effect::Page { .. }))));
    assert!(effects.iter().any(|it| matches!(it, Effect::Compose(exchange::Effect::Forget { .. }))));
    assert_eq!((model.shared.tab, draft(&model).is_empty()), (Tab::Broadcasts, true));
    assert_ne!(draft(&model).key, letter.key);
    assert!(status(&model).starts_with("to be sent Sun 2026-11-22 09:00 CET"), "{}", status(&model));
}

#[test]
fn a_lost_answer_never_doubles() {
    let mut model = written();
    write(&mut model, Field::SendAt, "in 2 hours");
    let (ticket, first) = confirm(&mut model);
    let effects =
        ours(net(&mut model, Signal::Sent { ticket, result: Err(Fault::Unreachable("gone".into())) }));
    assert!(matches!(&effects[..], [exchange::Effect::Keep { .. }]));
    assert!(status(&model).contains("nobody gets it twice"));
    for _ in 0..90 {
        tick(&mut model);
    }
    let (_, again) = confirm(&mut model);
    let letter = |effect| match effect {
        exchange::Effect::Send { letter, .. } => letter,
        other => panic!("{other:?}"),
    };
    assert_eq!(letter(first), letter(again), "the same key, the same moment");
}

#[test]
fn another_version_under_the_same_key_is_one_more_only_when_it_is_sent_again() {
    let mut model = written();
    let (ticket, _) = confirm(&mut model);
    net(&mut model, Signal::Sent { ticket, result: Err(Fault::Unreachable("gone".into())) });
    let key = draft(&model).key.clone();
    write(&mut model, Field::Title, "!");
    assert_eq!((&draft(&model).key, draft(&model).attempt), (&key, None));
    let (ticket, _) = confirm(&mut model);
    net(&mut model, Signal::Sent { ticket, result: Err(refused("CONFLICT")) });
    assert_ne!(draft(&model).key, key);
    assert!(status(&model).starts_with("another version of this was sent already"));
    assert_eq!(draft(&model).title, "Fire drill at noon!");
}

#[rstest]
#[case(Fault::Unreachable("gone".into()), true)]
#[case(Fault::Unauthenticated("the token has expired".into()), true)]
#[case(refused("UNAVAILABLE"), true)]
#[case(refused("FORBIDDEN"), false)]
#[case(Fault::Foreign("what?".into()), true)]
fn whatever_goes_wrong_the_draft_stays(#[case] fault: Fault, #[case] perhaps_sent: bool) {
    let mut model = written();
    let attempt = perhaps_sent.then_some(Attempt { send_at: None, expires_at: None });
    let before = Draft { attempt, ..draft(&model).clone() };
    let (ticket, _) = confirm(&mut model);
    let effects = ours(net(&mut model, Signal::Sent { ticket, result: Err(fault.clone()) }));
    assert!(matches!(&effects[..], [exchange::Effect::Keep { .. }]));
    assert_eq!(*draft(&model), before);
    let says = if perhaps_sent { "it may have been sent, or not" } else { "not sent, and still here" };
    assert!(status(&model).starts_with(says), "{}", status(&model));
    net(&mut model, Net::Lost(fault));
    resize(&mut model, 1, 1);
    resize(&mut model, 300, 80);
    assert_eq!(*draft(&model), before);
    act(&mut model, Action::Quit);
    assert!(model.shared.quit, "what is kept needs no question");
}
