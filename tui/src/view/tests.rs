//! Frames as they look, and the promise that no frame panics.

use proptest::prelude::*;
use ratatui::{Terminal, backend::TestBackend, layout::Size, style::Modifier};
use rstest::rstest;

use super::draw;
use crate::{
    action::Action,
    fixture::{model, moment},
    message::{Message, Signal},
    model::{
        Model,
        fault::Fault,
        notification::Priority,
        overlay::{Overlay, Question},
    },
    theme::Theme,
    triage::{Focus, inbox::Filter},
    update::update,
};

/// A frame.
pub(crate) fn frame(model: &Model) -> Terminal<TestBackend> {
    let mut terminal =
        Terminal::new(TestBackend::new(model.shared.size.width, model.shared.size.height)).unwrap();
    terminal.draw(|frame| draw(frame, model)).unwrap();
    terminal
}

/// What a frame says, without its styles.
pub(crate) fn shown(model: &Model) -> String {
    frame(model).backend().to_string()
}

/// The terminal has another size.
pub(crate) fn resize(model: &mut Model, width: u16, height: u16) {
    update(model, Message::Resize(Size { width, height }));
}

#[rstest]
#[case::wide("wide", 120, 24)]
#[case::usual("usual", 80, 24)]
#[case::small("small", 40, 10)]
#[case::tiny("tiny", 20, 5)]
fn the_feed(#[case] name: &str, #[case] width: u16, #[case] height: u16) {
    let mut model = model();
    resize(&mut model, width, height);
    insta::assert_snapshot!(format!("feed_{name}"), shown(&model));
}

/// What a frame says, and below it where each style is: a letter for each, and what the letters stand for.
pub(crate) fn styled(model: &Model) -> String {
    let terminal = frame(model);
    let buffer = terminal.backend().buffer();
    let mut styles: Vec<String> = Vec::new();
    let mut map = String::new();
    for row in buffer.content().chunks(buffer.area.width.max(1).into()) {
        for cell in row {
            let style = format!("{} on {} {:?}", cell.fg, cell.bg, cell.modifier);
            let known = styles.iter().position(|known| *known == style).unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            map.push(char::from_u32(u32::from('a') + u32::try_from(known).unwrap()).unwrap());
        }
        map.push('\n');
    }
    let legend = ('a'..).zip(&styles).map(|(letter, style)| format!("{letter}: {style}\n"));
    format!("{}\n{map}\n{}", shown(model), legend.collect::<String>())
}

