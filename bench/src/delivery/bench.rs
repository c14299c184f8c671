//! What every scene needs.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::directory;
use super::scale::Scale;
use super::subject::Subject;
use crate::audience::Audience;
use crate::baseline::process::Kind;
use crate::generator::{Crowd, Generator, Opening, Plan};
use crate::server::Executable;
use crate::settings::Settings;
use crate::statistics::percentile_ms;
use crate::tls::Certificate;
use crate::tokens::Tokens;
use crate::{descriptors, disk, subscription};

/// How many sockets may be about to subscribe at the same time.
const AT_ONCE: usize = 256;
/// Descriptors for other things than sockets.
const OTHER_DESCRIPTORS: u64 = 500;
/// How long the disk is measured each time.
const DISK: Duration = Duration::from_secs(2);

/// What every scene needs.
pub(super) struct Bench {
    pub(super) settings: Settings,
    pub(super) scale: Scale,
    pub(super) generator: Generator,
    pub(super) tokens: Tokens,
    server: Executable,
    baseline: PathBuf,
}

impl Bench {
    /// Builds what is to be measured, and starts the load generator.
    pub(super) async fn prepare(settings: Settings) -> Result<Self> {
        disk::check_is_real(&settings.folder)?;
        let scale = Scale::of(&settings);
        let (descriptors, sockets) =
            (descriptors::raise()?, u64::from((scale.many + scale.few).max(3 * scale.crowd)));
        ensure!(
            descriptors >= sockets + OTHER_DESCRIPTORS,
            "a process here may hold {descriptors} descriptors, too few for {sockets} sockets; \
             CAMPANILE_BENCH_SOCKETS=N has fewer in a crowd"
        );
        eprintln!("building campanile-server and the baselines");
        let server = Executable::build(&settings.build).await?;
        Ok(Self {
            scale,
            generator: Generator::start()?,
            tokens: Tokens::new()?,
            baseline: server.path().with_file_name("campanile-bench-baseline"),
            server,
            settings,
        })
    }

    /// An empty folder, on the disk where figures are made.
    fn folder(&self) -> Result<TempDir> {
        Ok(tempfile::Builder::new().prefix("campanile-bench-").tempdir_in(&self.settings.folder)?)
    }

    /// The server, with these users on these campuses.
    pub(super) async fn server(&self, campuses: &[(&str, Range<u32>)]) -> Result<Subject> {
        let subject = Subject::server(&self.server, self.folder()?, &self.tokens, None, None).await?;
        subject.set_up(campuses).await?;
        Ok(subject)
    }

    /// A server on this database, with whoever is there.
    pub(super) async fn server_on(&self, database: &str) -> Result<Subject> {
        Subject::server(&self.server, self.folder()?, &self.tokens, None, Some(database)).await
    }

    /// The server ends, and begins again with what it has written; over TLS from now on, with this certificate.
    pub(super) async fn restart(
        &self,
        subject: Subject,
        certificate: Option<&Certificate>,
    ) -> Result<Subject> {
        let folder = subject.stop().await?.context("a baseline writes nothing")?;
        Subject::server(&self.server, folder, &self.tokens, certificate, None).await
    }

    /// A baseline.
    pub(super) async fn baseline(&self, kind: Kind) -> Result<Subject> {
        Subject::baseline(&self.baseline, kind).await
    }

    /// A socket for each of these users, all in one audience and with the same selection.
    pub(super) async fn crowd(
        &self,
        subject: &Subject,
        audience: &Arc<Audience>,
        users: Range<u32>,
    ) -> Result<Crowd> {
        self.crowd_of(subject, self.plans(audience, users, 1)).await
    }

    /// The sockets of these plans.
    pub(super) async fn crowd_of(&self, subject: &Subject, plans: Vec<Plan>) -> Result<Crowd> {
        let opening = Opening { plans, ..Self::opening(subject) };
        self.generator.open(opening).await.context("failed to open sockets")
    }

    /// Sockets to a subject, as yet none.
    pub(super) fn opening(subject: &Subject) -> Opening {
        Opening {
            address: subject.sockets(),
            tls: subject.tls().cloned(),
            at_once: AT_ONCE,
            plans: Vec::new(),
        }
    }

    /// A socket for each of these users, all in one audience, with so many selections in turn.
    pub(super) fn plans(&self, audience: &Arc<Audience>, users: Range<u32>, selections: usize) -> Vec<Plan> {
        let documents: Vec<Arc<str>> = (0..selections).map(|n| subscription::feed(n).into()).collect();
        let in_turn = documents.iter().cycle();
        users
            .zip(in_turn)
            .map(|(user, document)| Plan::new(self.tokens.member(directory::key(user)), document, audience))
            .collect()
    }

    /// What is published in one round where it comes steadily.
    pub(super) fn steady_count(&self) -> u32 {
        let seconds = u32::try_from(self.settings.at_most.as_secs()).unwrap_or(u32::MAX);
        self.scale.rate.saturating_mul(seconds.max(1))
    }

    /// The disk's own fdatasync now: the 99th percentile, in milliseconds.
    pub(super) async fn fdatasync_p99_ms(&self) -> Result<f64> {
        let folder = self.folder()?;
        let times = tokio::task::spawn_blocking(move || disk::append_and_sync(folder.path(), DISK)).await??;
        percentile_ms(&times, 99).context("nothing was synced")
    }
}
