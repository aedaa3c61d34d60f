//! The page to look at: runs, requests, results, a form that runs SQL. A placeholder.

use std::sync::Arc;

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::state::Core;

/// Returns the routes of the page.
pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new().route("/", get(async || Html("<!doctype html><title>Sandbox</title><h1>Sandbox</h1>")))
}
