//! The command line: what can be asked for, and how it is documented. No behaviour.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::{api::fragments, model::notification};

mod scripts;

pub use scripts::{
    Broadcasts, BroadcastsCommand, Category, ConfigCommand, ConfigWhat, Dashboard, Explain, History, Prefs,
    PrefsCommand, Quiet, Run, Toggle,
};

/// Campanile in a terminal: what concerns you, the moment it happens.
///
/// Without a command it shows your feed, live; press ? there for the keys.
#[derive(Debug, Parser)]
#[command(name = "campanile", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// Which server, and who asks.
    #[command(flatten)]
    pub connection: Connection,

    /// How it is printed.
    #[command(flatten)]
    pub output: Output,

    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the commands for scripts print.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// JSON, whatever it is printed to: an object on each line
    #[arg(long, global = true, conflicts_with = "plain", help_heading = OUTPUT)]
    pub json: bool,
    /// For people, whatever it is printed to
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub plain: bool,
    /// Nothing but errors: the exit code says how it went
    #[arg(long, short, global = true, help_heading = OUTPUT)]
    pub quiet: bool,
}

/// Which server, and who asks.
#[derive(Debug, Args)]
pub struct Connection {
    /// Where the server is.
    #[arg(long, value_name = "URL", env = "CAMPANILE_SERVER", global = true, help_heading = SESSION)]
    #[arg(help = "Where the server is: http(s)://… or ws(s)://… [default: http://127.0.0.1:8080]")]
    pub server: Option<String>,

    /// The authority that vouches for an https:// or wss:// server: certificates in PEM.
    #[arg(long, value_name = "FILE", env = "CAMPANILE_CA_FILE", global = true, help_heading = SESSION)]
    #[arg(
        help = "Who vouches for an https:// or wss:// server: a file of certificates, in PEM [default: the system's authorities]"
    )]
    pub ca_file: Option<PathBuf>,

    /// Who you are: a token, as `campanile-server token` signs one. Others may see flags; prefer the environment
    #[arg(long, env = "CAMPANILE_TOKEN", hide_env_values = true, global = true, help_heading = SESSION)]
    pub token: Option<String>,

    /// One of the config file's `[profiles.NAME]` [default: its `default_profile`]
    #[arg(long, short = 'p', value_name = "NAME", env = "CAMPANILE_PROFILE", global = true, help_heading = SESSION)]
    pub profile: Option<String>,

    /// A file with `server = "…"`, `ca_file = "…"` and `token = "…"`, of mode 0600 [default: campanile/config.toml in your config folder]
    #[arg(long, value_name = "PATH", env = "CAMPANILE_CONFIG", global = true, help_heading = SESSION)]
    pub config: Option<PathBuf>,

    /// Only look: whatever would change something is refused before it leaves
    #[arg(long, env = "CAMPANILE_READONLY", global = true, help_heading = SESSION)]
    pub readonly: bool,
}

const SESSION: &str = "Server and identity";
const OUTPUT: &str = "Output";

const AFTER_HELP: &str = "\
Examples:
  campanile --server http://127.0.0.1:8080
  campanile tail --min-priority high | jq -r '.notification.title // empty'
  campanile send --campus north --title 'Library closed' --message 'Until noon.'
  campanile history --search '\"open day\" -cancelled' --unread
  campanile run --min-priority urgent -- sh -c 'notify-send \"$CAMPANILE_TITLE\"'
  campanile read --all

Exit codes:
  0  it worked
  1  the server refused, or something else failed
  2  the command line or the config file is wrong
  3  the server cannot be reached
  4  the server does not know who you are
  other codes are those of what `campanile run` has run (126, 127: it could not be)
  130, 143 and the like, by the shell: it was ended by a signal. What goes on until it is stopped (tail, run,
  dashboard, broadcasts watch) is stopped by SIGINT or SIGTERM, or by the end of its pipe, and ends with 0";

/// The commands for scripts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what happens, one line each: JSON where it is piped, for people where it is not
    #[command(after_help = "\
Each JSON line has a `cursor`, to go on from with --after, and a `kind`: notification, recalled, readState, viewerChanged, progress or unknown. A lost connection is resumed without gap or repeat.

Examples:
  campanile tail --campus north --min-priority high
  campanile tail --json --count 1 | jq '.notification // empty'
  campanile tail --after \"$(cat cursor)\" | tee -a feed.jsonl")]
    Tail(Tail),
    /// Notify a campus, named users, or everyone
    #[command(after_help = "\
Prints the notification's id; where it is piped, JSON with `id` and `created`. Trying again is safe: a lost connection is tried again under the same idempotency key, and the same is never sent twice.

