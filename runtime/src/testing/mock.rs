//! A transport without a network.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use http::{Request, Response, StatusCode};
use serde::Serialize;

use crate::config::ConfigBuilder;
use crate::transport::{TransportError, TransportErrorKind};
use crate::{Config, RequestOptions};

/// A transport that returns scripted responses and records the requests, for either client.
///
/// Each request takes the first response that is left [for its path](MockResponse::for_path), or else the first for any path.
/// A request without a response fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and is not retried. Clones
/// share the responses and the recorded requests, so a test keeps one and gives the other to a client.
///
/// A scripted file must have the size that its run reports: change that of the run with
/// [`Example::with`](crate::testing::Example::with), or the download fails.
///
/// ```
/// # #[cfg(feature = "client")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use stripe_reporting_runtime::RawRequest;
/// use stripe_reporting_runtime::testing::{MockTransport, json};
///
/// let mock = MockTransport::new().respond(json!({"id": "acct_123"}));
/// let account = mock.client().send(RawRequest::get("/v1/account")).await?;
/// assert_eq!(account["id"], "acct_123");
/// assert_eq!(mock.requests()[0].uri().path(), "/v1/account");
/// assert!(mock.unused_responses().is_empty());
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct MockTransport(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    responses: VecDeque<MockResponse>,
    requests: Vec<Request<Bytes>>,
}

impl MockTransport {
    /// Creates a transport without responses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response with the status 200 and a value as JSON: a model, a [`Value`](crate::Value), a list as
    /// `List::from(vec![run])` or `Page::from(vec![run])`.
    pub fn respond(self, value: impl Serialize) -> Self {
        self.respond_with(MockResponse::json(StatusCode::OK, value))
    }

    /// Adds any response: a [`MockResponse`], an [`http::Response`], a [`TransportError`].
    pub fn respond_with(self, response: impl Into<MockResponse>) -> Self {
        self.state().responses.push_back(response.into());
        self
    }

    /// Returns the requests so far, without their `Authorization`.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.state().requests.clone()
    }

    /// Returns the responses that no request has taken.
    #[must_use]
    pub fn unused_responses(&self) -> Vec<String> {
        self.state().responses.iter().map(|response| format!("{response:?}")).collect()
    }

    /// Creates a client on this transport, with the configuration of [`config`].
    #[cfg(feature = "client")]
    #[must_use]
    pub fn client(&self) -> crate::Client {
        crate::Client::with_transport(config().into_config(), self.clone())
    }

    /// Creates a blocking client on this transport, with the configuration of [`config`].
    #[cfg(feature = "blocking")]
    #[must_use]
    pub fn blocking_client(&self) -> crate::blocking::Client {
        crate::blocking::Client::with_transport(config().into_config(), self.clone())
    }

    /// Records a request and takes its response.
    fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        request.headers_mut().remove(AUTHORIZATION);
        let mut state = self.state();
        let path = request.uri().path();
        let first = |of: Option<&str>| state.responses.iter().position(|response| response.path.as_deref() == of);
        let found = first(Some(path)).or_else(|| first(None));
        state.requests.push(request);
        match found.and_then(|at| state.responses.remove(at)) {
            Some(response) => response.result,
            None => Err(TransportError::new(TransportErrorKind::Request, "no scripted response is left")),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { responses, requests } = &*self.state();
        f.debug_struct("MockTransport").field("responses", responses).field("requests", requests).finish()
    }
}

/// Returns a configuration for tests: a test key, no retries, and no time passes between the polls of a run.
///
/// A wait counts the pauses that it skips, so that it times out after as many polls as it would otherwise make. Retries that
/// are set, as with [`RequestOptions::max_retries`], follow at once.
///
/// ```
/// # #[cfg(feature = "client")] {
/// use stripe_reporting_runtime::testing::{MockTransport, config};
/// use stripe_reporting_runtime::{Client, RequestOptions};
///
/// let mock = MockTransport::new();
/// let config = config().options(RequestOptions::new().max_retries(2)).build()?;
/// let stripe = Client::with_transport(config, mock.clone());
/// # }
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// ```
pub fn config() -> ConfigBuilder {
    Config::builder("sk_test_123").options(RequestOptions::new().max_retries(0)).without_delays()
}

