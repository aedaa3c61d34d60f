//! Errors of all kinds.

use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{Client, Config, Error, ErrorKind, RawRequest, RequestOptions, Value, v1, v2};

use super::*;

/// Returns the error of a response, which is the same with both clients.
fn error(reply: Reply) -> Error {
    let errors = [Kind::Async, Kind::Blocking].map(|kind| {
        let server = server([reply.clone()]);
        let request = QueryRun::retrieve("qryrun_1").with(RequestOptions::new().max_retries(0));
        kind.client(&server.url()).send(request).unwrap_err()
    });
    let [first, second] = errors;
    assert_eq!((first.kind(), first.to_string()), (second.kind(), second.to_string()));
    first
}

#[test]
fn errors_of_v1_and_v2_have_all_members() {
    let body = r#"{"error":{"type":"invalid_request_error","code":"parameter_missing","message":"Missing required param.",
        "param":"report_type","doc_url":"https://stripe.com/docs/error-codes/parameter-missing"}}"#;
    let error_v1 = error(Reply::json(400, body).request_id("req_1"));
    assert_eq!(error_v1.kind(), ErrorKind::Api);
    assert_eq!(error_v1.status().unwrap().as_u16(), 400);
    assert_eq!((error_v1.code(), error_v1.param()), (Some("parameter_missing"), Some("report_type")));
    assert_eq!(error_v1.request_id(), Some("req_1"));
    assert!(error_v1.body_excerpt().unwrap().contains("parameter_missing"));

    let body = r#"{"error":{"code":"query_run_invalid_sql","message":"Line 1: no such table."}}"#;
    let error_v2 = error(Reply::json(400, body));
    assert_eq!(error_v2.code().map(stripe_reporting::v2::ErrorCode::from).unwrap().as_str(), "query_run_invalid_sql");
    assert_eq!(error_v2.message(), "Line 1: no such table.");
}

