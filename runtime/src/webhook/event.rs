//! For generated code: webhook events, of both kinds.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Call, Error, Request, RequestOptions, response};

/// What a webhook delivers: an event of one kind or the other.
///
/// Generated `Event` types implement it; `v1` has snapshot events, `v2` thin ones.
pub trait WebhookEvent: Sized {
    /// Reads an event, whoever sent it.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) when the body is no JSON, is an event of the other kind, or lacks what an
    /// event has.
    fn parse_event(body: &[u8]) -> Result<Self, Error>;
}

/// Reads an event whose `object` must be the one given.
///
/// # Errors
///
/// [`Decode`](crate::ErrorKind::Decode) when the body is no JSON, is another object, or lacks what an event has.
pub fn parse<T: DeserializeOwned>(body: impl AsRef<[u8]>, object: &str) -> Result<T, Error> {
    let body = body.as_ref();
    check_object(body, object)?;
    response::decode_json(body)
}

/// Reads the object that an event holds.
///
/// # Errors
///
/// [`Decode`](crate::ErrorKind::Decode) when it is missing, or not what the type promises.
pub fn object<T: DeserializeOwned>(object: Option<&impl serde::Serialize>) -> Result<T, Error> {
    let object = object.ok_or_else(|| Error::decode("the event holds no object".to_owned(), None, b""))?;
    // Through text, since only a text has positions that errors can tell; it happens once per event.
    let text = serde_json::to_vec(object).map_err(|error| Error::undecodable(&error, &[]))?;
    response::decode_json(&text)
}

/// A request in the context that an event happened in.
pub fn call<R: Request>(request: R, context: Option<&str>) -> Call<R> {
    request.with(RequestOptions::new().when(context, RequestOptions::context))
}

/// Says which type to use when the event is of the other kind, which would otherwise be a puzzling missing field.
fn check_object(body: &[u8], expected: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    #[serde(expecting = "an event, which is a JSON object")]
    struct Probe<'a> {
        #[serde(borrow, default)]
        object: Option<Cow<'a, str>>,
    }

    let probe: Probe<'_> = serde_json::from_slice(body).map_err(|error| Error::undecodable(&error, body))?;
    let message = match probe.object.as_deref() {
        Some(found) if found == expected => return Ok(()),
        Some("event") => "this is a v1 snapshot event: parse it with `v1::Event`".to_owned(),
        Some("v2.core.event") => "this is a v2 thin event: parse it with `v2::core::Event`".to_owned(),
        Some(found) => format!("this is no event: its `object` is `{found}`, not `{expected}`"),
        None => format!("this is no event: it has no `object`, which would be `{expected}`"),
    };
    Err(Error::decode(message, Some("object".to_owned()), body))
}
