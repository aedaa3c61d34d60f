//! 64-bit integers in v2.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// An `i64` or `u64` as a JSON string, so that no JSON parser rounds it. A number is accepted as well.
#[derive(Debug)]
pub struct Int64;

impl<T: fmt::Display> SerializeAs<T> for Int64 {
    fn serialize_as<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

impl<'de, T: FromStr + TryFrom<i64> + TryFrom<u64>> DeserializeAs<'de, T> for Int64 {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(Int64Visitor(PhantomData))
    }
}

struct Int64Visitor<T>(PhantomData<T>);

impl<T: FromStr + TryFrom<i64> + TryFrom<u64>> Visitor<'_> for Int64Visitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if T::try_from(-1_i64).is_ok() { "" } else { "unsigned " };
        write!(f, "a 64-bit {sign}integer as a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
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

    #[test]
    fn an_unsigned_integer_is_not_negative() {
        let decode = |json: &str| -> Result<u64, serde_json::Error> {
            As::<Int64>::deserialize(&mut serde_json::Deserializer::from_str(json))
        };
        assert_eq!(decode(r#""18446744073709551615""#).unwrap(), u64::MAX);
        for json in ["-1", r#""-1""#, r#""18446744073709551616""#] {
            assert!(decode(json).unwrap_err().to_string().contains("expected a 64-bit unsigned integer"), "{json}");
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
