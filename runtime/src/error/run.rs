//! The run that an error is about.

use std::any::Any;
use std::fmt;

use super::Verbatim;
use crate::Wait;

/// A run of any type, and what errors tell of it.
pub(super) struct Run {
    value: Box<dyn Any + Send + Sync>,
    pub(super) id: Verbatim,
    pub(super) status: Verbatim,
    pub(super) failure_code: Option<Verbatim>,
}

impl Run {
    #[cfg(feature = "__io")]
    pub(super) fn new<T: Wait>(run: T) -> Self {
        Self {
            id: Verbatim::from(run.id().as_ref()),
            status: Verbatim::from(run.status()),
            failure_code: run.failure_code().map(Verbatim::from),
            value: Box::new(run),
        }
    }

    pub(super) fn downcast<T: Wait>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("failure_code", &self.failure_code)
            .finish_non_exhaustive()
    }
}
