//! What can be set: a fault, the requests that it is about, and how often they meet it.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::route::{FILES, Route};

/// A failure that requests meet: the next one of any route, unless the fault says otherwise.
///
/// ```
/// use stripe_reporting_sandbox::Fault;
///
/// let unavailable = Fault::status(503).retry_after(1).on("POST /v1/reporting/report_runs").times(2);
/// let cut = Fault::reset_body(1_000).on_files();
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    #[serde(default)]
    pub(super) on: Route,
    #[serde(default)]
    pub(super) repeat: Repeat,
    /// Whether the request is executed, although the response does not say so.
    #[serde(default)]
    pub(super) after_work: bool,
    #[serde(rename = "fault")]
    pub(super) kind: Kind,
}

/// How often a fault is met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Repeat {
    /// By this many requests.
    Times(u64),
    /// By each request with a probability, from a seed.
    Probability { of: f64, seed: u64 },
    /// By all requests.
    Always,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Kind {
    Latency { milliseconds: u64 },
    Status(Status),
    Reset,
    Close,
    ResetBody { after: Option<usize> },
    CloseBody { after: Option<usize> },
    Throttle { bytes_per_second: u64 },
    ContentLength { difference: isize },
    TruncatedJson,
    ExpiredUrl,
    ChangedFile { same_size: bool },
    DuplicatedPage,
}

/// An error response.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    #[serde(deserialize_with = "status")]
    pub(super) status: u16,
    #[serde(default)]
    pub(super) body: ErrorBody,
    #[serde(default)]
    pub(super) code: Option<String>,
    #[serde(default)]
    pub(super) should_retry: Option<bool>,
    #[serde(default)]
    pub(super) retry_after: Option<u64>,
}

/// The body of an error response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ErrorBody {
    /// That of the API or of the object store.
    #[default]
    Error,
    Html,
    Empty,
}

