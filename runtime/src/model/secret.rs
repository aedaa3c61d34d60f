//! Strings that must not be printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A string that gives access to something, such as a pre-signed URL.
///
/// `Debug` redacts it, and it does not implement `Display`: use [`Secret::expose`]. It is serialized verbatim, so that a
/// model can be stored and decoded again.
///
/// ```
/// let url = stripe_reporting_runtime::Secret::new("https://example.com/file?signature=abc");
/// assert_eq!(format!("{url:?}"), "Secret([redacted])");
/// assert!(url.expose().ends_with("abc"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a string.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Returns the string. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Consumes the secret and returns the string. Do not log it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}
