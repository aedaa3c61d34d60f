//! Which requests are retried, and which errors report that a request may have been processed.

use std::time::{Duration, Instant};

use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{ErrorKind, RawRequest, Request, RequestOptions, Value};

use super::*;

const CONFLICT: &str = r#"{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"busy"}}"#;
const REUSED: &str = r#"{"error":{"type":"idempotency_error","message":"other parameters"}}"#;

/// Returns the idempotency key of all requests.
fn one_key(requests: &[Received]) -> String {
    let keys: Vec<_> = requests.iter().map(|request| request.header("idempotency-key").unwrap()).collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    keys[0].to_owned()
}

fn create() -> impl Request<Response = QueryRun> {
    QueryRun::create("SELECT 1")
}

#[test]
fn retries_a_create_whose_response_is_lost() {
    each(|kind| {
        let whole = query_run("running", None);
        let half = &whole[..whole.len() / 2];
        for cut in [
            Reply::json(200, whole.as_str()).truncated_at(40),
            Reply::json(200, whole.as_str()).reset_at(40),
            Reply::json(200, whole.as_str()).chunked().truncated_at(40),
            Reply::json(200, half).chunked(),
            Reply::json(200, half),
            Reply::json(200, half).until_close(),
            Reply::json(200, ""),
        ] {
            let server = server([cut, Reply::json(200, whole.as_str())]);
            let response = kind.client(&server.url()).execute(create()).unwrap();
            assert_eq!((response.value.id.as_str(), response.attempts), ("qryrun_1", 2));
            one_key(&server.finish());
        }
    });
}

#[test]
fn an_error_has_the_key_to_repeat_the_request() {
    each(|kind| {
        let server = server([Reply::close(), Reply::json(200, query_run("running", None))]);
        let client = kind.with(&server.url(), quick().max_retries(0));
        let error = client.send(create()).unwrap_err();
        assert!(error.may_have_been_processed() && error.is_retryable(), "{error:?}");
        let key = error.idempotency_key().unwrap().to_owned();
        client.send(create().with(RequestOptions::new().idempotency_key(&key))).unwrap();
        assert_eq!(one_key(&server.finish()), key);
    });
}

#[test]
fn only_a_sent_and_not_refused_request_may_have_been_processed() {
    each(|kind| {
        let once = || quick().max_retries(0).attempt_timeout(Duration::from_millis(300));
        for (reply, expected) in [
            (Reply::reset(), true),
            (Reply::never(), true),
            (Reply::json(500, "{}"), true),
            (Reply::json(409, CONFLICT), true),
            (Reply::json(200, "[]"), true),
            (Reply::json(400, REUSED), false),
            (Reply::json(429, "{}"), false),
        ] {
            let server = server([reply]);
            let error = kind.with(&server.url(), once()).send(create()).unwrap_err();
            assert_eq!(error.may_have_been_processed(), expected, "{kind:?}: {error:?}");
            assert!(error.idempotency_key().is_some());
        }
        let error = kind.with(&Server::refused(), once()).send(create()).unwrap_err();
        assert!(!error.may_have_been_processed() && error.idempotency_key().is_some(), "{kind:?}: {error:?}");
    });
}

#[test]
fn retries_a_lock_but_not_a_reused_key() {
    each(|kind| {
        let done = || Reply::json(200, query_run("running", None));
        let server = server([Reply::json(409, CONFLICT), done()]);
        kind.client(&server.url()).send(create()).unwrap();
        one_key(&server.finish());
        for status in [400, 409] {
            let server = Server::start([Reply::json(status, REUSED)]);
            let error = kind.client(&server.url()).send(create()).unwrap_err();
            assert_eq!((error.attempts(), error.is_retryable()), (1, false), "{error:?}");
            assert_eq!(server.finish().len(), 1);
        }
    });
}

/// Chunks of one byte, which arrive faster than they are read.
fn always_ready(status: u16) -> Reply {
    Reply::verbatim(&format!(
        "HTTP/1.1 {status} Endless\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "1\r\n{\r\n".repeat(10_000_000)
    ))
}

#[test]
fn an_endless_body_times_out() {
    let (endless, error) = (always_ready(200), always_ready(503));
    each(|kind| {
        let limits = [
            quick().attempt_timeout(Duration::from_millis(400)).max_retries(0),
            quick().attempt_timeout(Duration::from_secs(60)).timeout(Duration::from_millis(400)),
        ];
        for options in limits {
            let began = Instant::now();
            let server = server([endless.clone()]);
            let failed = kind.with(&server.url(), options.clone()).send(RawRequest::get("/v1/x")).unwrap_err();
            assert_eq!(failed.kind(), ErrorKind::Timeout, "{kind:?}: {failed:?}");
            let server = Server::start([error.clone()]);
            let failed = kind.with(&server.url(), options).send(RawRequest::get("/v1/x")).unwrap_err();
            assert_eq!(failed.status().unwrap().as_u16(), 503, "{kind:?}: {failed:?}");
            assert!(began.elapsed() < Duration::from_secs(8), "{kind:?}: {:?}", began.elapsed());
        }
    });
}

#[test]
fn retries_an_oversized_error_by_its_status() {
    let large = |status| Reply::json(status, "x".repeat(65 << 20));
    let (busy, refused) = (large(503), large(400));
    each(|kind| {
        let options = quick().attempt_timeout(Duration::from_secs(30));
        let server = server([busy.clone(), Reply::json(200, "{}")]);
        let response = kind.with(&server.url(), options.clone()).execute(RawRequest::get("/v1/x")).unwrap();
        assert_eq!((response.value, response.attempts), (Value::Object(Default::default()), 2));
        let server = Server::start([refused.clone()]);
        let error = kind.with(&server.url(), options).send(RawRequest::get("/v1/x")).unwrap_err();
        let found = (error.kind(), error.status().unwrap().as_u16(), error.attempts());
        assert_eq!(found, (ErrorKind::Api, 400, 1), "{error:?}");
    });
}