#[test]
fn the_help_lists_every_key() {
    let mut model = model();
    resize(&mut model, 80, 60);
    update(&mut model, Message::Act(Action::Help));
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn the_unread_alone() {
    let mut model = model();
    update(&mut model, Message::Act(Action::ToggleUnread));
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn a_small_screen_shows_the_detail_instead_of_the_list() {
    let mut model = model();
    resize(&mut model, 40, 12);
    update(&mut model, Message::Act(Action::SwitchFocus));
    assert_eq!(model.screens.feed.triage.focus, Focus::Detail);
    insta::assert_snapshot!(shown(&model));
}

#[rstest]
#[case(Fault::Unreachable("connection lost".into()), "○ reconnecting in 1 s: connection lost")]
#[case(Fault::Unauthenticated("the token has expired".into()), "✗ refused: the token has expired")]
fn the_light_says_what_is_wrong(#[case] fault: Fault, #[case] light: &str) {
    let mut model = model();
    update(&mut model, Message::Net(Signal::Lost(fault)));
    // What asks for another token can be closed.
    update(&mut model, Message::Act(Action::Back));
    let shown = shown(&model);
    assert!(shown.contains(light), "{shown}");
    assert!(shown.contains("c connect now"), "{shown}");
}

#[test]
fn the_countdown_ticks() {
    let mut model = model();
    for _ in 0..8 {
        update(&mut model, Message::Net(Signal::Lost(Fault::Unreachable("gone".into()))));
    }
    let seconds = |model: &Model| -> u32 {
        let shown = shown(model);
        let behind = shown.split("reconnecting in ").nth(1).unwrap();
        behind.split(' ').next().unwrap().parse().unwrap()
    };
    let before = seconds(&model);
    let now = model.shared.now + chrono::TimeDelta::seconds(3);
    update(&mut model, Message::Tick(now));
    assert_eq!(seconds(&model), before - 3);
}

#[test]
fn unread_is_bold_and_marked_and_the_urgent_stands_out_without_colours() {
    let model = model();
    let terminal = frame(&model);
    let buffer = terminal.backend().buffer();
    let row = |title: &str| {
        let rows = buffer.area.height;
        (0..rows)
            .find(|&y| (0..80).map(|x| buffer[(x, y)].symbol()).collect::<String>().contains(title))
            .unwrap()
    };
    let (read, unread) = (row("Read before"), row("Library closed"));
    assert_eq!(buffer[(0, unread)].symbol(), "●");
    assert_eq!(buffer[(0, read)].symbol(), " ");
    assert!(buffer[(9, unread)].modifier.contains(Modifier::BOLD));
    assert!(!buffer[(9, read)].modifier.contains(Modifier::BOLD));
    assert_eq!(buffer[(2, unread)].symbol(), "U");
    assert!(buffer[(2, unread)].modifier.contains(Modifier::REVERSED));
}

#[test]
fn without_colours_means_none() {
    let mut model = model();
    model.shared.theme = Theme::plain();
    let terminal = frame(&model);
    let plain = ratatui::style::Color::Reset;
    assert!(terminal.backend().buffer().content().iter().all(|cell| cell.fg == plain && cell.bg == plain));
}

fn priorities() -> impl Strategy<Value = Priority> {
    prop_oneof![Just(Priority::Low), Just(Priority::Urgent), "[A-Z日]{0,12}".prop_map(Priority::Other)]
}

proptest! {
    #[test]
    fn any_text_in_any_size_is_drawn(
        (width, height) in (0_u16..130, 0_u16..40), focus: bool, help: bool, palette: bool, unread: bool, moves in 0_usize..9,
        title in "\\PC{0,60}", message in "(\\PC|\n){0,200}", priority in priorities(),
    ) {
        let mut model = crate::fixture::admin();
        model.shared.toast(title.clone(), true);
        let mut notification = crate::fixture::notification(99);
        (notification.title, notification.message, notification.priority) = (title, message, priority);
        notification.created_at = moment();
        model.screens.feed.triage.inbox.arrive(notification);
        resize(&mut model, width, height);
        for _ in 0..moves {
            update(&mut model, Message::Act(Action::Down));
        }
        for (wanted, action) in
            [(unread, Action::ToggleUnread), (focus, Action::SwitchFocus), (help, Action::Help), (moves > 4, Action::Bottom), (palette, Action::Palette)]
        {
            if wanted {
                update(&mut model, Message::Act(action));
            }
        }
        prop_assert_eq!(model.screens.feed.triage.inbox.filter == Filter::Unread, unread);
        model.shared.theme = Theme::dark();
        frame(&model);
    }
}

#[test]
fn wide_characters_do_not_break_the_columns() {
    let mut model = model();
    let mut notification = crate::fixture::notification(99);
    notification.title = "図書館は正午まで閉館します 👩‍👩‍👧 ご了承ください、皆様".to_owned();
    model.screens.feed.triage.inbox.arrive(notification);
    insta::assert_snapshot!(shown(&model).lines().take(4).collect::<Vec<_>>().join("\n"));
}

#[rstest]
fn a_console_in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = crate::fixture::admin();
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    model.shared.toast("North Campus: Fire drill at noon", true);
    model.shared.toast("South Campus: 新しいイベント 👩‍👩‍👧", false);
    // What is where is the same in every theme; what it looks like is in every size.
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("console_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("console_{theme}"), styled(&model)),
        _ => drop(frame(&model)),
    }
}

#[rstest]
#[case::palette("palette", &[Action::Palette], "the")]
#[case::nothing_found("palette_nothing", &[Action::Palette], "zzzz")]
#[case::token("token", &[Action::Token], "secret")]
fn overlays(#[case] name: &str, #[case] actions: &[Action], #[case] typed: &str) {
    let mut model = crate::fixture::admin();
    resize(&mut model, 60, 15);
    for action in actions {
        crate::fixture::act(&mut model, *action);
    }
    crate::fixture::type_line(&mut model, typed);
    insta::assert_snapshot!(format!("overlay_{name}"), shown(&model));
}

#[test]
fn a_question_as_large_as_the_blast() {
    let mut model = crate::fixture::admin();
    resize(&mut model, 60, 15);
    let text = "This rings 4,210 people on North Campus, of whom 37 mute this type.";
    let question = Question::word(Action::Quit, "Ring North Campus?", text, "North Campus");
    model.shared.open(Overlay::Question(question));
    crate::fixture::type_line(&mut model, "North 日本");
    insta::assert_snapshot!(shown(&model));
}

mod sizes;
mod writing;

pub(crate) use sizes::in_every_size;
