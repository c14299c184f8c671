//! The loop: what comes in, from the keyboard, the network and the clock, one after the other through `update`; and a
//! frame whenever nothing more is waiting.
//!
//! Whatever the network tells, there is no frame sooner than [`FRAME`] after the one before, and while more is waiting none
//! later: thousands of events a second make sixty frames. What the user does goes before all of that, and shows as soon as
//! no more of it is waiting.
//!
//! The terminal, the input, the network's two channels and the clock are parameters: tests drive this very loop.

use std::{io, pin::Pin, time::Duration};

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::{
    Terminal,
    backend::Backend,
    layout::{Position, Size},
};
use tokio::{
    sync::mpsc,
    task::unconstrained,
    time::{Instant, Interval, MissedTickBehavior, interval, timeout_at},
};

use crate::{
    clock::Clock,
    effect::{self, Effect},
    input::Typed,
    keymap::Meaning,
    message::{Gesture, Message, Pointer},
    model::Model,
    update::{begin, update},
    view::draw,
};

/// So long a frame stays that only the network would replace: sixty a second are as many as a terminal shows.
const FRAME: Duration = Duration::from_millis(16);
/// The same for those who want little to move.
const CALM_FRAME: Duration = Duration::from_millis(250);

/// The interactive client, with all that it does not make itself.
#[derive(Debug)]
pub struct App<C, T> {
    /// What it begins with.
    pub model: Model,
    /// What tells it the time.
    pub clock: C,
    /// What the network has to say: the one queue of the loop.
    pub messages: mpsc::Receiver<Message>,
    /// What the network is to do.
    pub effects: mpsc::UnboundedSender<Effect>,
    /// What the terminal is to do besides showing frames.
    pub gestures: T,
}

/// What the terminal does besides showing frames.
pub trait Desk {
    /// Does something at once.
    fn perform(&mut self, gesture: effect::Gesture) -> io::Result<()>;

    /// Leaves the terminal to the user's own editor; it is ours again when this resolves, and its frame is to be drawn
    /// anew. Input must not be read meanwhile.
    fn edit(&mut self, _text: String) -> Editing {
        Box::pin(async { Err("there is no editor here".to_owned()) })
    }
}

/// Resolves to the text, or why there is none.
pub type Editing = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

impl<F: FnMut(effect::Gesture) -> io::Result<()>> Desk for F {
    fn perform(&mut self, gesture: effect::Gesture) -> io::Result<()> {
        self(gesture)
    }
}

/// What ends the loop before the user does.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The terminal does not take what is drawn.
    #[error("failed to draw: {0}")]
    Draw(String),
    /// The terminal does not do what it is asked to.
    #[error("failed to use the terminal: {0}")]
    Terminal(io::Error),
    /// The keyboard is gone.
    #[error("failed to read the keyboard: {0}")]
    Input(io::Error),
    /// The network's task is gone, which it never should be.
    #[error("the network's task ended")]
    Network,
}

impl<C, T> App<C, T>
where
    C: Clock,
    T: Desk,
{
    /// Runs until the user is done, the input ends, or `terminate` resolves. Returns the model as it was last.
    pub async fn run<B, I>(
        self,
        terminal: &mut Terminal<B>,
        input: I,
        terminate: impl Future<Output = ()>,
    ) -> Result<Model, AppError>
    where
        B: Backend,
        I: Stream<Item = io::Result<Event>> + Unpin,
    {
        let Self { mut model, clock, messages, effects, gestures } = self;
        let mut outlet = Outlet { effects, gestures, editing: None };
        let mut ticks = interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let terminate = Box::pin(terminate.fuse());
        let mut sources = Sources { input: input.fuse(), messages, ticks, clock, terminate };
        outlet.perform(begin())?;
        while !model.shared.quit {
            if outlet.editing.is_none() {
                terminal.draw(|frame| draw(frame, &model)).map_err(undrawn)?;
            }
            let due = Instant::now() + if model.shared.options.reduced_motion { CALM_FRAME } else { FRAME };
            let mut coming = Some(sources.next(&model, &mut outlet.editing).await?);
            let mut at_once = false;
            while let Some(message) = coming {
                if let Some(message) = message {
                    at_once |= !matches!(message, Message::Net(_));
                    if matches!(message, Message::Edited(_)) {
                        // Whatever the editor left there; and it may have had another size. This draws everything anew, as
                        // `clear` does, but does not ask where the cursor is: the keyboard is read again already.
                        let size = terminal.size().map_err(undrawn)?;
                        terminal.resize(size.into()).map_err(undrawn)?;
                        outlet.perform(update(&mut model, Message::Resize(size)))?;
                    }
                    outlet.perform(update(&mut model, message))?;
                }
                if model.shared.quit || due <= Instant::now() {
                    break;
                }
                let next = sources.next(&model, &mut outlet.editing);
                let waiting = if at_once {
                    // Else tokio would say after some that nothing is waiting.
                    unconstrained(next).now_or_never()
                } else {
                    timeout_at(due, next).await.ok()
                };
                coming = waiting.transpose()?;
            }
        }
        Ok(model)
    }
}

