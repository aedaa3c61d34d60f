//! Untrusted text in any member of an error: the output is short, in one line and without secrets.

use std::io;

use serde_json::json;

use super::*;
use crate::RunState;

/// Text that must not be printed.
const FORBIDDEN: [&str; 7] = ["geheim", "\n", "\r", "\u{1b}", "\u{85}", "\u{2028}", "\u{202e}"];

/// The maximum length of `Display` and `Debug` of an error, in bytes.
const MAX_DISPLAY: usize = 6 << 10;
const MAX_DEBUG: usize = 16 << 10;

/// Repeats a key, pre-signed URLs, line breaks and control characters.
fn untrusted(length: usize) -> String {
    let text = "sk_live_geheim https://a.b/?sig=geheim https://stripe.com/?geheim https:\\/\\/geheim@a.b whsec_geheim\r\n\
                forged: \u{1b}[2K\u{85}\u{2028}\u{202e} X-Amz-Signature=geheim {\"access_token\": \"geheim\"} ";
    text.repeat(length / text.len())
}

/// A run whose members are all untrusted text.
#[derive(Debug, Clone, serde::Deserialize)]
struct Run(String);

impl crate::Wait for Run {
    type Retrieve = crate::RawRequest<Self>;
    type Id = String;

    fn retrieve_request(id: &String) -> Self::Retrieve {
        crate::RawRequest::get(id.as_str()).response_type()
    }

    fn id(&self) -> &String {
        &self.0
    }

    fn run_state(&self) -> RunState {
        RunState::Failed
    }

    fn status(&self) -> &str {
        &self.0
    }

