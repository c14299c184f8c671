//! What can go wrong with a server, as far as anyone here does something about it.

/// Why something was not done. The texts have been cleaned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection, or it was lost. Trying again may help.
    #[error("{0}")]
    Unreachable(String),
    /// The token is missing, wrong or spent. Trying again does not help.
    #[error("{0}")]
    Unauthenticated(String),
    /// The server says no.
    #[error("{message} ({code})")]
    Refused {
        /// The API's code, e.g. `FORBIDDEN`.
        code: String,
        /// For people.
        message: String,
    },
    /// It is no Campanile, not one that this build understands, or not shown to be the one that was asked for.
    #[error("{0}")]
    Foreign(String),
}

impl Fault {
    /// The cursor is of no use: start from a page.
    pub fn is_cursor_expired(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "CURSOR_EXPIRED")
    }

    /// It may go well the next time.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused { code, .. } => {
                matches!(code.as_str(), "UNAVAILABLE" | "RATE_LIMITED" | "INTERNAL")
            }
            Self::Unauthenticated(_) | Self::Foreign(_) => false,
        }
    }
}
