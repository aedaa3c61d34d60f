//! Why a request fails, and its response in the form of either generation.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::description::{Errors, Generation};
use crate::validation::{Problem, ProblemKind};

/// The reason why a request fails.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The key is missing or wrong.
    Unauthenticated,
    /// A publishable key.
    Publishable,
    /// The key does not have a permission.
    Forbidden,
    /// The account of a header is not accessible.
    Account,
    /// The request cannot be read.
    Malformed,
    /// No operation has this method and path.
    UnknownPath,
    NotFound,
    Parameter(ProblemKind),
    PageToken,
    IdempotencyMismatch,
    IdempotencyInUse,
    TooManyRequests,
    /// An error code that the description has.
    Described(String),
    Internal,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), param: None }
    }

    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        Self::new(FailureKind::Internal, reason)
    }

    /// Returns status, code and, in v1, type.
    fn form(&self, generation: Generation) -> (u16, Option<&str>, &'static str) {
        use FailureKind as K;
        let request = "invalid_request_error";
        match (generation, &self.kind) {
            (Generation::V1, kind) => match kind {
                K::Unauthenticated => (401, None, request),
                K::Publishable => (401, Some("secret_key_required"), request),
                K::Forbidden => (403, None, request),
                K::Account => (403, Some("account_invalid"), request),
                K::Malformed => (400, None, request),
                K::UnknownPath => (404, None, request),
                K::NotFound => (404, Some("resource_missing"), request),
                K::Parameter(problem) => (400, parameter_code(*problem), request),
                K::PageToken => (400, None, request),
                K::IdempotencyMismatch => (400, None, "idempotency_error"),
                K::IdempotencyInUse => (409, Some("idempotency_key_in_use"), request),
                K::TooManyRequests => (429, Some("rate_limit"), request),
                K::Described(code) => (400, Some(code), request),
                K::Internal => (500, None, "api_error"),
            },
            (Generation::V2, kind) => match kind {
                // Stripe does not publish a code.
                K::Unauthenticated | K::Publishable => (401, Some("unauthenticated"), ""),
                K::Forbidden | K::Account => (403, Some("not_authorized"), ""),
                K::Malformed | K::Parameter(_) => (400, Some("invalid_fields"), ""),
                K::UnknownPath | K::NotFound => (404, Some("not_found"), ""),
                K::PageToken => (400, Some("invalid_page_token"), ""),
                K::IdempotencyMismatch => (409, Some("idempotency_error"), ""),
                K::IdempotencyInUse => (409, Some("idempotency_conflict"), ""),
                K::TooManyRequests => (429, Some("account_rate_limit_exceeded"), ""),
                K::Described(code) => (400, Some(code), ""),
                K::Internal => (500, Some("internal_error"), ""),
            },
        }
    }

    /// Returns the status, the code and the body of the response, with the members that the description has.
    pub(crate) fn response(&self, generation: Generation, errors: &Errors) -> (StatusCode, Option<String>, Value) {
        let (status, code, v1_type) = self.form(generation);
        let schema = code.and_then(|code| errors.get(generation, code)).or(match generation {
            Generation::V1 => errors.v1.as_ref(),
            Generation::V2 => errors.v2.as_ref(),
        });
        let described = schema.and_then(|schema| schema.status);
        let status = described.or_else(|| StatusCode::from_u16(status).ok());
        let kind = match generation {
            Generation::V1 => Some(v1_type),
            Generation::V2 => schema.and_then(|schema| schema.error_type.as_deref()),
        };
        // The body of v2 has no parameter, so that the message names it.
        let message = match (&self.param, generation) {
            (Some(param), Generation::V2) if !param.is_empty() && !self.message.contains(param) => {
                format!("{param}: {}", self.message)
            }
            _ => self.message.clone(),
        };
        let members = [("code", code), ("message", Some(&message)), ("param", self.param.as_deref()), ("type", kind)];
        let known =
            members.into_iter().filter(|(name, _)| schema.is_none_or(|schema| schema.body.property(name).is_some()));
        let error: Map<_, _> = known.filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect();
        let body = Value::Object([("error".to_owned(), error.into())].into_iter().collect());
        (status.unwrap_or(StatusCode::BAD_REQUEST), code.map(str::to_owned), body)
    }

    /// Whether the result of the request is not saved for its idempotency key: nothing was executed.
    pub(crate) fn is_before_execution(&self) -> bool {
        !matches!(self.kind, FailureKind::Internal | FailureKind::Described(_) | FailureKind::TooManyRequests)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::new(FailureKind::Parameter(problem.kind), problem.message).param(problem.param)
    }
}

fn parameter_code(problem: ProblemKind) -> Option<&'static str> {
    match problem {
        ProblemKind::Missing => Some("parameter_missing"),
        ProblemKind::Unknown => Some("parameter_unknown"),
        ProblemKind::Empty => Some("parameter_invalid_empty"),
        ProblemKind::NotAnInteger => Some("parameter_invalid_integer"),
        ProblemKind::Exclusive => Some("parameters_exclusive"),
        ProblemKind::Invalid => None,
    }
}
