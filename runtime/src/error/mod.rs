//! Errors, which are safe to print.
//!
//! Untrusted text is [`Redacted`] or [`Verbatim`] on its way in; `Display` and `Debug` of every member escape it. No member
//! is a string.

mod api;
mod json_path;
mod kind;
mod redact;
mod run;
#[cfg(feature = "__io")]
mod sending;
mod source;
#[cfg(all(test, feature = "__io"))]
mod tests;
mod text;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use jiff::Timestamp;

pub use api::ApiError;
pub use kind::ErrorKind;
pub(crate) use run::Run;
pub(crate) use source::Source;
pub(crate) use text::{Redacted, Verbatim};

/// The error of a request, a download, a webhook or a configuration.
///
/// [`kind`](Error::kind) returns the kind, the other methods return details.
///
/// # Printing
///
/// `Display` and `Debug` of the error and all its [sources](StdError::source) are safe to print and log: they contain no API
/// keys or pre-signed URLs, line breaks and control characters are escaped, and they are truncated to some kilobytes.
/// Sources from other libraries are replaced by their text; `downcast_ref` still finds an [`Error`], a `TransportError` and
/// an [`io::Error`](std::io::Error).
///
/// Messages, URLs and excerpts contain no secrets either, and are truncated to 4,096 bytes. Codes, parameters, ids and
/// statuses are verbatim, for programs to compare: print the error instead.
pub struct Error(Box<Details>);

