//! Frames: the client's whole view, drawn into ratatui's buffer, compared with the frame before, and written as what a terminal
//! obeys; to nowhere, since no terminal's own speed is meant.

use std::io;
use std::time::Duration;

use anyhow::Result;
use campanile::action::Action;
use campanile::message::Message;
use campanile::model::Model;
use campanile::update::update;
use campanile::view;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::feed;
use crate::cpu;

/// In one round.
const FRAMES: u32 = 1_000;
/// Before they are measured.
const WARM_UP: u32 = 50;

/// One frame after each arrival, at the top: every row says something else than before.
pub(super) fn at_the_top(size: u32) -> Result<Vec<Duration>> {
    let mut model = feed::of(size);
    frames(&mut model, |model, number| feed::arrive(model, size + 1 + number))
}

/// One frame after each step down, in the middle of the feed, where the list scrolls with every step.
pub(super) fn in_the_middle(size: u32) -> Result<Vec<Duration>> {
    let mut model = feed::of(size);
    for _ in 0..size / 2 {
        update(&mut model, Message::Act(Action::Down));
    }
    let mut down = false;
    let room = usize::try_from(size)?;
    frames(&mut model, |model, _| {
        let at = model.screens.feed.triage.inbox.selection.index;
        // A short feed ends before the frames do.
        down = if at + 1 >= room { false } else { down || at == 0 };
        update(model, Message::Act(if down { Action::Down } else { Action::Up }));
    })
}

/// One, unmeasured.
pub(super) fn frame(model: &Model) -> Result<()> {
    terminal()?.draw(|frame| view::draw(frame, model))?;
    Ok(())
}

fn terminal() -> Result<Terminal<CrosstermBackend<io::Sink>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, feed::SIZE.width, feed::SIZE.height));
    let backend = CrosstermBackend::new(io::sink());
    Ok(Terminal::with_options(backend, TerminalOptions { viewport })?)
}

fn frames(model: &mut Model, mut change: impl FnMut(&mut Model, u32)) -> Result<Vec<Duration>> {
    let mut terminal = terminal()?;
    let mut times = Vec::new();
    for number in 0..WARM_UP + FRAMES {
        change(model, number);
        let before = cpu::time_of(std::process::id())?;
        terminal.draw(|frame| view::draw(frame, model))?;
        if number >= WARM_UP {
            times.push(cpu::time_of(std::process::id())?.saturating_sub(before));
        }
    }
    Ok(times)
}
