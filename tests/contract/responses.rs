//! Responses that are errors, or do not decode.

use std::collections::BTreeMap;
use std::error::Error as _;

use crate::v1::ListReportRuns;
use crate::v2::{RetrieveQueryRun, ThinEventRelatedObject};
use runtime::http::{Response, StatusCode};
use runtime::{Error, ErrorKind, Request};
use stripe_reporting_runtime as runtime;

fn error_of<R: Request>(status: u16, body: &str) -> Error {
    let response = Response::builder().status(status).header("request-id", "req_1").body(body.to_owned()).unwrap();
    let error = R::decode(response).err().unwrap();
    assert_eq!((error.status(), error.request_id()), (StatusCode::from_u16(status).ok(), Some("req_1")));
    error
}

#[test]
fn an_error_is_one_pointer_and_can_be_sent_between_threads() {
    fn check<T: Send + Sync + std::error::Error + 'static>() {}
    check::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn an_error_has_what_stripe_says() {
    let body = r#"{"error": {"type": "invalid_request_error", "code": "resource_missing", "param": "id", "message": "No such report run: 'frr_1'"}}"#;
    let error = error_of::<RetrieveQueryRun>(404, body);
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!((error.code(), error.param()), (Some("resource_missing"), Some("id")));
    assert_eq!(error.message(), "No such report run: 'frr_1'");
    assert_eq!(error.api().unwrap().error_type(), Some("invalid_request_error"));
    assert_eq!(error.body_excerpt(), Some(body));
    assert_eq!(
        error.to_string(),
        "Stripe returned 404 Not Found: No such report run: 'frr_1' (type invalid_request_error, code resource_missing, param id, request req_1)"
    );
    assert!(error.source().is_none());
}

#[test]
fn an_error_without_a_message_has_a_status() {
    for (status, body, message) in [
        (502, "<html>\r\n<h1>502 Bad Gateway</h1>", "unexpected response body: <html> <h1>502 Bad Gateway</h1>"),
        (500, "", "the response has no body"),
        (500, r#"{"error": {"code": "x""#, r#"unexpected response body: {"error": {"code": "x""#),
        (400, r#"{"error": "invalid_grant"}"#, "invalid_grant"),
        (400, r#"{"error": {"code": "x", "message": 5}}"#, "5"),
        (400, r#"{"error": {"code": "x", "message": []}}"#, "the response has no message"),
        (302, "", "the response has no body"),
        (304, "", "the response has no body"),
        (599, "[]", "unexpected response body: []"),
    ] {
        let error = error_of::<RetrieveQueryRun>(status, body);
        assert_eq!((error.kind(), error.message()), (ErrorKind::Api, message));
        assert!(error.to_string().starts_with(&format!("Stripe returned {status}")), "{error}");
    }
}

#[test]
fn excerpts_of_bodies_are_bounded_and_redacted() {
    let body =
        format!("see https://b.s3.amazonaws.com/f?X-Amz-Signature=geheim or sk_live_geheim {}", "x".repeat(5000));
    let error = error_of::<RetrieveQueryRun>(403, &body);
    let excerpt = error.body_excerpt().unwrap();
    assert!(excerpt.starts_with("see https://b.s3.amazonaws.com[redacted] or sk_live_[redacted] x"), "{excerpt}");
    assert!(excerpt.len() < 1100 && error.to_string().len() < 300);
    assert!(!format!("{error} {error:?}").contains("geheim"));
}

#[test]
fn an_error_is_one_line() {
    let error = error_of::<RetrieveQueryRun>(400, r#"{"error": {"message": "a\nb\r\n\tc"}}"#);
    assert_eq!((error.message(), error.to_string().lines().count()), ("a\nb\r\n\tc", 1));
    let error = error_of::<RetrieveQueryRun>(200, r#"{"id": {"sk_live_geheim": 1}, "extra": {}}"#);
    assert_eq!(error.path(), Some("id"));
    let response = Response::new(r#"{"sk_live_geheim": {"id": 7}}"#);
    let error = ListObjects::decode(response).unwrap_err();
    assert_eq!(error.path(), Some("sk_live_[redacted].id"));
    assert!(!format!("{error} {error:?}").contains("geheim"));
}

#[test]
fn a_decoding_error_has_a_path_and_a_reason() {
    let body = r#"{"object": "list", "has_more": false, "url": "", "data": [{"id": "frr_1", "created": 5}, {"id": 7, "created": 5}]}"#;
    let error = error_of::<ListReportRuns>(200, body);
    assert_eq!((error.kind(), error.path()), (ErrorKind::Decode, Some("data[1].id")));
    assert_eq!(error.message(), "invalid type: integer `7`, expected a string");
    assert_eq!(
        error.to_string(),
        "decoding failed at `data[1].id`: invalid type: integer `7`, expected a string (status 200, request req_1)"
    );
    assert_eq!(error.body_excerpt(), Some(body));
    assert!(error.api().is_none());

    let error = error_of::<ListReportRuns>(200, r#"{"data": [{"id": "frr_1"}]}"#);
    assert_eq!((error.path(), error.message()), (Some("data[0]"), "missing field `created`"));
    let error = error_of::<ListReportRuns>(200, r#"{"data": [{"id": "frr_1", "created": "yesterday"}]}"#);
    assert_eq!(error.path(), Some("data[0].created"));
    assert!(error.message().contains(r#"string "yesterday", expected a Unix timestamp in seconds"#), "{error}");
}

#[test]
fn a_body_that_is_not_json_is_a_decoding_error() {
    for (body, message) in [
        ("", "the body is empty"),
        (r#"{"data": [{"id": "fr"#, "truncated JSON: ends after 20 bytes"),
        ("<html>", "the body is not JSON: expected value at line 1 column 1"),
        (r#"{"data": []} x"#, "the body is not JSON: trailing characters at line 1 column 14"),
    ] {
        let error = error_of::<ListReportRuns>(200, body);
        assert_eq!((error.kind(), error.path(), error.message()), (ErrorKind::Decode, None, message));
    }
}

#[test]
fn a_body_that_is_not_utf_8_is_an_error() {
    let response = Response::builder().status(500).body(&b"\xff\xfe{"[..]).unwrap();
    let error = RetrieveQueryRun::decode(response).unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Api, None));
    let response = Response::new(&b"{\"data\": [\"\xff\"]}"[..]);
    assert_eq!(ListReportRuns::decode(response).unwrap_err().kind(), ErrorKind::Decode);
}

/// A request that is responded to with a map of objects.
#[derive(serde::Serialize)]
struct ListObjects {}

impl Request for ListObjects {
    type Response = BTreeMap<String, ThinEventRelatedObject>;
    const OPERATION: runtime::Operation = RetrieveQueryRun::OPERATION;
}
