//! Items for generated code only: not part of the public API, and subject to change.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

pub use serde;
use serde::de::{Error, Visitor};

pub use super::one_of::{OneOf, decode_only, deserialize_one_of, not_one_of, serialize_only};
pub use super::unrecognized::unrecognized;

/// The content of a string newtype: borrowed in constants, owned otherwise.
pub type Text = Cow<'static, str>;

/// An object that preserves members without a field, see [`Additional`](super::wire::Additional).
pub trait OpenObject {
    /// The names of the members that have a field, and of the tag.
    const PROPERTIES: &'static [&'static str];
}

/// Deserializes an enum from a string without copying it.
///
/// # Errors
///
/// If the value is not a string.
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

/// Creates the error for a string that is not a variant of a closed enum.
pub fn not_a_value<E: Error>(text: &str, name: &str) -> E {
    E::custom(format_args!("unknown value `{text}` of `{name}`"))
}

/// Deserializes the content of a string newtype.
///
/// # Errors
///
/// If the value is not a string.
pub fn deserialize_string<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(|value: String| Cow::Owned(value))
}