/// Reads a status of a final response.
fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if (200..600).contains(&status) {
        Ok(status)
    } else {
        Err(de::Error::invalid_value(de::Unexpected::Unsigned(status.into()), &"a status from 200 to 599"))
    }
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { on: Route::default(), repeat: Repeat::default(), after_work: false, kind }
    }

    /// Delays the response. Requests may meet another fault as well.
    ///
    /// A request whose client disconnects before is neither executed nor logged, unless [`Fault::after_work`] is set.
    #[must_use]
    pub fn latency(delay: Duration) -> Self {
        Self::new(Kind::Latency { milliseconds: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX) })
    }

    /// Returns an error with a status, 200 to 599, and the body of the API or of the object store.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(Status { status, ..Status::default() }))
    }

    /// Returns a status with an HTML page, as a proxy does.
    #[must_use]
    pub fn html(status: u16) -> Self {
        Self::new(Kind::Status(Status { status, body: ErrorBody::Html, ..Status::default() }))
    }

    /// Resets the connection instead of a response.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Closes the connection instead of a response.
    #[must_use]
    pub fn close() -> Self {
        Self::new(Kind::Close)
    }

    /// Executes the request, and resets the connection instead of the response.
    #[must_use]
    pub fn lost_response() -> Self {
        Self::reset().after_work()
    }

    /// Resets the connection after this many bytes of the body.
    #[must_use]
    pub fn reset_body(after: usize) -> Self {
        Self::new(Kind::ResetBody { after: Some(after) })
    }

    /// Closes the connection after this many bytes of the body, before its end.
    #[must_use]
    pub fn close_body(after: usize) -> Self {
        Self::new(Kind::CloseBody { after: Some(after) })
    }

    /// Sends the body slowly; with 0 bytes a second, the head only.
    #[must_use]
    pub fn throttle(bytes_per_second: u64) -> Self {
        Self::new(Kind::Throttle { bytes_per_second })
    }

    /// Adds a difference to `Content-Length`, and closes the connection after the body.
    #[must_use]
    pub fn content_length(difference: isize) -> Self {
        Self::new(Kind::ContentLength { difference })
    }

    /// Returns the first half of the body, with its `Content-Length`.
    #[must_use]
    pub fn truncated_json() -> Self {
        Self::new(Kind::TruncatedJson)
    }

    /// Refuses a pre-signed URL as one that has expired.
    #[must_use]
    pub fn expired_url() -> Self {
        Self { on: Route::new(FILES), ..Self::new(Kind::ExpiredUrl) }
    }

    /// Returns a file with other contents and another ETag: one line more.
    #[must_use]
    pub fn changed_file() -> Self {
        Self::new(Kind::ChangedFile { same_size: false })
    }

    /// Returns a file with other contents of the same size, and another ETag. The size of an archive may differ.
    #[must_use]
    pub fn changed_file_of_same_size() -> Self {
        Self::new(Kind::ChangedFile { same_size: true })
    }

    /// Returns the page before the one that a cursor refers to, so that the cursor does not advance.
    ///
    /// Only requests with a cursor meet it, of lists and of inline rows, if a page with the cursor was returned before.
    #[must_use]
    pub fn duplicated_page() -> Self {
        Self::new(Kind::DuplicatedPage)
    }

    /// Sets the route: a method, which may be missing, and a path, such as `GET /v1/files/{id}/contents`.
    ///
    /// `*` and `{name}` are any segment, `**` at the end is any number of segments. Pre-signed URLs are `/files/**`.
    #[must_use]
    pub fn on(mut self, route: &str) -> Self {
        self.on = Route::new(route);
        self
    }

    /// Sets all pre-signed URLs as the route.
    #[must_use]
    pub fn on_files(self) -> Self {
        self.on(FILES)
    }

    /// Sets how many requests meet the fault, instead of one.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.repeat = Repeat::Times(count);
        self
    }

    /// Sets the probability, 0 to 1, with which each request meets the fault, and a seed.
    #[must_use]
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.repeat = Repeat::Probability { of: probability, seed };
        self
    }

    /// Sets that all requests meet the fault.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.repeat = Repeat::Always;
        self
    }

    /// Executes the request, unless the fault does so anyway: what it creates exists.
    #[must_use]
    pub fn after_work(mut self) -> Self {
        self.after_work = true;
        self
    }

    /// Sets the error code of a status.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        self.with_status(|status| status.code = Some(code.into()))
    }

    /// Sets `Stripe-Should-Retry` of a status.
    #[must_use]
    pub fn should_retry(self, should_retry: bool) -> Self {
        self.with_status(|status| status.should_retry = Some(should_retry))
    }

    /// Sets `Retry-After` of a status, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_status(|status| status.retry_after = Some(seconds))
    }

    /// Removes the body of a status.
    #[must_use]
    pub fn without_body(self) -> Self {
        self.with_status(|status| status.body = ErrorBody::Empty)
    }

    fn with_status(mut self, set: impl FnOnce(&mut Status)) -> Self {
        if let Kind::Status(status) = &mut self.kind {
            set(status);
        }
        self
    }
}

impl Kind {
    /// Returns the name, as the admin API has it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::Status(_) => "status",
            Self::Reset => "reset",
            Self::Close => "close",
            Self::ResetBody { .. } => "reset_body",
            Self::CloseBody { .. } => "close_body",
            Self::Throttle { .. } => "throttle",
            Self::ContentLength { .. } => "content_length",
            Self::TruncatedJson => "truncated_json",
            Self::ExpiredUrl => "expired_url",
            Self::ChangedFile { .. } => "changed_file",
            Self::DuplicatedPage => "duplicated_page",
        }
    }

    /// Whether the fault is about the response of the request, so that the request is executed.
    pub(super) fn is_about_response(&self) -> bool {
        !matches!(self, Self::Latency { .. } | Self::Status(_) | Self::Reset | Self::Close | Self::ExpiredUrl)
    }
}

impl Default for Repeat {
    fn default() -> Self {
        Self::Times(1)
    }
}
