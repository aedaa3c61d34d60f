//! Runs: what they do, when they end, and their status.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::keys::Key;
use super::schedule::Schedule;
use crate::data::Column;
use crate::description::Wait;
use crate::work::Output;

/// The part of a record that changes.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) output: Output,
    pub(crate) summary: Summary,
    pub(crate) key: Option<Arc<Key>>,
    pub(crate) schedule: Schedule,
    /// The number of times that it was retrieved.
    pub(crate) polls: AtomicU32,
    progress: Mutex<Progress>,
}

/// What is known of the result without computing it again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    pub(crate) columns: Arc<Vec<Column>>,
    pub(crate) rows: usize,
    pub(crate) size: u64,
}

/// The status of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    pub(crate) status: Status,
    /// When the run ended.
    pub(crate) ended: Option<Timestamp>,
    pub(crate) failure: Option<(String, String)>,
    /// The id of the result file, if files are resources.
    pub(crate) file: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Status {
    #[default]
    Running,
    Succeeded,
    Failed,
    Canceled,
    /// Another status of those that have failed, by its position.
    FailedAs(usize),
}

impl Run {
    pub(crate) fn new(output: Output, summary: Summary, key: Option<Arc<Key>>, schedule: Schedule) -> Self {
        let (polls, progress) = (AtomicU32::new(0), Mutex::new(Progress::default()));
        Self { output, summary, key, schedule, polls, progress }
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the run. Returns `false` if it has ended before.
    pub(crate) fn end(&self, progress: Progress) -> bool {
        let mut current = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if current.status != Status::Running {
            return false;
        }
        *current = progress;
        drop(current);
        if let Some(key) = &self.key {
            key.running.fetch_sub(1, Ordering::Relaxed);
        }
        true
    }
}

impl Status {
    /// Returns the value of the field that has the status.
    pub(crate) fn name(self, wait: &Wait) -> &str {
        let named = match self {
            Self::Running => wait.running.first(),
            Self::Succeeded => wait.succeeded.first(),
            Self::Failed => wait.failed.iter().find(|status| *status == "failed").or(wait.failed.first()),
            Self::Canceled => wait.canceled.first().or(wait.failed.first()),
            Self::FailedAs(position) => wait.failed.get(position),
        };
        named.map(String::as_str).unwrap_or_default()
    }
}