/// Boxed, so that a `Result` stays small.
struct Details {
    kind: ErrorKind,
    message: Redacted,
    status: Option<StatusCode>,
    request_id: Option<Verbatim>,
    api: Option<ApiError>,
    path: Option<Redacted>,
    item_index: Option<usize>,
    item_id: Option<Verbatim>,
    body_excerpt: Option<Redacted>,
    endpoint: Option<Redacted>,
    attempts: u32,
    idempotency_key: Option<Verbatim>,
    may_have_been_processed: bool,
    retryable: bool,
    run: Option<Run>,
    source: Option<Source>,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status, if a response was received.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the `Request-Id` of the response, which Stripe support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_ref().map(Verbatim::as_str)
    }

    /// Returns the error code of the response, or of the run that failed or was canceled, such as `resource_missing`. Converts
    /// into the generated `ErrorCode`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.verbatim_code().map(Verbatim::as_str)
    }

    /// Returns the invalid parameter.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.api().and_then(ApiError::param)
    }

    /// Returns the message: that of the response, if it has one, or that of this crate.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0.message.as_str()
    }

    /// Returns the error in the body of the response.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// Returns the JSON path where decoding failed, such as `data[3].status`; `.` for the root.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_ref().map(Redacted::as_str)
    }

    /// Returns the index, in its page, of the item that could not be decoded. The list continues after such an error.
    ///
    /// Any other error ends the list, including that of a page with more than 1,000 items.
    #[must_use]
    pub fn item_index(&self) -> Option<usize> {
        self.0.item_index
    }

    /// Returns the id of the [item](Self::item_index), if it has one.
    #[must_use]
    pub fn item_id(&self) -> Option<&str> {
        self.0.item_id.as_ref().map(Verbatim::as_str)
    }

    /// Returns the first 1,024 bytes of the body, or of the [item](Self::item_index), with secrets redacted.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.body_excerpt.as_ref().map(Redacted::as_str)
    }

    /// Returns the method and path of the request, such as `POST /v1/reporting/report_runs`.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.0.endpoint.as_ref().map(Redacted::as_str)
    }

    /// Returns the number of attempts; 0 if no request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the idempotency key of the request, whether set or generated.
    ///
    /// Sending the same request with this key again is safe: Stripe processes it once.
    ///
    /// - v1 returns the response to the first request that was processed, including errors. Keys are stored for at least 24
    ///   hours.
    /// - v2 returns the first successful response, and processes failed requests again. Keys are stored for 30 days.
    /// - Reusing a key with other parameters is an error with the type or code `idempotency_error`.
    ///
    /// ```
    /// use stripe_reporting_runtime::{Call, Error, Request, RequestOptions};
    ///
    /// /// The same request, to send minutes or hours later: retrieves the existing run, or creates it.
    /// fn resend<R: Request>(request: R, error: &Error) -> Option<Call<R>> {
    ///     let key = error.idempotency_key()?;
    ///     Some(request.with(RequestOptions::new().idempotency_key(key)))
    /// }
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_ref().map(Verbatim::as_str)
    }

    /// Returns whether Stripe may have processed the request, for example created a run, despite the error.
    ///
    /// - `false`: nothing was sent, or all attempts returned a 4xx status other than 409.
    /// - `true`: unknown, since an attempt timed out, the connection was closed, or it returned 409, 5xx or a response that
    ///   could not be decoded. To find out, send the request again with its [idempotency key](Self::idempotency_key).
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        self.0.may_have_been_processed
    }

    /// Returns whether the error is transient: the connection failed, the response was truncated, or Stripe returned 409,
    /// 429 or 5xx.
    ///
    /// The client has already retried as its options allow. Send a `POST` again with the same
    /// [idempotency key](Self::idempotency_key), so that it is processed once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    pub(crate) fn run_value(&self) -> Option<&(dyn Any + Send + Sync)> {
        self.0.run.as_ref().map(|run| run.value.as_ref())
    }

    /// Returns the id of the [run](Self::run).
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        self.0.run.as_ref().map(|run| run.id.as_str())
    }

    /// Returns the status of the [run](Self::run), verbatim.
    #[must_use]
    pub fn run_status(&self) -> Option<&str> {
        self.0.run.as_ref().map(|run| run.status.as_str())
    }

    /// Returns the time when the [run](Self::run) was canceled.
    #[must_use]
    pub fn run_canceled_at(&self) -> Option<Timestamp> {
        self.0.run.as_ref()?.canceled_at
    }

    fn verbatim_code(&self) -> Option<&Verbatim> {
        self.0.api.as_ref().and_then(|api| api.code.as_ref()).or_else(|| self.0.run.as_ref()?.failure_code.as_ref())
    }

    pub(crate) fn invalid_request(message: impl Into<Redacted>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(match source.into().downcast::<Self>() {
            Ok(error) => Source::printable(error),
            Err(source) => Source::copy_of(source.as_ref()),
        });
        self
    }

    /// Like [`with_source`](Self::with_source), for a source that is safe to print, including its own sources.
    #[cfg(feature = "__io")]
    pub(crate) fn with_printable_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Source::printable(Box::new(source)));
        self
    }

    /// Creates the error for a response with a status other than 2xx.
    pub(crate) fn api_error(status: StatusCode, request_id: Option<String>, body: &[u8]) -> Self {
        let (api, is_stripes) = ApiError::read(body);
        let excerpt = Redacted::excerpt(body);
        let message = match api.message().or(api.user_message()) {
            Some(message) => Redacted::from(message),
            None if body.is_empty() => Redacted::from("the response has no body"),
            None if is_stripes || api.code().is_some() => Redacted::from("the response has no message"),
            None => {
                let excerpt = text::one_line(excerpt.as_str(), 120);
                Redacted::from(format!("unexpected response body: {excerpt}"))
            }
        };
        let mut error = Self::new(ErrorKind::Api, message);
        error.0.status = Some(status);
        error.0.request_id = request_id.map(Verbatim::from);
        error.0.retryable = match status {
            StatusCode::CONFLICT => !api.is_key_reused(),
            status => status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
        };
        error.0.api = Some(api);
        error.0.body_excerpt = Some(excerpt);
        error
    }

    /// Creates the error for a body that could not be decoded.
    pub(crate) fn undecodable(error: &serde_json::Error, body: &[u8]) -> Self {
        // Without the position: the path is clearer.
        let position = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(position.as_str()).unwrap_or(&text);
        let message = match error.classify() {
            _ if body.is_empty() => Redacted::from("the body is empty"),
            serde_json::error::Category::Eof => format!("truncated JSON: ends after {} bytes", body.len()).into(),
            serde_json::error::Category::Data => Redacted::from(text),
            _ => format!("the body is not JSON: {text}{position}").into(),
        };
        let path = error.is_data().then(|| json_path::at(body, error.line(), error.column()));
        Self::decode(message, path, body)
    }

    pub(crate) fn decode(message: impl Into<Redacted>, path: Option<String>, body: &[u8]) -> Self {
        let mut error = Self::new(ErrorKind::Decode, message);
        error.0.path = path.map(Redacted::from);
        error.0.body_excerpt = Some(Redacted::excerpt(body));
        error
    }

    pub(crate) fn with_response(mut self, status: StatusCode, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id.map(Verbatim::from);
        self
    }

    /// Sets whether the error is transient.
    pub(crate) fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<Redacted>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            status: None,
            request_id: None,
            api: None,
            path: None,
            item_index: None,
            item_id: None,
            body_excerpt: None,
            endpoint: None,
            attempts: 0,
            idempotency_key: None,
            may_have_been_processed: false,
            retryable: false,
            run: None,
            source: None,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.kind, self.0.status) {
            (ErrorKind::Api, Some(status)) => write!(f, "Stripe returned {status}: ")?,
            (ErrorKind::Decode, _) => {
                f.write_str("decoding failed")?;
                if let Some(path) = &self.0.path {
                    write!(f, " at `{path}`")?;
                }
                f.write_str(": ")?;
            }
            (kind, _) => write!(f, "{kind}: ")?,
        }
        write!(f, "{}", self.0.message)?;
        let (api, run) = (self.0.api.as_ref(), self.0.run.as_ref());
        let status = self.status().filter(|_| self.0.kind != ErrorKind::Api).map(|status| status.as_u16());
        let run_status = run.map(|run| &run.status).filter(|_| status.is_none());
        let attempts = Some(self.0.attempts).filter(|attempts| *attempts > 1);
        let details = [
            ("type", displayed(api.and_then(|api| api.error_type.as_ref()))),
            ("code", displayed(self.verbatim_code())),
            ("param", displayed(api.and_then(|api| api.param.as_ref()))),
            ("item", displayed(self.0.item_id.as_ref())),
            ("run", displayed(run.map(|run| &run.id))),
            ("status", displayed(status.as_ref()).or(displayed(run_status))),
            ("canceled at", displayed(run.and_then(|run| run.canceled_at.as_ref()))),
            ("request", displayed(self.0.request_id.as_ref())),
            ("endpoint", displayed(self.0.endpoint.as_ref())),
            ("attempts", displayed(attempts.as_ref())),
        ];
        let mut separator = " (";
        for (name, value) in details {
            if let Some(value) = value {
                write!(f, "{separator}{name} {value}")?;
                separator = ", ";
            }
        }
        if separator == ", " { f.write_str(")") } else { Ok(()) }
    }
}

