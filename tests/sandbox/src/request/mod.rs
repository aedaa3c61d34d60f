//! Reads requests: bracket forms, queries and JSON bodies become JSON values by the schema; headers become a caller.

mod caller;
mod form;
mod idempotency;

pub(crate) use caller::{Caller, caller, permit};
pub(crate) use form::{parameters, segments};
pub(crate) use idempotency::{Idempotency, Saved, fingerprint};
