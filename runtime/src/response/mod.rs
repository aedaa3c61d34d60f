//! Decodes responses.

#[cfg(feature = "__io")]
mod decoded;

#[cfg(feature = "__io")]
pub use decoded::Response;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::Error;

/// Decodes a response; a status other than 2xx is an error.
pub(crate) fn decode<T: DeserializeOwned>(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<T, Error> {
    if !status.is_success() {
        return Err(Error::api_error(status, request_id(headers), body));
    }
    serde_json::from_slice(body).map_err(|error| {
        // JSON that ends early is a truncated response.
        let is_truncated = error.is_eof();
        Error::undecodable(&error, body).with_response(status, request_id(headers)).retryable(is_truncated)
    })
}

/// Decodes JSON.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::undecodable(&error, body))
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("request-id")?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}
