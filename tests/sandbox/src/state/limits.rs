//! The limits that runs have. Each can be changed, or switched off by `None`.

use jiff::SignedDuration;

use crate::facts;

/// The limits of runs and results; the default is Stripe's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Concurrent runs of an API key in live mode and in test mode.
    pub concurrent_runs: Option<(usize, usize)>,
    /// How long a run executes before it fails.
    pub execution: Option<SignedDuration>,
    /// The largest result file, in bytes.
    pub file_size: Option<u64>,
    /// Whether objects are removed after the time that Stripe keeps them.
    pub retention: bool,
    /// The number of objects of a resource that are kept, the newest ones.
    pub objects: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_runs: Some((facts::concurrent_runs(true), facts::concurrent_runs(false))),
            execution: Some(facts::EXECUTION),
            file_size: Some(facts::FILE_SIZE),
            retention: true,
            objects: None,
        }
    }
}

impl Limits {
    /// Returns limits that are all off.
    #[must_use]
    pub fn off() -> Self {
        Self { concurrent_runs: None, execution: None, file_size: None, retention: false, objects: None }
    }

    pub(crate) fn concurrent_runs(&self, livemode: bool) -> Option<usize> {
        self.concurrent_runs.map(|(live, test)| if livemode { live } else { test })
    }
}
