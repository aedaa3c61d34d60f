//! The operation of a request, as described.

use std::fmt;

use http::Method;

/// An API operation, as described; generated code has one for each request type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The `operationId`, for error messages.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/v1/files/{file}`.
    pub path: &'static str,
    /// How the parameters outside the path are sent.
    pub parameters: ParameterEncoding,
    /// The API generation.
    pub generation: Generation,
    /// The default `Stripe-Version`.
    pub stripe_version: &'static str,
    /// The server, unless [`Config`](crate::Config) has another.
    pub base_url: &'static str,
}

impl Operation {
    /// Returns whether the operation takes an idempotency key: every `POST`, and `DELETE` in v2.
    #[must_use]
    pub fn takes_idempotency_key(&self) -> bool {
        self.method == Method::POST || (self.method == Method::DELETE && self.generation == Generation::V2)
    }
}

/// How the parameters outside the path are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterEncoding {
    /// In the query string, with brackets: `created[gte]=5`.
    Query,
    /// In a form-encoded body, with brackets.
    Form,
    /// In a JSON body.
    Json,
}

/// One of Stripe's two API generations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Generation {
    /// Paths under `/v1/`: form-encoded bodies, lists with cursors, Unix times.
    V1,
    /// Paths under `/v2/`: JSON bodies, lists with page URLs, RFC 3339 times.
    V2,
}

impl Generation {
    /// Returns `v1` or `v2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use crate::{RawRequest, Request, Value};

    #[test]
    fn post_and_v2_delete_take_an_idempotency_key() {
        for (requests, takes) in [
            ([RawRequest::post("/v1/x", Value::Null), RawRequest::post("/v2/x", Value::Null)], [true, true]),
            ([RawRequest::delete("/v1/x"), RawRequest::delete("/v2/x")], [false, true]),
            ([RawRequest::get("/v1/x"), RawRequest::get("/v2/x")], [false, false]),
        ] {
            assert_eq!(requests.map(|request| request.operation().takes_idempotency_key()), takes);
        }
    }
}
