//! Counts the delivered bytes, and compares them with the repeated ones after a restart.

use std::hash::{BuildHasher, Hasher, RandomState};

use bytes::Bytes;

/// The delivered bytes of a file, and how many of them the current response has repeated.
pub(super) struct Delivered {
    keys: RandomState,
    /// Hashes the delivered bytes.
    hash: <RandomState as BuildHasher>::Hasher,
    offset: u64,
    /// Hashes the repeated bytes.
    repeated_hash: <RandomState as BuildHasher>::Hasher,
    /// The position of the next byte; less than the offset while bytes are repeated.
    position: u64,
    /// The largest offset so far; a rewind resets the offset to 0.
    furthest: u64,
    rewinds: bool,
}

/// The repeated bytes differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed;

impl Delivered {
    pub(super) fn new() -> Self {
        let keys = RandomState::new();
        let (hash, repeated_hash) = (keys.build_hasher(), keys.build_hasher());
        Self { keys, hash, offset: 0, repeated_hash, position: 0, furthest: 0, rewinds: false }
    }

    /// Delivers all bytes again after a restart, instead of comparing them.
    pub(super) fn rewind_on_restart(&mut self) {
        self.rewinds = true;
    }

    /// Returns whether another version of the file can follow.
    pub(super) fn may_change(&self) -> bool {
        self.rewinds || self.offset == 0
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn furthest(&self) -> u64 {
        self.furthest
    }

    pub(super) fn is_repeating(&self) -> bool {
        self.position < self.offset
    }

    /// Restarts at the first byte; returns whether that invalidates the delivered bytes.
    pub(super) fn restart(&mut self) -> bool {
        let is_rewound = self.rewinds && self.offset > 0;
        if self.rewinds {
            self.offset = 0;
        }
        self.repeated_hash = self.keys.build_hasher();
        self.position = 0;
        is_rewound
    }

    /// Takes the next bytes; returns those that have not been delivered before.
    pub(super) fn accept(&mut self, mut bytes: Bytes) -> Result<Bytes, Changed> {
        let repeated = usize::try_from(self.offset - self.position).unwrap_or(usize::MAX).min(bytes.len());
        let fresh = bytes.split_off(repeated);
        if !bytes.is_empty() {
            self.repeated_hash.write(&bytes);
            self.position += bytes.len() as u64;
            if !self.is_repeating() && self.repeated_hash.finish() != self.hash.finish() {
                return Err(Changed);
            }
        }
        // Saved files are not compared, and most downloads are saved.
        if !self.rewinds {
            self.hash.write(&fresh);
        }
        self.offset = self.offset.saturating_add(fresh.len() as u64);
        self.position = self.position.saturating_add(fresh.len() as u64);
        self.furthest = self.furthest.max(self.offset);
        Ok(fresh)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn accept(delivered: &mut Delivered, bytes: &[u8]) -> Result<Vec<u8>, Changed> {
        delivered.accept(Bytes::copy_from_slice(bytes)).map(|bytes| bytes.to_vec())
    }

    /// Splits bytes into pieces of these sizes, cyclically.
    fn pieces<'a>(mut bytes: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
        let mut pieces = Vec::new();
        for size in sizes.iter().cycle() {
            if bytes.is_empty() {
                break;
            }
            let (piece, rest) = bytes.split_at((*size).min(bytes.len()));
            pieces.push(piece);
            bytes = rest;
        }
        pieces
    }

    proptest! {
        // The standard library does not guarantee that its hasher ignores how bytes are split.
        #[test]
        fn compares_bytes_however_they_are_chunked(
            file in proptest::collection::vec(any::<u8>(), 1..300),
            first in proptest::collection::vec(1..40usize, 1..9),
            second in proptest::collection::vec(1..40usize, 1..9),
            (at, change) in (any::<prop::sample::Index>(), any::<Option<prop::sample::Index>>()),
        ) {
            let mut delivered = Delivered::new();
            let before = at.index(file.len()) + 1;
            for piece in pieces(&file[..before], &first) {
                accept(&mut delivered, piece).unwrap();
            }
            delivered.restart();
            let mut again = file.clone();
            let is_changed = change.is_some_and(|change| {
                let at = change.index(file.len());
                again[at] ^= 1;
                at < before
            });
            let fresh: Result<Vec<_>, _> = pieces(&again, &second).into_iter().map(|piece| accept(&mut delivered, piece)).collect();
            prop_assert_eq!(fresh.is_err(), is_changed);
            if !is_changed {
                prop_assert_eq!(fresh.unwrap().concat(), &again[before..]);
            }
        }
    }

    #[test]
    fn a_second_restart_compares_from_the_first_byte() {
        let mut delivered = Delivered::new();
        accept(&mut delivered, b"abcd").unwrap();
        delivered.restart();
        assert_eq!(accept(&mut delivered, b"ab"), Ok(vec![]));
        assert_eq!((delivered.position(), delivered.offset(), delivered.is_repeating()), (2, 4, true));
        delivered.restart();
        assert_eq!(accept(&mut delivered, b"abcd"), Ok(vec![]));
        assert_eq!(accept(&mut delivered, b"ef"), Ok(b"ef".to_vec()));
        delivered.restart();
        assert_eq!(accept(&mut delivered, b"abcdeX"), Err(Changed));
    }

    #[test]
    fn a_rewind_delivers_every_byte_again() {
        let mut delivered = Delivered::new();
        delivered.rewind_on_restart();
        assert!(!delivered.restart(), "nothing was delivered");
        accept(&mut delivered, b"abcd").unwrap();
        assert!(delivered.restart());
        assert_eq!(accept(&mut delivered, b"xy"), Ok(b"xy".to_vec()));
        assert_eq!((delivered.offset(), delivered.furthest()), (2, 4));
    }
}
