//! The error responses of faults, in the form of the API, of the object store, or of a proxy.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::fault::{ErrorBody, Status};
use crate::description::Generation;
use crate::failure::{Failure, FailureKind};
use crate::files::Refusal;
use crate::state::Core;

const MESSAGE: &str = "A fault of the sandbox.";

/// Returns the response with a status, to the request with an id.
pub(super) fn response(core: &Core, path: &str, fault: &Status, id: &str) -> Response {
    let status = Some(fault.status).filter(|status| (200..600).contains(status));
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (content_type, body) = match fault.body {
        ErrorBody::Empty => (None, String::new()),
        ErrorBody::Html => (Some("text/html"), html(status)),
        ErrorBody::Error if path.starts_with("/files/") => {
            let response = Refusal::Other(status, MESSAGE.into()).xml(id);
            (Some("application/xml"), String::from_utf8_lossy(response.body()).into_owned())
        }
        ErrorBody::Error => (Some("application/json"), json(core, path, status, fault.code.as_deref())),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, content_type);
    // A proxy does not know of Stripe.
    let is_stripe = fault.body != ErrorBody::Html;
    set(headers, HeaderName::from_static("request-id"), is_stripe.then_some(id));
    set(headers, HeaderName::from_static("stripe-should-retry"), fault.should_retry.map(|retry| retry.to_string()));
    set(headers, header::RETRY_AFTER, fault.retry_after.map(|seconds| seconds.to_string()));
    response
}

/// Returns the response to a request of a pre-signed URL that has expired.
pub(super) fn expired(id: &str) -> Response {
    Refusal::Expired.xml(id).map(Body::from)
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<impl AsRef<str>>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value.as_ref()).ok()) {
        headers.insert(name, value);
    }
}

fn html(status: StatusCode) -> String {
    format!("<html>\r\n<head><title>{status}</title></head>\r\n<body><h1>{status}</h1></body>\r\n</html>\r\n")
}

fn json(core: &Core, path: &str, status: StatusCode, code: Option<&str>) -> String {
    let kind = match status.as_u16() {
        401 => FailureKind::Unauthenticated,
        403 => FailureKind::Forbidden,
        404 => FailureKind::NotFound,
        409 => FailureKind::IdempotencyInUse,
        429 => FailureKind::TooManyRequests,
        500.. => FailureKind::Internal,
        _ => FailureKind::Malformed,
    };
    let kind = code.map_or(kind, |code| FailureKind::Described(code.to_owned()));
    let (_, _, body) = Failure::new(kind, MESSAGE).response(Generation::of_path(path), &core.description.errors);
    body.to_string()
}
