//! Timestamps in v2.

use std::fmt;

use jiff::Timestamp;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// A [`Timestamp`] as an RFC 3339 string.
///
/// Any offset and up to nine fractional digits are accepted. Written in UTC with three fractional digits, or nine if three
/// do not suffice, as Stripe does.
#[derive(Debug)]
pub struct DateTime;

impl SerializeAs<Timestamp> for DateTime {
    fn serialize_as<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        if time.subsec_nanosecond() % 1_000_000 == 0 {
            serializer.collect_str(&format_args!("{time:.3}"))
        } else {
            serializer.collect_str(&format_args!("{time:.9}"))
        }
    }
}

impl<'de> DeserializeAs<'de, Timestamp> for DateTime {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        deserializer.deserialize_str(DateTimeVisitor)
    }
}

struct DateTimeVisitor;

impl Visitor<'_> for DateTimeVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 date and time")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::wire::As;

    fn decode(text: &str) -> Result<Timestamp, serde_json::Error> {
        let json = serde_json::to_string(text).unwrap();
        As::<DateTime>::deserialize(&mut serde_json::Deserializer::from_str(&json))
    }

    fn encode(time: &Timestamp) -> String {
        let mut json = Vec::new();
        As::<DateTime>::serialize(time, &mut serde_json::Serializer::new(&mut json)).unwrap();
        serde_json::from_slice(&json).unwrap()
    }

    #[test]
    fn writes_three_or_nine_fractional_digits() {
        for (text, written) in [
            ("2026-09-30T12:00:00.000Z", "2026-09-30T12:00:00.000Z"),
            ("2026-09-30T12:00:30.446396574Z", "2026-09-30T12:00:30.446396574Z"),
            ("2026-09-30T12:00:00Z", "2026-09-30T12:00:00.000Z"),
            ("2026-09-30T12:00:00.5Z", "2026-09-30T12:00:00.500Z"),
            ("2026-09-30T12:00:00.123456Z", "2026-09-30T12:00:00.123456000Z"),
            ("2026-09-30T12:00:00.000+02:00", "2026-09-30T10:00:00.000Z"),
            ("2026-09-30t12:00:00.000z", "2026-09-30T12:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(encode(&decode(text).unwrap()), written, "{text}");
        }
    }

    #[test]
    fn refuses_invalid_timestamps() {
        for text in ["", "yesterday", "2026-09-30", "2026-09-30T12:00:00", "2026-13-01T00:00:00Z", "1680000000"] {
            let error = decode(text).unwrap_err().to_string();
            assert!(error.contains("expected an RFC 3339 date and time"), "{text}: {error}");
        }
        assert!(As::<DateTime>::deserialize(&mut serde_json::Deserializer::from_str("1")).is_err());
    }

    proptest! {
        #[test]
        fn round_trips(second in Timestamp::MIN.as_second()..Timestamp::MAX.as_second(), nanosecond in 0..1_000_000_000) {
            let time = Timestamp::new(second, nanosecond).unwrap();
            prop_assert_eq!(decode(&encode(&time)).unwrap(), time);
        }

        #[test]
        fn accepts_any_text_without_panicking(text: String) {
            let _ = decode(&text);
        }
    }
}
