//! Facts about resources whose result is a file.

#[cfg(feature = "__io")]
pub(crate) mod partial_file;
#[cfg(feature = "__io")]
mod progress;

use std::fmt;

#[cfg(feature = "__io")]
pub use progress::Progress;
use serde::de::DeserializeOwned;

use crate::{Request, RunState, Timestamp};

/// A resource whose result is a file to download.
///
/// Generated code states the facts, a client acts on them. What is not stated is not known; facts that are stated one
/// by one make up the [`result_file`](Self::result_file).
pub trait Download: DeserializeOwned {
    /// The request that fetches the resource again.
    type Refresh: Request<Response = Self> + Clone + Send + Sync + 'static;

    /// How the file is asked for.
    const ACCESS: DownloadAccess;

    /// Makes the request that fetches the resource again, with a fresh URL.
    fn refresh_request(&self) -> Self::Refresh;

    /// Returns the state of the run whose result the file is; `None` for a resource that is no run.
    ///
    /// It says why a file is missing: the run is running, or failed, or succeeded without a URL.
    fn result_state(&self) -> Option<RunState> {
        None
    }

    /// The URL, if there is a file by now.
    fn result_url(&self) -> Option<&str> {
        None
    }

    /// The size in bytes.
    fn result_size(&self) -> Option<i64> {
        None
    }

    /// The media type.
    fn result_content_type(&self) -> Option<&str> {
        None
    }

    /// When the URL stops working.
    fn result_expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// The file, if there is one by now.
    fn result_file(&self) -> Option<ResultFile<'_>> {
        Some(ResultFile {
            url: self.result_url()?,
            size: self.result_size(),
            content_type: self.result_content_type(),
            expires_at: self.result_expires_at(),
        })
    }
}

/// How a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DownloadAccess {
    /// With the API key, from Stripe's own host.
    ApiKey,
    /// Without the API key: the URL itself gives access, for a few minutes, on another host.
    PreSigned,
}

/// Where a file is, and what is known of it. The URL is not in its `Debug` output: it may give access by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResultFile<'a> {
    /// The URL to fetch.
    pub url: &'a str,
    /// The size in bytes.
    pub size: Option<i64>,
    /// What it is, such as `csv` or `zip`.
    pub content_type: Option<&'a str>,
    /// When the URL stops working; asking for the resource again yields a fresh one.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for ResultFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultFile")
            .field("url", &format_args!("[redacted]"))
            .field("size", &self.size)
            .field("content_type", &self.content_type)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}
