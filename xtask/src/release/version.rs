//! Versions of the packages, and the next one by the level of a release.

use std::fmt;

use stripe_reporting_codegen::diff::Level;

/// A version without a pre-release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Version {
    /// Reads `1.2.3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let version = Self { major: numbers.next()??, minor: numbers.next()??, patch: numbers.next()?? };
        numbers.next().is_none().then_some(version)
    }

    /// Returns the version after this one, by the table in `spec/POLICY.md`.
    pub(super) fn next(self, level: Level) -> Self {
        let Self { major, minor, patch } = self;
        match (level, major) {
            (Level::Major, 0) | (Level::Minor, 1..) => Self { major, minor: minor.saturating_add(1), patch: 0 },
            (Level::Major, _) => Self { major: major.saturating_add(1), minor: 0, patch: 0 },
            (Level::Minor | Level::Patch, _) => Self { major, minor, patch: patch.saturating_add(1) },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
