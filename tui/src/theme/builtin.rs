//! The themes that are always there: two of their own colours, one of the terminal's sixteen, one without any.

use ratatui::style::{Color, Modifier, Style};

use super::{Theme, Tone};

/// A colour, as the web writes it.
const fn rgb(hex: u32) -> Color {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color::Rgb(red, green, blue)
}

/// The colours of a theme that brings its own.
struct Colours {
    ground: u32,
    text: u32,
    muted: u32,
    rule: u32,
    accent: u32,
    good: u32,
    waiting: u32,
    bad: u32,
    /// Behind the selected row.
    raised: u32,
    /// Behind the selected row, while the keys act on something else; behind a line that is typed.
    sunken: u32,
    /// On top of a colour that is the ground.
    inverse: u32,
}

const DARK: Colours = Colours {
    ground: 0x0016_181d,
    text: 0x00d8_dce3,
    muted: 0x0098_a1b0,
    rule: 0x0086_90a0,
    accent: 0x0071_c7ec,
    good: 0x008f_cf8b,
    waiting: 0x00e8_c26a,
    bad: 0x00ff_8f8f,
    raised: 0x0033_3c4d,
    sunken: 0x0022_262f,
    inverse: 0x0016_181d,
};

const LIGHT: Colours = Colours {
    ground: 0x00fb_fbf8,
    text: 0x0022_262d,
    muted: 0x005a_6270,
    rule: 0x0068_7080,
    accent: 0x0000_5a87,
    good: 0x001e_6b2c,
    waiting: 0x007a_5200,
    bad: 0x00b0_1e2e,
    raised: 0x00d5_e3f0,
    sunken: 0x00ec_ece6,
    inverse: 0x00fb_fbf8,
};

impl Theme {
    /// The built-in themes, by name.
    pub fn builtin() -> [(&'static str, Self); 4] {
        [
            ("dark", Self::dark()),
            ("light", Self::light()),
            ("sixteen", Self::sixteen()),
            ("plain", Self::plain()),
        ]
    }

    /// Light on dark, in colours of its own.
    pub fn dark() -> Self {
        Self::coloured(&DARK)
    }

    /// Dark on light, in colours of its own.
    pub fn light() -> Self {
        Self::coloured(&LIGHT)
    }

    fn coloured(colours: &Colours) -> Self {
        let on_ground = |colour| Style::new().fg(rgb(colour)).bg(rgb(colours.ground));
        let on = |ground, colour| Style::new().fg(rgb(colour)).bg(rgb(ground));
        Self::new(|tone| match tone {
            Tone::Text => on_ground(colours.text),
            Tone::Muted | Tone::Tab => on_ground(colours.muted),
            Tone::Rule => on_ground(colours.rule),
            Tone::Title | Tone::Unread => on_ground(colours.text).add_modifier(Modifier::BOLD),
            Tone::Mark | Tone::Key | Tone::RuleActive => on_ground(colours.accent),
            Tone::Good => on_ground(colours.good),
            Tone::Waiting | Tone::High => on_ground(colours.waiting),
            Tone::Bad => on_ground(colours.bad).add_modifier(Modifier::BOLD),
            Tone::Urgent => on(colours.bad, colours.inverse).add_modifier(Modifier::BOLD),
            Tone::Selected => on(colours.raised, colours.text),
            Tone::SelectedIdle => on(colours.sunken, colours.text).add_modifier(Modifier::UNDERLINED),
            Tone::TabShown => on(colours.accent, colours.inverse).add_modifier(Modifier::BOLD),
            Tone::Match => on_ground(colours.accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Tone::Input => on(colours.sunken, colours.text),
            Tone::Cursor => on(colours.text, colours.ground),
            Tone::Toast => on(colours.raised, colours.text).add_modifier(Modifier::BOLD),
        })
    }

    /// With the terminal's own sixteen colours, which its user has chosen to be legible.
    pub fn sixteen() -> Self {
        let plain = Self::plain();
        Self::new(|tone| match tone {
            Tone::Key | Tone::RuleActive => Style::new().fg(Color::Cyan),
            Tone::Mark => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Tone::Match => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Tone::Good => Style::new().fg(Color::Green),
            Tone::Waiting => Style::new().fg(Color::Yellow),
            Tone::Bad => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Urgent => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            Tone::High => Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD),
            tone => plain.of(tone),
        })
    }

    /// Without any.
    pub fn plain() -> Self {
        let text = Style::new();
        let bold = text.add_modifier(Modifier::BOLD);
        Self::new(|tone| match tone {
            Tone::Text | Tone::Good | Tone::Waiting | Tone::Tab | Tone::Input => text,
            Tone::Muted | Tone::Rule => text.add_modifier(Modifier::DIM),
            Tone::Title
            | Tone::Unread
            | Tone::Mark
            | Tone::Key
            | Tone::Bad
            | Tone::High
            | Tone::RuleActive => bold,
            Tone::Selected | Tone::Cursor => text.add_modifier(Modifier::REVERSED),
            Tone::SelectedIdle => text.add_modifier(Modifier::UNDERLINED),
            Tone::Urgent | Tone::TabShown | Tone::Toast => {
                text.add_modifier(Modifier::BOLD | Modifier::REVERSED)
            }
            Tone::Match => text.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        })
    }
}
