//! Sets up a download: which file, with which options, read in which way.

use std::time::Duration;

use super::delivered::Delivered;
use super::refresh::refresh;
use super::{Phase, Transfer};
use crate::protocol::body::FileBytes;
use crate::protocol::decoder::Decoder;
#[cfg(feature = "csv")]
use crate::protocol::records::RecordReader;
use crate::protocol::retry::{Policy, Retries};
use crate::{Config, Download, Error, ErrorKind, Progress, Request, RequestOptions, RunState};

impl Transfer {
    /// Creates a download of the file of a resource.
    pub(crate) fn new<T: Download>(resource: &T, config: Config) -> Result<Self, Error> {
        let Some(file) = resource.result_file() else {
            return Err(Error::new(
                ErrorKind::NoResult,
                match resource.result_state() {
                    Some(RunState::Running) => "the run has no result file yet; help: wait for it first",
                    Some(RunState::Succeeded) if T::HAS_ROWS => {
                        "the run succeeded, but its result has no file; help: read its rows with `rows`"
                    }
                    Some(RunState::Succeeded) => "the run succeeded, but its result has no URL",
                    Some(RunState::Failed) => "the run failed and has no result file",
                    Some(RunState::Canceled) => "the run was canceled and has no result file",
                    Some(RunState::Unrecognized) => "the run has an unknown status and no result file",
                    None => "the file has no URL",
                },
            ));
        };
        let policy = Policy::new(config.options());
        let transfer = Self {
            retries: Retries::new(&policy, config.retry_policy(), true),
            policy,
            options: RequestOptions::new(),
            access: T::ACCESS,
            operation: resource.refresh_request().operation(),
            url: config.file_location(file.url),
            refresh: refresh(resource),
            timeout: Duration::from_secs(12 * 60 * 60),
            on_progress: None,
            decoder: Decoder::verbatim(),
            sent: None,
            deadline: None,
            phase: Phase::Open { at: None },
            delivered: Delivered::new(),
            must_rewind: false,
            expected_size: file.size,
            #[cfg(feature = "csv")]
            columns: resource.result_columns().map(|names| names.into_iter().map(str::to_owned).collect()),
            reported_size: None,
            validator: None,
            last_error: None,
            attempts: 0,
            refreshes: 0,
            redirections: 0,
            config,
        };
        transfer.checked_url()?;
        Ok(transfer)
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.policy = Policy::new(&options.clone().or(self.config.options()));
        self.retries = Retries::new(&self.policy, self.config.retry_policy(), true);
        self.options = options;
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    pub(crate) fn set_on_progress(&mut self, on_progress: impl FnMut(Progress) + Send + 'static) {
        self.on_progress = Some(Box::new(on_progress));
    }

    /// Extracts the file from its archive; the file may have at most `largest` bytes.
    #[cfg(feature = "zip")]
    pub(crate) fn decompress_up_to(&mut self, largest: u64) {
        self.decoder = Decoder::decompressing(largest);
    }

    /// Creates a reader of the file's records. Extracts the file from its archive, unless a limit for that is set already.
    ///
    /// The columns are those of the resource that the caller has; a refresh does not change them.
    #[cfg(feature = "csv")]
    pub(crate) fn records<T: serde::de::DeserializeOwned>(&mut self) -> RecordReader<T> {
        if self.decoder.is_verbatim() {
            self.decoder = Decoder::decompressing(crate::protocol::decoder::DEFAULT_MAX_EXTRACTED_BYTES);
        }
        RecordReader::new(self.columns.take())
    }

    /// Collects the file in memory.
    pub(crate) fn in_memory(&self, limit: usize) -> Result<FileBytes, Error> {
        FileBytes::new(self.size().filter(|_| self.decoder.is_verbatim()), limit)
    }

    /// Yields a [`Piece::Rewind`](crate::protocol::decoder::Piece::Rewind) when the file restarts, instead of comparing its
    /// bytes with those that were delivered.
    pub(crate) fn rewind_on_restart(&mut self) {
        self.delivered.rewind_on_restart();
    }

    /// Returns the size of the whole file, if it is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.expected_size.or(self.reported_size)
    }
}
