//! What is answered.

use std::sync::Arc;
use std::time::Duration;

/// An respond, and how it goes wrong.
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
    /// The body is everything, the head too.
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
    /// An respond with a body of this type.
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

    /// JSON.
    #[must_use]
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "application/json", body.into())
    }

    /// A page as proxies write it.
    #[must_use]
    pub fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html", body)
    }

    /// A redirection.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "text/plain", "").header("Location", location)
    }

    /// A file that is served in parts when asked for (`206`, `416`), with an `ETag`.
    #[must_use]
    pub fn file(body: impl Into<Vec<u8>>) -> Self {
        Self::file_without_etag(body).header("ETag", "\"1\"")
    }

    /// The same, without the `ETag`.
    #[must_use]
    pub fn file_without_etag(body: impl Into<Vec<u8>>) -> Self {
        let mut reply = Self::new(200, "text/csv", body);
        reply.ranges = true;
        reply
    }

    /// These bytes, and the end of the connection.
    #[must_use]
    pub fn verbatim(bytes: &str) -> Self {
        let mut reply = Self::new(0, "", bytes);
        reply.framing = Framing::Verbatim;
        reply
    }

    /// The connection is reset before anything is sent.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(0, "", "").fault(Fault::Reset)
    }

    /// The connection is closed before anything is sent.
    #[must_use]
    pub fn close() -> Self {
        Self::new(0, "", "").fault(Fault::Close)
    }

    /// Nothing is ever sent.
    #[must_use]
    pub fn never() -> Self {
        Self::new(0, "", "").fault(Fault::Never)
    }

    /// With another body, made from this one.
    #[must_use]
    pub fn map_body(mut self, change: impl FnOnce(String) -> String) -> Self {
        let body = String::from_utf8_lossy(&self.body).into_owned();
        self.body = change(body).into_bytes().into();
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a `Request-Id`.
    #[must_use]
    pub fn request_id(self, id: &str) -> Self {
        self.header("Request-Id", id)
    }

    /// In chunks, without a length.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    /// Without a length: the body ends with the connection.
    #[must_use]
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::UntilClose;
        self
    }

    /// The connection is closed after so many bytes of the body, though more were promised.
    #[must_use]
    pub fn truncated_at(self, bytes: usize) -> Self {
        self.fault(Fault::TruncatedAt(bytes))
    }

    /// The connection is reset after so many bytes of the body.
    #[must_use]
    pub fn reset_at(self, bytes: usize) -> Self {
        self.fault(Fault::ResetAt(bytes))
    }

    /// Nothing comes any more after so many bytes of the body.
    #[must_use]
    pub fn stalled_at(self, bytes: usize) -> Self {
        self.fault(Fault::StalledAt(bytes))
    }

    /// After this time.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The head comes byte by byte.
    #[must_use]
    pub fn slow_head(mut self) -> Self {
        self.slow_head = true;
        self
    }

    /// The body comes in pieces of this size, with pauses between them.
    #[must_use]
    pub fn drip(mut self, size: usize, pause: Duration) -> Self {
        self.drip = Some((size, pause));
        self
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// With another body.
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
