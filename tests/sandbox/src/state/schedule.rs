//! When runs end, and how. The caller controls it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// When the response to its creation has been sent.
    AtOnce,
    /// When it has been retrieved this many times: the response to the last of them has the result.
    AfterPolls(u32),
    /// After a time on the server's clock.
    After(Duration),
    /// When [`Sandbox::finish`](crate::Sandbox::finish) is called.
    Never,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The run succeeds.
    Succeeded,
    /// The run fails with a code, if the resource has one, and a message.
    Failed {
        /// The code, one of those that the resource has.
        code: String,
        /// The message.
        message: String,
    },
    /// The run is canceled. One that has no such status fails.
    Canceled,
    /// The run ends with a status of the description.
    Status(String),
}

/// When a run ends, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// When the run ends.
    pub timing: Timing,
    /// How the run ends.
    pub outcome: Outcome,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { timing: Timing::AtOnce, outcome: Outcome::Succeeded }
    }
}

impl From<Timing> for Schedule {
    fn from(timing: Timing) -> Self {
        Self { timing, outcome: Outcome::Succeeded }
    }
}

impl From<Outcome> for Schedule {
    fn from(outcome: Outcome) -> Self {
        Self { timing: Timing::AtOnce, outcome }
    }
}

/// The schedules of the next runs, and of those that follow.
#[derive(Debug, Default)]
pub(crate) struct Schedules(Mutex<(VecDeque<Schedule>, Schedule)>);

impl Schedules {
    pub(crate) fn new(schedule: Schedule) -> Self {
        Self(Mutex::new((VecDeque::new(), schedule)))
    }

    pub(crate) fn take(&self) -> Schedule {
        let mut schedules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.0.pop_front().unwrap_or_else(|| schedules.1.clone())
    }

    pub(crate) fn push(&self, schedule: Schedule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.push_back(schedule);
    }

    pub(crate) fn set(&self, schedule: Schedule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = schedule;
    }
}
