//! Time limits of downloads.

use std::time::Instant;

use super::*;

/// More bytes than are received within the limit.
const SIZE: usize = 1 << 25;

const LIMIT: Duration = Duration::from_millis(400);

/// Less than the limit of an attempt, and enough for a busy machine.
const LATEST: Duration = Duration::from_secs(4);

/// Expects a download to fail at its time limit.
#[track_caller]
fn assert_ends(kind: Kind, download: AnyDownload<'_>, expected: ErrorKind) {
    let start = Instant::now();
    let error = download.bytes(1 << 30).unwrap_err();
    let elapsed = start.elapsed();
    assert_eq!(error.kind(), expected, "{kind:?}: {error:?}");
    assert!(elapsed >= LIMIT && elapsed < LATEST, "{kind:?}: {elapsed:?}");
}

fn drip(reply: Reply) -> Reply {
    reply.drip(1, Duration::from_millis(20))
}

#[test]
fn an_attempt_limits_a_slow_error_response() {
    let refused = || drip(Reply::new(404, "text/html", vec![b'.'; 10_000]));
    each(|kind| {
        let store = server([refused()]);
        let client = kind.with(&store.url(), quick().attempt_timeout(LIMIT));
        let file = file("https://files.stripe.com/v1/files/file_1/contents", 3);
        assert_ends(kind, client.download(&file), ErrorKind::Api);
    });
}

#[test]
fn the_timeout_limits_an_error_response() {
    each(|kind| {
        for body in
            [drip(Reply::new(404, "text/html", vec![b'.'; 10_000])), Reply::new(404, "text/html", "abc").stalled_at(2)]
        {
            let store = server([body]);
            let client = kind.client(&store.url());
            let file = file("https://files.stripe.com/v1/files/file_1/contents", 3);
            assert_ends(kind, client.download(&file).timeout(LIMIT), ErrorKind::Api);
        }
    });
}

#[test]
fn the_timeout_limits_the_file() {
    let endless = |pause| Reply::new(200, "text/csv", vec![b'.'; SIZE]).chunked().drip(64, pause);
    let stalled = Reply::new(200, "text/csv", "abc").chunked().stalled_at(2);
    for reply in [endless(Duration::ZERO), endless(Duration::from_millis(20)), stalled, Reply::never()] {
        each(|kind| {
            let (_store, url) = pre_signed([reply.clone()]);
            let client = kind.client("http://127.0.0.1:1");
            let run = run("succeeded", Some((&url, SIZE)));
            assert_ends(kind, client.download(&run).timeout(LIMIT), ErrorKind::Timeout);
        });
    }
}

#[test]
fn the_timeout_limits_refreshing_and_sleeping() {
    let busy = Reply::new(503, "text/plain", "busy").header("Retry-After", "30");
    for (file, api) in [(Reply::new(403, "text/plain", "expired"), vec![Reply::never()]), (busy, vec![])] {
        each(|kind| {
            let (_store, url) = pre_signed([file.clone()]);
            let api = server(api.clone());
            // With the default retry policy, which honours `Retry-After`.
            let config = Config::builder(KEY).base_url(api.url()).options(quick());
            let client = kind.configured(config.build().unwrap());
            let download = client.download(&run("succeeded", Some((&url, 3)))).timeout(LIMIT);
            assert_ends(kind, download, ErrorKind::Timeout);
        });
    }
}
