//! Posts an event to a webhook, once.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::{Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;

use super::signature;
use super::webhook::WebhookUrl;

/// How long a webhook may take to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) type Http = Client<HttpConnector, Body>;

/// Creates a client with one connection for each request.
pub(super) fn client() -> Http {
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http()
}

/// Posts a body. The time of the signature is the machine's, also if the server's clock is virtual: receivers compare it
/// with theirs.
pub(super) async fn post(http: &Http, url: &WebhookUrl, secret: &str, body: &Bytes) -> Result<StatusCode, String> {
    let request = Request::post(url.uri.clone())
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::USER_AGENT, "Stripe/1.0 (sandbox)")
        .header("stripe-signature", signature::header(secret, Timestamp::now().as_second(), body))
        .body(Body::from(body.clone()))
        .map_err(|error| error.to_string())?;
    match tokio::time::timeout(TIMEOUT, http.request(request)).await {
        Ok(Ok(response)) => Ok(response.status()),
        Ok(Err(error)) => Err(explain(&error)),
        Err(_) => Err(format!("no response within {} s", TIMEOUT.as_secs())),
    }
}

/// Returns the messages of an error and its sources.
fn explain(error: &dyn Error) -> String {
    let errors = std::iter::successors(Some(error), |error| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
