//! For generated code only: no part of the public API, and free to change.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

pub use serde;
use serde::de::{Error, Visitor};

pub use super::unrecognized::unrecognized;

/// What a newtype of a string holds: constants borrow, everything else owns.
pub type Text = Cow<'static, str>;

/// An object whose members are kept that its type has no fields for.
pub trait OpenObject {
    /// The names of its properties.
    const PROPERTIES: &'static [&'static str];
}

/// Decodes an enum from its string without a copy of the string.
///
/// # Errors
///
/// When it is no string.
pub fn deserialize_enum<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    struct StringVisitor<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for StringVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            Ok(T::from(value))
        }
    }

    deserializer.deserialize_str(StringVisitor(PhantomData))
}

/// Why a text is no value of a closed enum.
pub fn not_a_value<E: Error>(text: &str, name: &str) -> E {
    E::custom(format_args!("`{text}` is no value of {name}"))
}

/// Decodes the inside of a string newtype.
///
/// # Errors
///
/// When it is no string.
pub fn deserialize_string<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(|value: String| Cow::Owned(value))
}