Examples:
  campanile send --campus north --title 'Library closed' --message 'Until noon.'
  campanile send --user ada --user grace --title 'Your badges' --message 'They are at the desk.'
  fortune | campanile send --all --title 'Thought of the day' --message - --priority low")]
    Send(Send),
    /// Mark notifications as read
    #[command(after_help = "\
Examples:
  campanile read n41 n42
  campanile read --all --campus north")]
    Read(Read),
    /// Mark notifications as not read after all
    Unread(Ids),
    /// Take notifications out of the usual view
    Archive(Ids),
    /// Bring archived notifications back
    Unarchive(Ids),
    /// Search and page through everything that was ever sent to you, newest first
    #[command(after_help = "\
Examples:
  campanile history --search 'thesis* -cancelled' --campus north
  campanile history --unread --min-priority high --json | jq -r .title
  campanile history --since 'mon 0:00' --all > since-monday.jsonl")]
    History(History),
    /// Run a command once for each notification, one after the other
    #[command(after_help = "\
The command finds the notification in its environment: CAMPANILE_ID, _TYPE, _CATEGORY, _TITLE, _MESSAGE, _PRIORITY, _CAMPUS, _CAMPUS_NAME, _SENDER, _URL, _CREATED_AT, _SILENT, _CURSOR, and whole, as JSON, in CAMPANILE_JSON. CAMPANILE_EXPIRES_AT, _EVENT_ID, _ATTENDANCE_ID and _REPLAYED are there too. It ends with the exit code of the first command that fails, unless --keep-going is given. With --cursor-file it goes on, the next time, behind the last one that was done, and tries again the one that failed. When it is stopped, it waits for the command that runs; a second signal does not.

Examples:
  campanile run -- sh -c 'echo \"$CAMPANILE_TITLE\"'
  campanile run --campus north --keep-going --cursor-file ~/.bell -- ./bell.sh")]
    Run(Run),
    /// Why you, or somebody, did or did not get a notification
    Explain(Explain),
    /// What was sent and what waits: list it, follow its numbers, call it off, take it back
    Broadcasts(Broadcasts),
    /// What you want to hear, and when
    #[command(after_help = "\
Examples:
  campanile prefs --campus north
  campanile prefs set EVENT_UPDATED off --campus north
  campanile prefs quiet 22:00-07:00 --timezone Europe/Rome
  campanile prefs quiet inherit --campus north")]
    Prefs(Prefs),
    /// How much is going on
    Dashboard(Dashboard),
    /// Keep a token for later, in the system's keyring or in a file that only you may read
    #[command(after_help = "\
The token is --token's (or CAMPANILE_TOKEN's), else what comes from the standard input, else asked for. It is shown to the server first, and kept for that server and that profile.

Examples:
  campanile login --server https://campus.example
  pass show campanile | campanile login --profile work")]
    Login,
    /// Forget what `login` kept for a server and a profile
    Logout,
    /// Look at the configuration
    Config(ConfigCommand),
    /// Completions for a shell
    #[command(after_help = "\
Example:
  campanile completions bash > /etc/bash_completion.d/campanile")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Manual pages
    Man {
        /// Write one for each command into this folder, instead of the first to the standard output
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

/// Which part of a feed.
#[derive(Debug, Clone, Default, Args)]
pub struct Part {
    /// Only this campus's; can be repeated
    #[arg(long, value_name = "KEY")]
    pub campus: Vec<String>,
    /// Only of this type; can be repeated.
    #[arg(
        long = "type",
        value_name = "TYPE",
        help = "Only of this type, e.g. EVENT_CREATED; can be repeated"
    )]
    pub types: Vec<String>,
    /// Only what matters at least this much
    #[arg(long, value_name = "PRIORITY", ignore_case = true)]
    pub min_priority: Option<Priority>,
}

/// Of `campanile tail`.
#[derive(Debug, Args)]
pub struct Tail {
    /// Begin after this cursor, instead of now
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    /// Which part of the feed.
    #[command(flatten)]
    pub part: Part,
    /// End after this many notifications
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,
}

