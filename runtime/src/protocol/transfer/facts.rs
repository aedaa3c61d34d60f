//! What the headers say of the bytes that follow.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE};

/// `bytes 100-199/200`: which part of how much.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) first: u64,
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        let total = match total.trim() {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        let is_sound = first <= last && total.is_none_or(|total| last < total);
        is_sound.then_some(Self { first, total })
    }
}

/// `bytes */200`: how much there is, said when there is nothing of what was asked for.
pub(super) fn unsatisfied_total(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes */")?.trim().parse().ok()
}

pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_RANGE, text.parse().unwrap());
            ContentRange::of(&headers)
        };
        assert_eq!(read("bytes 5-9/10"), Some(ContentRange { first: 5, total: Some(10) }));
        assert_eq!(read("bytes 5-9/*"), Some(ContentRange { first: 5, total: None }));
        for text in ["bytes */10", "bytes 9-5/10", "bytes 5-10/10", "items 5-9/10", "bytes 5-9", "bytes a-b/c", ""] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(ContentRange::of(&HeaderMap::new()), None);
    }
}
