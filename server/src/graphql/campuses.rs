//! Loads the campuses that one answer mentions in one go.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};

use super::error::{ApiError, ApiResult};
use super::types::Campus;
use crate::domain::directory;
use crate::domain::id::CampusId;
use crate::store::{Store, StoreError};

pub(super) struct CampusLoader(pub(super) Arc<Store>);

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
    let loader = ctx.data_unchecked::<DataLoader<CampusLoader>>();
    let campus = loader.load_one(id).await?;
    campus.map(Campus).ok_or(ApiError::Internal("a campus that is referred to is missing"))
}
