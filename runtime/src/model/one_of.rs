//! Macros that define enums of objects of which exactly one is given, and what they expand to.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

/// Defines an enum that is used in responses, from a table of variants and properties. A property whose value has another
/// format on the wire names it: `At(Timestamp) = "at" as runtime::wire::DateTime`.
///
/// A value that is not an object with exactly one of the properties is preserved. A value of another type in one of them is an
/// error, as it is everywhere else.
#[doc(hidden)]
#[macro_export]
macro_rules! one_of {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[$about:meta])* $variant:ident($type:ty $(,)?) = $wire:literal $(as $codec:ty)?),* $(,)?
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant($type),)*
            /// Any other value, preserved verbatim: an object with another property, with several or without any.
            Unrecognized($crate::Value),
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::private::serialize_only::<_, $crate::__codec!($($codec)?), S>($wire, value, serializer)
                    })*
                    Self::Unrecognized(value) => $crate::private::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        $crate::__one_of!($name { $($variant = $wire $(as $codec)?,)* } |value| Some(Self::Unrecognized(value)));
    };
}

/// Defines an enum that is used in requests only, from a table of variants and properties. Decoding any other value is an
/// error.
#[doc(hidden)]
#[macro_export]
macro_rules! closed_one_of {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[$about:meta])* $variant:ident($type:ty $(,)?) = $wire:literal $(as $codec:ty)?),* $(,)?
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant($type),)*
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::private::serialize_only::<_, $crate::__codec!($($codec)?), S>($wire, value, serializer)
                    })*
                }
            }
        }

        $crate::__one_of!($name { $($variant = $wire $(as $codec)?,)* } |_value| None);
    };
}

/// Expands to how an enum is decoded, given what becomes of a value without exactly one of the properties.
#[doc(hidden)]
#[macro_export]
macro_rules! __one_of {
    ($name:ident { $($variant:ident = $wire:literal $(as $codec:ty)?,)* } |$other:ident| $otherwise:expr) => {
        impl $crate::private::OneOf for $name {
            const PROPERTIES: &'static [&'static str] = &[$($wire),*];

            fn of_property<E: $crate::private::serde::de::Error>(name: &str, value: $crate::Value) -> Result<Self, E> {
                match name {
                    $($wire => {
                        let value = $crate::private::decode_only::<_, $crate::__codec!($($codec)?), E>($wire, value);
                        value.map(Self::$variant)
                    })*
                    _ => Err($crate::private::not_one_of::<Self, E>()),
                }
            }

            fn of_other($other: $crate::Value) -> Option<Self> {
                $otherwise
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::private::deserialize_one_of(deserializer)
            }
        }
    };
}

/// Expands to the wire format of a value, or to that of its Rust type.
#[doc(hidden)]
#[macro_export]
macro_rules! __codec {
    () => {
        $crate::wire::Same
    };
    ($codec:ty) => {
        $codec
    };
}

/// An enum of objects of which exactly one is given.
pub trait OneOf: Sized {
    /// The names of the properties.
    const PROPERTIES: &'static [&'static str];

    /// Creates the variant of a property from its value.
    ///
    /// # Errors
    ///
    /// If the value is not of the property's type.
    fn of_property<E: Error>(name: &str, value: Value) -> Result<Self, E>;

    /// Preserves a value that is not an object with exactly one of the properties.
    fn of_other(value: Value) -> Option<Self>;
}

/// Serializes an object with one member, whose value has the format `C`.
///
/// # Errors
///
/// If the value cannot be serialized.
pub fn serialize_only<T, C: SerializeAs<T>, S: Serializer>(
    name: &str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(1))?;
    object.serialize_entry(name, &SerializeAsWrap::<T, C>::new(value))?;
    object.end()
}

/// Decodes the value of a property, which has the format `C`.
///
/// # Errors
///
/// If the value is not of this type. The position of the error is the end of the object, so the message names the property.
pub fn decode_only<T, C: for<'de> DeserializeAs<'de, T>, E: Error>(name: &str, value: Value) -> Result<T, E> {
    C::deserialize_as(value).map_err(|error| E::custom(format_args!("`{name}`: {error}")))
}

