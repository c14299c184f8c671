//! The one error of the domain: input that is not well-formed.

/// Input that a rule of the domain refuses; answered to the caller as `BAD_USER_INPUT`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct Invalid {
    /// The input's path below the mutation's `input`, or the argument's name, e.g. `content.title`.
    pub field: String,
    /// What is wrong with it, to be read after the field's name: "must be at most 200 characters".
    pub problem: String,
}

impl Invalid {
    /// `field` is wrong in the way that `problem` says.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }

    /// The same, seen from outside the object `parent` that the field belongs to.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}
