mod restart;

use std::collections::VecDeque;

use http::header::{IF_RANGE, RANGE};

use super::address::MOST_REDIRECTIONS;
use super::*;
use crate::protocol::testing::{KeyFile, Run, answer};
use crate::transport::TransportErrorKind;

const URL: &str = "https://files.example.com/a?sig=geheim";

/// What a server does with one request for the file.
#[derive(Clone)]
enum Reply {
    /// An answer, the body in pieces, and how it ends.
    Answer(u16, Vec<(&'static str, String)>, Vec<&'static str>, End),
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
    Reply::Answer(status, headers, pieces.to_vec(), end)
}

/// What was done, and what came of it.
struct Story {
    text: String,
    requests: Vec<http::Request<Bytes>>,
    renewals: usize,
    rewinds: usize,
    progress: Vec<Progress>,
    seconds: u64,
    error: Option<Error>,
}

impl Story {
    fn ranges(&self) -> Vec<Option<&str>> {
        self.requests.iter().map(|request| request.headers().get(RANGE).map(|range| range.to_str().unwrap())).collect()
    }

    fn error(&self) -> String {
        self.error.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

/// Downloads with a clock that only sleeping moves.
fn tell(mut transfer: Transfer, replies: Vec<Reply>) -> Story {
    transfer.retries.set_random(|| 1.0);
    let start = Instant::now();
    let mut now = start;
    let mut replies = VecDeque::from(replies);
    let mut story = Story {
        text: String::new(),
        requests: Vec::new(),
        renewals: 0,
        rewinds: 0,
        progress: Vec::new(),
        seconds: 0,
        error: None,
    };
    let mut body: VecDeque<&'static str> = VecDeque::new();
    let mut end = End::Whole;
    loop {
        let told = match transfer.next(now) {
            Ok(Step::Done) => break,
            Ok(Step::Sleep(pause)) => {
                now += pause;
                Ok(())
            }
            Ok(Step::Renew(_)) => {
                story.renewals += 1;
                let fresh = r#"{"id":"run_1","url":"https://files.example.com/fresh?sig=neu"}"#;
                let run = answer::<Run>(200, fresh).unwrap();
                let response = http::Response::new(run.body.clone());
                transfer.renewed(FreshFile::decode::<Run>(&response).map(|value| Response {
                    value,
                    status: run.status,
                    headers: run.headers,
                    body: run.body,
                    attempts: 1,
                }))
            }
            Ok(Step::Open(attempt)) => {
                story.requests.push(attempt.request);
                match replies.pop_front().expect("another reply") {
                    Reply::Broken(kind) => transfer.broke(now, TransportError::new(kind, "it broke")),
                    Reply::Answer(status, headers, pieces, how) => {
                        let status = StatusCode::from_u16(status).unwrap();
                        match transfer.opened(now, &head(status, &headers)) {
                            Ok(Opened::Read) => {
                                (body, end) = (pieces.into(), how);
                                Ok(())
                            }
                            Ok(Opened::Refused) => {
                                transfer.refused(now, &head(status, &headers), pieces.concat().as_bytes())
                            }
                            Ok(Opened::Drop) => Ok(()),
                            Err(error) => Err(error),
                        }
                    }
                }
            }
            Ok(Step::Rewind) => {
                story.rewinds += 1;
                story.text.clear();
                transfer.rewound();
                Ok(())
            }
            Ok(Step::Read { .. }) => match body.pop_front() {
                Some(piece) => transfer.received(now, Bytes::from_static(piece.as_bytes())).map(|bytes| {
                    let Some(bytes) = bytes else { return };
                    story.text.push_str(std::str::from_utf8(&bytes).unwrap());
                    story.progress.extend(transfer.progress());
                }),
                None if end == End::Broken => {
                    transfer.broke(now, TransportError::new(TransportErrorKind::Connection, "reset"))
                }
                None => transfer.ended(now),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = told {
            story.error = Some(error);
            break;
        }
    }
    assert!(replies.is_empty(), "not all replies were asked for: {}", story.error());
    story.seconds = (now - start).as_secs();
    story
}

/// The head of a response; a body without a length is chunked, unless the connection is said to be closed.
fn head(status: StatusCode, headers: &[(&'static str, String)]) -> Parts {
    let (mut head, ()) = http::Response::builder().status(status).body(()).unwrap().into_parts();
    head.headers =
        headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
    if !["content-length", "connection", "transfer-encoding"].iter().any(|name| head.headers.contains_key(*name)) {
        head.headers.insert("transfer-encoding", http::HeaderValue::from_static("chunked"));
    }
    head
}

fn pre_signed(size: Option<i64>) -> Transfer {
    Transfer::new(&Run::with_file(URL, size), Config::new("sk_test_geheim")).unwrap()
}

#[test]
fn a_pre_signed_file_is_asked_for_without_the_key() {
    let story = tell(pre_signed(Some(6)), vec![ok(&[("content-length", "6")], &["abc", "def"], End::Whole)]);
    assert_eq!(story.text, "abcdef");
    let request = &story.requests[0];
    assert_eq!(request.uri(), URL);
    let mut names: Vec<_> = request.headers().keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "user-agent"]);
}

#[test]
fn a_file_that_needs_the_key_gets_it_from_stripe_only() {
    let file = |url: &str| KeyFile(Run::with_file(url, None));
    let url = "https://files.stripe.com/v1/files/file_1/contents";
    let config = Config::new("k").with_options(RequestOptions::new().account("acct_1"));
    let story = tell(Transfer::new(&file(url), config).unwrap(), vec![ok(&[], &["a"], End::Whole)]);
    assert_eq!(story.requests[0].headers()["authorization"], "Bearer k");
    assert_eq!(story.requests[0].headers()["stripe-account"], "acct_1");
    for url in ["https://evil.test/x", "http://files.stripe.com/x", "https://files.stripe.com@evil.test/x", "/x", ""] {
        let error = Transfer::new(&file(url), Config::new("k")).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Download, "{url}");
    }
}

#[test]
fn a_pre_signed_url_is_encrypted_unless_nothing_is() {
    let plain = Run::with_file("http://files.example.com/a", None);
    assert!(Transfer::new(&plain, Config::new("k")).is_err());
    let config = Config::builder("k").base_url("http://127.0.0.1:1").build().unwrap();
    assert!(Transfer::new(&plain, config).is_ok());
}

#[test]
fn no_file_is_an_error_that_says_what_to_do() {
    let without = |status| Transfer::new(&Run::new(status), Config::new("k")).err().unwrap();
    for (status, expected) in [
        ("running", "wait for it first"),
        ("succeeded", "the run succeeded, but its result has no URL"),
        ("failed", "the run failed"),
        ("paused", "the status of the run is unknown"),
    ] {
        assert_eq!(without(status).kind(), ErrorKind::NoResult);
        assert!(without(status).to_string().contains(expected), "{}", without(status));
    }
    let error = Transfer::new(&KeyFile(Run::new("")), Config::new("k")).err().unwrap();
    assert!(error.to_string().contains("the file has no URL"), "{error}");
}

#[test]
fn resumes_where_it_broke() {
    let etag = ("etag", "\"1\"");
    let replies = vec![
        ok(&[("content-length", "6"), etag], &["ab"], End::Broken),
        Reply::Broken(TransportErrorKind::Timeout),
        respond(206, &[("content-range", "bytes 2-5/6"), ("content-length", "4"), etag], &["cd"], End::Whole),
        respond(206, &[("content-range", "bytes 4-5/6"), ("content-length", "2"), etag], &["ef"], End::Whole),
    ];
    let story = tell(pre_signed(Some(6)), replies);
    assert_eq!(story.text, "abcdef", "{}", story.error());
    assert_eq!(story.ranges(), [None, Some("bytes=2-"), Some("bytes=2-"), Some("bytes=4-")]);
    assert!(story.requests[1..].iter().all(|request| request.headers()[IF_RANGE] == "\"1\""));
}

#[test]
fn begins_again_where_ranges_are_not_served() {
    let replies = vec![
        ok(&[("content-length", "6")], &["ab"], End::Broken),
        ok(&[("content-length", "6")], &["abc"], End::Broken),
        ok(&[("content-length", "6")], &["a", "bcde", "f"], End::Whole),
    ];
    let story = tell(pre_signed(None), replies);
    assert_eq!((story.text.as_str(), story.error().as_str()), ("abcdef", ""));
}

#[test]
fn progress_forgives_earlier_failures_and_its_lack_does_not() {
    let pieces = ["a", "b", "c", "d", "e", "f"];
    let etag = ("etag", "\"1\"");
    let mut replies = vec![ok(&[("content-length", "6"), etag], &["a"], End::Broken)];
    for (at, piece) in pieces.iter().enumerate().skip(1) {
        let range = format!("bytes {at}-5/6");
        let end = if at == 5 { End::Whole } else { End::Broken };
        replies.push(respond(206, &[("content-range", &range), etag], &[piece], end));
    }
    assert_eq!(tell(pre_signed(None), replies).text, "abcdef");

    let broken = || Reply::Broken(TransportErrorKind::Connection);
    let story = tell(pre_signed(None), vec![broken(), broken(), broken()]);
    let error = story.error.unwrap();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(error.is_retryable());
}

#[test]
fn an_expired_url_is_renewed_once_without_progress() {
    let expired = || respond(403, &[], &["<Error><Code>AccessDenied</Code></Error>"], End::Whole);
    let fresh = || ok(&[], &["abc"], End::Whole);
    let story = tell(pre_signed(None), vec![expired(), fresh()]);
    assert_eq!((story.text.as_str(), story.renewals), ("abc", 1));
    assert_eq!(story.requests[1].uri(), "https://files.example.com/fresh?sig=neu");

    let story = tell(pre_signed(None), vec![expired(), expired()]);
    let error = story.error.unwrap();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(StatusCode::FORBIDDEN)));
    assert!(!format!("{error} {error:?}").contains("sig="), "{error:?}");

    // In the middle of a file, and again after more of it.
    let part = |at: usize, piece| {
        let range = format!("bytes {at}-5/6");
        respond(206, &[("content-range", &range), ("etag", "\"1\"")], &[piece], End::Broken)
    };
    let start = ok(&[("content-length", "6"), ("etag", "\"1\"")], &["ab"], End::Broken);
    let replies = vec![start, expired(), part(2, "cd"), expired(), part(4, "ef")];
    let story = tell(pre_signed(Some(6)), replies);
    assert_eq!((story.text.as_str(), story.renewals), ("abcdef", 2), "{}", story.error());
}

#[test]
fn a_refusal_of_stripe_is_final_and_trouble_is_not() {
    let file = KeyFile(Run::with_file("https://files.stripe.com/x", None));
    let transfer = || Transfer::new(&file, Config::new("k")).unwrap();
    let body = r#"{"error":{"code":"resource_missing","message":"No such file"}}"#;
    let story = tell(transfer(), vec![respond(404, &[("request-id", "req_1")], &[body], End::Whole)]);
    let error = story.error.unwrap();
    assert_eq!((error.code(), error.request_id(), story.renewals), (Some("resource_missing"), Some("req_1"), 0));
    assert_eq!(error.endpoint(), Some("GET /x"));

    let busy = respond(503, &[("retry-after", "9")], &["busy"], End::Whole);
    let story = tell(transfer(), vec![busy, ok(&[], &["a"], End::Whole)]);
    assert_eq!((story.text.as_str(), story.seconds), ("a", 9));
}

#[test]
fn a_rate_limit_is_retried_for_as_long_as_the_options_say() {
    let file = KeyFile(Run::with_file("https://files.stripe.com/x", Some(1)));
    let busy = || respond(429, &[("retry-after", "20")], &[], End::Whole);
    for (limit, expected) in [(100, "a"), (50, "")] {
        let mut transfer = Transfer::new(&file, Config::new("k")).unwrap();
        let options = RequestOptions::new().retry_rate_limits_for(Duration::from_secs(limit)).max_retries(0);
        transfer.set_options(options);
        let replies = vec![busy(), busy(), busy(), ok(&[("content-length", "1")], &["a"], End::Whole)];
        let replies = if expected.is_empty() { vec![busy(), busy(), busy()] } else { replies };
        let story = tell(transfer, replies);
        assert_eq!(story.text, expected, "{}", story.error());
    }
}

#[test]
fn redirections_are_followed_without_the_key_and_only_so_far() {
    let to = |url: &str| respond(302, &[("location", url)], &[], End::Whole);
    let file = KeyFile(Run::with_file("https://files.stripe.com/v1/x", None));
    let transfer = || Transfer::new(&file, Config::new("k")).unwrap();
    let replies = vec![to("/v1/y?a#b"), to("https://evil.test/z"), ok(&[], &["a"], End::Whole)];
    let story = tell(transfer(), replies);
    let seen: Vec<_> = story
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

    let story = tell(transfer(), vec![to("http://files.stripe.com/v1/x")]);
    assert!(story.error().contains("where nothing is encrypted"), "{}", story.error());
    let story = tell(transfer(), (0..=MOST_REDIRECTIONS).map(|_| to("/v1/x")).collect());
    assert!(story.error().contains("again and again"), "{}", story.error());
    let story = tell(transfer(), vec![to("ftp://x")]);
    assert!(story.error().contains("no URL"), "{}", story.error());
}

#[test]
fn another_size_or_content_is_an_error() {
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
        let story = tell(pre_signed(Some(6)), replies);
        assert_eq!(story.error.map(|error| error.kind()), Some(ErrorKind::Download), "case {index}");
    }
}

#[test]
fn too_few_bytes_are_fetched_again_and_then_an_error() {
    let short = || ok(&[], &["abc"], End::Whole);
    let story = tell(pre_signed(Some(6)), vec![short(), short(), short()]);
    assert!(story.error().contains("after 3 of 6 bytes"), "{}", story.error());
    assert_eq!(story.text, "abc");
}

#[test]
fn a_file_that_was_whole_when_the_connection_broke_is_whole() {
    let story = tell(pre_signed(Some(6)), vec![ok(&[("content-length", "6")], &["abcdef"], End::Broken)]);
    assert_eq!((story.text.as_str(), story.error().as_str()), ("abcdef", ""));
    let story = tell(pre_signed(None), vec![ok(&[("content-length", "0")], &[], End::Whole)]);
    assert_eq!((story.text.as_str(), story.error().as_str()), ("", ""));
}

#[test]
fn the_time_is_limited() {
    let mut transfer = pre_signed(None);
    transfer.set_timeout(Duration::from_secs(20));
    let busy = || respond(503, &[("retry-after", "15")], &[], End::Whole);
    let story = tell(transfer, vec![busy(), busy()]);
    let error = story.error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.endpoint(), Some("GET [pre-signed URL]"));
    let last = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Error>());
    assert_eq!(last.and_then(Error::status), Some(StatusCode::SERVICE_UNAVAILABLE), "the reason is not lost");
}

#[test]
fn what_is_told_twice_changes_nothing() {
    let mut transfer = pre_signed(None);
    let now = Instant::now();
    for _ in 0..3 {
        assert!(matches!(transfer.next(now), Ok(Step::Open(_))), "an asker that went away asks again");
    }
    transfer.opened(now, &head(StatusCode::OK, &[])).unwrap();
    for _ in 0..2 {
        assert!(matches!(transfer.next(now), Ok(Step::Read { .. })));
    }
}
