//! `campanile`: puts the interactive client together, of the real terminal, the real network and the real clock.

use std::io::{IsTerminal, stdin, stdout};

use crossterm::event::EventStream;
use tokio::sync::mpsc;

use super::CommandError;
use crate::{
    app::App,
    clock::{Clock, SystemClock},
    config::Settings,
    model::Model,
    net::link::Link,
    terminal::{Screen, termination},
    theme::Theme,
};

/// So many messages may wait for the loop; then the network waits, and the server's own bounds take over.
const QUEUE: usize = 1024;

/// Runs it until the user leaves.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Err(CommandError::Usage(
            "this needs a terminal; in a script, use `campanile tail`".to_owned(),
        ));
    }
    let theme = Theme::detect(std::env::var_os("NO_COLOR").as_deref());
    let (queue, messages) = mpsc::channel(QUEUE);
    let (effects, performed) = mpsc::unbounded_channel();
    let server = settings.endpoint.to_string();
    tokio::spawn(Link::new(settings.endpoint, settings.token, queue).run(performed));

    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    let mut model = Model::new(server, SystemClock.now(), size, rand::random());
    model.shared.theme = theme;
    let app = App { model, clock: SystemClock, messages, effects };
    app.run(&mut screen.terminal, EventStream::new(), termination()).await?;
    Ok(())
}
