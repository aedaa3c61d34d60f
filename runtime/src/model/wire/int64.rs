//! 64-bit integers in v2.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// An `i64` as a JSON string, which no JSON parser rounds. Numbers are accepted as well.
#[derive(Debug)]
pub struct Int64;

impl SerializeAs<i64> for Int64 {
    fn serialize_as<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

impl<'de> DeserializeAs<'de, i64> for Int64 {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        deserializer.deserialize_any(Int64Visitor)
    }
}

struct Int64Visitor;

impl Visitor<'_> for Int64Visitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit integer as a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::wire::As;

    fn decode(json: &str) -> Result<i64, serde_json::Error> {
        As::<Int64>::deserialize(&mut serde_json::Deserializer::from_str(json))
    }

    fn encode(value: i64) -> String {
        let mut json = Vec::new();
        As::<Int64>::serialize(&value, &mut serde_json::Serializer::new(&mut json)).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn refuses_values_that_are_not_integers() {
        for json in
            [r#""""#, r#"" 1""#, r#""1.0""#, "1.0", "1e3", "null", "9223372036854775808", r#""9223372036854775808""#]
        {
            assert!(decode(json).unwrap_err().to_string().contains("expected a 64-bit integer"), "{json}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(value: i64) {
            prop_assert_eq!(encode(value), format!("\"{value}\""));
            prop_assert_eq!(decode(&encode(value)).unwrap(), value);
            prop_assert_eq!(decode(&value.to_string()).unwrap(), value);
        }
    }
}
