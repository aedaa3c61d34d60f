//! Values of enums that the crate does not know.

use std::fmt;

/// A value that the crate did not know when it was generated, kept as it came.
///
/// Only decoding and conversion make one: a known value can't be passed off as unknown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnrecognizedValue(Box<str>);

impl UnrecognizedValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The one way to an [`UnrecognizedValue`], so that users can't make one of a value that is known.
#[must_use]
pub fn unrecognized(value: &str) -> UnrecognizedValue {
    UnrecognizedValue::new(value)
}
