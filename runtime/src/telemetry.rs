//! Tracing spans of attempts, named by the OpenTelemetry conventions for HTTP clients. No-ops without the feature `tracing`.
//!
//! Spans contain the path template, and no path parameters, query or headers other than `Request-Id`, which is escaped as in
//! errors.

use http::Response;

use crate::protocol::exchange::Attempt;
use crate::transport::TransportError;

/// The span of one attempt.
pub(crate) struct AttemptSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl AttemptSpan {
    pub(crate) fn new(attempt: &Attempt) -> Self {
        use tracing::field::Empty;

        let uri = attempt.request.uri();
        let is_secure = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let method = attempt.request.method().as_str();
        let span = tracing::info_span!(
            target: "stripe_reporting",
            "HTTP request",
            otel.name = format_args!("{method} {}", attempt.template),
            otel.kind = "client",
            http.request.method = method,
            url.template = attempt.template,
            server.address = uri.host().unwrap_or_default(),
            server.port = port,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            stripe.request_id = Empty,
            error.type = Empty,
        );
        if attempt.number > 1 {
            span.record("http.request.resend_count", attempt.number - 1);
        }
        Self { span }
    }

    fn end<B>(&self, outcome: &Result<Response<B>, TransportError>) {
        match outcome {
            Ok(response) => {
                let status = response.status();
                self.span.record("http.response.status_code", status.as_u16());
                if let Some(id) = crate::response::request_id(response.headers()) {
                    self.span.record("stripe.request_id", crate::error::Verbatim::from(id).to_string());
                }
                if is_error(status) {
                    self.span.record("error.type", status.as_str());
                }
            }
            Err(error) => {
                self.span.record("error.type", error_type(error));
            }
        }
    }
}

#[cfg(feature = "tracing")]
fn is_error(status: http::StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

#[cfg(feature = "tracing")]
fn error_type(error: &TransportError) -> &'static str {
    use crate::transport::TransportErrorKind;

    match error.kind() {
        TransportErrorKind::Connection => "connection",
        TransportErrorKind::Timeout => "timeout",
        TransportErrorKind::Tls => "tls",
        TransportErrorKind::Request => "request",
        TransportErrorKind::TooLarge => "too_large",
    }
}

#[cfg(not(feature = "tracing"))]
impl AttemptSpan {
    pub(crate) fn new(_: &Attempt) -> Self {
        Self {}
    }

    fn end<B>(&self, _: &Result<Response<B>, TransportError>) {}
}

impl AttemptSpan {
    #[cfg(feature = "client")]
    pub(crate) async fn observe<B>(
        self,
        attempt: impl Future<Output = Result<Response<B>, TransportError>>,
    ) -> Result<Response<B>, TransportError> {
        #[cfg(feature = "tracing")]
        let attempt = tracing::Instrument::instrument(attempt, self.span.clone());
        let outcome = attempt.await;
        self.end(&outcome);
        outcome
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn observe_blocking<B>(
        self,
        attempt: impl FnOnce() -> Result<Response<B>, TransportError>,
    ) -> Result<Response<B>, TransportError> {
        #[cfg(feature = "tracing")]
        let outcome = self.span.in_scope(attempt);
        #[cfg(not(feature = "tracing"))]
        let outcome = attempt();
        self.end(&outcome);
        outcome
    }
}
