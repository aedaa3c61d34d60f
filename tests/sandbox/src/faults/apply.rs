//! The middleware that wraps requests: what happens instead of, before, or after their execution.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;

use super::fault::{Fault, Kind};
use super::wire::{End, Wire};
use super::{Meeting, duplicate, error, wire};
use crate::files::Change;
use crate::log::{self, Exchange, Met};
use crate::server::{Connection, Received};
use crate::state::Core;

/// The largest body of a request.
const BODY: usize = 8 << 20;
/// The status in the log of a request without a response.
const NO_RESPONSE: u16 = 444;

/// What is sent.
enum Outcome {
    Response(Response),
    /// A response that no HTTP library would send.
    Wire(Wire, Response),
}

/// Executes a request with the faults that it meets.
pub(crate) async fn apply(State(core): State<Arc<Core>>, mut request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let Meeting { latency, previous, fault } =
        core.faults.meet(&method, &path, || duplicate::previous(&core, request.uri()));
    let name = match &fault {
        Some(fault) => fault.kind.name(),
        None if latency.is_zero() => return next.run(request).await,
        None => "latency",
    };
    let mut met = Met { fault: name, query: None };
    if let Some(previous) = previous {
        met.query = request.uri().query().map(str::to_owned);
        *request.uri_mut() = previous;
    }
    if let Some(Kind::ChangedFile { same_size }) = fault.as_ref().map(|fault| &fault.kind) {
        request.extensions_mut().insert(if *same_size { Change::SameSize } else { Change::Longer });
    }
    request.extensions_mut().insert(met);
    let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    sleep(latency.before).await;
    let outcome = match fault {
        Some(fault) if !fault.after_work && !fault.kind.is_about_response() => {
            instead(&core, &fault.kind, request).await
        }
        Some(fault) => changed(&core, &path, &fault, next.run(request).await).await,
        None => Outcome::Response(next.run(request).await),
    };
    sleep(latency.after).await;
    match (outcome, connection) {
        (Outcome::Response(response), _) => response,
        (Outcome::Wire(wire, response), Some(connection)) => wire::send(&connection, &method, wire, response).await,
        // Every connection of the server is known.
        (Outcome::Wire(_, response), None) => response,
    }
}

/// A timer takes a millisecond, also for no time.
async fn sleep(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

/// Returns the outcome of a request that is not executed, and logs the request.
async fn instead(core: &Core, kind: &Kind, request: Request) -> Outcome {
    let (parts, body) = request.into_parts();
    // A body that is not read would reset a connection that is closed.
    let body = to_bytes(body, BODY).await.unwrap_or_default();
    let received = Received::now(core);
    let outcome = replaced(core, parts.uri.path(), kind, &received.id);
    let (status, response_headers) = match &outcome {
        Outcome::Response(response) => (response.status(), log::texts(response.headers())),
        Outcome::Wire(..) => (StatusCode::from_u16(NO_RESPONSE).unwrap_or_default(), Vec::new()),
    };
    core.log.add(Exchange { response_headers, ..Exchange::new(received, &parts, body, status) });
    outcome
}

/// Returns the outcome of a request that was executed.
async fn changed(core: &Core, path: &str, fault: &Fault, response: Response) -> Outcome {
    match fault.kind {
        Kind::ResetBody { after } => Outcome::Wire(Wire::Part(after, End::Reset), response),
        Kind::CloseBody { after } => Outcome::Wire(Wire::Part(after, End::Close), response),
        Kind::Throttle { bytes_per_second } => Outcome::Wire(Wire::Throttled(bytes_per_second), response),
        Kind::ContentLength { difference } => Outcome::Wire(Wire::Length(difference), response),
        Kind::TruncatedJson => {
            let (parts, body) = response.into_parts();
            let mut body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            body.truncate(body.len() / 2);
            Outcome::Response(Response::from_parts(parts, Body::from(body)))
        }
        Kind::ChangedFile { .. } | Kind::DuplicatedPage => Outcome::Response(response),
        _ => {
            let id = response.headers().get("request-id").and_then(|id| id.to_str().ok());
            replaced(core, path, &fault.kind, id.unwrap_or_default())
        }
    }
}

/// Returns an outcome that does not depend on the response of the request.
fn replaced(core: &Core, path: &str, kind: &Kind, id: &str) -> Outcome {
    match kind {
        Kind::Status(status) => Outcome::Response(error::response(core, path, status, id)),
        Kind::ExpiredUrl => Outcome::Response(error::expired(id)),
        Kind::Close => Outcome::Wire(Wire::Nothing(End::Close), Response::default()),
        _ => Outcome::Wire(Wire::Nothing(End::Reset), Response::default()),
    }
}
