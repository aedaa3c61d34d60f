//! Faults, per route: statuses, latency, resets, changed bodies. They wrap all operations and files, on both ports.
//!
//! A new fault is a kind in `fault.rs`, with its effect in `apply.rs`.

mod apply;
mod duplicate;
mod error;
mod fault;
mod route;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use http::{Method, Uri};
use serde::Serialize;

use fault::{Kind, Repeat};

pub(crate) use apply::apply;
pub use fault::Fault;

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Active>>);

/// A fault that is set.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Active {
    #[serde(flatten)]
    fault: Fault,
    /// The number of requests that have met it.
    met: u64,
    #[serde(skip)]
    rng: Rng,
}

/// What a request meets.
#[derive(Debug, Default)]
struct Meeting {
    latency: Latency,
    fault: Option<Fault>,
    /// The page that is returned again, if that is the fault.
    previous: Option<Uri>,
}

/// The latency before and after a request is executed.
#[derive(Debug, Default)]
struct Latency {
    before: Duration,
    after: Duration,
}

impl Latency {
    fn is_zero(&self) -> bool {
        self.before.is_zero() && self.after.is_zero()
    }
}

impl Faults {
    fn active(&self) -> MutexGuard<'_, Vec<Active>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, fault: Fault) {
        let seed = if let Repeat::Probability { seed, .. } = fault.repeat { seed } else { 0 };
        self.active().push(Active { fault, met: 0, rng: Rng::with_seed(seed) });
    }

    pub(crate) fn clear(&self) {
        self.active().clear();
    }

    /// Returns the faults that requests may still meet.
    pub(crate) fn all(&self) -> Vec<Active> {
        self.active().clone()
    }

    /// Returns what a request meets: latency, and the first other fault whose turn it is.
    fn meet(&self, method: &Method, path: &str, previous: impl Fn() -> Option<Uri>) -> Meeting {
        let mut meeting = Meeting::default();
        let mut active = self.active();
        for Active { fault, met, rng } in active.iter_mut() {
            let is_latency = matches!(fault.kind, Kind::Latency { .. });
            if !fault.on.accepts(method, path) || (meeting.fault.is_some() && !is_latency) {
                continue;
            }
            let previous = if fault.kind == Kind::DuplicatedPage { previous() } else { None };
            let is_possible = fault.kind != Kind::DuplicatedPage || previous.is_some();
            let is_met = is_possible
                && match fault.repeat {
                    Repeat::Times(count) => *met < count,
                    Repeat::Probability { of, .. } => rng.f64() < of,
                    Repeat::Always => true,
                };
            if !is_met {
                continue;
            }
            *met += 1;
            if let Kind::Latency { milliseconds } = fault.kind {
                let Latency { before, after } = &mut meeting.latency;
                let latency = if fault.after_work { after } else { before };
                *latency = latency.saturating_add(Duration::from_millis(milliseconds));
            } else {
                meeting.fault = Some(fault.clone());
                meeting.previous = previous;
            }
        }
        active.retain(|active| !matches!(active.fault.repeat, Repeat::Times(count) if active.met >= count));
        meeting
    }
}
