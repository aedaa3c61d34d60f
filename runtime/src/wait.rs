//! Facts about resources that take time.

use serde::de::DeserializeOwned;

#[cfg(feature = "__io")]
use crate::error::Run;
use crate::{Error, Request};

/// A resource that is done some time after it was created: a report run, a query run.
///
/// Generated code states the facts; a client acts on them.
pub trait Wait: DeserializeOwned + Send + Sync + 'static {
    /// The request that fetches it again.
    type Retrieve: Request<Response = Self>;

    /// Its id.
    type Id: Clone + AsRef<str> + Send;

    /// Makes the request that fetches it again.
    fn retrieve_request(id: &Self::Id) -> Self::Retrieve;

    /// Its id.
    fn id(&self) -> &Self::Id;

    /// Whether it still runs, or how it ended.
    fn run_state(&self) -> RunState;

    /// The status as it came.
    fn status(&self) -> &str;

    /// Why it failed, as a code.
    fn failure_code(&self) -> Option<&str> {
        None
    }

    /// Why it failed, for people.
    fn failure_message(&self) -> Option<&str> {
        None
    }
}

/// What a status means for one who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunState {
    /// Not done yet.
    Running,
    /// Done, and the result is there.
    Succeeded,
    /// Done, without a result.
    Failed,
    /// A status that is not known; nobody can tell whether it will change.
    Unrecognized,
}

impl Error {
    /// The run that failed, or the last state of the run that was waited for in vain.
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

    /// Says which run it is about.
    #[cfg(feature = "__io")]
    pub(crate) fn with_run<T: Wait>(self, run: T) -> Self {
        self.with_erased_run(Run {
            id: run.id().as_ref().into(),
            status: run.status().into(),
            failure_code: run.failure_code().map(Into::into),
            value: Box::new(run),
        })
    }
}
