//! What can go wrong.

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

pub use api::ApiError;
pub use kind::ErrorKind;
pub(crate) use run::Run;
pub(crate) use source::Source;
pub(crate) use text::{Redacted, Verbatim};

/// Why there is no answer, or none that can be used.
///
/// [`kind`](Error::kind) returns what happened, the other methods return the details.
///
/// # What may be printed
///
/// `Display` and `Debug` of the error and of all its [sources](StdError::source) may be printed and logged, whatever the
/// server sent: they show no API keys and no pre-signed URLs, have line breaks and control characters escaped, and are
/// short, of some kilobytes at most. Sources of other libraries are replaced by their text for that; an [`Error`], a
/// `TransportError` and an [`io::Error`](std::io::Error) are still found by `downcast_ref`.
///
/// Messages, URLs and excerpts have no secrets either, and 4,096 bytes at most. Codes, parameters, ids and states are
/// given verbatim, for programs to compare; print the error instead of them.
pub struct Error(Box<Inner>);

/// On the heap, so that a `Result` stays small.
///
/// No member is a string: [`text`] says why.
struct Inner {
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
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The `Request-Id` of the answer: what Stripe's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_ref().map(Verbatim::as_str)
    }

    /// The error code that Stripe gave, to the request or for the run that failed, such as `resource_missing`;
    /// generated `ErrorCode` enums are made from it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.shown_code().map(Verbatim::as_str)
    }

    /// The parameter that Stripe complains of.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.api().and_then(ApiError::param)
    }

    /// What went wrong: Stripe's words if there are any, or this crate's.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0.message.as_str()
    }

    /// What Stripe says of the error, as far as the body could be read.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// Where decoding failed, as a path in the JSON such as `data[3].status`; the top is `.`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_ref().map(Redacted::as_str)
    }

    /// Returns the position of the item that did not decode in its page, from 0, where a list continues after the error.
    ///
    /// Any other error ends its list. A page of more than 1,000 items that does not decode is an error as a whole.
    #[must_use]
    pub fn item_index(&self) -> Option<usize> {
        self.0.item_index
    }

    /// Returns the id of that item, if it has one.
    #[must_use]
    pub fn item_id(&self) -> Option<&str> {
        self.0.item_id.as_ref().map(Verbatim::as_str)
    }

    /// The beginning of the body, or of the [item](Self::item_index): at most 1,024 bytes of it, without keys and pre-signed
    /// URLs.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.body_excerpt.as_ref().map(Redacted::as_str)
    }

    /// The method and the path of the request, such as `POST /v1/reporting/report_runs`.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.0.endpoint.as_ref().map(Redacted::as_str)
    }

    /// How many times the request was sent, by a client; 0 when nothing was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the idempotency key that the request was sent with, whether it was set or generated.
    ///
    /// Sending the same request with this key again is safe: Stripe processes it once.
    ///
    /// - v1 returns the response to the first request that was processed, also when that was an error (5xx included). Keys
    ///   are kept for at least 24 hours.
    /// - v2 returns the response of the first success, and processes a request that failed again. Keys are kept for 30 days.
    /// - The same key with other parameters is an error with the type or code `idempotency_error`.
    ///
    /// ```
    /// use stripe_reporting_runtime::{Call, Error, Request, RequestOptions};
    ///
    /// /// The very same request, to send minutes or hours later: it returns the run that exists, or creates it then.
    /// fn again<R: Request>(request: R, error: &Error) -> Option<Call<R>> {
    ///     let key = error.idempotency_key()?;
    ///     Some(request.with(RequestOptions::new().idempotency_key(key)))
    /// }
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_ref().map(Verbatim::as_str)
    }

    /// Returns whether Stripe may have processed the request, such as created a run, although there is an error.
    ///
    /// `false` is certain: no attempt was sent, or Stripe refused all that were (4xx other than 409). `true` is not: an
    /// attempt timed out, broke, or returned 409, 5xx or a response that does not decode.
    /// [`idempotency_key`](Self::idempotency_key) says how to find out.
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        self.0.may_have_been_processed
    }

    /// Whether the same request may succeed later: the connection broke, the response was cut short, or the server was
    /// busy or in trouble.
    ///
    /// The client has then done what its options allow. To create something, send the request with the same
    /// [idempotency key](Self::idempotency_key) again, so that it is created once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    pub(crate) fn run_value(&self) -> Option<&(dyn Any + Send + Sync)> {
        self.0.run.as_ref().map(|run| run.value.as_ref())
    }

    /// The id of the [run](Self::run).
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        self.0.run.as_ref().map(|run| run.id.as_str())
    }

    /// The status of the [run](Self::run), verbatim.
    #[must_use]
    pub fn run_status(&self) -> Option<&str> {
        self.0.run.as_ref().map(|run| run.status.as_str())
    }

    fn shown_code(&self) -> Option<&Verbatim> {
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

    /// Like [`with_source`](Self::with_source), for an error whose `Display`, `Debug` and sources may be printed as they are.
    #[cfg(feature = "__io")]
    pub(crate) fn with_printable_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Source::printable(Box::new(source)));
        self
    }

    /// An answer with a status that is not 2xx, whatever its body is.
    pub(crate) fn api_error(status: StatusCode, request_id: Option<String>, body: &[u8]) -> Self {
        let (api, is_stripes) = ApiError::read(body);
        let excerpt = Redacted::excerpt(body);
        let message = match api.message().or(api.user_message()) {
            Some(message) => Redacted::from(message),
            None if body.is_empty() => Redacted::from("the answer has no body"),
            None if is_stripes || api.code().is_some() => Redacted::from("the answer has no message"),
            None => {
                let excerpt = text::one_line(excerpt.as_str(), 120);
                Redacted::from(format!("the answer is not one of Stripe's errors: {excerpt}"))
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

    /// A body that could not be decoded, which `serde_json` says why of.
    pub(crate) fn undecodable(error: &serde_json::Error, body: &[u8]) -> Self {
        // Without the position, which means less than the path.
        let position = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let text = text.strip_suffix(position.as_str()).unwrap_or(&text);
        let message = match error.classify() {
            _ if body.is_empty() => Redacted::from("the body is empty"),
            serde_json::error::Category::Eof => format!("the JSON is cut off after {} bytes", body.len()).into(),
            serde_json::error::Category::Data => Redacted::from(text),
            _ => format!("the body is not JSON: {text}{position}").into(),
        };
        // The names of members are part of the answer too.
        let path = error.is_data().then(|| json_path::at(body, error.line(), error.column()));
        Self::decode(message, path, body)
    }

    pub(crate) fn decode(message: impl Into<Redacted>, path: Option<String>, body: &[u8]) -> Self {
        let mut error = Self::new(ErrorKind::Decode, message);
        error.0.path = path.map(Redacted::from);
        error.0.body_excerpt = Some(Redacted::excerpt(body));
        error
    }

    pub(crate) fn of_answer(mut self, status: StatusCode, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id.map(Verbatim::from);
        self
    }

    /// Says whether it is transient.
    pub(crate) fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<Redacted>) -> Self {
        Self(Box::new(Inner {
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
            (ErrorKind::Api, Some(status)) => write!(f, "Stripe answered {status}: ")?,
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
            ("type", shown(api.and_then(|api| api.error_type.as_ref()))),
            ("code", shown(self.shown_code())),
            ("param", shown(api.and_then(|api| api.param.as_ref()))),
            ("item", shown(self.0.item_id.as_ref())),
            ("run", shown(run.map(|run| &run.id))),
            ("status", shown(status.as_ref()).or(shown(run_status))),
            ("request", shown(self.0.request_id.as_ref())),
            ("of", shown(self.0.endpoint.as_ref())),
            ("attempts", shown(attempts.as_ref())),
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

fn shown<T: fmt::Display>(value: Option<&T>) -> Option<&dyn fmt::Display> {
    value.map(|value| value as &dyn fmt::Display)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("status", &self.0.status)
            .field("request_id", &self.0.request_id)
            .field("api", &self.0.api)
            .field("path", &self.0.path)
            .field("item_index", &self.0.item_index)
            .field("item_id", &self.0.item_id)
            .field("body_excerpt", &self.0.body_excerpt)
            .field("endpoint", &self.0.endpoint)
            .field("attempts", &self.0.attempts)
            .field("idempotency_key", &self.0.idempotency_key)
            .field("may_have_been_processed", &self.0.may_have_been_processed)
            .field("retryable", &self.0.retryable)
            .field("run", &self.0.run)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(Source::get)
    }
}

/// For conversions that can't fail, such as that of a [`WebhookSecret`](crate::WebhookSecret) to itself.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
