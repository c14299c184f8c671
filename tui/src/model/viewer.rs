//! Whoever uses the client.

/// Who it is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// Where they belong.
    pub campuses: Vec<Place>,
}

/// A campus that the viewer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The campus's name.
    pub name: String,
    /// They speak for it.
    pub admin: bool,
}
