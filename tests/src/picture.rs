//! What a terminal shows as an SVG: a line for each row that says something, so that a change of one is a change of a line.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Of a cell, in pixels.
const WIDTH: u16 = 8;
const HEIGHT: u16 = 18;
/// From a row's top to the line that letters stand on.
const BASELINE: u16 = 13;
/// Around it all.
const MARGIN: u16 = 12;
/// What a terminal has where nothing is said: letters, and what they stand on.
const PLAIN: [Rgb; 2] = [(0xd0, 0xd0, 0xd0), (0x10, 0x12, 0x16)];
/// The sixteen colours that terminals name.
const SIXTEEN: [Rgb; 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x31, 0x31),
    (0x0d, 0xbc, 0x79),
    (0xe5, 0xe5, 0x10),
    (0x24, 0x72, 0xc8),
    (0xbc, 0x3f, 0xbc),
    (0x11, 0xa8, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x66, 0x66, 0x66),
    (0xf1, 0x4c, 0x4c),
    (0x23, 0xd1, 0x8b),
    (0xf5, 0xf5, 0x43),
    (0x3b, 0x8e, 0xea),
    (0xd6, 0x70, 0xd6),
    (0x29, 0xb8, 0xdb),
    (0xff, 0xff, 0xff),
];

type Rgb = (u8, u8, u8);

/// Cells that stand side by side and look the same.
struct Run {
    column: u16,
    columns: u16,
    text: String,
    look: Look,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    letters: Rgb,
    ground: Rgb,
    bold: bool,
    italic: bool,
    underline: bool,
}

