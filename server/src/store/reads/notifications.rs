//! Reads of whole notifications.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::entry::Notification;
use crate::domain::id::{Seq, TypeId, UserId};
use crate::store::convert::{AudienceTerm, audience_kind};
use crate::store::rows::{NotificationRow, SenderRow, columns, sender_from};
use crate::store::schema::{app_user, feed_entry, log_head, notification, recipient_list_member};
use crate::store::{Store, StoreError};

impl Store {
    /// The notifications at these positions, recalled ones too; a position that holds none, or none any more for its age, is
    /// passed over.
    pub async fn notifications(&self, seqs: Vec<Seq>) -> Result<HashMap<Seq, Arc<Notification>>, StoreError> {
        if seqs.is_empty() {
            return Ok(HashMap::new());
        }
        let seqs: Vec<i64> = seqs.into_iter().map(|seq| seq.0).collect();
        let query = notification::table
            .inner_join(app_user::table.on(app_user::id.eq(notification::sender_id)))
            .inner_join(log_head::table.on(log_head::id.eq(1)))
            .filter(notification::seq.eq_any(seqs).and(notification::seq.gt(log_head::deleted_through)))
            .select((columns::<NotificationRow>(), (app_user::id, app_user::key, app_user::name)));
        let rows = read!(self, |conn| query.load::<(NotificationRow, SenderRow)>(&mut conn).await?)?;
        self.know_types(rows.iter().map(|(row, _)| TypeId(row.type_id))).await?;
        let to_users =
            rows.iter().map(|(row, _)| row).filter(|row| row.audience_kind == audience_kind::USERS);
        let mut recipients = self.recipients(to_users.map(|row| row.seq).collect()).await?;
        let notifications = rows.into_iter().map(|(row, sender)| {
            let recipients = recipients.remove(&row.seq).unwrap_or_default();
            (Seq(row.seq), Arc::new(row.into_notification(sender_from(sender), recipients)))
        });
        Ok(notifications.collect())
    }

    /// The notification at this position, a recalled one too.
    pub async fn notification(&self, seq: Seq) -> Result<Option<Arc<Notification>>, StoreError> {
        Ok(self.notifications(vec![seq]).await?.remove(&seq))
    }

    /// Whom each of these notifications to users names.
    async fn recipients(&self, seqs: Vec<i64>) -> Result<HashMap<i64, Vec<UserId>>, StoreError> {
        let mut recipients: HashMap<i64, Vec<UserId>> = HashMap::new();
        if seqs.is_empty() {
            return Ok(recipients);
        }
        let audiences = feed_entry::table
            .filter(feed_entry::seq.eq_any(seqs))
            .select((feed_entry::seq, feed_entry::audience));
        for (seq, audience) in read!(self, |conn| audiences.load::<(i64, i64)>(&mut conn).await?)? {
            let named = recipients.entry(seq).or_default();
            match AudienceTerm::from_column(audience) {
                AudienceTerm::User(user) => named.push(user),
                AudienceTerm::List(_) => {
                    let members = recipient_list_member::table
                        .filter(recipient_list_member::audience.eq(audience))
                        .select(recipient_list_member::user_id);
                    let members = read!(self, |conn| members.load::<i64>(&mut conn).await?)?;
                    named.extend(members.into_iter().map(UserId));
                }
                AudienceTerm::System | AudienceTerm::Campus(_) => {}
            }
        }
        Ok(recipients)
    }
}