/// Creates the error for a value that is not an object with exactly one of the properties.
pub fn not_one_of<T: OneOf, E: Error>() -> E {
    E::custom(format_args!("expected an object with exactly one of `{}`", T::PROPERTIES.join("`, `")))
}

/// Deserializes an enum of objects of which exactly one is given.
///
/// # Errors
///
/// If the value of the only property is not of its type, or if any other value is not preserved.
pub fn deserialize_one_of<'de, D: Deserializer<'de>, T: OneOf>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(OneOfVisitor(PhantomData))
}

/// Decodes the value while the object is being read, so that the position of an error is in it.
struct OneOfVisitor<T>(PhantomData<T>);

fn other<T: OneOf, E: Error>(value: Value) -> Result<T, E> {
    T::of_other(value).ok_or_else(not_one_of::<T, E>)
}

impl<'de, T: OneOf> Visitor<'de> for OneOfVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        let mut value = Value::deserialize(MapAccessDeserializer::new(object))?;
        let only = value.as_object_mut().filter(|members| members.len() == 1);
        match only.and_then(|members| members.iter_mut().next()) {
            Some((name, value)) if T::PROPERTIES.contains(&name.as_str()) => T::of_property(name, value.take()),
            _ => other(value),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        other(Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        other(Value::from(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        other(Value::from(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        other(Value::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        other(Value::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        other(Value::from(number))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        other(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        other(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use self::defined::{Closed, Open};

    #[allow(unreachable_pub, reason = "the macros define public items")]
    mod defined {
        use std::collections::BTreeMap;

        use jiff::Timestamp;

        use crate::model::wire::{DateTime, Same, UnixTime};

        one_of! {
            /// In responses.
            pub enum Open {
                /// A text.
                Id(String) = "id",
                At(Timestamp) = "at" as DateTime,
                Times(BTreeMap<String, Vec<Timestamp>>,) = "times" as BTreeMap<Same, Vec<UnixTime>>,
                Again(Option<Box<Open>>) = "again",
            }
        }

        closed_one_of! {
            pub enum Closed {
                Size(u64) = "size",
                Text(String) = "a \"text\"",
            }
        }
    }

    #[test]
    fn every_value_survives_a_round_trip() {
        for (json, is_known) in [
            (json!({"id": "a"}), true),
            (json!({"at": "2026-01-31T12:00:00.123456789Z"}), true),
            (json!({"times": {"a": [1_680_000_000]}}), true),
            (json!({"again": null}), true),
            (json!({"again": {"again": {"id": "a"}}}), true),
            (json!({"id": "a", "at": null}), false),
            (json!({"id": 1, "at": "yesterday"}), false),
            (json!({"name": {"id": ["a"]}}), false),
            (json!({}), false),
            (json!([{"id": "a"}]), false),
            (json!("id"), false),
            (json!(18_446_744_073_709_551_615_u64), false),
            (json!(null), false),
        ] {
            let decoded: Open = serde_json::from_str(&json.to_string()).unwrap();
            assert_eq!(!matches!(decoded, Open::Unrecognized(_)), is_known, "{decoded:?}");
            assert_eq!(serde_json::to_value(&decoded).unwrap(), json);
            assert_eq!(serde_json::from_value::<Open>(json).unwrap(), decoded);
        }
    }

    #[test]
    fn a_known_property_of_another_type_is_an_error() {
        for (json, message) in [
            (json!({"id": 1}), "`id`: invalid type: integer `1`, expected a string"),
            (json!({"id": null}), "`id`: invalid type: null, expected a string"),
            (json!({"again": {"id": []}}), "`again`: `id`: invalid type: sequence, expected a string"),
        ] {
            let error = serde_json::from_str::<Open>(&json.to_string()).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_closed_one_has_exactly_one_property() {
        for json in [json!({"size": 7}), json!({"a \"text\"": "b"})] {
            let decoded: Closed = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&decoded).unwrap(), json);
        }
        for json in [json!({}), json!({"size": 7, "other": 1}), json!({"other": 1}), json!(7)] {
            let error = serde_json::from_value::<Closed>(json).unwrap_err().to_string();
            assert_eq!(error, "expected an object with exactly one of `size`, `a \"text\"`");
        }
    }
}
