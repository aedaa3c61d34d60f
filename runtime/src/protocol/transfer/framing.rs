//! Parses the headers that frame a body: its length, its range in the file, and what marks its end.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, TRANSFER_ENCODING};
use http::{HeaderMap, Version};

/// A `Content-Range`, such as `bytes 100-199/200`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) first: u64,
    last: u64,
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(CONTENT_RANGE).iter();
        let (value, None) = (values.next()?, values.next()) else { return None };
        let (range, total) = value.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let total = match total.trim() {
            "*" => None,
            total => Some(number(total)?),
        };
        let is_sound = first <= last && last < u64::MAX && total.is_none_or(|total| last < total);
        is_sound.then_some(Self { first, last, total })
    }

    /// Returns the number of bytes in the range.
    pub(super) fn length(&self) -> u64 {
        // At least one, and less than `u64::MAX`.
        self.last - self.first + 1
    }
}

/// What marks the end of a body (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    /// The last chunk, or the end of the stream in HTTP/2.
    Marked,
    /// The connection closes, which may be the end or a failure.
    Close,
}

impl Framing {
    pub(super) fn of(version: Version, headers: &HeaderMap) -> Self {
        if let Some(encoding) = headers.get_all(TRANSFER_ENCODING).iter().next_back() {
            let coding = encoding.to_str().unwrap_or_default().rsplit(',').next().unwrap_or_default();
            let is_chunked = version > Version::HTTP_10 && coding.trim().eq_ignore_ascii_case("chunked");
            return if is_chunked { Self::Marked } else { Self::Close };
        }
        let lengths = headers.get_all(CONTENT_LENGTH).iter();
        let mut lengths =
            lengths.flat_map(|value| value.to_str().unwrap_or_default().split(',')).map(number).collect::<Vec<_>>();
        lengths.dedup();
        match lengths.as_slice() {
            [Some(length)] => Self::Length(*length),
            [] if version > Version::HTTP_11 => Self::Marked,
            _ => Self::Close,
        }
    }

    pub(super) fn length(self) -> Option<u64> {
        match self {
            Self::Length(length) => Some(length),
            Self::Marked | Self::Close => None,
        }
    }
}

/// Parses digits only; `parse` alone would accept a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::headers;

    #[test]
    fn reads_ranges() {
        let read = |text: &str| ContentRange::of(&headers(&[("content-range", text)]));
        assert_eq!(read("bytes 5-9/10"), Some(ContentRange { first: 5, last: 9, total: Some(10) }));
        assert_eq!(read("bytes 5-9/*"), Some(ContentRange { first: 5, last: 9, total: None }));
        assert_eq!(read("bytes 5-9/*").unwrap().length(), 5);
        for text in [
            "bytes */10",
            "bytes 9-5/10",
            "bytes 5-10/10",
            "bytes +5-9/10",
            "bytes 5--9/10",
            "bytes 5-9/-1",
            "bytes 0-18446744073709551615/*",
            "bytes 0-18446744073709551616/*",
            "items 5-9/10",
            "bytes 5-9",
            "bytes a-b/c",
            "bytes -/",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(ContentRange::of(&HeaderMap::new()), None);
        let two = [("content-range", "bytes 0-1/4"), ("content-range", "bytes 2-3/4")];
        assert_eq!(ContentRange::of(&headers(&two)), None);
    }

    #[test]
    fn distinguishes_a_marked_end_from_a_close() {
        let of = |version, pairs: &[(&'static str, &str)]| Framing::of(version, &headers(pairs));
        let length = |text: &'static str| of(Version::HTTP_11, &[("content-length", text)]);
        assert_eq!(length("5"), Framing::Length(5));
        assert_eq!(length("0"), Framing::Length(0));
        assert_eq!(length("5, 5"), Framing::Length(5));
        for text in ["", "+5", "-5", "5x", "5, 6", "18446744073709551616"] {
            assert_eq!(length(text), Framing::Close, "{text}");
        }
        let chunked = ("transfer-encoding", "gzip, Chunked");
        assert_eq!(of(Version::HTTP_11, &[chunked]), Framing::Marked);
        assert_eq!(of(Version::HTTP_11, &[chunked, ("content-length", "5")]), Framing::Marked);
        assert_eq!(of(Version::HTTP_10, &[chunked]), Framing::Close);
        assert_eq!(of(Version::HTTP_11, &[("transfer-encoding", "gzip")]), Framing::Close);
        assert_eq!(of(Version::HTTP_11, &[]), Framing::Close);
        assert_eq!(of(Version::HTTP_10, &[("content-length", "5")]), Framing::Length(5));
        assert_eq!(of(Version::HTTP_2, &[]), Framing::Marked);
        assert_eq!(of(Version::HTTP_2, &[("content-length", "5")]), Framing::Length(5));
    }
}
