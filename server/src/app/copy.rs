//! `campanile-server copy`: moves a database, and shows how far it has come: a bar on a terminal, else a line for each table.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::config::CopyOptions;
use super::serve::start_logging;
use super::{Failure, print_all};
use crate::store::copy::{self, Copied, Step};

/// Of the bar, which goes on being drawn where nothing moves, so that it is seen to be alive.
const REDRAW: Duration = Duration::from_millis(200);
const LOOK: &str = "{spinner} {wide_msg} {bar:30} {human_pos}/{human_len} rows {per_sec} {eta}";

pub(super) async fn copy(options: CopyOptions) -> Result<(), Failure> {
    start_logging();
    let CopyOptions { from, to } = options;
    let progress = Progress::start();
    let copied = copy::copy(&from, &to, |step| progress.show(step)).await;
    progress.bar.finish_and_clear();
    print_all(&report(&copied?));
    print_all(&format!("{to} has all of {from}\n"));
    Ok(())
}

struct Progress {
    bar: ProgressBar,
    /// Whether there is nobody to see a bar move.
    plain: bool,
}

impl Progress {
    fn start() -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target = if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template(LOOK) {
            bar.set_style(style);
        }
        if !plain {
            bar.enable_steady_tick(REDRAW);
        }
        Self { bar, plain }
    }

    fn show(&self, step: Step<'_>) {
        let line = match step {
            Step::Begun { rows } => {
                self.bar.set_length(rows);
                return;
            }
            Step::Sent { rows } => {
                self.bar.inc(rows);
                return;
            }
            Step::Copying { table, rows } => format!("copying {table}: {rows} rows"),
            Step::Indexing => "making the indexes".to_owned(),
            Step::Comparing { table } => format!("comparing {table}"),
        };
        if self.plain {
            // Whoever closed it does not want to know.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        self.bar.set_message(line);
    }
}

/// What each table was found to hold, on both sides.
fn report(copied: &[Copied]) -> String {
    let mut lines = String::new();
    for Copied { table, rows, checksum } in copied {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{table:<24}{rows:>12} rows  checksum {checksum:016x}");
    }
    lines
}
