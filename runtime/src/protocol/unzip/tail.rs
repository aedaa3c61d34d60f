//! Checks the central directory of a zip archive, and the end of the archive.

use std::cmp::Ordering;

use super::header::{u16_at, u32_at};
use super::{CENTRAL, END, END_64, invalid};
use crate::Error;

const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";

// Lengths without names, extra fields and comments.
const ENTRY_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const ZIP64_LOCATOR_LENGTH: usize = 20;

/// Marks a number that is stored elsewhere, in archives of more than 4 GiB.
const ELSEWHERE: u16 = u16::MAX;

/// Checks that the central directory lists one file with this checksum, and that nothing follows the archive.
pub(super) fn check(tail: &[u8], checksum: u32) -> Result<(), Error> {
    let cut_off = || invalid("its end is truncated");
    if u32_at(tail, 16).ok_or_else(cut_off)? != checksum {
        return Err(invalid("the central directory does not match the entry"));
    }
    let after = after_entry(tail).ok_or_else(cut_off)?;
    if after.starts_with(CENTRAL) {
        return Err(invalid("it lists more than one file, expected one"));
    }
    let end = after_zip64(after).ok_or_else(cut_off)?;
    if !end.starts_with(END) {
        return Err(invalid(if end.len() < END.len() { "its end is truncated" } else { "its end is missing" }));
    }
    let number = |at| u16_at(end, at).ok_or_else(cut_off);
    match end.len().cmp(&(END_LENGTH + usize::from(number(20)?))) {
        Ordering::Less => return Err(cut_off()),
        Ordering::Greater => return Err(invalid("trailing data")),
        Ordering::Equal => {}
    }
    if [number(4)?, number(6)?].into_iter().any(|disk| disk != 0 && disk != ELSEWHERE) {
        return Err(invalid("multi-part archives are not supported"));
    }
    match number(10)? {
        1 | ELSEWHERE => Ok(()),
        entries => Err(invalid(&format!("it lists {entries} files, expected one"))),
    }
}

fn after_entry(tail: &[u8]) -> Option<&[u8]> {
    let lengths = [28, 30, 32].into_iter().map(|at| u16_at(tail, at).map(usize::from));
    tail.get(ENTRY_LENGTH + lengths.sum::<Option<usize>>()?..)
}

/// Skips the additional records of a large archive.
fn after_zip64(tail: &[u8]) -> Option<&[u8]> {
    if !tail.starts_with(END_64) {
        return Some(tail);
    }
    let length = u64::from_le_bytes(tail.get(4..12)?.try_into().ok()?);
    let after = tail.get(usize::try_from(length).ok()?.checked_add(12)?..)?;
    after.get(ZIP64_LOCATOR_LENGTH..).filter(|_| after.starts_with(ZIP64_LOCATOR))
}
