//! A fresh URL for a file.

use std::sync::Arc;

use crate::protocol::exchange::{Exchange, RawAnswer};
use crate::{Config, Download, Error, ErrorKind, Request, RequestOptions};

/// How the resource that a file belongs to is fetched again, whatever its type is.
pub(super) struct Renewal {
    request: Arc<Prepare>,
    read: fn(RawAnswer) -> Result<FreshFile, Error>,
}

type Prepare = dyn Fn(&RequestOptions, &Config) -> Result<Exchange, Error> + Send + Sync;

/// What a transfer needs of the resource.
pub(super) struct FreshFile {
    pub(super) url: String,
    pub(super) size: Option<i64>,
}

impl Renewal {
    pub(super) fn new<T: Download>(resource: &T) -> Self {
        let request = resource.renewal();
        Self {
            request: Arc::new(move |options, config| Exchange::new(&request.clone().with(options.clone()), config)),
            read: |answer| {
                let answer = answer.decode::<T>()?;
                let file = answer.value.result_file().ok_or_else(|| {
                    Error::new(ErrorKind::NoResult, "the file is no longer there: results are kept for 90 days")
                })?;
                Ok(FreshFile { url: file.url.to_owned(), size: file.size })
            },
        }
    }

    pub(super) fn exchange(&self, options: &RequestOptions, config: &Config) -> Result<Exchange, Error> {
        (self.request)(options, config)
    }

    pub(super) fn read(&self, answer: RawAnswer) -> Result<FreshFile, Error> {
        (self.read)(answer)
    }
}