/// A scripted response of a [`MockTransport`].
///
/// ```
/// use stripe_reporting_runtime::http::{Response, StatusCode};
/// use stripe_reporting_runtime::testing::{MockResponse, MockTransport, json};
/// use stripe_reporting_runtime::{TransportError, TransportErrorKind};
///
/// let error = json!({"error": {"code": "lock_timeout", "message": "Try again."}});
/// let mock = MockTransport::new()
///     .respond_with(MockResponse::json(StatusCode::TOO_MANY_REQUESTS, error))
///     .respond_with(MockResponse::from(Response::new("id,amount\n")).for_path("/v1/files/file_123/contents"))
///     .respond_with(TransportError::new(TransportErrorKind::Connection, "connection reset"));
/// ```
pub struct MockResponse {
    result: Result<Response<Bytes>, TransportError>,
    path: Option<String>,
}

impl MockResponse {
    /// Creates a response with a value as JSON. A value that does not serialize fails the request.
    #[must_use]
    pub fn json(status: StatusCode, value: impl Serialize) -> Self {
        let json = match serde_json::to_vec(&value) {
            Ok(json) => json,
            Err(error) => return TransportError::new(TransportErrorKind::Request, error).into(),
        };
        let mut response = Response::new(json);
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.into()
    }

    /// Returns the response only to requests with this path, such as `/v1/files/file_123/contents`.
    ///
    /// A list needs it if other requests are sent meanwhile: the next page is fetched while the items of a page are used.
    #[must_use]
    pub fn for_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl<B: Into<Bytes>> From<Response<B>> for MockResponse {
    /// Sets `Content-Length` unless the response says how its body ends.
    fn from(response: Response<B>) -> Self {
        let mut response = response.map(Into::into);
        if !response.headers().contains_key(TRANSFER_ENCODING) {
            let length = response.body().len().into();
            response.headers_mut().entry(CONTENT_LENGTH).or_insert(length);
        }
        Self { result: Ok(response), path: None }
    }
}

impl From<TransportError> for MockResponse {
    fn from(error: TransportError) -> Self {
        Self { result: Err(error), path: None }
    }
}

impl fmt::Debug for MockResponse {
    /// Without the body, which may hold a pre-signed URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Ok(response) => write!(f, "{} with {} bytes", response.status(), response.body().len())?,
            Err(error) => write!(f, "transport error: {error}")?,
        }
        self.path.as_ref().map_or(Ok(()), |path| write!(f, " for `{path}`"))
    }
}

#[cfg(feature = "client")]
impl crate::client::Transport for MockTransport {
    fn send(
        &self,
        request: Request<Bytes>,
        _: crate::Limits,
    ) -> crate::client::BoxFuture<'_, Result<Response<crate::client::Body>, TransportError>> {
        use http_body_util::{BodyExt, Full};

        let response = self.exchange(request);
        Box::pin(async move {
            // As a socket does: other tasks of the test make progress, however often the client asks.
            tokio::task::yield_now().await;
            Ok(response?.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync()))
        })
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Transport for MockTransport {
    fn send(
        &self,
        request: Request<Bytes>,
        _: crate::Limits,
    ) -> Result<Response<crate::blocking::Body>, TransportError> {
        Ok(self.exchange(request)?.map(|body| Box::new(Whole(Some(body))) as crate::blocking::Body))
    }
}

/// A body in one piece.
#[cfg(feature = "blocking")]
struct Whole(Option<Bytes>);

#[cfg(feature = "blocking")]
impl crate::blocking::ReadBody for Whole {
    fn read(&mut self) -> Result<Option<Bytes>, TransportError> {
        Ok(self.0.take().filter(|bytes| !bytes.is_empty()))
    }
}
