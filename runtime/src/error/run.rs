//! The run that an error is about.

use std::any::Any;
use std::fmt;

use crate::Wait;

/// A run of any type, and what errors tell of it.
pub(super) struct Run {
    value: Box<dyn Any + Send + Sync>,
    id: String,
    status: String,
    failure_code: Option<String>,
}

impl Run {
    #[cfg(feature = "__io")]
    pub(super) fn new<T: Wait>(run: T) -> Self {
        Self {
            id: run.id().as_ref().to_owned(),
            status: run.status().to_owned(),
            failure_code: run.failure_code().map(str::to_owned),
            value: Box::new(run),
        }
    }

    pub(super) fn downcast<T: Wait>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn status(&self) -> &str {
        &self.status
    }

    pub(super) fn failure_code(&self) -> Option<&str> {
        self.failure_code.as_deref()
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
