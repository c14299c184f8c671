//! A number that stops counting, as the server does.

/// Exact, unless it says that there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub count: u32,
    /// There are more than `count`.
    pub at_least: bool,
}

/// Where the server stops counting.
const CAP: u32 = 1000;

impl Count {
    /// From a bare number, which may have been capped.
    pub fn capped(count: i32) -> Self {
        let count = u32::try_from(count).unwrap_or(0);
        Self { count, at_least: count >= CAP }
    }

    /// More, or fewer. What is not exact stays as it is.
    #[must_use]
    pub fn plus(self, delta: i64) -> Self {
        if self.at_least {
            return self;
        }
        let count = (i64::from(self.count) + delta).clamp(0, i64::from(CAP));
        Self { count: u32::try_from(count).unwrap_or(CAP), at_least: false }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, if self.at_least { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(3, 1, "4")]
    #[case(0, -1, "0")]
    #[case(999, 1, "1000")]
    #[case(1000, -1, "1000+")]
    #[case(-5, 0, "0")]
    fn counts(#[case] from: i32, #[case] delta: i64, #[case] shown: &str) {
        assert_eq!(Count::capped(from).plus(delta).to_string(), shown);
    }
}
