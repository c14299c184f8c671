//! What the commands take that read, follow and settle things from a script. No behaviour.

use clap::{Args, Subcommand, ValueEnum};

use super::Part;

/// Of `campanile history`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, and stands by itself")]
pub struct History {
    /// One of the config file's `[views.NAME]`; what else is given narrows it
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Words, "phrases", beginnings*, and -what must not be there
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Which part of it.
    #[command(flatten)]
    pub part: Part,
    /// Only of this group of types: events, attendance, transcription, system, account; can be repeated
    #[arg(long, value_name = "CATEGORY", ignore_case = true)]
    pub category: Vec<Category>,
    /// Only what is unread
    #[arg(long, conflicts_with = "read")]
    pub unread: bool,
    /// Only what is read
    #[arg(long)]
    pub read: bool,
    /// Only from then on: 2026-12-01T18:00:00Z, or in words: yesterday, "mon 8:00" (the last one), "2 hours ago"
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Only before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// Whose wall clock those words go by: an IANA name [default: the config file's, else this machine's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<chrono_tz::Tz>,
    /// What is archived, too
    #[arg(long)]
    pub archived: bool,
    /// What is past its expiry, too
    #[arg(long)]
    pub expired: bool,
    /// What your preferences mute, too
    #[arg(long)]
    pub muted: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// However many there are
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// A group of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Category {
    /// What happens to events
    Events,
    /// Who attends what
    Attendance,
    /// Transcriptions under way
    Transcription,
    /// News of the campus and of the platform
    System,
    /// The account itself
    Account,
}

impl From<Category> for crate::api::fragments::Category {
    fn from(category: Category) -> Self {
        match category {
            Category::Events => Self::Events,
            Category::Attendance => Self::Attendance,
            Category::Transcription => Self::Transcription,
            Category::System => Self::System,
            Category::Account => Self::Account,
        }
    }
}

/// Of `campanile run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Begin after this cursor, instead of now
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    /// Which part of the feed.
    #[command(flatten)]
    pub part: Part,
    /// End after this many notifications
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,
    /// Where to keep how far it has come, to go on from there the next time
    #[arg(long, value_name = "FILE", conflicts_with = "after")]
    pub cursor_file: Option<std::path::PathBuf>,
    /// Go on when the command fails
    #[arg(long)]
    pub keep_going: bool,
    /// What to run, and with which arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

/// Of `campanile explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Which notification
    #[arg(value_name = "ID")]
    pub id: String,
    /// Whom, by the platform's id; yourself without it
    #[arg(long, value_name = "KEY")]
    pub user: Option<String>,
}

/// Of `campanile broadcasts`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Broadcasts {
    /// What to do; without it they are listed, newest first.
    #[command(subcommand)]
    pub command: Option<BroadcastsCommand>,
    /// Only this campus's
    #[arg(long, value_name = "KEY")]
    pub campus: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// However many there are
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// What can be done with a broadcast.
#[derive(Debug, Subcommand)]
pub enum BroadcastsCommand {
    /// One of them, whole
    Show {
        /// Its id, e.g. b7
        id: String,
    },
    /// One of them, each time its numbers change, until you stop it
    Watch {
        /// Its id, e.g. b7
        id: String,
    },
    /// Call one off that waits for its time
    Cancel {
        /// Its id, e.g. b7
        id: String,
    },
    /// Take what was sent back from every feed
    Recall {
        /// Its id, e.g. b7, or the notification's, e.g. n41
        id: String,
    },
}

/// Of `campanile prefs`.
#[derive(Debug, Args)]
pub struct Prefs {
    /// What to do; without it they are shown.
    #[command(subcommand)]
    pub command: Option<PrefsCommand>,
    /// On this campus, instead of the default
    #[arg(long, value_name = "KEY", global = true)]
    pub campus: Option<String>,
}

/// What can be done with preferences.
#[derive(Debug, Subcommand)]
pub enum PrefsCommand {
    /// Hear types of notifications, mute them, or leave that to where it is inherited from
    Set {
        /// Which types.
        #[arg(value_name = "TYPE", required = true, help = "Which, e.g. EVENT_UPDATED; can be repeated")]
        types: Vec<String>,
        /// What of it
        #[arg(value_name = "STATE")]
        state: Toggle,
    },
    /// When nothing shall make a sound: 22:00-07:00, on, off, or inherit
    Quiet {
        /// From when to when, on, off, or inherit
        #[arg(value_name = "HOURS")]
        hours: Quiet,
        /// Whose wall clock: an IANA name
        #[arg(long, value_name = "ZONE")]
        timezone: Option<chrono_tz::Tz>,
    },
    /// Take everything back that was set on a campus
    Reset {
        /// Where
        #[arg(value_name = "CAMPUS")]
        on: String,
    },
}

/// Whether a type is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Toggle {
    /// Heard
    On,
    /// Muted
    Off,
    /// As on the default, or as it is built in
    Inherit,
}

/// Quiet hours, as they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiet {
    /// They count, at whatever times are set.
    On,
    /// They do not count.
    Off,
    /// As on the default, or as they are built in.
    Inherit,
    /// They count, from HH:MM to HH:MM.
    Between(String, String),
}

impl std::str::FromStr for Quiet {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_lowercase().as_str() {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            "inherit" => Ok(Self::Inherit),
            hours => match crate::when::hours(hours) {
                Some((start, end)) => Ok(Self::Between(start, end)),
                None => Err("write 22:00-07:00, on, off, or inherit"),
            },
        }
    }
}

/// Of `campanile dashboard`.
#[derive(Debug, Args)]
pub struct Dashboard {
    /// One reading, instead of one each second
    #[arg(long)]
    pub once: bool,
}

/// Of `campanile config`.
#[derive(Debug, Args)]
pub struct ConfigCommand {
    /// What of it.
    #[command(subcommand)]
    pub what: ConfigWhat,
}

/// What to look at.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigWhat {
    /// Whether the file is right; an error names the line
    Check,
    /// What is in force, and where it comes from; no token is shown
    Show,
    /// Where the file is
    Path,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("22:00-07:00", Some(Quiet::Between("22:00".into(), "07:00".into())))]
    #[case("ON", Some(Quiet::On))]
    #[case("inherit", Some(Quiet::Inherit))]
    #[case("22-7", None)]
    #[case("24:00-07:00", None)]
    #[case("9:00-17:00", Some(Quiet::Between("09:00".into(), "17:00".into())))]
    fn quiet_hours_are(#[case] text: &str, #[case] hours: Option<Quiet>) {
        assert_eq!(text.parse().ok(), hours);
    }
}
