//! Which tables and columns there are to copy, as both databases say, and how a column's value is written for the way from one
//! to the other and for the sums that are compared.

use std::collections::{BTreeMap, BTreeSet};

use super::{CopyError, INDEX, is_copied, quoted};

/// Between the columns of what is added up: no text has it in it.
const BETWEEN: &str = "31";

/// A table that both have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column that both have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether PostgreSQL gives it numbers of its own.
    pub(super) numbered: bool,
}

/// What a column holds, as PostgreSQL names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Bool,
    Text,
    Timestamp,
    Bytes,
    /// Words and where they stand; made anew.
    Words,
}

impl Kind {
    /// `None` of one that nothing here knows how to copy.
    pub(super) fn from_type(name: &str) -> Option<Self> {
        Some(match name {
            "smallint" | "integer" | "bigint" => Self::Number,
            "boolean" => Self::Bool,
            "text" => Self::Text,
            "timestamp without time zone" => Self::Timestamp,
            "bytea" => Self::Bytes,
            "tsvector" => Self::Words,
            _ => return None,
        })
    }
}

/// The tables to copy; an error where the databases do not have the same. `sqlite` has the columns of each of its tables.
pub(super) fn agree(
    mut sqlite: BTreeMap<String, BTreeSet<String>>,
    postgres: Vec<Table>,
) -> Result<Vec<Table>, CopyError> {
    let tables: Vec<Table> = postgres.into_iter().filter(is_copied).collect();
    for table in &tables {
        let theirs: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let ours = sqlite.remove(&table.name).unwrap_or_default();
        let ours: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
        let words = table.columns.iter().any(|column| column.kind == Kind::Words);
        if words != (table.name == INDEX) {
            return Err(CopyError::Unlike(format!("{}, for its words", table.name)));
        }
        // SQLite's index is no table of its own.
        if table.name != INDEX && ours != theirs {
            let unlike: Vec<&str> = ours.symmetric_difference(&theirs).copied().collect();
            return Err(CopyError::Unlike(format!(
                "{}: only one of the databases has {}",
                table.name,
                unlike.join(", ")
            )));
        }
    }
    let left: Vec<String> = sqlite.into_keys().filter(|name| !name.starts_with("__diesel")).collect();
    if left.is_empty() {
        Ok(tables)
    } else {
        Err(CopyError::Unlike(format!("{}: only SQLite has it", left.join(", "))))
    }
}

impl Table {
    pub(super) fn is_index(&self) -> bool {
        self.name == INDEX
    }

    /// What has PostgreSQL take rows in its text format. They are frozen, so that nothing has to look at them again.
    pub(super) fn copy_in(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        format!("COPY {} ({}) FROM STDIN WITH (FORMAT text, FREEZE)", quoted(&self.name), columns.join(", "))
    }

    /// Has SQLite write each row as PostgreSQL's text format has it, but for the end of the line.
    pub(super) fn sqlite_rows(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(Column::sqlite_field).collect();
        // In the order of the table itself, not of an index that has it all.
        format!("SELECT {} AS line FROM {} NOT INDEXED", columns.join(" || char(9) || "), quoted(&self.name))
    }

    /// Has SQLite write of each row what is added up.
    pub(super) fn sqlite_sums(&self) -> String {
        if self.is_index() {
            return format!("SELECT '=' || id AS line FROM {}", quoted(&format!("{INDEX}_docsize")));
        }
        let columns: Vec<String> = self.columns.iter().map(Column::sqlite_value).collect();
        let line = columns.join(&format!(" || char({BETWEEN}) || "));
        format!("SELECT {line} AS line FROM {} NOT INDEXED", quoted(&self.name))
    }

    /// Has PostgreSQL add up the same: rows, and the first eight bytes of the SHA-256 of each.
    pub(super) fn postgres_sum(&self) -> String {
        let summed = self.columns.iter().filter(|column| column.kind != Kind::Words);
        let columns: Vec<String> = summed.map(Column::postgres_value).collect();
        let line = columns.join(&format!(" || chr({BETWEEN}) || "));
        let hash = format!("encode(substring(sha256(convert_to({line}, 'UTF8')) FROM 1 FOR 8), 'hex')");
        format!(
            "SELECT count(*), coalesce(sum(('x' || {hash})::bit(64)::bigint::numeric), 0)::text FROM {}",
            quoted(&self.name)
        )
    }
}

impl Column {
    fn sqlite_field(&self) -> String {
        let name = quoted(&self.name);
        let field = match self.kind {
            Kind::Number | Kind::Bool | Kind::Words => name,
            // To the microsecond, which PostgreSQL would round to.
            Kind::Timestamp => format!("substr({name}, 1, 26)"),
            // The hexadecimal of nothing is a text, if an empty one.
            Kind::Bytes => format!(r"CASE WHEN {name} IS NOT NULL THEN '\\x' || hex({name}) END"),
            Kind::Text => format!(
                r"replace(replace(replace(replace({name}, '\', '\\'), char(9), '\t'), char(10), '\n'), char(13), '\r')"
            ),
        };
        format!(r"ifnull({field}, '\N')")
    }

    fn sqlite_value(&self) -> String {
        let name = quoted(&self.name);
        let value = match self.kind {
            // Six digits behind the second, however many there are.
            Kind::Timestamp => format!(
                "substr({name} || CASE length({name}) WHEN 19 THEN '.' ELSE '' END || '000000', 1, 26)"
            ),
            Kind::Bytes => format!("CASE WHEN {name} IS NOT NULL THEN lower(hex({name})) END"),
            Kind::Number | Kind::Bool | Kind::Text | Kind::Words => name,
        };
        format!("ifnull('=' || {value}, '~')")
    }

    fn postgres_value(&self) -> String {
        let name = quoted(&self.name);
        let value = match self.kind {
            Kind::Number | Kind::Text | Kind::Words => name,
            Kind::Bool => format!("{name}::int"),
            Kind::Timestamp => format!("to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')"),
            Kind::Bytes => format!("encode({name}, 'hex')"),
        };
        format!("coalesce('=' || {value}, '~')")
    }
}
