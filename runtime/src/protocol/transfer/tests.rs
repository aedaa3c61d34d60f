mod restart;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use http::header::{IF_RANGE, RANGE};

use super::request::MOST_REDIRECTIONS;
use super::*;
use crate::protocol::testing::{self, KeyFile, Run};
use crate::transport::TransportErrorKind;

const URL: &str = "https://files.example.com/a?sig=geheim";

/// The reply to one request for the file.
#[derive(Clone)]
enum Reply {
    /// The status, the headers, the body in pieces, and how it ends.
    Response(u16, Vec<(&'static str, String)>, Vec<&'static str>, End),
    Broken(TransportErrorKind),
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Whole,
    Broken,
}

fn ok(headers: &[(&'static str, &str)], pieces: &[&'static str], end: End) -> Reply {
    respond(200, headers, pieces, end)
}

fn respond(status: u16, headers: &[(&'static str, &str)], pieces: &[&'static str], end: End) -> Reply {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Reply::Response(status, headers, pieces.to_vec(), end)
}

/// What a download requested and returned.
#[derive(Default)]
struct Trace {
    text: String,
    requests: Vec<http::Request<Bytes>>,
    refreshes: usize,
    rewinds: usize,
    progress: Vec<Progress>,
    seconds: u64,
    error: Option<Error>,
}

impl Trace {
    fn ranges(&self) -> Vec<Option<&str>> {
        self.requests.iter().map(|request| request.headers().get(RANGE).map(|range| range.to_str().unwrap())).collect()
    }

    fn error(&self) -> String {
        self.error.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

/// Downloads with a clock that only sleeping advances.
fn download(mut transfer: Transfer, replies: Vec<Reply>) -> Trace {
    transfer.retries.set_random(|| 1.0);
    let progress: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let for_callback = progress.clone();
    transfer.set_on_progress(move |progress| for_callback.lock().unwrap().push(progress));
    let start = Instant::now();
    let mut now = start;
    let mut replies = VecDeque::from(replies);
    let mut trace = Trace::default();
    let mut body: VecDeque<&'static str> = VecDeque::new();
    let mut end = End::Whole;
    loop {
        let outcome = match transfer.next(now) {
            Ok(Step::Yield(Piece::End)) => break,
            Ok(Step::Yield(Piece::Bytes(bytes))) => {
                trace.text.push_str(std::str::from_utf8(&bytes).unwrap());
                Ok(())
            }
            Ok(Step::Yield(Piece::Rewind)) => {
                trace.rewinds += 1;
                trace.text.clear();
                Ok(())
            }
            Ok(Step::Sleep(pause)) => {
                now += pause;
                Ok(())
            }
            Ok(Step::Refresh(exchange)) => {
                trace.refreshes += 1;
                let fresh = r#"{"id":"run_1","url":"https://files.example.com/fresh?sig=neu"}"#;
                transfer.on_refresh(testing::respond(*exchange, 200, fresh))
            }
            Ok(Step::Open(attempt)) => {
                trace.requests.push(attempt.request);
                match replies.pop_front().expect("another reply") {
                    Reply::Broken(kind) => transfer.on_error(now, TransportError::new(kind, "it broke")),
                    Reply::Response(status, headers, pieces, how) => {
                        let status = StatusCode::from_u16(status).unwrap();
                        match transfer.on_response(now, &head(status, &headers)) {
                            Ok(BodyUse::File) => {
                                (body, end) = (pieces.into(), how);
                                Ok(())
                            }
                            Ok(BodyUse::Error(_)) => {
                                transfer.on_error_response(now, &head(status, &headers), pieces.concat().as_bytes())
                            }
                            Ok(BodyUse::Discard) => Ok(()),
                            Err(error) => Err(error),
                        }
                    }
                }
            }
            Ok(Step::Read { .. }) => match body.pop_front() {
                Some(piece) => transfer.on_read(now, Ok(Some(Bytes::from_static(piece.as_bytes())))),
                None if end == End::Broken => {
                    transfer.on_error(now, TransportError::new(TransportErrorKind::Connection, "reset"))
                }
                None => transfer.on_end(now),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            trace.error = Some(error);
            break;
        }
    }
    assert!(replies.is_empty(), "not all replies were requested: {}", trace.error());
    trace.seconds = (now - start).as_secs();
    trace.progress = std::mem::take(&mut *progress.lock().unwrap());
    trace
}

/// Returns the head of a response; a body without a length is chunked, unless the connection is closed.
fn head(status: StatusCode, headers: &[(&'static str, String)]) -> Parts {
    let (mut head, ()) = http::Response::builder().status(status).body(()).unwrap().into_parts();
    head.headers =
        headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
    if !["content-length", "connection", "transfer-encoding"].iter().any(|name| head.headers.contains_key(*name)) {
        head.headers.insert("transfer-encoding", http::HeaderValue::from_static("chunked"));
    }
    head
}

fn pre_signed(size: Option<u64>) -> Transfer {
    Transfer::new(&Run::with_file(URL, size), Config::new("sk_test_geheim")).unwrap()
}

#[test]
fn sends_the_key_to_stripe_only() {
    let file = |url: &str| KeyFile(Run::with_file(url, None));
    let url = "https://files.stripe.com/v1/files/file_1/contents";
    let config = Config::new("k").with_options(RequestOptions::new().account("acct_1"));
    let trace = download(Transfer::new(&file(url), config).unwrap(), vec![ok(&[], &["a"], End::Whole)]);
    assert_eq!(trace.requests[0].headers()["authorization"], "Bearer k");
    assert_eq!(trace.requests[0].headers()["stripe-account"], "acct_1");
    for url in ["https://evil.test/x", "http://files.stripe.com/x", "https://files.stripe.com@evil.test/x", "/x", ""] {
        let error = Transfer::new(&file(url), Config::new("k")).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Download, "{url}");
    }
}

#[test]
fn a_pre_signed_url_must_be_https_unless_the_api_is_not() {
    let plain = Run::with_file("http://files.example.com/a", None);
    assert!(Transfer::new(&plain, Config::new("k")).is_err());
    let config = Config::builder("k").base_url("http://127.0.0.1:1").build().unwrap();
    assert!(Transfer::new(&plain, config).is_ok());
}

#[test]
fn a_missing_file_is_an_error_with_its_reason() {
    let without = |status| Transfer::new(&Run::new(status), Config::new("k")).err().unwrap();
    for (status, expected) in [
        ("running", "wait for it first"),
        ("succeeded", "the run succeeded, but its result has no URL"),
        ("failed", "the run failed"),
        ("canceled", "the run was canceled"),
        ("paused", "an unknown status"),
    ] {
        assert_eq!(without(status).kind(), ErrorKind::NoResult);
        assert!(without(status).to_string().contains(expected), "{}", without(status));
    }
    let error = Transfer::new(&KeyFile(Run::new("")), Config::new("k")).err().unwrap();
    assert!(error.to_string().contains("the file has no URL"), "{error}");
}

#[test]
fn progress_resets_the_retries() {
    let pieces = ["a", "b", "c", "d", "e", "f"];
    let etag = ("etag", "\"1\"");
    let mut replies = vec![ok(&[("content-length", "6"), etag], &["a"], End::Broken)];
    for (at, piece) in pieces.iter().enumerate().skip(1) {
        let range = format!("bytes {at}-5/6");
        let end = if at == 5 { End::Whole } else { End::Broken };
        replies.push(respond(206, &[("content-range", &range), etag], &[piece], end));
    }
    assert_eq!(download(pre_signed(None), replies).text, "abcdef");

    let broken = || Reply::Broken(TransportErrorKind::Connection);
    let trace = download(pre_signed(None), vec![broken(), broken(), broken()]);
    let error = trace.error.unwrap();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(error.is_retryable());
}

#[test]
fn refreshes_an_expired_url_once_without_progress() {
    let expired = || respond(403, &[], &["<Error><Code>AccessDenied</Code></Error>"], End::Whole);
    let fresh = || ok(&[], &["abc"], End::Whole);
    let trace = download(pre_signed(None), vec![expired(), fresh()]);
    assert_eq!((trace.text.as_str(), trace.refreshes), ("abc", 1));
    assert_eq!(trace.requests[1].uri(), "https://files.example.com/fresh?sig=neu");

    let trace = download(pre_signed(None), vec![expired(), expired()]);
    let error = trace.error.unwrap();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(StatusCode::FORBIDDEN)));
    assert!(!format!("{error} {error:?}").contains("sig="), "{error:?}");

    // In the middle of a file, and again after progress.
    let part = |at: usize, piece| {
        let range = format!("bytes {at}-5/6");
        respond(206, &[("content-range", &range), ("etag", "\"1\"")], &[piece], End::Broken)
    };
    let start = ok(&[("content-length", "6"), ("etag", "\"1\"")], &["ab"], End::Broken);
    let replies = vec![start, expired(), part(2, "cd"), expired(), part(4, "ef")];
    let trace = download(pre_signed(Some(6)), replies);
    assert_eq!((trace.text.as_str(), trace.refreshes), ("abcdef", 2), "{}", trace.error());
}

#[test]
fn retries_a_server_error_but_not_a_client_error() {
    let file = KeyFile(Run::with_file("https://files.stripe.com/x", None));
    let transfer = || Transfer::new(&file, Config::new("k")).unwrap();
    let body = r#"{"error":{"code":"resource_missing","message":"No such file"}}"#;
    let trace = download(transfer(), vec![respond(404, &[("request-id", "req_1")], &[body], End::Whole)]);
    let error = trace.error.unwrap();
    assert_eq!((error.code(), error.request_id(), trace.refreshes), (Some("resource_missing"), Some("req_1"), 0));
    assert_eq!(error.endpoint(), Some("GET /x"));

    let busy = respond(503, &[("retry-after", "9")], &["busy"], End::Whole);
    let trace = download(transfer(), vec![busy, ok(&[], &["a"], End::Whole)]);
    assert_eq!((trace.text.as_str(), trace.seconds), ("a", 9));
}

#[test]
fn retries_a_rate_limit_for_the_configured_time() {
    let file = KeyFile(Run::with_file("https://files.stripe.com/x", Some(1)));
    let busy = || respond(429, &[("retry-after", "20")], &[], End::Whole);
    for (limit, expected) in [(100, "a"), (50, "")] {
        let mut transfer = Transfer::new(&file, Config::new("k")).unwrap();
        let options = RequestOptions::new().retry_rate_limits_for(Duration::from_secs(limit)).max_retries(0);
        transfer.set_options(options);
        let replies = vec![busy(), busy(), busy(), ok(&[("content-length", "1")], &["a"], End::Whole)];
        let replies = if expected.is_empty() { vec![busy(), busy(), busy()] } else { replies };
        let trace = download(transfer, replies);
        assert_eq!(trace.text, expected, "{}", trace.error());
    }
}

#[test]
fn follows_a_few_redirects_without_the_key() {
    let to = |url: &str| respond(302, &[("location", url)], &[], End::Whole);
    let file = KeyFile(Run::with_file("https://files.stripe.com/v1/x", None));
    let transfer = || Transfer::new(&file, Config::new("k")).unwrap();
    let replies = vec![to("/v1/y?a#b"), to("https://evil.test/z"), ok(&[], &["a"], End::Whole)];
    let trace = download(transfer(), replies);
    let seen: Vec<_> = trace
        .requests
        .iter()
        .map(|request| (request.uri().to_string(), request.headers().contains_key("authorization")))
        .collect();
    let expected = [
        ("https://files.stripe.com/v1/x", true),
        ("https://files.stripe.com/v1/y?a", true),
        ("https://evil.test/z", false),
    ];
    assert_eq!(seen, expected.map(|(uri, key)| (uri.to_owned(), key)));

    let trace = download(transfer(), vec![to("http://files.stripe.com/v1/x")]);
    assert!(trace.error().contains("leads from `https://` to `http://`"), "{}", trace.error());
    let trace = download(transfer(), (0..=MOST_REDIRECTIONS).map(|_| to("/v1/x")).collect());
    assert!(trace.error().contains("too many redirects"), "{}", trace.error());
    let trace = download(transfer(), vec![to("ftp://x")]);
    assert!(trace.error().contains("no valid URL"), "{}", trace.error());
}

#[test]
fn an_unexpected_size_or_encoding_is_an_error() {
    let cases = [
        vec![ok(&[("content-length", "7")], &[], End::Whole)],
        vec![ok(&[], &["abcdefg"], End::Whole)],
        vec![ok(&[("content-encoding", "gzip")], &[], End::Whole)],
        vec![ok(&[("transfer-encoding", "gzip, chunked")], &[], End::Whole)],
        vec![ok(&[("etag", "\"1\"")], &["ab"], End::Broken), ok(&[("etag", "\"2\"")], &["aXcdef"], End::Whole)],
        vec![
            ok(&[("etag", "\"1\"")], &["ab"], End::Broken),
            respond(206, &[("content-range", "bytes 2-6/7"), ("etag", "\"1\"")], &["cdefg"], End::Whole),
        ],
    ];
    for (index, replies) in cases.into_iter().enumerate() {
        let trace = download(pre_signed(Some(6)), replies);
        assert_eq!(trace.error.map(|error| error.kind()), Some(ErrorKind::Download), "case {index}");
    }
}

#[test]
fn retries_a_truncated_file() {
    let short = || ok(&[], &["abc"], End::Whole);
    let trace = download(pre_signed(Some(6)), vec![short(), short(), short()]);
    assert!(trace.error().contains("received 3 of 6 bytes"), "{}", trace.error());
    assert_eq!(trace.text, "abc");
}

#[test]
fn a_file_is_complete_before_the_connection_breaks() {
    let trace = download(pre_signed(Some(6)), vec![ok(&[("content-length", "6")], &["abcdef"], End::Broken)]);
    assert_eq!((trace.text.as_str(), trace.error().as_str()), ("abcdef", ""));
    let trace = download(pre_signed(None), vec![ok(&[("content-length", "0")], &[], End::Whole)]);
    assert_eq!((trace.text.as_str(), trace.error().as_str()), ("", ""));
}

#[test]
fn limits_the_total_time() {
    let mut transfer = pre_signed(None);
    transfer.set_timeout(Duration::from_secs(20));
    let busy = || respond(503, &[("retry-after", "15")], &[], End::Whole);
    let trace = download(transfer, vec![busy(), busy()]);
    let error = trace.error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.endpoint(), Some("GET [pre-signed URL]"));
    let last = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Error>());
    assert_eq!(last.and_then(Error::status), Some(StatusCode::SERVICE_UNAVAILABLE), "the last error is preserved");
}

#[test]
fn a_step_can_be_requested_again() {
    let mut transfer = pre_signed(None);
    let now = Instant::now();
    for _ in 0..3 {
        assert!(matches!(transfer.next(now), Ok(Step::Open(_))), "a cancelled step is requested again");
    }
    transfer.on_response(now, &head(StatusCode::OK, &[])).unwrap();
    for _ in 0..2 {
        assert!(matches!(transfer.next(now), Ok(Step::Read { .. })));
    }
}
