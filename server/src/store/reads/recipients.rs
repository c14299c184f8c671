//! Reads of whom a broadcast is addressed to, and how it fares with them: a chunk at a time, so that no query holds a
//! connection for long however many they are.

use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::broadcast::{Broadcast, State};
use crate::domain::directory::User;
use crate::domain::entry::AudienceKind;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::store::convert::{AudienceTerm, campus_or_zero};
use crate::store::rows::{UserRow, columns};
use crate::store::schema::{
    app_user, campus, feed_entry, log_head, membership, read_exception, read_mark, reader,
    recipient_list_member, unsent,
};
use crate::store::{Store, StoreError};

/// Whom a broadcast is addressed to, as the database can walk them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipients {
    /// Everyone whom the directory knows.
    Everyone,
    /// Those on a campus who joined it before this position.
    Members(CampusId, Seq),
    /// Those on a stored list.
    List(i64),
    /// Those whom the notification at this position names one by one.
    Named(Seq),
}

/// How a notification fares with one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Who.
    pub user: UserId,
    /// A client of theirs has been on the feed, or fetched a page, up to here.
    pub delivered_through: Seq,
    /// Whether one of their marks covers it.
    pub marked: bool,
    /// What they said of it alone: read, or unread again.
    pub exception: Option<bool>,
}

impl Store {
    /// Whom a broadcast is addressed to.
    pub async fn recipients_of(&self, broadcast: &Broadcast) -> Result<Recipients, StoreError> {
        match (broadcast.audience, broadcast.campus, broadcast.seq()) {
            (AudienceKind::System, ..) => Ok(Recipients::Everyone),
            (AudienceKind::Campus, Some(campus), seq) => {
                Ok(Recipients::Members(campus, seq.unwrap_or(Seq(i64::MAX))))
            }
            (_, _, Some(seq)) => {
                // Of a list there is one row, and of users one each.
                let query = feed_entry::table
                    .filter(feed_entry::seq.eq(seq.0))
                    .order(feed_entry::audience)
                    .limit(1)
                    .select(feed_entry::audience);
                let first = read!(self, |conn| query.load::<i64>(&mut conn).await?)?.pop();
                Ok(match first.map(AudienceTerm::from_column) {
                    Some(AudienceTerm::List(list)) => Recipients::List(list),
                    _ => Recipients::Named(seq),
                })
            }
            (_, _, None) => {
                let query = unsent::table.find(broadcast.id.0).select(unsent::list);
                let list =
                    read!(self, |conn| query.get_result::<Option<i64>>(&mut conn).await.optional()?)?;
                // No list has the number 0.
                Ok(Recipients::List(list.flatten().unwrap_or(0)))
            }
        }
    }

