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
/// The path is prefixed with `/v1/` or `/v2/`; any other path is an error when the request is made. The response is decoded as a
/// JSON value, unless [`response_type`](Self::response_type) sets another type.
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
        Self { method, path: path.into(), parameters, stripe_version: "", response: PhantomData }
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
        let Self { method, path, parameters, stripe_version, response: PhantomData } = self;
        RawRequest { method, path, parameters, stripe_version, response: PhantomData }
    }

    /// Sets the default `Stripe-Version`. Without any, v1 uses the account's version, and a v2 request is an error.
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

/// Refuses paths that could lead to another host or outside the API.
fn check(path: &str) -> Result<(), Error> {
    let refuse = |reason: &str| Err(Error::invalid_request(format!("the path of the raw request {reason}")));
    if !path.starts_with("/v1/") && !path.starts_with("/v2/") {
        return refuse("is not prefixed with `/v1/` or `/v2/`");
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
        match &self.parameters {
            Value::Null => serde_json::Map::new().serialize(serializer),
            parameters => parameters.serialize(serializer),
        }
    }
}

// By hand: derives would put bounds on `T`.
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
