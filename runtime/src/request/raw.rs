//! Requests to any endpoint.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use super::{Generation, Operation, ParameterEncoding, Request};
use crate::{Error, Value};

/// A request to any endpoint, including those that this crate has no types for: for example, to the path in the
/// `related_object.url` of a thin event.
///
/// The path starts with `/v1/` or `/v2/`; any other path is an error when the request is made. The response is decoded
/// as a JSON value, unless [`response_type`](Self::response_type) sets another type.
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
    parts: Parts,
    response: PhantomData<fn() -> T>,
}

#[derive(Clone, PartialEq)]
struct Parts {
    method: Method,
    path: String,
    parameters: Value,
    stripe_version: &'static str,
}

// Constructors for one response type only: type inference could not choose between many.
impl RawRequest {
    /// Creates a `GET` request.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Value::Null)
    }

    /// Creates a `POST` request with a JSON object as parameters, sent as a form in v1 and as JSON in v2.
    #[must_use]
    pub fn post(path: impl Into<String>, parameters: Value) -> Self {
        Self::new(Method::POST, path, parameters)
    }

    /// Creates a `DELETE` request.
    #[must_use]
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, Value::Null)
    }

    fn new(method: Method, path: impl Into<String>, parameters: Value) -> Self {
        let parts = Parts { method, path: path.into(), parameters, stripe_version: "" };
        Self { parts, response: PhantomData }
    }
}

impl<T> RawRequest<T> {
    /// Sets the type of the response.
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
        RawRequest { parts: self.parts, response: PhantomData }
    }

    /// Sets the default `Stripe-Version`. Without any, v1 uses the account's version, and a v2 request is an error.
    #[must_use]
    pub fn stripe_version(mut self, version: &'static str) -> Self {
        self.parts.stripe_version = version;
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
        let Parts { method, path, stripe_version, .. } = &self.parts;
        let generation = if path.starts_with("/v1/") { Generation::V1 } else { Generation::V2 };
        let parameters = match generation {
            _ if *method != Method::POST => ParameterEncoding::Query,
            Generation::V1 => ParameterEncoding::Form,
            Generation::V2 => ParameterEncoding::Json,
        };
        Operation { method: method.clone(), generation, parameters, stripe_version, ..Self::OPERATION }
    }

    fn path(&self) -> Result<String, Error> {
        check(&self.parts.path).map(|()| self.parts.path.clone())
    }
}

/// Refuses paths that could lead to another host or outside the API.
fn check(path: &str) -> Result<(), Error> {
    let refuse = |reason: &str| Err(Error::invalid_request(format!("the path of the raw request {reason}")));
    if !path.starts_with("/v1/") && !path.starts_with("/v2/") {
        return refuse("does not start with `/v1/` or `/v2/`");
    }
    if !path.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#\"<>".contains(&byte)) {
        return refuse("has an invalid character");
    }
    let before_query = path.split('?').next().unwrap_or(path);
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    if before_query.split('/').skip(1).any(|segment| segment.is_empty() || is_dots(segment)) {
        return refuse("has an empty, `.` or `..` segment");
    }
    Ok(())
}

impl<T> Serialize for RawRequest<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.parts.parameters {
            Value::Null => serde_json::Map::new().serialize(serializer),
            parameters => parameters.serialize(serializer),
        }
    }
}

// By hand: derives would put bounds on `T`.
impl<T> fmt::Debug for RawRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.parts.method)
            .field("path", &self.parts.path)
            .field("parameters", &self.parts.parameters)
            .field("stripe_version", &self.parts.stripe_version)
            .finish()
    }
}

impl<T> Clone for RawRequest<T> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), response: PhantomData }
    }
}

impl<T> PartialEq for RawRequest<T> {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}