    /// At most `limit` recipients, by number, of those who come after `after`.
    pub async fn recipients_after(
        &self,
        recipients: Recipients,
        after: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<UserId>, StoreError> {
        let after = after.map_or(0, |user| user.0);
        let users = match recipients {
            Recipients::Everyone => {
                let query = app_user::table
                    .filter(app_user::id.gt(after).and(app_user::known.eq(true)))
                    .order(app_user::id)
                    .limit(limit)
                    .select(app_user::id);
                read!(self, |conn| query.load::<i64>(&mut conn).await?)?
            }
            Recipients::Members(campus, before) => {
                let query = membership::table
                    .filter(membership::campus_id.eq(campus.0).and(membership::user_id.gt(after)))
                    .filter(membership::since_seq.lt(before.0))
                    .order(membership::user_id)
                    .limit(limit)
                    .select(membership::user_id);
                read!(self, |conn| query.load::<i64>(&mut conn).await?)?
            }
            Recipients::List(list) => {
                let query = recipient_list_member::table
                    .filter(recipient_list_member::audience.eq(AudienceTerm::List(list).column()))
                    .filter(recipient_list_member::user_id.gt(after))
                    .order(recipient_list_member::user_id)
                    .limit(limit)
                    .select(recipient_list_member::user_id);
                read!(self, |conn| query.load::<i64>(&mut conn).await?)?
            }
            Recipients::Named(seq) => {
                let after = AudienceTerm::User(UserId(after)).column();
                let query = feed_entry::table
                    .filter(feed_entry::seq.eq(seq.0).and(feed_entry::audience.gt(after)))
                    .order(feed_entry::audience)
                    .limit(limit)
                    .select(feed_entry::audience);
                let terms = read!(self, |conn| query.load::<i64>(&mut conn).await?)?;
                let users = terms.into_iter().filter_map(|term| match AudienceTerm::from_column(term) {
                    AudienceTerm::User(user) => Some(user.0),
                    _ => None,
                });
                users.collect()
            }
        };
        Ok(users.into_iter().map(UserId).collect())
    }

    /// How what stands at `seq`, told to `campus`, fares with each of these users, at most 10,000 of them.
    pub async fn receipts_of(
        &self,
        users: Vec<UserId>,
        seq: Seq,
        campus: Option<CampusId>,
    ) -> Result<Vec<Receipt>, StoreError> {
        let marked = read_mark::table
            .filter(read_mark::user_id.eq(app_user::id).and(read_mark::through.ge(seq.0)))
            .filter(read_mark::campus_id.eq(0).or(read_mark::campus_id.eq(campus_or_zero(campus))))
            // Which leaves nothing out, but PostgreSQL might rather gather everybody's marks once than look for each user's.
            .offset(0);
        let said = read_exception::user_id.eq(app_user::id).and(read_exception::seq.eq(seq.0));
        let query = app_user::table
            .left_join(reader::table.on(reader::user_id.eq(app_user::id)))
            .left_join(read_exception::table.on(said))
            .filter(app_user::id.eq_any(users.into_iter().map(|user| user.0)))
            .select((
                app_user::id,
                reader::delivered_through.nullable(),
                read_exception::is_read.nullable(),
                exists(marked),
            ));
        let rows =
            read!(self, |conn| query.load::<(i64, Option<i64>, Option<bool>, bool)>(&mut conn).await?)?;
        let receipt = |(user, delivered, exception, marked): (i64, Option<i64>, Option<bool>, bool)| {
            Receipt { user: UserId(user), delivered_through: Seq(delivered.unwrap_or(0)), marked, exception }
        };
        Ok(rows.into_iter().map(receipt).collect())
    }

    /// How many people a broadcast is addressed to: when it was sent, or as things are now where it was not.
    pub async fn audience_size(&self, broadcast: &Broadcast) -> Result<i64, StoreError> {
        if let State::Sent { audience_size, .. } = broadcast.state {
            return Ok(audience_size);
        }
        match (self.recipients_of(broadcast).await?, broadcast.campus) {
            (Recipients::Everyone, _) => {
                let query = log_head::table.select(log_head::user_count);
                read!(self, |conn| query.get_result(&mut conn).await?)
            }
            (Recipients::Members(id, _), _) => {
                let query = campus::table.find(id.0).select(campus::member_count);
                read!(self, |conn| query.get_result(&mut conn).await?)
            }
            (Recipients::List(list), within) => {
                let of_list = recipient_list_member::audience.eq(AudienceTerm::List(list).column());
                let named = recipient_list_member::table.filter(of_list);
                let Some(within) = within else {
                    let query = named.select(count_star());
                    return read!(self, |conn| query.get_result(&mut conn).await?);
                };
                let member = membership::user_id.eq(recipient_list_member::user_id);
                let query = named
                    .inner_join(membership::table.on(member.and(membership::campus_id.eq(within.0))))
                    .select(count_star());
                read!(self, |conn| query.get_result(&mut conn).await?)
            }
            // Only what was sent names users one by one.
            (Recipients::Named(_), _) => Ok(0),
        }
    }

    /// The users of these numbers, by number.
    pub async fn users(&self, ids: Vec<UserId>) -> Result<Vec<User>, StoreError> {
        let ids = ids.into_iter().map(|id| id.0);
        let query =
            app_user::table.filter(app_user::id.eq_any(ids)).order(app_user::id).select(columns::<UserRow>());
        Ok(read!(self, |conn| query.load::<UserRow>(&mut conn).await?)?.into_iter().map(User::from).collect())
    }
}
