//! Retrieves a resource again for a fresh URL of its file.

use std::sync::Arc;

use bytes::Bytes;

use crate::protocol::exchange::Exchange;
use crate::{Config, Download, Error, ErrorKind, Request, RequestOptions, response};

/// The request for the resource of a file, whatever its type.
pub(super) struct RefreshRequest(Arc<Prepare>);

type Prepare = dyn Fn(&RequestOptions, &Config) -> Result<Exchange<FreshFile>, Error> + Send + Sync;

/// The file of the retrieved resource.
#[derive(Debug)]
pub(crate) struct FreshFile {
    pub(super) url: String,
    pub(super) size: Option<u64>,
}

impl FreshFile {
    pub(super) fn decode<T: Download>(response: &http::Response<Bytes>) -> Result<Self, Error> {
        let resource: T = response::decode(response.status(), response.headers(), response.body())?;
        let file = resource.result_file().ok_or_else(|| {
            Error::new(ErrorKind::NoResult, "the file no longer exists: results are kept for 90 days")
        })?;
        Ok(Self { url: file.url.to_owned(), size: file.size })
    }
}

impl RefreshRequest {
    pub(super) fn new<T: Download>(resource: &T) -> Self {
        let request = resource.refresh_request();
        Self(Arc::new(move |options, config| {
            let exchange = Exchange::new(&request.clone().with(options.clone()), config)?;
            Ok(exchange.decoding(FreshFile::decode::<T>))
        }))
    }

    pub(super) fn exchange(&self, options: &RequestOptions, config: &Config) -> Result<Exchange<FreshFile>, Error> {
        (self.0)(options, config)
    }
}
