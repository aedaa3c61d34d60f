//! What Stripe says of an error.

use serde_json::{Map, Value};

use super::{Redacted, Verbatim};

/// The members of an error body, of either API generation, as far as they are there and are what they should be.
///
/// A member that is missing or of an odd type never costs the others, and a body that is no JSON leaves them all empty.
///
/// Type, code and parameter are verbatim, the others without secrets and of 4,096 bytes at most. `Debug` may be printed
/// and logged, as that of [`Error`](crate::Error).
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

impl ApiError {
    /// The `type`, such as `invalid_request_error`; generated `ErrorType` enums are made from it.
    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        self.error_type.as_ref().map(Verbatim::as_str)
    }

    /// The `code`, such as `resource_missing`; generated `ErrorCode` enums are made from it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_ref().map(Verbatim::as_str)
    }

    /// What went wrong, for developers.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_ref().map(Redacted::as_str)
    }

    /// What went wrong, for their users (v2).
    #[must_use]
    pub fn user_message(&self) -> Option<&str> {
        self.user_message.as_ref().map(Redacted::as_str)
    }

    /// The parameter it is about, such as `parameters[interval_start]`.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.param.as_ref().map(Verbatim::as_str)
    }

    /// Where the code is documented.
    #[must_use]
    pub fn doc_url(&self) -> Option<&str> {
        self.doc_url.as_ref().map(Redacted::as_str)
    }

    /// Where the request is in the dashboard's log.
    #[must_use]
    pub fn request_log_url(&self) -> Option<&str> {
        self.request_log_url.as_ref().map(Redacted::as_str)
    }

    /// Whether an idempotency key was used before with other parameters, which no retry changes. In v1, a key that a
    /// request in progress uses has the same type, and a code.
    pub(crate) fn is_key_reused(&self) -> bool {
        const REUSED: Option<&str> = Some("idempotency_error");
        self.code() == REUSED || (self.error_type() == REUSED && self.code().is_none())
    }

    /// The members of a body, and whether they are where Stripe's are.
    pub(super) fn read(body: &[u8]) -> (Self, bool) {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return (Self::default(), false) };
        match body.get("error") {
            Some(Value::Object(error)) => {
                let error = Self::of_members(error);
                let is_stripes = error != Self::default();
                (error, is_stripes)
            }
            // OAuth: the code, and its explanation beside it.
            Some(Value::String(error)) => {
                let description = text(&body, "error_description");
                let is_code = error.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let error = Some(error.as_str()).filter(|error| !error.is_empty());
                let code = error.filter(|_| is_code).map(Verbatim::from);
                (Self { code, message: description.or(error.map(Redacted::from)), ..Self::default() }, error.is_some())
            }
            // A gateway's own words.
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

/// Unlike other text, links to Stripe's pages keep their query.
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
    fn odd_members_cost_no_others() {
        let error =
            read(r#"{"error": {"type": ["x"], "code": 42, "message": "m", "param": null, "doc_url": {"a": 1}}}"#);
        assert_eq!(error, ApiError { code: Some("42".into()), message: Some("m".into()), ..ApiError::default() });
    }

    #[test]
    fn reads_a_bare_string() {
        let error = read(r#"{"error": "invalid_grant", "error_description": "The code was used"}"#);
        assert_eq!((error.code(), error.message()), (Some("invalid_grant"), Some("The code was used")));
        let error = read(r#"{"error": "Something went wrong"}"#);
        assert_eq!((error.code(), error.message()), (None, Some("Something went wrong")));
    }

    #[test]
    fn reads_what_a_gateway_says() {
        assert_eq!(read(r#"{"message": "Forbidden"}"#).message(), Some("Forbidden"));
        assert_eq!(read(r#"{"error": null, "message": "Forbidden"}"#).message(), Some("Forbidden"));
    }

    #[test]
    fn survives_everything_else() {
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

    #[test]
    fn hides_keys_that_the_message_repeats() {
        let error = read(r#"{"error": {"message": "Invalid API Key provided: sk_test_4eC39HqLyjWDarjtT1zdp7dc"}}"#);
        assert_eq!(error.message(), Some("Invalid API Key provided: sk_test_[redacted]"));
    }
}
