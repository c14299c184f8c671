//! `campanile`: puts the interactive client together, of the real terminal, the real network and the real clock.

use std::io::{self, IsTerminal, stdin, stdout};

use tokio::sync::mpsc;

use super::{CommandError, console};
use crate::{
    app::{App, Desk},
    clock::{Clock, SystemClock},
    config::Settings,
    drafts::{Drafts, Keeper},
    effect::Gesture,
    model::Model,
    net::link::{Link, Profiles},
    terminal::{self, Keyboard, Screen, TerminalDesk, termination},
    theme::Environment,
};

/// So many messages may wait for the loop; then the network waits, and the server's own bounds take over.
const QUEUE: usize = 1024;

/// Runs it until the user leaves.
pub(super) async fn run(settings: Settings, profiles: Profiles) -> Result<(), CommandError> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Err(CommandError::Usage(
            "this needs a terminal; in a script, use `campanile tail`".to_owned(),
        ));
    }
    let options = console::options(&settings, theme)?;
    let (queue, messages) = mpsc::channel(QUEUE);
    let (effects, performed) = mpsc::unbounded_channel();
    let server = settings.endpoint.to_string();
    let keeper = Keeper::new(Drafts::usual());
    let link = Link::new(settings.endpoint, settings.token, queue);
    tokio::spawn(link.with_profiles(profiles).with_keeper(keeper.clone()).run(performed));

    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    let keyboard = Keyboard::new();
    let mut desk = TerminalDesk::new(keyboard.clone());
    if options.mouse {
        desk.perform(Gesture::Mouse(true))?;
    }
    let model = Model::new(server, options, SystemClock.now(), size, rand::random());
    let app = App { model, clock: SystemClock, messages, effects, gestures: desk };
    let model = app.run(&mut screen.terminal, keyboard, termination()).await?;
    drop(screen);
    keep(&model, &keeper).await
}

/// What is being written is kept, and what is being kept already is waited for.
async fn keep(model: &Model, keeper: &Keeper) -> Result<(), CommandError> {
    let unkept = model.screens.compose.unkept().cloned().zip(model.shared.account());
    let kept = keeper.ask(move |drafts| match unkept {
        Some((draft, account)) if draft.is_empty() => drafts.forget(&account),
        Some((draft, account)) => drafts.keep(&account, &draft),
        None => Ok(()),
    });
    // Where nobody answers, a panic has been reported.
    kept.await.unwrap_or(Ok(())).map_err(|error| CommandError::Io(io::Error::other(error)))
}

/// The name of the theme that suits the terminal.
fn theme() -> &'static str {
    let [no_color, colorterm, colorfgbg] = ["NO_COLOR", "COLORTERM", "COLORFGBG"].map(std::env::var_os);
    let environment = Environment {
        no_color: no_color.as_deref(),
        colorterm: colorterm.as_deref(),
        colorfgbg: colorfgbg.as_deref(),
    };
    environment.theme(terminal::background)
}
