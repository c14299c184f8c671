//! The campuses that answers mention: those of one answer are loaded in one go, and what is told live takes them from a moment
//! ago.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use chrono::{DateTime, TimeDelta, Utc};

use super::api::api;
use super::error::{ApiError, ApiResult};
use super::feed::Fed;
use super::types::Campus;
use crate::clock::Clock;
use crate::domain::directory;
use crate::domain::id::CampusId;
use crate::store::{Store, StoreError};

/// How old a campus may be that a live event mentions.
const RECENT: TimeDelta = TimeDelta::seconds(1);

/// How long what is told live waits for a newer one.
const PATIENCE: Duration = Duration::from_millis(20);

/// The way to campuses.
pub(super) struct Campuses {
    store: Arc<Store>,
    loader: DataLoader<CampusLoader>,
    /// As they were at that moment.
    known: Mutex<HashMap<CampusId, (DateTime<Utc>, directory::Campus)>>,
}

impl Campuses {
    pub(super) fn new(store: Arc<Store>) -> Arc<Self> {
        // What is loaded in one go is what one poll asked for: waiting for more would delay every answer.
        let loader = DataLoader::new(CampusLoader(Arc::clone(&store)), tokio::spawn).delay(Duration::ZERO);
        Arc::new(Self { store, loader, known: Mutex::default() })
    }

    /// Sees to it that the campus can be had at once for a moment: what is told to many must not wait while it is executed,
    /// and whoever tells it must not wait for a database that takes its time.
    pub(super) async fn warm(self: &Arc<Self>, id: CampusId, clock: &Clock) {
        let now = clock.now();
        if self.recent(id, now).is_some() {
            return;
        }
        let (this, asked) = (Arc::clone(self), now);
        let loading = tokio::spawn(async move {
            match this.store.campuses(Some(vec![id])).await {
                Ok(found) => this.known().extend(found.into_iter().map(|campus| (id, (asked, campus)))),
                Err(error) => tracing::warn!(%error, "failed to load a campus for what is told live"),
            }
        });
        let in_time = tokio::time::timeout(PATIENCE, loading).await.is_ok();
        // As it was known last is better than nothing; where it never was, whoever needs it will have to wait.
        if (!in_time || self.recent(id, now).is_none())
            && let Some((at, _)) = self.known().get_mut(&id)
        {
            *at = now;
        }
    }

    fn recent(&self, id: CampusId, now: DateTime<Utc>) -> Option<directory::Campus> {
        let known = self.known();
        known.get(&id).filter(|(at, _)| (now - *at).abs() < RECENT).map(|(_, campus)| campus.clone())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<CampusId, (DateTime<Utc>, directory::Campus)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct CampusLoader(Arc<Store>);

impl Loader<CampusId> for CampusLoader {
    type Value = directory::Campus;
    type Error = StoreError;

    async fn load(&self, ids: &[CampusId]) -> Result<HashMap<CampusId, directory::Campus>, StoreError> {
        let campuses = self.0.campuses(Some(ids.to_vec())).await?;
        Ok(campuses.into_iter().map(|campus| (campus.id, campus)).collect())
    }
}

/// A campus that something in the database refers to.
pub(super) async fn load(ctx: &Context<'_>, id: CampusId) -> ApiResult<Campus> {
    let campuses = ctx.data_unchecked::<Arc<Campuses>>();
    if ctx.data_opt::<Fed>().is_some()
        && let Some(campus) = campuses.recent(id, api(ctx).clock.now())
    {
        return Ok(Campus(campus));
    }
    let campus = campuses.loader.load_one(id).await?;
    campus.map(Campus).ok_or(ApiError::Internal("a campus that is referred to is missing"))
}