fn displayed<T: fmt::Display>(value: Option<&T>) -> Option<&dyn fmt::Display> {
    value.map(|value| value as &dyn fmt::Display)
}

impl fmt::Debug for Error {
    /// Omits what the error does not have.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &*self.0;
        let mut output = f.debug_struct("Error");
        output.field("kind", &details.kind).field("message", &details.message);
        let optional = [
            ("status", debugged(details.status.as_ref())),
            ("request_id", debugged(details.request_id.as_ref())),
            ("api", debugged(details.api.as_ref())),
            ("path", debugged(details.path.as_ref())),
            ("item_index", debugged(details.item_index.as_ref())),
            ("item_id", debugged(details.item_id.as_ref())),
            ("body_excerpt", debugged(details.body_excerpt.as_ref())),
            ("endpoint", debugged(details.endpoint.as_ref())),
            ("attempts", debugged(Some(&details.attempts).filter(|attempts| **attempts > 0))),
            ("idempotency_key", debugged(details.idempotency_key.as_ref())),
            ("may_have_been_processed", debugged(details.may_have_been_processed.then_some(&true))),
            ("retryable", debugged(details.retryable.then_some(&true))),
            ("run", debugged(details.run.as_ref())),
            ("source", debugged(details.source.as_ref())),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                output.field(name, value);
            }
        }
        output.finish()
    }
}

fn debugged<T: fmt::Debug>(value: Option<&T>) -> Option<&dyn fmt::Debug> {
    value.map(|value| value as &dyn fmt::Debug)
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(Source::get)
    }
}

/// For infallible conversions, such as that of a [`WebhookSecret`](crate::WebhookSecret) to itself.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
