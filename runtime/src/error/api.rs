//! The error in the body of a response.

use serde_json::{Map, Value};

use super::{Redacted, Verbatim};

/// The error in the body of a response, of either API generation.
///
/// A member that is missing or has another type is `None`; if the body is not JSON, all are.
///
/// Type, code and parameter are verbatim; in the others, secrets are redacted, and they are truncated to 4,096 bytes.
/// `Debug` is safe to print, like that of [`Error`](crate::Error).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    pub(super) error_type: Option<Verbatim>,
    pub(super) code: Option<Verbatim>,
    message: Option<Redacted>,
    user_message: Option<Redacted>,
    pub(super) param: Option<Verbatim>,
    doc_url: Option<Redacted>,
    request_log_url: Option<Redacted>,
}

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> Option<&str> {
            self.$name.as_ref().map(|text| text.as_str())
        }
    )*};
}

impl ApiError {
    members! {
        /// Returns the `type`, such as `invalid_request_error`. Converts into the generated `ErrorType`.
        error_type,
        /// Returns the `code`, such as `resource_missing`. Converts into the generated `ErrorCode`.
        code,
        /// Returns the message for developers.
        message,
        /// Returns the message for users (v2).
        user_message,
        /// Returns the invalid parameter, such as `parameters[interval_start]`.
        param,
        /// Returns the URL of the documentation of the code.
        doc_url,
        /// Returns the URL of the request in the dashboard's logs.
        request_log_url,
    }

    /// Returns whether the idempotency key was reused with other parameters, which is not transient. In v1, the error for a
    /// key of a request in progress has the same type, and a code.
    pub(super) fn is_key_reused(&self) -> bool {
        const REUSED: Option<&str> = Some("idempotency_error");
        self.code() == REUSED || (self.error_type() == REUSED && self.code().is_none())
    }

    /// Parses a body. Returns whether it has the form of Stripe's errors as well.
    pub(super) fn read(body: &[u8]) -> (Self, bool) {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return (Self::default(), false) };
        match body.get("error") {
            Some(Value::Object(error)) => {
                let error = Self::of_members(error);
                let is_stripes = error != Self::default();
                (error, is_stripes)
            }
            // OAuth: `error` is the code, `error_description` the message.
            Some(Value::String(error)) => {
                let description = text(&body, "error_description");
                let is_code = error.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let error = Some(error.as_str()).filter(|error| !error.is_empty());
                let code = error.filter(|_| is_code).map(Verbatim::from);
                (Self { code, message: description.or(error.map(Redacted::from)), ..Self::default() }, error.is_some())
            }
            // The error of a gateway.
            _ => (Self::of_members(&body), false),
        }
    }

    fn of_members(error: &Map<String, Value>) -> Self {
        Self {
            error_type: text(error, "type"),
            code: text(error, "code"),
            message: text(error, "message"),
            user_message: text(error, "user_message"),
            param: text(error, "param"),
            doc_url: link(error, "doc_url"),
            request_log_url: link(error, "request_log_url"),
        }
    }
}

fn text<T: for<'a> From<&'a str>>(object: &Map<String, Value>, name: &str) -> Option<T> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(T::from(text)),
        Value::Number(number) => Some(T::from(&number.to_string())),
        _ => None,
    }
}

/// Links to Stripe's pages keep their query.
fn link(object: &Map<String, Value>, name: &str) -> Option<Redacted> {
    let link = object.get(name)?.as_str()?;
    let is_page = ["https://dashboard.stripe.com/", "https://docs.stripe.com/", "https://stripe.com/"]
        .iter()
        .any(|page| link.starts_with(page));
    if is_page { Some(Redacted::link(link)) } else { text(object, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ApiError {
        ApiError::read(body.as_bytes()).0
    }

    #[test]
    fn reads_v1() {
        let error = read(
            r#"{"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such report run",
                "param": "id", "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
                "request_log_url": "https://dashboard.stripe.com/test/logs/req_1?t=1680000000"}}"#,
        );
        assert_eq!(error.error_type(), Some("invalid_request_error"));
        assert_eq!(error.code(), Some("resource_missing"));
        assert_eq!(error.message(), Some("No such report run"));
        assert_eq!(error.param(), Some("id"));
        assert_eq!(error.doc_url(), Some("https://stripe.com/docs/error-codes/resource-missing"));
        assert_eq!(error.request_log_url(), Some("https://dashboard.stripe.com/test/logs/req_1?t=1680000000"));
    }

    #[test]
    fn reads_v2() {
        let error = read(r#"{"error": {"code": "rate_limit", "message": "Slow down", "user_message": "Try later"}}"#);
        assert_eq!((error.error_type(), error.code()), (None, Some("rate_limit")));
        assert_eq!((error.message(), error.user_message()), (Some("Slow down"), Some("Try later")));
    }

    #[test]
    fn a_member_of_another_type_is_ignored() {
        let error =
            read(r#"{"error": {"type": ["x"], "code": 42, "message": "m", "param": null, "doc_url": {"a": 1}}}"#);
        assert_eq!(error, ApiError { code: Some("42".into()), message: Some("m".into()), ..ApiError::default() });
    }

    #[test]
    fn reads_oauth_errors() {
        let error = read(r#"{"error": "invalid_grant", "error_description": "The code was used"}"#);
        assert_eq!((error.code(), error.message()), (Some("invalid_grant"), Some("The code was used")));
        let error = read(r#"{"error": "Something went wrong"}"#);
        assert_eq!((error.code(), error.message()), (None, Some("Something went wrong")));
    }

    #[test]
    fn reads_errors_of_gateways() {
        assert_eq!(read(r#"{"message": "Forbidden"}"#).message(), Some("Forbidden"));
        assert_eq!(read(r#"{"error": null, "message": "Forbidden"}"#).message(), Some("Forbidden"));
    }

    #[test]
    fn other_bodies_have_no_members() {
        for body in [
            "",
            "<html>",
            "{",
            r#"{"error":{"code":"a""#,
            "[]",
            "null",
            "1",
            r#""error""#,
            r#"{"error":[]}"#,
            r#"{"error":""}"#,
        ] {
            assert_eq!(read(body), ApiError::default(), "{body}");
        }
    }
}
