//! What the library controls, for tests in other languages: JSON below `/_sandbox`, without a key.
//!
//! | request | body or result |
//! |---|---|
//! | `GET /_sandbox` | `accounts`, `now`, `unsupported` (operations), `version` |
//! | `GET /_sandbox/faults` | the faults that are set, each with `met`, the number of requests that have met it |
//! | `POST /_sandbox/faults` | `fault`; `on`, a method and a path; `repeat`; `after_work`: see [`Fault`] |
//! | `DELETE /_sandbox/faults` | removes all |
//! | `POST /_sandbox/schedule` | `timing`, `outcome`; `next: true` for the next run only |
//! | `POST /_sandbox/advance` | `milliseconds` |
//! | `GET /_sandbox/runs` | all runs |
//! | `POST /_sandbox/runs/{id}/finish` | `outcome` |
//! | `POST /_sandbox/objects` | `resource`, `properties`, `outcome`; returns the `id` |
//! | `POST /_sandbox/events` | `type`; sends an event to the webhooks, see `events` |
//! | `GET /_sandbox/requests` | the latest requests, with their responses and faults |
//! | `GET`, `PUT /_sandbox/limits` | `concurrent_runs`, `execution_seconds`, `file_size`, `objects`, `retention` |
//!
//! - `fault` is one of `"reset"`, `"close"`, `"truncated_json"`, `"expired_url"`, `"duplicated_page"`,
//!   `{"latency": {"milliseconds": 100}}`,
//!   `{"status": {"status": 503, "body": "html", "code": "lock_timeout", "should_retry": true, "retry_after": 1}}` (`body` is
//!   `"error"`, `"html"` or `"empty"`), `{"reset_body": {"after": 10}}` and `{"close_body": {}}` (by default one half),
//!   `{"throttle": {"bytes_per_second": 1000}}`, `{"content_length": {"difference": -1}}`,
//!   `{"changed_file": {"same_size": true}}`.
//! - `repeat` is `{"times": 1}`, `{"probability": {"of": 0.5, "seed": 1}}` or `"always"`.
//! - `timing` is `"at_once"`, `{"after_polls": 2}`, `{"after_milliseconds": 500}` or `"never"`.
//! - `concurrent_runs` is `{"live": 500, "test": 100}`. A limit that is null is off, one that is missing is Stripe's.
//! - `outcome` is `"succeeded"`, `{"failed": {"code": "…", "message": "…"}}`, `"canceled"` or `{"status": "timed_out"}`.
//!
//! Both ports are those of the loopback interface, so that only this machine has access. Requests of other sites are refused.

mod input;
mod output;

use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::faults::Fault;
use crate::sandbox::RunState;
use crate::seeds;
use crate::state::Core;

/// Returns the routes of the admin API.
pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new()
        .route("/_sandbox", get(server))
        .route("/_sandbox/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_sandbox/schedule", post(schedule))
        .route("/_sandbox/advance", post(advance))
        .route("/_sandbox/runs", get(runs))
        .route("/_sandbox/runs/{id}/finish", post(finish))
        .route("/_sandbox/objects", post(add_object))
        .route("/_sandbox/requests", get(requests))
        .route("/_sandbox/limits", get(limits).put(set_limits))
}

/// Why a request is refused: a status and a message.
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = ok(&json!({"error": {"message": self.1}}));
        *response.status_mut() = self.0;
        response
    }
}

async fn server(State(core): State<Arc<Core>>) -> Response {
    let accounts: Vec<_> = core.database.accounts().iter().map(|account| account.id.as_str()).collect();
    let (now, description) = (core.now().to_string(), &core.description);
    let unsupported = &description.unsupported;
    ok(&json!({"accounts": accounts, "now": now, "unsupported": unsupported, "version": description.version}))
}

async fn faults(State(core): State<Arc<Core>>) -> Response {
    ok(&json!({"data": core.faults.all()}))
}

async fn add_fault(State(core): State<Arc<Core>>, body: Bytes) -> Result<Response, Refused> {
    core.faults.add(read::<Fault>(&body)?);
    Ok(faults(State(core)).await)
}

async fn clear_faults(State(core): State<Arc<Core>>) -> Response {
    core.faults.clear();
    faults(State(core)).await
}

async fn schedule(State(core): State<Arc<Core>>, body: Bytes) -> Result<Response, Refused> {
    let schedule: input::Schedule = read(&body)?;
    if schedule.next {
        core.schedules.push(schedule.into());
    } else {
        core.schedules.set(schedule.into());
    }
    Ok(ok(&json!({})))
}

async fn advance(State(core): State<Arc<Core>>, body: Bytes) -> Result<Response, Refused> {
    let input::Advance { milliseconds } = read(&body)?;
    core.advance(SignedDuration::from_millis(i64::try_from(milliseconds).unwrap_or(i64::MAX)));
    Ok(ok(&json!({"now": core.now().to_string()})))
}

async fn runs(State(core): State<Arc<Core>>) -> Response {
    let runs: Vec<_> = RunState::all(&core).iter().map(output::run).collect();
    ok(&json!({"data": runs}))
}

async fn finish(State(core): State<Arc<Core>>, Path(id): Path<String>, body: Bytes) -> Result<Response, Refused> {
    let input::Finish { outcome } = read(&body)?;
    if core.finish(&id, outcome.into()) {
        Ok(ok(&json!({})))
    } else {
        Err(Refused(StatusCode::NOT_FOUND, format!("no such run: `{id}`")))
    }
}

async fn add_object(State(core): State<Arc<Core>>, body: Bytes) -> Result<Response, Refused> {
    let input::Object { resource, properties, outcome } = read(&body)?;
    let added = seeds::create(&core, &resource, properties, outcome.into()).await;
    let id = added.map_err(|message| Refused(StatusCode::BAD_REQUEST, message))?;
    Ok(ok(&json!({"id": id})))
}

async fn requests(State(core): State<Arc<Core>>) -> Response {
    let exchanges: Vec<_> = core.log.exchanges().iter().map(output::exchange).collect();
    ok(&json!({"data": exchanges}))
}

async fn limits(State(core): State<Arc<Core>>) -> Response {
    ok(&input::Limits::from(core.limits()))
}

async fn set_limits(State(core): State<Arc<Core>>, body: Bytes) -> Result<Response, Refused> {
    let limits: input::Limits = read(&body)?;
    *core.limits.write().unwrap_or_else(PoisonError::into_inner) = limits.into();
    Ok(self::limits(State(core)).await)
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|reason| Refused(StatusCode::BAD_REQUEST, reason.to_string()))
}

fn ok(body: &impl Serialize) -> Response {
    let mut response = Response::new(Body::from(serde_json::to_vec(body).unwrap_or_default()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
