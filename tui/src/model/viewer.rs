//! Whoever uses the client.

/// Who it is, where, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// Where they belong.
    pub campuses: Vec<Place>,
    /// What they may do, to hide what they may not.
    pub permissions: Permissions,
}

/// A campus that the viewer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The campus's key, the platform's own.
    pub key: String,
    /// The campus's name.
    pub name: String,
    /// They speak for it.
    pub admin: bool,
}

/// What somebody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The campuses that they may speak to.
    pub administers: Vec<Place>,
    /// Send to everyone on every campus.
    pub broadcast_to_all: bool,
    /// Read who did what.
    pub audit_log: bool,
}
