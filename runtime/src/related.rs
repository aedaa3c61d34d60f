//! Whatever an event is about.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::{Error, Generation, Operation, ParameterEncoding, Request, Value};

/// Fetches the object at a path that Stripe gave, such as the `related_object.url` of a thin event, which may be of a
/// type that this crate does not know.
///
/// The path begins with `/v1/` or `/v2/`; anything else, such as another host, is refused when the request is made.
pub struct RelatedRequest<T = Value> {
    path: String,
    stripe_version: &'static str,
    response: PhantomData<fn() -> T>,
}

impl<T> RelatedRequest<T> {
    /// Fetches what is at the path. Say what it is with the type, as in `RelatedRequest::<ReportRun>::new(…)`.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), stripe_version: "", response: PhantomData }
    }

    /// The `Stripe-Version` that the answer is to be of, unless the options name one. Without any, v1 answers in the
    /// account's own version, and v2 can't be asked.
    #[must_use]
    pub fn stripe_version(mut self, version: &'static str) -> Self {
        self.stripe_version = version;
        self
    }
}

impl<T: DeserializeOwned> Request for RelatedRequest<T> {
    type Response = T;
    const OPERATION: Operation = Operation {
        id: "RelatedObject",
        method: Method::GET,
        path: "/",
        parameters: ParameterEncoding::Query,
        generation: Generation::V2,
        stripe_version: "",
        base_url: "https://api.stripe.com",
    };

    fn operation(&self) -> Operation {
        let generation = if self.path.starts_with("/v1/") { Generation::V1 } else { Generation::V2 };
        Operation { generation, stripe_version: self.stripe_version, ..Self::OPERATION }
    }

    fn path(&self) -> Result<String, Error> {
        check(&self.path).map(|()| self.path.clone())
    }
}

/// Refuses what could lead elsewhere than to an object of the API.
fn check(path: &str) -> Result<(), Error> {
    let refuse = |reason: &str| Err(Error::invalid_request(format!("the path of the related object {reason}")));
    if !path.starts_with("/v1/") && !path.starts_with("/v2/") {
        return refuse("does not begin with `/v1/` or `/v2/`");
    }
    if !path.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#\"<>".contains(&byte)) {
        return refuse("has a character that paths can't have");
    }
    let before_query = path.split('?').next().unwrap_or(path);
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    if before_query.split('/').skip(1).any(|segment| segment.is_empty() || is_dots(segment)) {
        return refuse("has a segment that is empty, `.` or `..`");
    }
    Ok(())
}

impl<T> Serialize for RelatedRequest<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

// By hand, since derives would ask the same of the answer.
impl<T> fmt::Debug for RelatedRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelatedRequest")
            .field("path", &self.path)
            .field("stripe_version", &self.stripe_version)
            .finish()
    }
}

impl<T> Clone for RelatedRequest<T> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), stripe_version: self.stripe_version, response: PhantomData }
    }
}

impl<T> PartialEq for RelatedRequest<T> {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.stripe_version == other.stripe_version
    }
}

impl<T> Eq for RelatedRequest<T> {}
