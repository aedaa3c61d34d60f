//! The page to look at: runs, requests, events, results, tables and a form that runs SQL. Server-rendered, without scripts.
//!
//! Reads the state, and changes it by requests to the API only. All text is escaped by [`html::Html`].

mod event;
mod html;
mod layout;
mod overview;
mod path;
mod query;
mod request;
mod run;
mod secrets;
mod sql_error;
mod tables;

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;

use crate::state::Core;

/// Handles a request to the API.
pub(crate) type Api = fn(Arc<Core>, Request) -> Pin<Box<dyn Future<Output = Response> + Send>>;

/// Returns the routes of the page.
pub(crate) fn routes(api: Api) -> Router<Arc<Core>> {
    Router::new()
        .route("/", get(overview::show))
        .route("/_sandbox/page/requests/{id}", get(request::show))
        .route("/_sandbox/page/events/{id}", get(event::show))
        .route("/_sandbox/page/runs/{resource}/{id}", get(run::show))
        .route("/_sandbox/page/runs/{resource}/{id}/result.csv", get(run::csv))
        .route("/_sandbox/page/tables", get(tables::show))
        .route("/_sandbox/page/query", get(query::show).post(move |state, body| query::run(state, body, api)))
}
