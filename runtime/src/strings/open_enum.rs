//! Enums of strings.

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

/// Completes an enum that answers may hold: it has `as_str` and `From<&str>`, which keeps what it does not know.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident) => {
        $crate::__string_type!($name);

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::private::deserialize_enum(deserializer)
            }
        }
    };
}

/// Completes an enum that only requests hold: it has `as_str` and `VALUES`. What is no value of it can't be decoded.
#[doc(hidden)]
#[macro_export]
macro_rules! closed_enum {
    ($name:ident) => {
        $crate::__string_type!($name);

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = $crate::private::deserialize_string(deserializer)?;
                let known = Self::VALUES.iter().find(|value| value.as_str() == text);
                known.copied().ok_or_else(|| $crate::private::not_a_value(&text, stringify!($name)))
            }
        }
    };
}