/// Of `campanile send`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("audience").required(true).multiple(true).args(["campus", "all", "user"])))]
pub struct Send {
    /// To everyone on this campus; with --user, to those users as news of this campus
    #[arg(long, value_name = "KEY")]
    pub campus: Option<String>,
    /// To everyone on every campus
    #[arg(long, conflicts_with_all = ["campus", "user"])]
    pub all: bool,
    /// To this user; can be repeated
    #[arg(long, value_name = "KEY")]
    pub user: Vec<String>,
    /// One line, of at most 200 characters
    #[arg(long)]
    pub title: String,
    /// At most 4,000 characters; `-` reads it from the standard input
    #[arg(long)]
    pub message: String,
    /// Its type.
    #[arg(long = "type", value_name = "TYPE")]
    #[arg(help = "Its type [default: CAMPUS_UPDATE with --campus, else SYSTEM_ANNOUNCEMENT]")]
    pub kind: Option<String>,
    /// How much it matters [default: medium]
    #[arg(long, ignore_case = true)]
    pub priority: Option<Priority>,
    /// Where to act on it: an http(s) or site-relative address
    #[arg(long, value_name = "URL")]
    pub action_url: Option<String>,
    /// When it stops being news, e.g. 2026-12-01T18:00:00Z
    #[arg(long, value_name = "RFC3339")]
    pub expires: Option<DateTime<Utc>>,
    /// The same key with the same content is sent once [default: a random one]
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// When to send it, up to a year ahead: 2026-12-01T18:00:00Z, \"tomorrow 9:00\", \"mon 14:30\", \"in 2 hours\"
    #[arg(long, value_name = "WHEN")]
    pub send_at: Option<String>,
    /// Whose wall clock --send-at goes by: an IANA name [default: the campus's, else the config file's, else this machine's]
    #[arg(long, value_name = "ZONE", requires = "send_at")]
    pub timezone: Option<chrono_tz::Tz>,
    /// Send nothing: say how many it would reach
    #[arg(long)]
    pub dry_run: bool,
}

/// Of `campanile read`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["ids", "all"])))]
pub struct Read {
    /// Which ones
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// All of them, up to the newest
    #[arg(long)]
    pub all: bool,
    /// With --all: only this campus's
    #[arg(long, value_name = "KEY", requires = "all")]
    pub campus: Option<String>,
}

/// Some notifications.
#[derive(Debug, Args)]
pub struct Ids {
    /// Which ones
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}

/// How much a notification matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Priority {
    /// Can wait
    Low,
    /// As usual
    Medium,
    /// Should be seen today
    High,
    /// Should be seen now
    Urgent,
}

impl From<Priority> for notification::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Medium => Self::Medium,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}

impl From<Priority> for fragments::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Medium => Self::Medium,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, error::ErrorKind};
    use rstest::rstest;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[rstest]
    #[case("", None)]
    #[case("tail --campus a --campus b --type X --min-priority HIGH --json", None)]
    #[case("tail --json --plain", Some(ErrorKind::ArgumentConflict))]
    #[case("history --search x --unread --read", Some(ErrorKind::ArgumentConflict))]
    #[case("history --search x --since yesterday --all --quiet", None)]
    #[case("run", Some(ErrorKind::MissingRequiredArgument))]
    #[case("run --campus a -- sh -c true", None)]
    #[case("archive", Some(ErrorKind::MissingRequiredArgument))]
    #[case("broadcasts", None)]
    #[case("broadcasts cancel b1 --readonly", None)]
    #[case("prefs set EVENT_UPDATED off --campus a", None)]
    #[case("prefs set EVENT_UPDATED maybe", Some(ErrorKind::InvalidValue))]
    #[case("prefs quiet 22:00-07:00 --timezone Europe/Rome", None)]
    #[case("prefs quiet 22-07", Some(ErrorKind::ValueValidation))]
    #[case("prefs quiet 22:00-07:00 --timezone Rome", Some(ErrorKind::ValueValidation))]
    #[case("prefs reset", Some(ErrorKind::MissingRequiredArgument))]
    #[case("completions fish", None)]
    #[case("send --campus north --title t --message m --expires 2026-12-01T18:00:00Z", None)]
    #[case("send --user a --user b --campus north --title t --message m", None)]
    #[case("send --all --campus north --title t --message m", Some(ErrorKind::ArgumentConflict))]
    #[case("send --title t --message m", Some(ErrorKind::MissingRequiredArgument))]
    #[case("send --all --title t --message m --expires tomorrow", Some(ErrorKind::ValueValidation))]
    #[case("read n1 n2", None)]
    #[case("read --all --campus north", None)]
    #[case("read", Some(ErrorKind::MissingRequiredArgument))]
    #[case("read n1 --all", Some(ErrorKind::ArgumentConflict))]
    #[case("tail --server http://x --token t", None)]
    #[case("--server https://x --ca-file ca.pem read n1", None)]
    fn takes(#[case] line: &str, #[case] error: Option<ErrorKind>) {
        let parsed = Cli::try_parse_from(std::iter::once("campanile").chain(line.split_whitespace()));
        assert_eq!(parsed.err().map(|error| error.kind()), error);
    }
}
