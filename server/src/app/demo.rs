//! `campanile-server demo`: a throw-away database with campuses, people and a believable stream of happenings.

mod habits;
mod happenings;
mod people;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use self::happenings::Storyteller;
use self::people::Cast;
use super::config::DemoOptions;
use super::{Failure, print_all, running, serve, types};
use crate::clock::Clock;
use crate::domain::directory::Role;
use crate::graphql::Api;
use crate::http::{Keys, Open, TokenRequest};
use crate::store::{self, DatabaseUrl};

/// Happenings that lie in the past when the demo starts, spread over [`PAST`].
const TOLD_BEFORE: i32 = 240;
const PAST: TimeDelta = TimeDelta::days(3);
/// Tokens count for a working day.
const TOKENS_COUNT: TimeDelta = TimeDelta::hours(12);
/// The same story every time.
const SEED: u64 = 20_261_121;

pub(super) async fn demo(options: DemoOptions) -> Result<(), Failure> {
    serve::start_logging();
    let ages = options.ages.checked()?;
    let types = types::read(options.types.as_deref())?;
    let listener = running::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let folder = Folder::make()?;
    let (clock, behind) = clock_with_a_past();
    let database = DatabaseUrl::Sqlite(folder.0.join("campanile.db"));
    let api =
        running::open((&database, store::Options::default()), types, clock.clone(), ages, &options.limits)
            .await?;
    let cast = people::enrol(&api).await?;
    let mut storyteller = Storyteller::new(cast.clone(), StdRng::seed_from_u64(SEED));
    tell_the_past(&api, &mut storyteller, &behind).await?;
    habits::settle(&api, &cast).await?;
    habits::plan(&api, &cast).await?;

    let keys = Keys::from_secret(&rand::random::<[u8; 32]>())?;
    print_all(&screen(&address.to_string(), &cast, &keys, &clock)?);
    let story = tokio::spawn(tell_the_present(Arc::clone(&api), storyteller, cast.clone(), options.every));
    let open = Open { introspection: true, metrics: true };
    let served = running::serve(listener, None, api, keys, &options.limits, open).await;
    story.abort();
    served
}

/// A clock that can be set back, and by how many seconds it is.
fn clock_with_a_past() -> (Clock, Arc<AtomicI64>) {
    let behind = Arc::new(AtomicI64::new(PAST.num_seconds()));
    let (system, read) = (Clock::system(), Arc::clone(&behind));
    (Clock::from_fn(move || system.now() - TimeDelta::seconds(read.load(Ordering::Relaxed))), behind)
}

async fn tell_the_past(api: &Api, storyteller: &mut Storyteller, behind: &AtomicI64) -> Result<(), Failure> {
    for told in 1..=TOLD_BEFORE {
        storyteller.tell(api).await?;
        // The nearer the present, the closer together.
        let left = f64::from(TOLD_BEFORE - told) / f64::from(TOLD_BEFORE);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "seconds of three days"
        )]
        behind.store((PAST.num_seconds() as f64 * left * left) as i64, Ordering::Relaxed);
    }
    behind.store(0, Ordering::Relaxed);
    Ok(())
}

async fn tell_the_present(
    api: Arc<Api>,
    mut storyteller: Storyteller,
    cast: Cast,
    every: std::time::Duration,
) {
    let mut every = tokio::time::interval(every.max(std::time::Duration::from_millis(1)));
    every.tick().await;
    for time in 0.. {
        every.tick().await;
        if let Err(error) = storyteller.tell(&api).await {
            tracing::warn!(%error, "a happening could not be told");
        }
        if let Err(error) = habits::look(&api, &cast, time).await {
            tracing::warn!(%error, "nobody could look");
        }
    }
}

fn screen(address: &str, cast: &Cast, keys: &Keys, clock: &Clock) -> Result<String, Failure> {
    let token = |subject: &str, role: Role| {
        let request =
            TokenRequest { subject: subject.to_owned(), role, issued_at: clock.now(), ttl: TOKENS_COUNT };
        keys.sign(request).ok_or("a token cannot be signed")
    };
    let mut screen = format!(
        "campanile-server demo: {campuses} campuses, {people} people, a throw-away database\n\
         \x20 GraphQL    http://{address}/graphql\n\
         \x20 WebSocket  ws://{address}/graphql/ws\n\
         \x20 GraphiQL   http://{address}/graphiql\n\n\
         In a second terminal, watch the feed of\n",
        campuses = cast.campuses.len(),
        people = cast.people.len(),
    );
    for (who, subject, role) in [
        ("a member", cast.member(), Role::Member),
        ("a campus admin", cast.campus_admin(), Role::Member),
        ("a super admin", cast.super_admin(), Role::SuperAdmin),
    ] {
        let token = token(&subject.key, role)?;
        let (name, program) = (&subject.name, client());
        write!(screen, "\n  {who} ({name})\n  {program} --server http://{address} --token {token}\n")?;
    }
    screen += "\nThe tokens count for 12 hours. Ctrl-C stops, and leaves nothing behind.\n";
    Ok(screen)
}

/// How to start the terminal client: as it was built beside this binary; by cargo, in a clone where it was not built
/// yet; else from the path.
fn client() -> String {
    let Ok(binary) = std::env::current_exe() else { return "campanile".to_owned() };
    let beside = binary.with_file_name("campanile");
    if beside.exists() {
        return beside.display().to_string();
    }
    match binary.ancestors().any(|folder| folder.join("tui/Cargo.toml").exists()) {
        true => "cargo run --quiet -p campanile --".to_owned(),
        false => "campanile".to_owned(),
    }
}

/// A folder that goes with the demo.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("campanile-demo-{:016x}", rand::random::<u64>()));
        super::secret::make_data_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
