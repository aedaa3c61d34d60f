//! Decides whether two responses have parts of the same version of a file.

use std::time::Duration;

use http::header::{DATE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// How much older than its response a file must be for its date to count.
///
/// RFC 9110 §8.8.2.2 requires a second, and that both dates come from one clock or are far enough apart. The clocks of an
/// object store are unknown; RFC 7232 suggested a minute.
const LEAST_AGE: Duration = Duration::from_secs(60);

/// A strong validator: equal ones mean equal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Validator {
    name: HeaderName,
    value: HeaderValue,
}

impl Validator {
    /// Returns the strong validator of a response. A weak `ETag` excludes the date as well (RFC 9110 §13.1.5).
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(ETAG) {
            let value = single(headers, ETAG).filter(|value| is_strong(value.as_bytes()))?;
            return Some(Self { name: ETAG, value: value.clone() });
        }
        let modified = single(headers, LAST_MODIFIED)?;
        let age = Duration::try_from(date(single(headers, DATE)?)?.duration_since(date(modified)?)).ok()?;
        (age >= LEAST_AGE).then(|| Self { name: LAST_MODIFIED, value: modified.clone() })
    }

    /// Returns the value for `If-Range`.
    pub(super) fn value(&self) -> &HeaderValue {
        &self.value
    }

    /// Returns whether a response has the same validator.
    pub(super) fn matches(&self, headers: &HeaderMap) -> bool {
        single(headers, self.name.clone()) == Some(&self.value)
    }
}

fn single(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

/// Returns whether an `ETag` is valid and does not start with `W/` (RFC 9110 §8.8.3).
fn is_strong(etag: &[u8]) -> bool {
    match etag {
        [b'"', inner @ .., b'"'] => inner.iter().all(|byte| *byte > b' ' && *byte != b'"' && *byte != 0x7f),
        _ => false,
    }
}

fn date(value: &HeaderValue) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(value.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::headers;

    fn of(pairs: &[(&'static str, &str)]) -> Option<Validator> {
        Validator::of(&headers(pairs))
    }

    const MODIFIED: (&str, &str) = ("last-modified", "Fri, 31 Dec 1999 23:58:00 GMT");
    const LATER: (&str, &str) = ("date", "Fri, 31 Dec 1999 23:59:00 GMT");

    #[test]
    fn only_strong_validators_count() {
        for etag in ["\"a\"", "\"\"", "\"a-b/c\""] {
            assert_eq!(of(&[("etag", etag)]).unwrap().value(), etag);
        }
        for etag in ["W/\"a\"", "a", "\"", "\"a", "\"a\"b\"", "\"a b\"", "w/\"a\"", ""] {
            assert_eq!(of(&[("etag", etag), MODIFIED, LATER]), None, "{etag}");
        }
        assert_eq!(of(&[("etag", "\"a\""), ("etag", "\"b\"")]), None);
        assert_eq!(of(&[("etag", "\"a\""), MODIFIED, LATER]).unwrap().name, ETAG);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn accepts_a_date_of_a_file_that_is_old_enough() {
        assert_eq!(of(&[MODIFIED, LATER]).unwrap().value(), MODIFIED.1);
        for date in
            ["Fri, 31 Dec 1999 23:58:59 GMT", "Fri, 31 Dec 1999 23:58:00 GMT", "Fri, 31 Dec 1999 23:57:00 GMT", "soon"]
        {
            assert_eq!(of(&[MODIFIED, ("date", date)]), None, "{date}");
        }
        assert_eq!(of(&[MODIFIED]), None);
        assert_eq!(of(&[LATER]), None);
        assert_eq!(of(&[("last-modified", "long ago"), LATER]), None);
    }

    #[test]
    fn a_missing_or_changed_validator_does_not_match() {
        let etag = of(&[("etag", "\"a\"")]).unwrap();
        assert!(etag.matches(&headers(&[("etag", "\"a\"")])));
        for pairs in [&[("etag", "\"b\"")][..], &[("etag", "W/\"a\"")], &[MODIFIED, LATER], &[]] {
            assert!(!etag.matches(&headers(pairs)), "{pairs:?}");
        }
        let modified = of(&[MODIFIED, LATER]).unwrap();
        assert!(modified.matches(&headers(&[MODIFIED])));
        assert!(!modified.matches(&headers(&[("last-modified", "Fri, 31 Dec 1999 23:58:01 GMT")])));
        assert!(!modified.matches(&headers(&[("etag", "\"a\"")])));
    }
}
