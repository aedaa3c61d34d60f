//! Ids of new objects, the same for the same seed.

use std::sync::{Mutex, PoisonError};

use fastrand::Rng;

/// The length of an id after its prefix.
const LENGTH: usize = 24;

#[derive(Debug)]
pub(crate) struct Ids(Mutex<Rng>);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(Rng::with_seed(seed)))
    }

    pub(crate) fn next(&self, prefix: &str) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut id = String::with_capacity(prefix.len() + LENGTH);
        id.push_str(prefix);
        id.extend(std::iter::repeat_with(|| rng.alphanumeric()).take(LENGTH));
        id
    }
}
