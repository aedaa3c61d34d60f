//! Runs, and the errors about them.

use serde::de::DeserializeOwned;

#[cfg(feature = "__io")]
use crate::error::Run;
use crate::{Error, Request, Timestamp};

/// A run: a resource that is processed asynchronously, such as a report run or a query run.
///
/// Implemented by generated code, for the clients to wait for the run.
pub trait Wait: DeserializeOwned + Send + Sync + 'static {
    /// The request that retrieves the run.
    type Retrieve: Request<Response = Self>;

    /// The type of the id.
    type Id: Clone + AsRef<str> + Send;

    /// Creates the request that retrieves the run.
    fn retrieve_request(id: &Self::Id) -> Self::Retrieve;

    /// Returns the id.
    fn id(&self) -> &Self::Id;

    /// Returns whether the run is done, and how it ended.
    fn run_state(&self) -> RunState;

    /// Returns the status, verbatim.
    fn status(&self) -> &str;

    /// Returns the code of the failure or cancellation.
    fn failure_code(&self) -> Option<&str> {
        None
    }

    /// Returns the human-readable message of the failure or cancellation.
    fn failure_message(&self) -> Option<&str> {
        None
    }

    /// Returns the time when the run was canceled.
    fn canceled_at(&self) -> Option<Timestamp> {
        None
    }
}

/// The state of a run, as derived from its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunState {
    /// In progress.
    Running,
    /// Done; the result is available.
    Succeeded,
    /// Done, without a result.
    Failed,
    /// Stopped before it was done, without a result.
    Canceled,
    /// The status is unknown to this version of the crate, and may be final.
    Unrecognized,
}

impl Error {
    /// Returns the run that failed or was canceled, or the last state of a run whose wait timed out.
    ///
    /// ```
    /// # use stripe_reporting_runtime::{Error, Wait};
    /// fn explain<T: Wait>(error: &Error) -> Option<&str> {
    ///     error.run::<T>()?.failure_message()
    /// }
    /// ```
    #[must_use]
    pub fn run<T: Wait>(&self) -> Option<&T> {
        self.run_value()?.downcast_ref()
    }

    /// Adds the run.
    #[cfg(feature = "__io")]
    pub(crate) fn with_run<T: Wait>(self, run: T) -> Self {
        self.with_erased_run(Run {
            id: run.id().as_ref().into(),
            status: run.status().into(),
            failure_code: run.failure_code().map(Into::into),
            canceled_at: run.canceled_at(),
            value: Box::new(run),
        })
    }
}
