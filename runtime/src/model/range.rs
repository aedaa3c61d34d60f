//! Filters of lists by a range of values, such as `created[gte]=5`.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::ser::SerializeAsWrap;
use serde_with::{As, DeserializeAs, Same, SerializeAs};

/// A filter by bounds, such as `created[gte]=5`.
///
/// Rust's range types convert into it:
///
/// ```
/// use stripe_reporting_runtime::RangeQuery;
///
/// assert_eq!(RangeQuery::from(5..), RangeQuery { gte: Some(5), ..RangeQuery::default() });
/// assert_eq!(RangeQuery::from(5..9), RangeQuery { gte: Some(5), lt: Some(9), ..RangeQuery::default() });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct RangeQuery<T> {
    /// Greater than.
    #[serde(default)]
    pub gt: Option<T>,
    /// Greater than or equal to.
    #[serde(default)]
    pub gte: Option<T>,
    /// Less than.
    #[serde(default)]
    pub lt: Option<T>,
    /// Less than or equal to.
    #[serde(default)]
    pub lte: Option<T>,
}

/// A filter by bounds or by an exact value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RangeOrExact<T> {
    /// Matches values within bounds.
    Range(RangeQuery<T>),
    /// Matches one value.
    Exact(T),
}

impl<T> RangeQuery<T> {
    fn map<U>(self, convert: impl Fn(T) -> U) -> RangeQuery<U> {
        RangeQuery {
            gt: self.gt.map(&convert),
            gte: self.gte.map(&convert),
            lt: self.lt.map(&convert),
            lte: self.lte.map(&convert),
        }
    }
}

impl<T> Default for RangeQuery<T> {
    fn default() -> Self {
        Self { gt: None, gte: None, lt: None, lte: None }
    }
}

impl<T> From<T> for RangeOrExact<T> {
    fn from(value: T) -> Self {
        Self::Exact(value)
    }
}

impl<T> From<RangeQuery<T>> for RangeOrExact<T> {
    fn from(range: RangeQuery<T>) -> Self {
        Self::Range(range)
    }
}

macro_rules! from_range {
    ($($range:ident => |$value:ident| $query:expr;)*) => {$(
        impl<T> From<$range<T>> for RangeQuery<T> {
            fn from($value: $range<T>) -> Self {
                $query
            }
        }

        impl<T> From<$range<T>> for RangeOrExact<T> {
            fn from(range: $range<T>) -> Self {
                Self::Range(range.into())
            }
        }
    )*};
}

from_range! {
    Range => |range| Self { gte: Some(range.start), lt: Some(range.end), ..Self::default() };
    RangeFrom => |range| Self { gte: Some(range.start), ..Self::default() };
    RangeTo => |range| Self { lt: Some(range.end), ..Self::default() };
    RangeToInclusive => |range| Self { lte: Some(range.end), ..Self::default() };
    RangeInclusive => |range| {
        let (start, end) = range.into_inner();
        Self { gte: Some(start), lte: Some(end), ..Self::default() }
    };
}

impl<T: Serialize> Serialize for RangeQuery<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <RangeQuery<Same>>::serialize_as(self, serializer)
    }
}

impl<T, U: SerializeAs<T>> SerializeAs<RangeQuery<T>> for RangeQuery<U> {
    fn serialize_as<S: Serializer>(range: &RangeQuery<T>, serializer: S) -> Result<S::Ok, S::Error> {
        let bounds = [("gt", &range.gt), ("gte", &range.gte), ("lt", &range.lt), ("lte", &range.lte)];
        let set = bounds.iter().filter(|(_, bound)| bound.is_some()).count();
        let mut object = serializer.serialize_struct("RangeQuery", set)?;
        for (name, bound) in bounds {
            if let Some(bound) = bound {
                object.serialize_field(name, &SerializeAsWrap::<T, U>::new(bound))?;
            }
        }
        object.end()
    }
}

impl<'de, T, U: DeserializeAs<'de, T>> DeserializeAs<'de, RangeQuery<T>> for RangeQuery<U> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<RangeQuery<T>, D::Error> {
        let range = RangeQuery::<serde_with::de::DeserializeAsWrap<T, U>>::deserialize(deserializer)?;
        Ok(range.map(serde_with::de::DeserializeAsWrap::into_inner))
    }
}

impl<T: Serialize> Serialize for RangeOrExact<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <RangeOrExact<Same>>::serialize_as(self, serializer)
    }
}

impl<T, U: SerializeAs<T>> SerializeAs<RangeOrExact<T>> for RangeOrExact<U> {
    fn serialize_as<S: Serializer>(range: &RangeOrExact<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match range {
            RangeOrExact::Range(range) => <RangeQuery<U>>::serialize_as(range, serializer),
            RangeOrExact::Exact(value) => U::serialize_as(value, serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for RangeOrExact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        As::<RangeOrExact<Same>>::deserialize(deserializer)
    }
}

impl<'de, T, U: DeserializeAs<'de, T>> DeserializeAs<'de, RangeOrExact<T>> for RangeOrExact<U> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<RangeOrExact<T>, D::Error> {
        deserializer.deserialize_any(ByType::<T, U>(PhantomData))
    }
}

/// Distinguishes bounds from a value by their JSON type.
struct ByType<T, U>(PhantomData<(T, U)>);

impl<T, U> ByType<T, U> {
    fn exact<'de, V: IntoDeserializer<'de, E>, E: Error>(value: V) -> Result<RangeOrExact<T>, E>
    where
        U: DeserializeAs<'de, T>,
    {
        U::deserialize_as(value.into_deserializer()).map(RangeOrExact::Exact)
    }
}

impl<'de, T, U: DeserializeAs<'de, T>> Visitor<'de> for ByType<T, U> {
    type Value = RangeOrExact<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or an object of bounds")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::exact(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::exact(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Self::exact(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Self::exact(value.to_owned())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        <RangeQuery<U>>::deserialize_as(MapAccessDeserializer::new(map)).map(RangeOrExact::Range)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::model::wire::{DateTime, UnixTime};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Filters {
        #[serde(with = "As::<Option<RangeQuery<UnixTime>>>")]
        created: Option<RangeQuery<Timestamp>>,
        #[serde(with = "As::<RangeOrExact<DateTime>>")]
        ended: RangeOrExact<Timestamp>,
        #[serde(with = "As::<RangeOrExact<UnixTime>>")]
        started: RangeOrExact<Timestamp>,
        amount: RangeOrExact<i64>,
        size: RangeQuery<i64>,
    }

    #[test]
    fn composes_with_wire_formats() {
        let time = |second| Timestamp::from_second(second).unwrap();
        let filters = Filters {
            created: Some((time(5)..=time(9)).into()),
            ended: time(0).into(),
            started: time(3).into(),
            amount: (..=7).into(),
            size: RangeQuery { gt: Some(1), ..(..2).into() },
        };
        let json = json!({
            "created": {"gte": 5, "lte": 9},
            "ended": "1970-01-01T00:00:00.000Z",
            "started": 3,
            "amount": {"lte": 7},
            "size": {"gt": 1, "lt": 2},
        });
        assert_eq!(serde_json::to_value(&filters).unwrap(), json);
        assert_eq!(serde_json::from_str::<Filters>(&json.to_string()).unwrap(), filters);
    }
}