fn undrawn(error: impl std::fmt::Display) -> AppError {
    AppError::Draw(error.to_string())
}

/// Where effects go.
struct Outlet<T> {
    effects: mpsc::UnboundedSender<Effect>,
    gestures: T,
    /// The terminal is the editor's.
    editing: Option<Editing>,
}

impl<T: Desk> Outlet<T> {
    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), AppError> {
        effects.into_iter().try_for_each(|effect| match effect {
            Effect::Terminal(gesture) => self.gestures.perform(gesture).map_err(AppError::Terminal),
            Effect::Edit(text) => {
                self.editing = Some(self.gestures.edit(text));
                Ok(())
            }
            effect => self.effects.send(effect).map_err(|_| AppError::Network),
        })
    }
}

/// All that messages come from.
struct Sources<I, C, T> {
    input: I,
    messages: mpsc::Receiver<Message>,
    ticks: Interval,
    clock: C,
    terminate: T,
}

impl<I, C, T> Sources<I, C, T>
where
    I: Stream<Item = io::Result<Event>> + Unpin,
    C: Clock,
    T: Future<Output = ()> + Unpin + futures_util::future::FusedFuture,
{
    /// The next message; none for input that means nothing here. The user goes before the network, whose bursts would
    /// make the keys feel slow.
    /// While the terminal is the editor's, its keys are too.
    async fn next(
        &mut self,
        model: &Model,
        editing: &mut Option<Editing>,
    ) -> Result<Option<Message>, AppError> {
        let is_ours = editing.is_none();
        tokio::select! {
            biased;
            () = &mut self.terminate, if !self.terminate.is_terminated() => Ok(Some(Message::Terminate)),
            result = edited(editing) => Ok(Some(Message::Edited(result))),
            event = self.input.next(), if is_ours => match event {
                Some(event) => Ok(meaning(model, event.map_err(AppError::Input)?)),
                None => Ok(Some(Message::Terminate)),
            },
            _ = self.ticks.tick() => Ok(Some(Message::Tick(self.clock.now()))),
            message = self.messages.recv() => message.map(Some).ok_or(AppError::Network),
        }
    }
}

/// Resolves when the editor is closed.
async fn edited(editing: &mut Option<Editing>) -> Result<String, String> {
    let Some(running) = editing else {
        return std::future::pending().await;
    };
    let result = running.await;
    *editing = None;
    result
}

/// What the terminal tells, as a message.
fn meaning(model: &Model, event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            match model.shared.options.keymap.meaning(model.context(), key)? {
                Meaning::Act(action) => Some(Message::Act(action)),
                Meaning::Type(key) => Some(Message::Type(Typed::Key(key))),
            }
        }
        Event::Paste(text) if model.context().is_text() => Some(Message::Type(Typed::Paste(text))),
        Event::Mouse(event) => pointer(event).map(Message::Point),
        Event::Resize(width, height) => Some(Message::Resize(Size { width, height })),
        _ => None,
    }
}

fn pointer(event: MouseEvent) -> Option<Pointer> {
    let gesture = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Gesture::Press,
        MouseEventKind::Drag(MouseButton::Left) => Gesture::Drag,
        MouseEventKind::Up(MouseButton::Left) => Gesture::Release,
        MouseEventKind::ScrollUp => Gesture::WheelUp,
        MouseEventKind::ScrollDown => Gesture::WheelDown,
        _ => return None,
    };
    Some(Pointer { gesture, at: Position { x: event.column, y: event.row } })
}

#[cfg(test)]
mod tests;
