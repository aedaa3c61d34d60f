//! Retrieves a resource again for a fresh URL of its file.

use bytes::Bytes;

use crate::protocol::exchange::Exchange;
use crate::{Config, Download, Error, ErrorKind, Request, RequestOptions, response};

/// Creates the request for the resource of a file, whatever its type.
pub(super) type Refresh = dyn Fn(&RequestOptions, &Config) -> Result<Exchange<FreshFile>, Error> + Send + Sync;

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

pub(super) fn refresh<T: Download>(resource: &T) -> Box<Refresh> {
    let request = resource.refresh_request();
    Box::new(move |options, config| {
        let exchange = Exchange::new(&request.clone().with(options.clone()), config)?;
        Ok(exchange.decoding(FreshFile::decode::<T>))
    })
}
