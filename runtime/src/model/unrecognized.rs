//! Unknown enum values.

use std::fmt;

/// An enum value that is unknown to this version of the crate, preserved verbatim.
///
/// Created by decoding and conversion only, so it never holds a known value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnrecognizedValue(Box<str>);

impl UnrecognizedValue {
    /// Returns the value, verbatim.
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

/// Creates an [`UnrecognizedValue`]; for generated code, which has compared the value with the known ones.
#[must_use]
pub fn unrecognized(value: &str) -> UnrecognizedValue {
    UnrecognizedValue(value.into())
}
