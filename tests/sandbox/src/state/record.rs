//! An object that the server remembers. Its response is built from it each time.

use std::sync::Arc;

use jiff::Timestamp;

use super::keys::Owner;
use super::run::Run;
use crate::description::Resource;
use crate::fact::Fact;
use crate::work::Output;

/// The request that changed an object.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// The request's id.
    pub(crate) request: String,
    pub(crate) idempotency_key: Option<String>,
}

/// An object.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) resource: Arc<Resource>,
    pub(crate) owner: Owner,
    pub(crate) livemode: bool,
    pub(crate) created: Timestamp,
    /// The request that created it.
    pub(crate) cause: Option<Cause>,
    /// The values of properties, such as the parameters that it was created with.
    pub(crate) values: Fact,
    pub(crate) run: Option<Run>,
    /// What a file contains.
    pub(crate) output: Option<Output>,
}
