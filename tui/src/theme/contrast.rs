//! Every text is legible on what it stands on: WCAG 2.2, success criterion 1.4.3, at least 4.5 to 1.

use ratatui::style::{Color, Modifier, Style};
use rstest::rstest;
use strum::IntoEnumIterator;

use super::{Theme, Tone};

/// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
fn luminance(colour: Color) -> f64 {
    let Color::Rgb(red, green, blue) = colour else { panic!("{colour} is the terminal's own") };
    let [red, green, blue] = [red, green, blue].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(style: Style) -> f64 {
    let [one, other] = [style.fg, style.bg].map(|colour| luminance(colour.unwrap()));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[rstest]
fn every_tone_is_legible(#[values(Theme::dark(), Theme::light())] theme: Theme) {
    for tone in Tone::iter() {
        let style = theme.of(tone);
        assert!(contrast(style) >= 4.5, "{tone:?}: {:.2}", contrast(style));
        // What a terminal makes of it nobody knows.
        assert!(!style.add_modifier.intersects(Modifier::DIM | Modifier::REVERSED), "{tone:?}");
    }
}
