//! Expandable fields.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id, or the object if the request's `expand` names the field.
#[derive(Debug, Clone, PartialEq)]
pub enum Expandable<I, T> {
    /// The id of the object.
    Id(I),
    /// The expanded object.
    Object(Box<T>),
}

impl<I, T> Expandable<I, T> {
    /// Returns the id, unless the field is expanded.
    pub fn as_id(&self) -> Option<&I> {
        match self {
            Self::Id(id) => Some(id),
            Self::Object(_) => None,
        }
    }

    /// Returns the object, if the field is expanded.
    pub fn as_object(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(object),
        }
    }

    /// Consumes the field and returns the object, if it is expanded.
    pub fn into_object(self) -> Option<T> {
        match self {
            Self::Id(_) => None,
            Self::Object(object) => Some(*object),
        }
    }
}

impl<I: Serialize, T: Serialize> Serialize for Expandable<I, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => id.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl<'de, I: Deserialize<'de>, T: Deserialize<'de>> Deserialize<'de> for Expandable<I, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ByType(PhantomData))
    }
}

/// Distinguishes the two by their JSON type, so that an error inside the object keeps its path.
struct ByType<I, T>(PhantomData<(I, T)>);

impl<'de, I: Deserialize<'de>, T: Deserialize<'de>> Visitor<'de> for ByType<I, T> {
    type Value = Expandable<I, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or an object")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        I::deserialize(StrDeserializer::new(id)).map(Expandable::Id)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|object| Expandable::Object(Box::new(object)))
    }
}
