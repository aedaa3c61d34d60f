//! Requests that the description does not have.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use super::{Generation, Operation, ParameterEncoding, Request};
use crate::{Error, Value};

/// Any request: for what the description does not have yet, and for paths that Stripe gives, such as the
/// `related_object.url` of a thin event, which may be of a type that this crate does not know.
///
/// The path is prefixed with `/v1/` or `/v2/`; anything else, such as another host, is refused when the request is made.
/// The response is decoded as any JSON, unless [`response_type`](Self::response_type) sets another type.
///
/// ```
/// use stripe_reporting_runtime::{Config, RawRequest, Request};
///
/// let request = RawRequest::post("/v1/file_links", serde_json::json!({"file": "file_123"}));
/// let http = request.to_http(&Config::new("sk_test_123"))?;
/// assert_eq!(http.body(), "file=file_123");
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// ```
pub struct RawRequest<T = Value> {
    method: Method,
    path: String,
    parameters: Value,
    stripe_version: &'static str,
    response: PhantomData<fn() -> T>,
}

// The constructors belong to one type of response only, so that the compiler never has to ask which one is meant.
impl RawRequest {
    /// Retrieves the object at the path.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Value::Null)
    }

    /// Sends parameters, a JSON object: as a form in v1, as JSON in v2.
    #[must_use]
    pub fn post(path: impl Into<String>, parameters: Value) -> Self {
        Self::new(Method::POST, path, parameters)
    }

    /// Deletes the object at the path.
    #[must_use]
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, Value::Null)
    }

    fn new(method: Method, path: impl Into<String>, parameters: Value) -> Self {
        Self { method, path: path.into(), parameters, stripe_version: "", response: PhantomData }
    }
}

impl<T> RawRequest<T> {
    /// Sets the type that the response is decoded as.
    ///
    /// ```
    /// use stripe_reporting_runtime::{RawRequest, Request, http::Response};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Balance {
    ///     livemode: bool,
    /// }
    ///
    /// let request = RawRequest::get("/v1/balance").response_type::<Balance>();
    /// # fn decode<R: Request>(_: R, response: Response<&str>) -> R::Response { R::decode(response).unwrap() }
    /// # assert!(decode(request, Response::new(r#"{"livemode": true}"#)).livemode);
    /// ```
    #[must_use]
    pub fn response_type<U: DeserializeOwned>(self) -> RawRequest<U> {
        let Self { method, path, parameters, stripe_version, response: PhantomData } = self;
        RawRequest { method, path, parameters, stripe_version, response: PhantomData }
    }

    /// The `Stripe-Version` that the answer is to be of, unless the options name one. Without any, v1 answers in the
    /// account's own version, and v2 can't be asked.
    #[must_use]
    pub fn stripe_version(mut self, version: &'static str) -> Self {
        self.stripe_version = version;
        self
    }
}

impl<T: DeserializeOwned> Request for RawRequest<T> {
    type Response = T;
    const OPERATION: Operation = Operation {
        id: "RawRequest",
        method: Method::GET,
        path: "/",
        parameters: ParameterEncoding::Query,
        generation: Generation::V2,
        stripe_version: "",
        base_url: "https://api.stripe.com",
    };

    fn operation(&self) -> Operation {
        let generation = if self.path.starts_with("/v1/") { Generation::V1 } else { Generation::V2 };
        let parameters = match generation {
            _ if self.method != Method::POST => ParameterEncoding::Query,
            Generation::V1 => ParameterEncoding::Form,
            Generation::V2 => ParameterEncoding::Json,
        };
        let (method, stripe_version) = (self.method.clone(), self.stripe_version);
        Operation { method, generation, parameters, stripe_version, ..Self::OPERATION }
    }

    fn path(&self) -> Result<String, Error> {
        check(&self.path).map(|()| self.path.clone())
    }
}

/// Refuses what could lead elsewhere than to the API.
fn check(path: &str) -> Result<(), Error> {
    let refuse = |reason: &str| Err(Error::invalid_request(format!("the path of the raw request {reason}")));
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

impl<T> Serialize for RawRequest<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.parameters {
            Value::Null => serde_json::Map::new().serialize(serializer),
            parameters => parameters.serialize(serializer),
        }
    }
}

// By hand, since derives would ask the same of the answer.
impl<T> fmt::Debug for RawRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("parameters", &self.parameters)
            .field("stripe_version", &self.stripe_version)
            .finish()
    }
}

impl<T> Clone for RawRequest<T> {
    fn clone(&self) -> Self {
        Self {
            method: self.method.clone(),
            path: self.path.clone(),
            parameters: self.parameters.clone(),
            stripe_version: self.stripe_version,
            response: PhantomData,
        }
    }
}

impl<T> PartialEq for RawRequest<T> {
    fn eq(&self, other: &Self) -> bool {
        self.method == other.method
            && self.path == other.path
            && self.parameters == other.parameters
            && self.stripe_version == other.stripe_version
    }
}
