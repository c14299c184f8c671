//! The types of notifications: rows of a table, not an enum, so that a platform can have types of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::id::TypeId;
use super::invalid::Invalid;
use super::text;

#[cfg(test)]
mod tests;

/// Types that a platform may have of its own.
pub const MOST_OWN: usize = 200;
/// Characters of a type's name.
const LONGEST_NAME: usize = 64;
/// Characters of a type's label.
const LONGEST_LABEL: usize = 80;

/// What a type is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Events on a campus.
    Events,
    /// Who attends them.
    Attendance,
    /// Recordings turned into text.
    Transcription,
    /// Campanile's and the platform's own news.
    System,
    /// The user's own account.
    Account,
}

impl Category {
    /// Every category with the name that the database knows it by.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Events, "EVENTS"),
        (Self::Attendance, "ATTENDANCE"),
        (Self::Transcription, "TRANSCRIPTION"),
        (Self::System, "SYSTEM"),
        (Self::Account, "ACCOUNT"),
    ];

    /// The name that the database knows it by.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(category, _)| *category == self).map_or("SYSTEM", |(_, name)| name)
    }

    /// The category of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(category, _)| *category)
    }
}

/// A type as its definition says, before the store has numbered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeDefinition {
    /// `EVENT_CREATED`
    pub name: String,
    /// What it is about.
    pub category: Category,
    /// As people read it.
    pub label: String,
    /// People are told of it who have not said anything about it.
    pub default_enabled: bool,
    /// Cannot be muted, and passes quiet hours.
    pub mandatory: bool,
}

/// A type of the platform's own, as it states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeStatement {
    /// See [`TypeDefinition::name`].
    pub name: String,
    /// A category's name.
    pub category: String,
    /// See [`TypeDefinition::label`].
    pub label: String,
    /// See [`TypeDefinition::default_enabled`].
    pub default: bool,
    /// See [`TypeDefinition::mandatory`].
    pub mandatory: bool,
}

impl TypeStatement {
    /// The type that it states, beside those that are `known` already.
    pub fn checked(self, known: &[TypeDefinition]) -> Result<TypeDefinition, Invalid> {
        let Self { name, category, label, default, mandatory } = self;
        let of_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(of_name);
        if !is_name || name.len() > LONGEST_NAME {
            let problem = format!(
                "must be 1 to {LONGEST_NAME} of A to Z, 0 to 9 and _, and begin with a letter, like LIBRARY_LOAN_DUE"
            );
            return Err(Invalid::new("name", problem));
        }
        if known.iter().any(|known| known.name == name) {
            return Err(Invalid::new("name", format!("must be new: there is a {name} already")));
        }
        let category = Category::from_name(&category).ok_or_else(|| {
            let names: Vec<_> = Category::ALL.iter().map(|(_, name)| *name).collect();
            Invalid::new("category", format!("must be one of {}", names.join(", ")))
        })?;
        text::line("label", &label, LONGEST_LABEL)?;
        if mandatory && !default {
            return Err(Invalid::new("default", "must not be false where mandatory is true"));
        }
        Ok(TypeDefinition { name, category, label, default_enabled: default, mandatory })
    }
}

/// A type with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationType {
    /// The store's number.
    pub id: TypeId,
    /// What it is.
    pub definition: TypeDefinition,
    /// Nobody defines it any more: it is there for the notifications that bear it, and nothing is published with it.
    pub retired: bool,
}

/// Every type that this server knows, in the order in which they are listed.
#[derive(Debug, Clone, Default)]
pub struct TypeRegistry {
    types: Vec<NotificationType>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<TypeId, usize>,
    mandatory: Arc<BTreeSet<TypeId>>,
}

impl TypeRegistry {
    /// Of these types, listed in this order.
    pub fn new(types: Vec<NotificationType>) -> Self {
        let by_name = types.iter().enumerate().map(|(i, t)| (t.definition.name.clone(), i)).collect();
        let by_id = types.iter().enumerate().map(|(i, t)| (t.id, i)).collect();
        let mandatory = types.iter().filter(|t| t.definition.mandatory).map(|t| t.id).collect();
        Self { types, by_name, by_id, mandatory: Arc::new(mandatory) }
    }

    /// Those that something can be published with, in order.
    pub fn current(&self) -> impl Iterator<Item = &NotificationType> {
        self.iter().filter(|known| !known.retired)
    }

    /// All of them, the retired ones too, in order.
    pub fn iter(&self) -> impl Iterator<Item = &NotificationType> {
        self.types.iter()
    }

    /// The type of that name.
    pub fn named(&self, name: &str) -> Option<&NotificationType> {
        self.by_name.get(name).map(|i| &self.types[*i])
    }

    /// The type of that number.
    pub fn get(&self, id: TypeId) -> Option<&NotificationType> {
        self.by_id.get(&id).map(|i| &self.types[*i])
    }

    /// Those that cannot be muted, and pass quiet hours.
    pub fn mandatory(&self) -> Arc<BTreeSet<TypeId>> {
        Arc::clone(&self.mandatory)
    }

    /// The type that an input names in `field`, to publish something with it.
    pub fn require_current(&self, field: &str, name: &str) -> Result<&NotificationType, Invalid> {
        let known = self.require(field, name)?;
        if known.retired { Err(Invalid::new(field, "is not in use any more")) } else { Ok(known) }
    }

    /// The type that an input names in `field`; a retired one too, to find what bears it.
    pub fn require(&self, field: &str, name: &str) -> Result<&NotificationType, Invalid> {
        self.named(name).ok_or_else(|| Invalid::new(field, "is not a notification type known here"))
    }
}

/// The types that every Campanile has. Source: `NotificationType` in the API's description, and the story's list of
/// event, attendance and system notifications.
pub fn built_in() -> Vec<TypeDefinition> {
    use Category::{Account, Attendance, Events, System, Transcription};
    [
        ("EVENT_CREATED", Events, "New event", false),
        ("EVENT_UPDATED", Events, "Event changed", false),
        ("EVENT_CANCELLED", Events, "Event cancelled", false),
        ("EVENT_REMINDER", Events, "Event reminder", false),
        ("ATTENDANCE_REMINDER", Attendance, "Attendance reminder", false),
        ("ATTENDANCE_CONFIRMED", Attendance, "Attendance confirmed", false),
        ("ATTENDANCE_UPDATED", Attendance, "Attendance changed", false),
        ("TRANSCRIPTION_STARTED", Transcription, "Transcription started", false),
        ("TRANSCRIPTION_COMPLETED", Transcription, "Transcription completed", false),
        ("TRANSCRIPTION_FAILED", Transcription, "Transcription failed", false),
        ("SYSTEM_ANNOUNCEMENT", System, "Announcement", false),
        ("CAMPUS_UPDATE", System, "Campus news", false),
        ("SYSTEM_MAINTENANCE", System, "Maintenance", false),
        ("SYSTEM_UPDATE", System, "What is new", false),
        ("SYSTEM_WARNING", System, "Warning", true),
        ("USER_QUOTA_WARNING", Account, "Quota warning", false),
        ("USER_SESSION_EXPIRY", Account, "Session about to end", false),
        ("USER_SECURITY_ALERT", Account, "Security alert", true),
    ]
    .into_iter()
    .map(|(name, category, label, mandatory)| TypeDefinition {
        name: name.to_owned(),
        category,
        label: label.to_owned(),
        default_enabled: true,
        mandatory,
    })
    .collect()
}
