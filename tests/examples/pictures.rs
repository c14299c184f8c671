//! Takes the pictures of README.md: the real client, on the real demo, in a pseudo-terminal. `./scripts/pictures` runs it.
//!
//! The demo tells the same story every time, and the client counts no seconds in its lists, so that what changes in a picture is what has
//! changed in the client; and the dates, which are today's.

use std::{fs, num::NonZeroU16, path::Path};

use anyhow::{Context, Result};
use campanile_tests::{binaries::SERVER, picture, program::Program, terminal::Terminal};

/// The terminal's, in cells.
const COLUMNS: NonZeroU16 = NonZeroU16::new(110).expect("110 is not 0");
const ROWS: NonZeroU16 = NonZeroU16::new(30).expect("30 is not 0");
/// Seconds, which would be others in the next run, are left out of lists.
const CONFIG: &str = "[ui]\ntheme = \"dark\"\nreduced_motion = true\n";

/// One picture.
struct Shot {
    /// The file's name, without `.svg`.
    name: &'static str,
    /// Who looks.
    who: Who,
    /// How often something happens meanwhile, for `--every`.
    every: &'static str,
    /// What is typed, one after the other: keys, and what the screen shows then.
    steps: &'static [(&'static str, &'static str)],
    /// What is to be seen, for those who do not see it.
    title: &'static str,
}

/// One of the three whose command lines the demo prints, in their order.
#[derive(Clone, Copy)]
enum Who {
    Member,
    Admin,
    /// A super admin.
    Head,
}

/// Nothing happens meanwhile.
const STILL: &str = "1h";

/// One line each; [`README.md`](../../README.md) shows them.
const SHOTS: &[Shot] = &[
    shot(
        "feed",
        Who::Member,
        STILL,
        &[("j", "event \"Thesis workshop\" has")],
        "the feed, with the selected notification beside it",
    ),
    shot(
        "history",
        Who::Admin,
        STILL,
        &[("2", "to search everything"), ("/robotics\r", "\"Robotics club\" on")],
        "the history, searched for a word",
    ),
    shot(
        "broadcasts",
        Who::Admin,
        STILL,
        &[("3", "Reaches")],
        "what was sent and what waits, and who has read it",
    ),
    shot(
        "compose",
        Who::Admin,
        STILL,
        &[
            ("4", "choose whom"),
            ("\r", "choose-to north"),
            ("north\r", "To         North Campus"),
            ("\t\t\t\t\r", "0/200"),
            ("Open day\tDoors open at nine.\rBring a friend.\t\t\ttomorrow 9:00", "mute this type"),
        ],
        "a notification that is being written, with a preview and whom it reaches",
    ),
    shot(
        "preferences",
        Who::Admin,
        STILL,
        &[("6", "Quota warning")],
        "what is heard of each campus, and when it is quiet",
    ),
    shot("why", Who::Admin, STILL, &[("w", "audience")], "why somebody got a notification"),
    shot("help", Who::Admin, STILL, &[("?", "mark as read")], "the keys that work on the feed"),
    shot(
        "palette",
        Who::Admin,
        STILL,
        &[(":", "What to do"), ("the", ":the")],
        "everything that can be done, narrowed by a few letters",
    ),
    shot("dashboard", Who::Head, "200ms", &[("5", "p50 █")], "how much goes on, now and on each campus"),
];

const fn shot(
    name: &'static str,
    who: Who,
    every: &'static str,
    steps: &'static [(&'static str, &'static str)],
    title: &'static str,
) -> Shot {
    Shot { name, who, every, steps, title }
}

#[tokio::main]
async fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures");
    fs::create_dir_all(&folder)?;
    for shot in SHOTS.iter().filter(|shot| wanted.is_empty() || wanted.iter().any(|name| name == shot.name)) {
        let svg = take(shot).await.with_context(|| format!("failed to take {}", shot.name))?;
        let path = folder.join(shot.name).with_extension("svg");
        fs::write(&path, svg).with_context(|| format!("failed to write {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// A demo of its own for each: what one picture did is not to be seen in another.
async fn take(shot: &Shot) -> Result<String> {
    let home = tempfile::tempdir()?;
    let config = home.path().join(".config/campanile");
    fs::create_dir_all(&config)?;
    fs::write(config.join("config.toml"), CONFIG)?;
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--every", shot.every];
    let mut demo = Program::start(SERVER, &arguments, home.path())?;
    let lines = demo.stdout.find("a command line for each of three people", command_lines).await?;
    let line = &lines[shot.who as usize];
    let arguments: Vec<_> = line.split_whitespace().skip_while(|word| *word != "--server").collect();
    let mut terminal = Terminal::start_in(COLUMNS, ROWS, &arguments, home.path())?;
    terminal.shows_text("● live").await?;
    for (keys, then) in shot.steps {
        terminal.press(keys)?;
        terminal.shows_text(then).await?;
    }
    Ok(terminal.look(|screen| picture::svg(screen, shot.title)))
}

/// The three command lines of the terminal client that a demo prints.
fn command_lines(screen: &str) -> Option<Vec<String>> {
    let lines = screen.lines().filter(|line| line.contains(" --server http://"));
    let lines: Vec<_> = lines.map(str::to_owned).collect();
    (lines.len() == 3).then_some(lines)
}
