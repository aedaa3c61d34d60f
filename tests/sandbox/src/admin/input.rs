//! The bodies of requests, and what they are in the library.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::state;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    #[serde(default)]
    timing: Timing,
    #[serde(default)]
    outcome: Outcome,
    #[serde(default)]
    pub(super) next: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Timing {
    #[default]
    AtOnce,
    AfterPolls(u32),
    AfterMilliseconds(u64),
    Never,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Outcome {
    #[default]
    Succeeded,
    Failed {
        code: String,
        message: String,
    },
    Canceled,
    Status(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    pub(super) milliseconds: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finish {
    #[serde(default)]
    pub(super) outcome: Outcome,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    pub(super) resource: String,
    #[serde(default)]
    pub(super) properties: Value,
    #[serde(default)]
    pub(super) outcome: Outcome,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    concurrent_runs: Option<ConcurrentRuns>,
    execution_seconds: Option<u64>,
    file_size: Option<u64>,
    objects: Option<usize>,
    retention: bool,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ConcurrentRuns {
    live: usize,
    test: usize,
}

impl Default for Limits {
    fn default() -> Self {
        state::Limits::default().into()
    }
}

impl From<state::Limits> for Limits {
    fn from(limits: state::Limits) -> Self {
        Self {
            concurrent_runs: limits.concurrent_runs.map(|(live, test)| ConcurrentRuns { live, test }),
            execution_seconds: limits.execution.map(|time| time.as_secs().try_into().unwrap_or_default()),
            file_size: limits.file_size,
            objects: limits.objects,
            retention: limits.retention,
        }
    }
}

impl From<Limits> for state::Limits {
    fn from(limits: Limits) -> Self {
        let execution = |seconds| SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        Self {
            concurrent_runs: limits.concurrent_runs.map(|runs| (runs.live, runs.test)),
            execution: limits.execution_seconds.map(execution),
            file_size: limits.file_size,
            retention: limits.retention,
            objects: limits.objects,
        }
    }
}

impl From<Schedule> for state::Schedule {
    fn from(schedule: Schedule) -> Self {
        let timing = match schedule.timing {
            Timing::AtOnce => state::Timing::AtOnce,
            Timing::AfterPolls(count) => state::Timing::AfterPolls(count),
            Timing::AfterMilliseconds(time) => state::Timing::After(Duration::from_millis(time)),
            Timing::Never => state::Timing::Never,
        };
        Self { timing, outcome: schedule.outcome.into() }
    }
}

impl From<Outcome> for state::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Succeeded => Self::Succeeded,
            Outcome::Failed { code, message } => Self::Failed { code, message },
            Outcome::Canceled => Self::Canceled,
            Outcome::Status(name) => Self::Status(name),
        }
    }
}
