//! Resources with a file to download.

#[cfg(feature = "__io")]
pub(crate) mod partial_file;
#[cfg(feature = "__io")]
mod progress;

use std::fmt;

#[cfg(feature = "__io")]
pub use progress::Progress;
use serde::de::DeserializeOwned;

use crate::{Request, RunState, Timestamp};

/// A resource with a file to download, such as a report run or a file.
///
/// Implemented by generated code, for the clients to download the file.
pub trait Download: DeserializeOwned {
    /// The request that retrieves the resource.
    type Refresh: Request<Response = Self> + Clone + Send + Sync + 'static;

    /// How the file is requested.
    const ACCESS: DownloadAccess;

    /// Whether the result may be [inline](crate::InlineRows) instead.
    const HAS_ROWS: bool = false;

    /// Creates the request that retrieves the resource, with a fresh URL.
    fn refresh_request(&self) -> Self::Refresh;

    /// Returns the state of the run whose result the file is; `None` if the resource is not a run.
    fn result_state(&self) -> Option<RunState> {
        None
    }

    /// Returns the URL, if the file is available.
    fn result_url(&self) -> Option<&str> {
        None
    }

    /// Returns the size in bytes.
    fn result_size(&self) -> Option<u64> {
        None
    }

    /// Returns the format, such as `csv` or `zip`.
    fn result_content_type(&self) -> Option<&str> {
        None
    }

    /// Returns the time when the URL expires.
    fn result_expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// Returns the names of the columns of a CSV file, in order, which its header must equal.
    fn result_columns(&self) -> Option<Vec<&str>> {
        None
    }

    /// Returns the file, if it is available.
    fn result_file(&self) -> Option<ResultFile<'_>> {
        Some(ResultFile {
            url: self.result_url()?,
            size: self.result_size(),
            content_type: self.result_content_type(),
            expires_at: self.result_expires_at(),
        })
    }
}

/// How a file is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DownloadAccess {
    /// With the API key, from Stripe's host.
    ApiKey,
    /// Without the API key, by a pre-signed URL on another host that expires within minutes.
    PreSigned,
}

/// A file to download. `Debug` redacts the URL, which may be pre-signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResultFile<'a> {
    /// The URL.
    pub url: &'a str,
    /// The size in bytes.
    pub size: Option<u64>,
    /// The format, such as `csv` or `zip`.
    pub content_type: Option<&'a str>,
    /// When the URL expires; retrieving the resource again returns a fresh one.
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