    fn failure_code(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn failure_message(&self) -> Option<&str> {
        Some(&self.0)
    }
}

/// An error that displays a text, and has a source that does.
#[derive(Debug)]
struct Cause(String, Option<Box<Cause>>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn cause(text: &str) -> Cause {
    Cause(text.to_owned(), Some(Box::new(Cause(text.to_owned(), None))))
}

/// Creates an error whose members, including those of the run, are the text.
fn full(text: &str) -> Error {
    let members = ["type", "code", "message", "user_message", "param", "doc_url", "request_log_url"];
    let error: serde_json::Map<_, _> = members.into_iter().map(|name| (name.to_owned(), json!(text))).collect();
    let mut error = Error::api_error(
        StatusCode::BAD_REQUEST,
        Some(text.to_owned()),
        json!({ "error": error }).to_string().as_bytes(),
    );
    error.0.path = Some(text.into());
    error.0.item_id = Some(text.into());
    error
        .with_endpoint(text)
        .with_request(Some(text), true)
        .with_attempts(2)
        .with_run(Run(text.to_owned()))
        .with_message(text)
}

/// Formats an error and its sources with `Debug` and `Display`.
fn printed(error: &Error) -> Vec<String> {
    let mut printed = vec![format!("{error:?}"), format!("{error}")];
    if let Some(api) = error.api() {
        printed.push(format!("{api:?}"));
    }
    let mut source = StdError::source(error);
    while let Some(error) = source {
        printed.extend([format!("{error:?}"), format!("{error}")]);
        source = error.source();
    }
    printed
}

#[track_caller]
fn check(what: &str, error: &Error) {
    for (index, text) in printed(error).iter().enumerate() {
        let start = text.chars().take(2000).collect::<String>();
        for forbidden in FORBIDDEN {
            assert!(!text.contains(forbidden), "{what} contains {forbidden:?}: {start}");
        }
        let max = if index % 2 == 0 { MAX_DEBUG } else { MAX_DISPLAY };
        assert!(text.len() <= max, "{what} has {} bytes: {start}", text.len());
    }
    for text in [Some(error.message()), error.path(), error.body_excerpt(), error.endpoint()] {
        let text = text.unwrap_or_default();
        assert!(!text.contains("geheim") && text.len() <= 4096 + 3, "{what}: {} bytes", text.len());
    }
    if let Some(api) = error.api() {
        for text in [api.message(), api.user_message(), api.doc_url(), api.request_log_url()] {
            let text = text.unwrap_or_default();
            assert!(!text.contains("geheim") && text.len() <= 4096 + 3, "{what}: {} bytes", text.len());
        }
    }
}

#[test]
fn untrusted_text_is_redacted_and_escaped() {
    let text = &untrusted(20_000);
    let as_json = serde_json::to_string(text).unwrap();
    let undecodable_names = |body: &str| {
        crate::response::decode_json::<std::collections::BTreeMap<String, String>>(body.as_bytes()).unwrap_err()
    };
    let undecodable = |body: &str| crate::response::decode_json::<Run>(body.as_bytes()).unwrap_err();
    let transport = |cause: Box<dyn StdError + Send + Sync>| {
        crate::TransportError::new(crate::TransportErrorKind::Connection, cause)
    };
    let with_source = |source: Box<dyn StdError + Send + Sync>| Error::new(ErrorKind::File, "x").with_source(source);
    let nested = transport(Box::new(transport(Box::new(cause(text)))));
    for (what, error) in [
        ("every member", full(text)),
        ("every member as a cause", with_source(Box::new(full(text)))),
        ("a cause", with_source(Box::new(cause(text)))),
        ("a cause in an I/O error", with_source(Box::new(io::Error::other(cause(text))))),
        ("a text as the cause", with_source(text.as_str().into())),
        ("a transport error", Error::from(nested)),
        ("an error of a transport", Error::from(transport(Box::new(full(text))))),
        ("a serde error as the cause", with_source(Box::new(serde_json::from_str::<u8>(&as_json).unwrap_err()))),
        ("an undecodable value", undecodable(&format!("[{as_json}]"))),
        ("an undecodable name", undecodable_names(&format!("{{{as_json}: 1}}"))),
        ("a body that is not JSON", undecodable(text)),
        ("a body that ends early", undecodable(&as_json[..as_json.len() / 2])),
        ("a page of a gateway", Error::api_error(StatusCode::BAD_GATEWAY, None, text.as_bytes())),
        (
            "an OAuth error",
            Error::api_error(StatusCode::BAD_REQUEST, None, json!({ "error": text }).to_string().as_bytes()),
        ),
        (
            "a link",
            Error::api_error(
                StatusCode::BAD_REQUEST,
                None,
                json!({ "error": { "doc_url": format!("https://stripe.com/{text}") } }).to_string().as_bytes(),
            ),
        ),
        ("a path", Error::decode("x", Some(text.clone()), b"")),
    ] {
        check(what, &error);
    }
    let code = json!({ "error": { "code": "x".repeat(20_000_000) } }).to_string();
    check("a long code", &Error::api_error(StatusCode::BAD_REQUEST, None, code.as_bytes()));
    let run = Run(text.clone());
    let failed = Error::new(ErrorKind::RunFailed, crate::Wait::failure_message(&run).unwrap()).with_run(run);
    check("a failed run", &failed);
}

#[test]
fn members_that_programs_compare_are_verbatim() {
    let text = "a\nsk_live_geheim";
    let error = full(text);
    let verbatim = [
        error.code(),
        error.param(),
        error.request_id(),
        error.idempotency_key(),
        error.run_id(),
        error.item_id(),
        error.run_status(),
        error.api().unwrap().error_type(),
        error.run::<Run>().map(|run| run.0.as_str()),
    ];
    assert_eq!(verbatim, [Some(text); 9]);
    assert_eq!(error.message(), "a\nsk_live_[redacted]");
}

#[test]
fn transport_errors_are_safe_to_print_and_return_their_cause() {
    let error = crate::TransportError::new(crate::TransportErrorKind::Tls, cause("sk_live_geheim\n"));
    assert_eq!(error.to_string(), r"sk_live_[redacted]\n");
    assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    assert_eq!(error.get_ref().downcast_ref::<Cause>().unwrap().0, "sk_live_geheim\n");
    let error = Error::from(error);
    let source = StdError::source(&error).unwrap().downcast_ref::<crate::TransportError>().unwrap();
    assert_eq!(source.kind(), crate::TransportErrorKind::Tls);
}

#[test]
fn an_error_without_a_message_is_an_api_error() {
    for (error, shown) in [
        (json!({"type": "idempotency_error"}), "(type idempotency_error)"),
        (json!({"code": "rate_limit"}), "(code rate_limit)"),
        (json!({"param": "limit"}), "(param limit)"),
        (json!({"doc_url": "https://stripe.com/docs"}), "the response has no message"),
    ] {
        let error = Error::api_error(StatusCode::BAD_REQUEST, None, json!({ "error": error }).to_string().as_bytes());
        assert_eq!(error.message(), "the response has no message");
        assert!(error.to_string().ends_with(shown), "{error}");
    }
    let error = Error::api_error(StatusCode::BAD_REQUEST, None, br#"{"error": {"user_message": "Try later"}}"#);
    assert_eq!(error.message(), "Try later");
    for body in [r#"{"error": {}}"#, r#"{"error": {"other": 1}}"#, r#"{"type": "about:blank", "title": "Bad"}"#] {
        let error = Error::api_error(StatusCode::BAD_REQUEST, None, body.as_bytes());
        assert!(error.message().starts_with("unexpected response body: {"), "{error}");
    }
}
