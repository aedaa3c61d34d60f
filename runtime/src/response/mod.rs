//! Answers become values or errors.

#[cfg(feature = "__io")]
mod decoded;

#[cfg(feature = "__io")]
pub use decoded::Response;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::Error;

/// The value of an answer.
pub(crate) fn decode<T: DeserializeOwned>(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<T, Error> {
    if !status.is_success() {
        return Err(Error::api_error(status, request_id(headers), body));
    }
    serde_json::from_slice(body).map_err(|error| {
        // JSON that ends early is a response that was cut short on its way.
        let is_cut_short = error.is_eof();
        Error::undecodable(&error, body).of_answer(status, request_id(headers)).retryable(is_cut_short)
    })
}

/// The value of a JSON text.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::undecodable(&error, body))
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("request-id")?.to_str().ok()?;
    (!id.is_empty()).then(|| id.to_owned())
}
