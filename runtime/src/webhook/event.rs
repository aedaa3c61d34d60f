//! Events: snapshot events (v1) and thin events (v2). The functions are for generated code.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Call, Error, Request, RequestOptions, response};

/// An event delivered by a webhook.
///
/// Implemented by the generated `Event` types: snapshot events in `v1`, thin events in `v2`.
pub trait WebhookEvent: Sized {
    /// Decodes an event without verifying it.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) if the body is not a valid event of this kind.
    fn parse_event(body: &[u8]) -> Result<Self, Error>;
}

/// Decodes an event with the given `object`.
///
/// # Errors
///
/// [`Decode`](crate::ErrorKind::Decode) if the body is not a valid event, or has another `object`.
pub fn parse<T: DeserializeOwned>(body: impl AsRef<[u8]>, object: &str) -> Result<T, Error> {
    let body = body.as_ref();
    check_object(body, object)?;
    response::decode_json(body)
}

/// Decodes the object in an event.
///
/// # Errors
///
/// [`Decode`](crate::ErrorKind::Decode) if it is missing or invalid.
pub fn object<T: DeserializeOwned>(object: Option<&impl serde::Serialize>) -> Result<T, Error> {
    let object = object.ok_or_else(|| Error::decode("the event has no object".to_owned(), None, b""))?;
    // Through JSON text, since errors find the path by the position in a text.
    let text = serde_json::to_vec(object).map_err(|error| Error::undecodable(&error, &[]))?;
    response::decode_json(&text)
}

/// Sets the context of an event on a request.
pub fn call<R: Request>(request: R, context: Option<&str>) -> Call<R> {
    request.with(RequestOptions::new().when(context, RequestOptions::context))
}

/// Checks the `object`, for a better error than a missing field if the event is of the other kind.
fn check_object(body: &[u8], expected: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    #[serde(expecting = "an event object")]
    struct Probe<'a> {
        #[serde(borrow, default)]
        object: Option<Cow<'a, str>>,
    }

    let probe: Probe<'_> = serde_json::from_slice(body).map_err(|error| Error::undecodable(&error, body))?;
    let message = match probe.object.as_deref() {
        Some(found) if found == expected => return Ok(()),
        Some("event") => "found a v1 snapshot event; help: parse it with `v1::Event`".to_owned(),
        Some("v2.core.event") => "found a v2 thin event; help: parse it with `v2::core::Event`".to_owned(),
        Some(found) => format!("not an event: expected the object `{expected}`, found `{found}`"),
        None => format!("not an event: expected the object `{expected}`, found no `object`"),
    };
    Err(Error::decode(message, Some("object".to_owned()), body))
}