/// The picture of a screen; `title` says what is to be seen, for those who do not see it.
pub fn svg(screen: &Screen, title: &str) -> String {
    let (rows, columns) = size(screen);
    let ground = ground_of_most(screen);
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-size=\"13\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n",
        escaped(title),
        hex(ground),
    );
    for row in 0..rows {
        let runs = runs(screen, row);
        let top = MARGIN + row * HEIGHT;
        let mut line = String::new();
        for Run { column, columns, look, .. } in runs.iter().filter(|run| run.look.ground != ground) {
            let (x, width) = (MARGIN + column * WIDTH, columns * WIDTH);
            let fill = hex(look.ground);
            // Writing to a string cannot fail.
            let _ = write!(
                line,
                "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{fill}\"/>"
            );
        }
        for run in runs.iter().filter(|run| !run.text.trim().is_empty()) {
            let _ = write!(line, "{}", letters(run, top + BASELINE));
        }
        if !line.is_empty() {
            svg.push_str(&line);
            svg.push('\n');
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn letters(Run { column, columns, text, look }: &Run, y: u16) -> String {
    // Spaces around it need no ink, and an SVG would not keep them.
    let before = text.chars().take_while(|char| *char == ' ').count();
    let behind = text.chars().rev().take_while(|char| *char == ' ').count();
    let [before, behind] = [before, behind].map(|spaces| u16::try_from(spaces).unwrap_or(0));
    let (x, length) = (MARGIN + (column + before) * WIDTH, (columns - before - behind) * WIDTH);
    let mut style = String::new();
    for (is_so, attribute) in [
        (look.bold, " font-weight=\"bold\""),
        (look.italic, " font-style=\"italic\""),
        (look.underline, " text-decoration=\"underline\""),
    ] {
        style.push_str(if is_so { attribute } else { "" });
    }
    let (fill, text) = (hex(look.letters), escaped(text.trim()));
    // The length holds columns together, whatever font there is.
    format!(
        "<text x=\"{x}\" y=\"{y}\" fill=\"{fill}\"{style} textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" \
         xml:space=\"preserve\">{text}</text>"
    )
}

/// Rows and columns.
fn size(screen: &Screen) -> (u16, u16) {
    let (rows, columns) = screen.size();
    (rows.get(), columns.get())
}

fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..size(screen).1 {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else {
            continue;
        };
        let look = look(cell);
        let text = if cell.has_contents() { cell.contents() } else { " " };
        let columns = if cell.is_wide() { 2 } else { 1 };
        // What fonts draw as wide as they like stands by itself, and so does nothing behind it.
        let is_plain = |text: &str| text.chars().all(|char| char.is_ascii() || ('─'..='╿').contains(&char));
        match runs.last_mut() {
            Some(last) if last.look == look && is_plain(text) && is_plain(&last.text) => {
                last.columns += columns;
                last.text.push_str(text);
            }
            _ => runs.push(Run { column, columns, text: text.to_owned(), look }),
        }
    }
    runs
}

fn look(cell: &Cell) -> Look {
    let [mut letters, mut ground] = [(cell.fgcolor(), PLAIN[0]), (cell.bgcolor(), PLAIN[1])].map(rgb);
    if cell.inverse() {
        std::mem::swap(&mut letters, &mut ground);
    }
    if cell.dim() {
        letters = [(letters.0, ground.0), (letters.1, ground.1), (letters.2, ground.2)]
            .map(|(one, other)| one.midpoint(other))
            .into();
    }
    Look { letters, ground, bold: cell.bold(), italic: cell.italic(), underline: cell.underline() }
}

/// What most cells stand on, so that it is drawn once.
fn ground_of_most(screen: &Screen) -> Rgb {
    let (rows, columns) = size(screen);
    let cells = (0..rows).flat_map(|row| (0..columns).filter_map(move |column| screen.cell(row, column)));
    let mut grounds: Vec<(Rgb, usize)> = Vec::new();
    for ground in cells.map(|cell| look(cell).ground) {
        match grounds.iter_mut().find(|(known, _)| *known == ground) {
            Some((_, count)) => *count += 1,
            None => grounds.push((ground, 1)),
        }
    }
    grounds.into_iter().max_by_key(|(_, count)| *count).map_or(PLAIN[1], |(ground, _)| ground)
}

fn rgb((color, plain): (Color, Rgb)) -> Rgb {
    match color {
        Color::Default => plain,
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Idx(index @ 0..16) => SIXTEEN[usize::from(index)],
        // xterm's cube of 6×6×6, and its greys.
        Color::Idx(index @ 16..232) => {
            let place = index - 16;
            let part = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            (part(place / 36), part(place / 6 % 6), part(place % 6))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::*;

    fn picture(written: &str) -> String {
        let [rows, columns] = [2, 12].map(|size| NonZeroU16::new(size).unwrap());
        let mut parser = vt100::Parser::new(rows, columns, 0);
        parser.process(written.as_bytes());
        svg(parser.screen(), "a <title>")
    }

    #[test]
    fn a_row_is_a_line_and_columns_stay() {
        let svg = picture("\x1b[1mab\x1b[0m 日x<\r\n");
        let lines: Vec<_> = svg.lines().collect();
        assert_eq!(lines.len(), 5, "{svg}");
        assert_eq!(lines[1], "<title>a &lt;title&gt;</title>");
        let texts: Vec<_> = lines[3].split("<text ").skip(1).collect();
        assert_eq!(texts.len(), 3);
        assert!(
            texts[0].starts_with("x=\"12\" y=\"25\" fill=\"#d0d0d0\" font-weight=\"bold\" textLength=\"16\"")
        );
        assert!(texts[1].starts_with("x=\"36\"") && texts[1].contains("textLength=\"16\""), "{}", texts[1]);
        assert!(texts[2].starts_with("x=\"52\"") && texts[2].contains("x&lt;</text>"), "{}", texts[2]);
    }

    #[test]
    fn colours_are_those_of_the_terminal() {
        let svg = picture("\x1b[38;2;1;2;3mr\x1b[0m\x1b[38;5;208mi\x1b[0m\x1b[7mx");
        for part in ["fill=\"#010203\"", "fill=\"#ff8700\"", "fill=\"#d0d0d0\"/>", "fill=\"#101216\""] {
            assert!(svg.contains(part), "no {part} in {svg}");
        }
    }
}
