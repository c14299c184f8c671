//! What every resolver needs: the running server, and who asks.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;

use super::error::{ApiError, ApiResult};
use super::{Identity, Session};
use crate::clock::Clock;
use crate::delivery::{History, Hub};
use crate::domain::access::{self, Caller};
use crate::domain::cursor::Cursor;
use crate::domain::directory::{Campus, User};
use crate::domain::id::{Seq, TypeId};
use crate::domain::notification_type::{NotificationType, TypeRegistry};
use crate::domain::text;
use crate::log::Log;
use crate::store::Store;

/// The running server, as resolvers see it.
pub struct Api {
    /// What is durable.
    pub store: Arc<Store>,
    /// Where everything is written.
    pub log: Log,
    /// Who listens.
    pub hub: Arc<Hub>,
    /// The time.
    pub clock: Clock,
}

/// The running server behind a resolver.
pub(super) fn api<'c>(ctx: &Context<'c>) -> &'c Arc<Api> {
    ctx.data_unchecked::<Arc<Api>>()
}

/// Who is behind the request. A token that has run out does not count any more, on an open socket either.
pub(super) fn session<'c>(ctx: &Context<'c>) -> ApiResult<&'c Arc<Session>> {
    let session = ctx.data_opt::<Arc<Session>>().ok_or(ApiError::Unauthenticated)?;
    if session.has_ended(api(ctx).clock.now()) {
        return Err(ApiError::Unauthenticated);
    }
    Ok(session)
}

/// Who asks, as token and directory say together, at this moment.
pub(super) async fn caller(ctx: &Context<'_>) -> ApiResult<Caller> {
    api(ctx).caller(session(ctx)?).await
}

impl Api {
    /// Who is behind this session, as token and directory say together, at this moment.
    pub(super) async fn caller(&self, session: &Session) -> ApiResult<Caller> {
        let identity = session.identity();
        let (user, scope) = if let Some(found) = self.store.user_and_scope(identity.subject.clone()).await? {
            found
        } else {
            let user = self.log.intern_user(identity.subject).await?;
            let scope = self.store.scope(user.id).await?;
            (user, scope)
        };
        let role = user.role.max(identity.role);
        Ok(Caller { user: User { role, ..user }, scope })
    }

    /// Whether whoever bears this token may read the server's own numbers.
    pub async fn may_monitor(&self, identity: Identity) -> Result<(), ApiError> {
        // What the token itself allows needs no database: one that does not answer has to be seen.
        if access::may_monitor(identity.role).is_ok() {
            return Ok(());
        }
        let caller = self.caller(&Session::new(identity)).await?;
        Ok(access::may_monitor(caller.user.role)?)
    }

    /// The campus that `field` names, if this caller may know of it.
    pub(super) async fn campus(&self, caller: &Caller, field: &str, key: &str) -> ApiResult<Campus> {
        text::key(field, key)?;
        let found = self.store.campus_by_key(key.to_owned()).await?;
        let campus = found.ok_or_else(|| ApiError::not_found(field))?;
        access::may_see_campus(caller, campus.id).map_err(|_| ApiError::not_found(field))?;
        Ok(campus)
    }

    /// The users whom `field` names, in that order; `NOT_FOUND` where one is unknown.
    pub(super) async fn users(&self, field: &str, keys: &[String]) -> ApiResult<Vec<User>> {
        keys.iter().try_for_each(|key| text::key(field, key))?;
        let known = self.store.known_users(keys.to_vec()).await?;
        let by_key: HashMap<&str, &User> = known.iter().map(|user| (user.key.as_str(), user)).collect();
        let user = |key: &String| by_key.get(key.as_str()).copied().cloned();
        keys.iter().map(|key| user(key).ok_or_else(|| ApiError::not_found(field))).collect()
    }

    /// The caller's feed as pages and counts, if they have one.
    pub(super) async fn history(&self, caller: &Caller) -> ApiResult<History> {
        access::may_read_feed(caller)?;
        Ok(History::open(Arc::clone(&self.store), caller.scope.clone(), self.clock.now()).await?)
    }

    /// A position as clients hold it.
    pub(super) fn cursor(&self, seq: Seq) -> String {
        Cursor::encode(&self.store.epoch(), seq)
    }

    /// A position as one client holds it, who knows of their receipts up to `revision`.
    pub(super) fn reader_cursor(&self, seq: Seq, revision: i64) -> String {
        Cursor::encode_with_revision(&self.store.epoch(), seq, revision)
    }

    /// The notification types known here.
    pub(super) fn types(&self) -> Arc<TypeRegistry> {
        self.store.types()
    }

    /// The type of a notification that stands in the log.
    pub(super) async fn type_of(&self, id: TypeId) -> ApiResult<NotificationType> {
        self.store.know_types([id]).await?;
        let known = self.types().get(id).cloned();
        known.ok_or(ApiError::Internal("a notification's type is not in the registry"))
    }
}
