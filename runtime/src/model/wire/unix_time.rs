//! Timestamps in v1.

use std::fmt;

use jiff::Timestamp;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// A [`Timestamp`] as an integer: seconds since 1970-01-01T00:00:00Z. Fractions of a second are truncated.
#[derive(Debug)]
pub struct UnixTime;

impl SerializeAs<Timestamp> for UnixTime {
    fn serialize_as<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.as_second())
    }
}

impl<'de> DeserializeAs<'de, Timestamp> for UnixTime {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        deserializer.deserialize_i64(UnixTimeVisitor)
    }
}

struct UnixTimeVisitor;

impl Visitor<'_> for UnixTimeVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Unix timestamp in seconds, up to the year 9999")
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Timestamp, E> {
        Timestamp::from_second(seconds).map_err(|_| E::invalid_value(Unexpected::Signed(seconds), &self))
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Timestamp, E> {
        let signed = i64::try_from(seconds).map_err(|_| E::invalid_value(Unexpected::Unsigned(seconds), &self))?;
        self.visit_i64(signed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::wire::As;

    fn decode(json: &str) -> Result<Timestamp, serde_json::Error> {
        As::<UnixTime>::deserialize(&mut serde_json::Deserializer::from_str(json))
    }

    fn encode(time: &Timestamp) -> String {
        let mut json = Vec::new();
        As::<UnixTime>::serialize(time, &mut serde_json::Serializer::new(&mut json)).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn takes_whole_seconds_only() {
        assert_eq!(decode("1680000000").unwrap().to_string(), "2023-03-28T10:40:00Z");
        assert_eq!(decode("-1").unwrap().as_second(), -1);
        for json in ["1.5", "1680000000.0", "\"1680000000\"", "null", "true"] {
            assert!(decode(json).unwrap_err().to_string().contains("expected a Unix timestamp in seconds"), "{json}");
        }
    }

    #[test]
    fn refuses_out_of_range_timestamps() {
        for json in ["9223372036854775807", "18446744073709551615", "-9223372036854775808", "253402300800"] {
            assert!(decode(json).unwrap_err().to_string().contains("up to the year 9999"), "{json}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(seconds in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second()) {
            prop_assert_eq!(encode(&decode(&seconds.to_string()).unwrap()), seconds.to_string());
        }

        #[test]
        fn accepts_any_number_without_panicking(seconds: i64) {
            let _ = decode(&seconds.to_string());
        }
    }
}
