//! Scripted replies.

use std::sync::Arc;
use std::time::Duration;

/// A response, and how it breaks.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Arc<[u8]>,
    pub(super) framing: Framing,
    pub(super) fault: Fault,
    pub(super) delay: Duration,
    pub(super) slow_head: bool,
    pub(super) drip: Option<(usize, Duration)>,
    pub(super) ranges: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length,
    Chunked,
    UntilClose,
    /// The body includes the head.
    Verbatim,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The connection is reset before anything is sent.
    Reset,
    /// The connection is closed before anything is sent.
    Close,
    /// Nothing is ever sent.
    Never,
    TruncatedAt(usize),
    ResetAt(usize),
    StalledAt(usize),
}

impl Reply {
    /// A response with a body of this content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into().into(),
            framing: Framing::Length,
            fault: Fault::None,
            delay: Duration::ZERO,
            slow_head: false,
            drip: None,
            ranges: false,
        }
    }

    /// A JSON response.
    #[must_use]
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "application/json", body.into())
    }

    /// An HTML response, such as from a proxy.
    #[must_use]
    pub fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html", body)
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "text/plain", "").header("Location", location)
    }

    /// A file with an `ETag` that supports range requests (`206`, `416`).
    #[must_use]
    pub fn file(body: impl Into<Vec<u8>>) -> Self {
        Self::file_without_etag(body).header("ETag", "\"1\"")
    }

    /// A file without an `ETag` that supports range requests.
    #[must_use]
    pub fn file_without_etag(body: impl Into<Vec<u8>>) -> Self {
        let mut reply = Self::new(200, "text/csv", body);
        reply.ranges = true;
        reply
    }

    /// Sends these bytes, and closes the connection.
    #[must_use]
    pub fn verbatim(bytes: &str) -> Self {
        let mut reply = Self::new(0, "", bytes);
        reply.framing = Framing::Verbatim;
        reply
    }

    /// Resets the connection before anything is sent.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(0, "", "").fault(Fault::Reset)
    }

    /// Closes the connection before anything is sent.
    #[must_use]
    pub fn close() -> Self {
        Self::new(0, "", "").fault(Fault::Close)
    }

    /// Never sends anything.
    #[must_use]
    pub fn never() -> Self {
        Self::new(0, "", "").fault(Fault::Never)
    }

    /// Changes the body.
    #[must_use]
    pub fn map_body(mut self, change: impl FnOnce(String) -> String) -> Self {
        let body = String::from_utf8_lossy(&self.body).into_owned();
        self.body = change(body).into_bytes().into();
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a `Request-Id`.
    #[must_use]
    pub fn request_id(self, id: &str) -> Self {
        self.header("Request-Id", id)
    }

    /// Sends the body in chunks, without a length.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    /// Sends the body without a length, and closes the connection at its end.
    #[must_use]
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::UntilClose;
        self
    }

    /// Closes the connection after this many bytes of the body.
    #[must_use]
    pub fn truncated_at(self, bytes: usize) -> Self {
        self.fault(Fault::TruncatedAt(bytes))
    }

    /// Resets the connection after this many bytes of the body.
    #[must_use]
    pub fn reset_at(self, bytes: usize) -> Self {
        self.fault(Fault::ResetAt(bytes))
    }

    /// Stops sending after this many bytes of the body.
    #[must_use]
    pub fn stalled_at(self, bytes: usize) -> Self {
        self.fault(Fault::StalledAt(bytes))
    }

    /// Sends the response after this time.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends the head byte by byte.
    #[must_use]
    pub fn slow_head(mut self) -> Self {
        self.slow_head = true;
        self
    }

    /// Sends the body in pieces of this size, with pauses.
    #[must_use]
    pub fn drip(mut self, size: usize, pause: Duration) -> Self {
        self.drip = Some((size, pause));
        self
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Replaces the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into().into();
        self
    }

    fn fault(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }
}
