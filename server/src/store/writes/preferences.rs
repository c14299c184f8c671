//! What people want to hear.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::domain::id::UserId;
use crate::domain::invalid::Invalid;
use crate::domain::preferences::{Settings, SettingsChange};
use crate::store::schema::{app_user, preference};
use crate::store::settings;
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Changes what one person has set; gives what they have set then. Nothing is appended where it was so already.
pub(crate) struct ChangeSettings {
    pub(crate) user: UserId,
    pub(crate) change: SettingsChange,
}

impl Write for ChangeSettings {
    type Output = Result<Settings, Invalid>;

    fn entries(&self) -> usize {
        1
    }

    fn bytes(&self) -> usize {
        1_024
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Self::Output> {
        let before = settings_of(tx, self.user)?.unwrap_or_default();
        let after = match self.change.apply(&before) {
            Ok(after) if after != before => after,
            unchanged => return Ok(unchanged),
        };
        tx.conn.execute(
            diesel::insert_into(preference::table)
                .values((
                    preference::user_id.eq(self.user.0),
                    preference::settings.eq(settings::write(&after)),
                ))
                .on_conflict(preference::user_id)
                .do_update()
                .set(preference::settings.eq(excluded(preference::settings))),
        )?;
        let timezone: Option<String> =
            tx.conn.get_result(app_user::table.find(self.user.0).select(app_user::timezone))?;
        tx.append_preferences(self.user, &after, settings::zone(timezone.as_deref()))?;
        Ok(Ok(after))
    }
}

/// What this person has set, if they ever did.
pub(super) fn settings_of(tx: &mut Transaction<'_>, user: UserId) -> QueryResult<Option<Settings>> {
    let row = preference::table.find(user.0).select(preference::settings);
    Ok(tx.conn.get_result::<String>(row).optional()?.map(|settings| settings::read(&settings)))
}
