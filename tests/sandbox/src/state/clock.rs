//! The time of the server: the machine's, or a virtual one that only [`Clock::advance`] moves.

use std::sync::Mutex;
use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

/// The time.
#[derive(Debug)]
pub(crate) struct Clock {
    /// When a virtual clock starts; `None` for the machine's clock.
    start: Option<Timestamp>,
    advanced: Mutex<SignedDuration>,
}

impl Clock {
    pub(crate) fn new(start: Option<Timestamp>) -> Self {
        Self { start, advanced: Mutex::new(SignedDuration::ZERO) }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        self.start.is_some()
    }

    pub(crate) fn now(&self) -> Timestamp {
        let advanced = *self.advanced.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.start.unwrap_or_else(Timestamp::now);
        now.saturating_add(advanced).unwrap_or(now)
    }

    pub(crate) fn advance(&self, duration: SignedDuration) {
        let mut advanced = self.advanced.lock().unwrap_or_else(PoisonError::into_inner);
        *advanced = advanced.saturating_add(duration);
    }
}
