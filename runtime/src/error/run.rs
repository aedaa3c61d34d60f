//! The run of an error.

use std::any::Any;
use std::fmt;

use super::Verbatim;

/// A run of any type, and its members that are displayed.
pub(crate) struct Run {
    pub(crate) id: Verbatim,
    pub(crate) status: Verbatim,
    pub(crate) failure_code: Option<Verbatim>,
    pub(crate) value: Box<dyn Any + Send + Sync>,
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
