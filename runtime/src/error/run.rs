//! The run of an error.

use std::any::Any;

use jiff::Timestamp;

use super::Verbatim;

/// A run of any type, and its members that are displayed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) id: Verbatim,
    pub(crate) status: Verbatim,
    pub(crate) failure_code: Option<Verbatim>,
    pub(crate) canceled_at: Option<Timestamp>,
    pub(crate) value: Box<dyn Any + Send + Sync>,
}
