//! Faults, per route: statuses, latency, resets, truncated or throttled bodies. A placeholder: it passes requests on.
//!
//! Wraps all requests of both ports, so that it may replace requests, responses and their bodies.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::Core;

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {}

/// Passes a request on, or does what a fault says.
pub(crate) async fn apply(State(core): State<Arc<Core>>, request: Request, next: Next) -> Response {
    let Faults {} = core.faults;
    next.run(request).await
}
