//! Facts about resources that take time.

use serde::de::DeserializeOwned;

use crate::Request;

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
