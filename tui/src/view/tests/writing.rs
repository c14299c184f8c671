//! Whatever people write with: wide and joined characters, combining ones, and those that go from right to left. Columns do
//! not break; that is, a cell is where it would be with any other text.

use std::ops::Range;

use ratatui::{Terminal, backend::TestBackend};
use rstest::rstest;

use super::{frame, resize, shown};
use crate::{
    action::Action,
    fixture::{connected, notification, start},
    model::{
        Model,
        notification::Campus,
        overlay::{Overlay, Question},
    },
    options::Options,
    screens::feed::exchange::Start,
};

const TEXTS: [&str; 8] = [
    "図書館は正午まで閉館します。ご了承ください、皆様",
    "👩‍👩‍👧‍👦 family day 👩🏽‍🚀 and 🏳️‍🌈, ❤️ and ☂︎",
    "اجتماع الطلاب عند الظهر في القاعة الكبرى",
    "אסיפת סטודנטים בשעה 12:00 באולם הגדול",
    "e\u{301}te\u{301} a\u{308}\u{304}\u{323} Z\u{35b}\u{33e}\u{341}a\u{329}\u{34d}l\u{310}\u{354}g\u{31c}o\u{320}",
    "นักศึกษาประชุมตอนเที่ยง",
    "\u{301}begins with what joins, and ends with it\u{200d}",
    "plain, to compare with",
];

/// Somebody, whose names and whose feed are written so.
fn written(texts: &[&str]) -> Model {
    let names = ["北キャンパス", "حرم الشمال", "הקמפוס הצפוני", "Nørre Campu\u{301}s", "👩‍🏫 Campus"];
    let mut start: Start = start();
    start.viewer.name = "علي 図書 e\u{301}\u{323}".into();
    for (place, name) in start.viewer.campuses.iter_mut().zip(names) {
        place.name = name.into();
    }
    let mut model = connected(Options::default(), start);
    for (text, (n, name)) in texts.iter().rev().zip((6..).zip(names.iter().cycle())) {
        let mut notification = notification(n);
        notification.title = (*text).to_owned();
        notification.message = format!("{text}\n{text}");
        let (id, key) = (name.to_lowercase().into(), "north".into());
        notification.campus = Some(Campus { id, key, name: (*name).into() });
        model.screens.feed.triage.inbox.arrive(notification);
    }
    model
}

#[rstest]
#[case::narrow("narrow", 60, 15)]
#[case::wide("wide", 120, 30)]
fn the_feed_in_every_script(#[case] name: &str, #[case] width: u16, #[case] height: u16) {
    let mut model = written(&TEXTS);
    resize(&mut model, width, height);
    model.shared.toast("北キャンパス: اجتماع الطلاب 👩‍👩‍👧", false);
    insta::assert_snapshot!(format!("writing_{name}"), shown(&model));
}

/// The columns in which something of a frame's row is, that is no space; what the texts themselves take aside.
fn at(terminal: &Terminal<TestBackend>, x: u16, rows: Range<u16>) -> Vec<String> {
    let buffer = terminal.backend().buffer();
    rows.map(|y| buffer[(x, y)].symbol().to_owned()).collect()
}

#[rstest]
fn columns_stay_where_they_are(#[values(60, 99, 100, 101, 120, 200, 300)] width: u16) {
    let plain = [TEXTS[7]; TEXTS.len()];
    let (mut model, mut plain) = (written(&TEXTS), written(&plain));
    for model in [&mut model, &mut plain] {
        resize(model, width, 30);
    }
    let top = model.shared.body().y;
    let rows = top..top + u16::try_from(TEXTS.len()).unwrap();
    let layout = model.screens.feed.triage.layout(model.shared.body());
    let (shown, plain) = (frame(&model), frame(&plain));
    // The mark of the unread, the last letter of the age, and what divides list from detail.
    for x in [0, layout.list.right() - 1, layout.list.right() - 2] {
        assert_eq!(at(&shown, x, rows.clone()), at(&plain, x, rows.clone()), "column {x} of {width}");
    }
    if width >= 100 {
        let divider = at(&shown, layout.divider.x, rows.clone());
        assert!(divider.iter().all(|symbol| symbol == "│"), "{divider:?}");
    }
    // No wide character is cut in two at the end of a column.
    let buffer = shown.backend().buffer();
    for y in 0..buffer.area.height {
        let last = buffer[(buffer.area.right() - 1, y)].symbol();
        assert!(crate::text::width(last) <= 1, "{last:?} at the end of row {y}");
    }
}

#[test]
fn what_lies_over_wide_characters_leaves_no_half_of_one() {
    let mut model = written(&[TEXTS[0]; 9]);
    model.shared.open(Overlay::Question(Question::confirm(Action::Quit, "Quit?", TEXTS[0])));
    // The box is in the middle: its left side is now between two characters, now inside one.
    for width in 72..100 {
        resize(&mut model, width, 20);
        let terminal = frame(&model);
        let buffer = terminal.backend().buffer();
        for y in 0..buffer.area.height {
            for x in 0..buffer.area.width - 1 {
                let [cell, next] = [x, x + 1].map(|x| buffer[(x, y)].symbol());
                assert!(
                    crate::text::width(cell) < 2 || next == " ",
                    "{cell:?}, {next:?} at {x}, {y} of {width}"
                );
            }
        }
    }
}
