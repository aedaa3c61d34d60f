//! Reads `Range`: one range of bytes, as the object store accepts it.

use std::ops::Range;

/// The part of a file that a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole file, also for several ranges and for other units.
    Whole,
    Range(Range<usize>),
    /// The range begins after the end.
    Unsatisfiable,
}

pub(super) fn part(range: &str, length: usize) -> Part {
    let bounds = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let Some((first, last)) = bounds.map(|(first, last)| (first.trim(), last.trim())) else {
        return Part::Whole;
    };
    let number = |digits: &str| {
        // A number that is too large is larger than any file.
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(usize::MAX))
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        (None, Some(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Part::Whole,
    };
    if range.is_empty() { Part::Unsatisfiable } else { Part::Range(range) }
}
