//! RFC 3339 times.

/// Parses a time into whole seconds since 1970.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    // jiff reads what else ISO 8601 allows, such as a time without seconds.
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = shape.strip_prefix("0000-00-00T00:00:00")?.trim_start_matches(['.', '0']);
    let is_rfc3339 = matches!(rest, "Z" | "+00:00" | "-00:00");
    text.parse::<jiff::Timestamp>().ok().filter(|_| is_rfc3339).map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_parsed() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2000-03-01T00:00:00.000Z", 951_868_800),
            ("2025-08-18T12:30:45.123456789Z", 1_755_520_245),
            ("2025-08-18T12:30:45+02:30", 1_755_511_245),
            ("2025-08-18T12:30:45-02:30", 1_755_529_245),
            // A leap second, which jiff counts as the one before it.
            ("2016-12-31T23:59:60Z", 1_483_228_799),
            ("2100-03-01T00:00:00+00:00", 4_107_542_400),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_not_a_time() {
        for text in [
            "",
            "now",
            "2025-08-18",
            "2025-08-18 12:30:45Z",
            "2025-08-18T12:30:45",
            "2025-8-18T12:30:45Z",
            "2025-02-29T12:30:45Z",
            "2025-13-01T12:30:45Z",
            "2025-08-18T24:30:45Z",
            "2025-08-18T12:60:45Z",
            "2025-08-18T12:30:45.Z",
            "2025-08-18T12:30:45.1234567890Z",
            "2025-08-18T12:30:45ZZ",
            "2025-08-18T12:30:45+2:00",
            "+025-08-18T12:30:45Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