#[test]
fn described_codes_and_types_are_known() {
    for (code, status) in [("idempotency_conflict", 409), ("idempotency_error", 409), ("invalid_fields", 400)] {
        let error = error(Reply::json(status, format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#)));
        let known = error.code().map(v2::ErrorCode::from).unwrap();
        assert!(v2::ErrorCode::VALUES.contains(&known), "{code}");
        assert_eq!(known.status(), Some(error.status().unwrap().as_u16()));
    }
    for code in [
        "smart_disputes_not_available",
        "subscription_update_trial_after_billing_cycle_anchor",
        "three_d_secure_authentication_not_supported",
        "three_d_secure_authentication_upstream_error",
    ] {
        assert!(v1::ErrorCode::VALUES.contains(&v1::ErrorCode::from(code)), "{code}");
    }
    for error_type in
        ["blocked_by_stripe", "capability_not_enabled", "idempotency_error", "rate_limit", "service_unavailable"]
    {
        assert!(v2::ErrorType::VALUES.contains(&v2::ErrorType::from(error_type)), "{error_type}");
    }
    let new = v2::ErrorType::from("new_tomorrow");
    assert_eq!((new.as_str(), v2::ErrorType::VALUES.contains(&new)), ("new_tomorrow", false));
}

#[test]
fn every_error_has_its_status_and_request_id() {
    let html = "<html><h1>502 Bad Gateway</h1></html>";
    for (reply, expected) in [
        (Reply::json(401, r#"{"error":"invalid_client","error_description":"No such key"}"#), "No such key"),
        (Reply::html(502, html), "<h1>502 Bad Gateway</h1>"),
        (Reply::json(500, ""), "has no body"),
        (Reply::json(503, r#"{"error":{"message":"cut"#), "unexpected response body"),
        (
            Reply::json(403, r#"{"error":{"message":"cut off in the middle"}}"#).truncated_at(12),
            "unexpected response body",
        ),
        (Reply::html(400, r#"{"error":{"message":"of another type"}}"#), "of another type"),
        (Reply::json(404, "[]").until_close(), "unexpected response body"),
        (Reply::json(418, "\u{1}\u{2}").chunked(), "unexpected response body"),
    ] {
        let status = format!("{reply:?}");
        let error = error(reply.request_id("req_9"));
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::Api, Some("req_9")), "{status}");
        assert!(error.status().is_some() && error.to_string().contains(expected), "{error}");
    }
}

/// A megabyte of URLs, which are searched for secrets: a quadratic search would take minutes.
#[test]
fn a_huge_error_is_redacted_quickly_and_shortened() {
    for pattern in ["https://stripe.com/", "https:\\/\\/stripe.com\\/", "http"] {
        let text = pattern.repeat((1 << 20) / pattern.len());
        let error = error(Reply::json(400, format!(r#"{{"error":{{"message":"{text}","code":"{text}"}}}}"#)));
        assert!(error.code().unwrap().len() > 1 << 19 && error.message().len() < 5000);
        assert!(error.to_string().len() < 3000 && format!("{error:?}").len() < 8000, "{error}");
    }
}

#[test]
fn an_error_without_a_message_is_an_api_error() {
    let error = error(Reply::json(400, r#"{"error":{"type":"idempotency_error"}}"#));
    assert_eq!((error.kind(), error.api().unwrap().error_type()), (ErrorKind::Api, Some("idempotency_error")));
    assert!(error.to_string().contains("no message (type idempotency_error,"), "{error}");
}

#[test]
fn a_decoding_error_has_the_path() {
    let body = query_run("running", None).replace("\"running\"", "7");
    let wrong = error(Reply::json(200, body).request_id("req_1"));
    assert_eq!((wrong.kind(), wrong.path(), wrong.request_id()), (ErrorKind::Decode, Some("status"), Some("req_1")));
    for body in ["", "{", "<html></html>", "null"] {
        assert_eq!(error(Reply::json(200, body)).kind(), ErrorKind::Decode, "{body}");
    }
    assert!(error(Reply::html(200, "<html>login</html>")).to_string().contains("the body is not JSON"));
}

#[test]
fn requests_follow_no_redirects() {
    each(|kind| {
        let elsewhere = Server::start([]);
        let location = format!("{}/v1/x?sig=geheim", elsewhere.url());
        for status in [301, 302, 303, 307, 308] {
            let server = server([Reply::redirect(status, &location)]);
            let error = kind.client(&server.url()).send(RawRequest::<Value>::get("/v1/x")).unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert!(error.to_string().contains("unexpected redirect to `127.0.0.1`"), "{error}");
            assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
        }
        assert!(elsewhere.requests().is_empty());
    });
}

#[test]
fn an_unreachable_server_is_a_connection_error() {
    each(|kind| {
        let client = kind.with(&Server::refused(), quick().max_retries(1));
        let error = client.send(RawRequest::<Value>::get("/v1/x")).unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Connection, 2, true));
        assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
        let client = kind.with("http://nobody.invalid", quick().max_retries(0));
        let error = client.send(RawRequest::<Value>::get("/v1/x")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    });
}

#[test]
fn does_not_retry_tls_failures() {
    each(|kind| {
        let server = server([]);
        let client = kind.client(&server.url().replace("http:", "https:"));
        let error = client.send(RawRequest::<Value>::get("/v1/x")).unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.is_retryable()),
            (ErrorKind::Tls, 1, false),
            "{kind:?}: {error:?}"
        );
    });
}

#[test]
fn an_endless_response_is_too_large() {
    each(|kind| {
        let server = server([Reply::json(200, "x".repeat(65 << 20))]);
        let error = kind
            .with(&server.url(), quick().attempt_timeout(std::time::Duration::from_secs(30)))
            .send(RawRequest::<Value>::get("/v1/x"))
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error:?}");
    });
}

#[test]
fn an_invalid_request_is_not_sent() {
    each(|kind| {
        let server = server([]);
        let client = kind.client(&server.url());
        for error in [
            client.send(QueryRun::retrieve("")).unwrap_err(),
            client.send(RawRequest::<Value>::get("https://evil.test/")).unwrap_err(),
            client.send(QueryRun::retrieve("q").with(RequestOptions::new().account("a\nb"))).unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error:?}");
        }
        assert!(server.requests().is_empty());
    });
}

#[test]
fn the_async_client_needs_a_runtime() {
    let client = Client::with_config(Config::builder(KEY).base_url("http://127.0.0.1:1").build().unwrap()).unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut sending = Box::pin(client.send(RawRequest::<Value>::get("/v1/x")));
    let std::task::Poll::Ready(Err(sent)) = sending.as_mut().poll(&mut context) else { panic!("no error") };
    let run = run("running", None);
    let mut waiting = client.wait(run).into_future();
    let std::task::Poll::Ready(Err(waited)) = waiting.as_mut().poll(&mut context) else { panic!("no error") };
    let mut items = client.list(stripe_reporting::v1::reporting::ReportRun::list());
    let mut next = Box::pin(items.try_next());
    let std::task::Poll::Ready(Err(listed)) = next.as_mut().poll(&mut context) else { panic!("no error") };
    let done = super::run("succeeded", Some(("http://127.0.0.1:1", 1)));
    let mut saving = Box::pin(client.download(&done).unwrap().save_to("never"));
    let std::task::Poll::Ready(Err(saved)) = saving.as_mut().poll(&mut context) else { panic!("no error") };
    for error in [sent, waited, listed, saved] {
        assert!(error.to_string().contains("needs a tokio runtime"), "{error}");
    }
}
