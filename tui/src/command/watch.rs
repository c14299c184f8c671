//! `campanile`: puts the interactive client together, of the real terminal, the real network and the real clock.

use std::io::{IsTerminal, stdin, stdout};

use crossterm::event::EventStream;
use tokio::sync::mpsc;

use super::{CommandError, console};
use crate::{
    app::App,
    clock::{Clock, SystemClock},
    config::Settings,
    effect::Gesture,
    model::Model,
    net::link::{Link, Profiles},
    terminal::{self, Screen, termination},
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
    tokio::spawn(Link::new(settings.endpoint, settings.token, queue).with_profiles(profiles).run(performed));

    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    if options.mouse {
        terminal::perform(&mut stdout(), Gesture::Mouse(true))?;
    }
    let model = Model::new(server, options, SystemClock.now(), size, rand::random());
    let gestures = |gesture| terminal::perform(&mut stdout(), gesture);
    let app = App { model, clock: SystemClock, messages, effects, gestures };
    app.run(&mut screen.terminal, EventStream::new(), termination()).await?;
    Ok(())
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
