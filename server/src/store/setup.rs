//! What is read and written once, when a database has been opened.

use diesel::prelude::*;

use super::Head;
use super::connection::Connection;
use super::schema::{log_head, notification_type};
use crate::domain::id::{Seq, TypeId};
use crate::domain::notification_type::{Category, NotificationType, TypeDefinition, TypeRegistry};

/// Makes the table of types say what `definitions` say, and gives all that it knows. A type that is not defined any
/// more stays, retired, for the notifications that bear it.
pub(super) fn sync_types(conn: &mut Connection, definitions: &[TypeDefinition]) -> QueryResult<TypeRegistry> {
    for definition in definitions {
        let values = (
            notification_type::category.eq(definition.category.name()),
            notification_type::label.eq(&definition.label),
            notification_type::mandatory.eq(definition.mandatory),
            notification_type::default_enabled.eq(definition.default_enabled),
        );
        let stated = diesel::insert_into(notification_type::table)
            .values((notification_type::name.eq(&definition.name), values))
            .on_conflict(notification_type::name)
            .do_update()
            .set(values);
        conn.execute(stated)?;
    }
    let rows: Vec<TypeRow> = conn.load(notification_type::table.order(notification_type::id))?;
    Ok(registry(rows, |name| definitions.iter().any(|definition| definition.name == name)))
}

/// A row of `notification_type`.
pub(super) type TypeRow = (i32, String, String, String, bool, bool);

/// What these rows say, where `is_defined` says which types are defined here: nothing is published with the others.
pub(super) fn registry(rows: Vec<TypeRow>, is_defined: impl Fn(&str) -> bool) -> TypeRegistry {
    let types = rows.into_iter().map(|(id, name, category, label, mandatory, default_enabled)| {
        let category = Category::from_name(&category).unwrap_or(Category::System);
        let retired = !is_defined(&name);
        let definition = TypeDefinition { name, category, label, default_enabled, mandatory };
        NotificationType { id: TypeId(id), definition, retired }
    });
    TypeRegistry::new(types.collect())
}

/// Where the log ends, and which life of it this is.
pub(super) fn head(conn: &mut Connection) -> QueryResult<Head> {
    let head = log_head::table.select((log_head::epoch, log_head::seq));
    let (epoch, seq) = conn.get_result::<(String, i64)>(head)?;
    Ok(Head { epoch: epoch.into(), seq: Seq(seq) })
}
