//! Resumed and restarted downloads.

use std::collections::VecDeque;

use stripe_reporting::DownloadAccess;
use stripe_reporting::v2::data::reporting::QueryRun;

use super::*;

#[test]
fn resumes_a_broken_connection() {
    let body = large();
    for broken in [
        Reply::file(body.clone()).reset_at(100_000),
        Reply::file(body.clone()).truncated_at(100_000),
        Reply::file(body.clone()).stalled_at(100_000),
        Reply::file(body.clone()).chunked().truncated_at(100_000),
    ] {
        each(|kind| {
            let (store, url) = pre_signed([broken.clone(), Reply::file(body.clone())]);
            let client = kind.with("http://127.0.0.1:1", quick().attempt_timeout(Duration::from_millis(800)));
            let run = run("succeeded", Some((&url, body.len())));
            assert!(client.bytes(&run, body.len()).unwrap() == body, "{kind:?}");
            let requests = store.finish();
            let range = requests[1].header("range").unwrap_or_default();
            let first: usize = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap();
            assert!(first > 0 && first <= 100_000, "{range}");
            assert_eq!(requests[1].header("if-range"), Some("\"1\""));
        });
    }
}

/// A run that does not report the size of its file.
#[derive(serde::Deserialize)]
struct Unsized(QueryRun);

impl Download for Unsized {
    type Refresh = stripe_reporting::RawRequest<Self>;
    const ACCESS: DownloadAccess = DownloadAccess::PreSigned;

    fn refresh_request(&self) -> Self::Refresh {
        stripe_reporting::RawRequest::get("/v2/data/reporting/query_runs/qryrun_1").response_type()
    }

    fn result_url(&self) -> Option<&str> {
        self.0.result_url()
    }
}

fn unsized_run(url: &str) -> Unsized {
    Unsized(run("succeeded", Some((url, 0))))
}

/// A client that retries without a delay.
fn hasty(kind: Kind) -> AnyClient {
    let policy =
        |failed: &stripe_reporting::FailedAttempt<'_>| failed.default_delay().map(|_| Duration::from_millis(2));
    let config = Config::builder(KEY).base_url("http://127.0.0.1:1").options(quick()).retry_policy(policy);
    kind.configured(config.build().unwrap())
}

/// Downloads in every way, each with the same script of replies.
fn all_ways<T: Download>(kind: Kind, resource: impl Fn(&str) -> T, script: &[Reply]) -> Vec<Result<Vec<u8>, Error>> {
    let left = Arc::new(Mutex::new(VecDeque::new()));
    let replies = left.clone();
    let store = Server::start_with(move |request| {
        let reply = replies.lock().unwrap().pop_front();
        reply.unwrap_or_else(|| Reply::json(599, format!("no reply is left for {}", request.line())))
    });
    let client = hasty(kind);
    let (url, folder) = (format!("{}/file", store.url()), tempfile::tempdir().unwrap());
    let path = folder.path().join("result.csv");
    let start = || {
        left.lock().unwrap().clear();
        left.lock().unwrap().extend(script.iter().cloned());
        client.download(&resource(&url))
    };
    let saved = start().save_to(&path).map(|size| {
        let saved = fs::read(&path).unwrap();
        assert_eq!(size, saved.len() as u64);
        saved
    });
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, usize::from(saved.is_ok()), "a partial file is left");
    let in_memory = start().bytes(1 << 30).map(|bytes| bytes.to_vec());
    let (chunks, error) = start().chunks();
    vec![saved, in_memory, error.map_or(Ok(chunks), Err)]
}

#[track_caller]
fn assert_all(results: Vec<Result<Vec<u8>, Error>>, expected: Result<&[u8], ErrorKind>) {
    for (way, result) in ["save_to", "bytes", "chunks"].iter().zip(results) {
        match (&result, expected) {
            (Ok(read), Ok(file)) => assert!(read == file, "{way}: {} of {} bytes", read.len(), file.len()),
            (Err(error), Err(kind)) => assert_eq!(error.kind(), kind, "{way}: {error:?}"),
            (Ok(read), Err(_)) => panic!("{way}: expected an error, found {} bytes", read.len()),
            (Err(error), Ok(_)) => panic!("{way}: {error:?}"),
        }
    }
}

fn etag(reply: Reply, etag: &str) -> Reply {
    reply.header("ETag", etag)
}

#[test]
fn a_truncated_file_is_never_complete() {
    let body = large();
    let half = || etag(Reply::new(200, "text/csv", body.clone()).chunked(), "\"1\"").truncated_at(100_000);
    // The server reports the truncated size as the size of the file.
    let nothing_more = || Reply::new(416, "text/plain", "").header("Content-Range", "bytes */100000");
    let whole = || etag(Reply::new(200, "text/csv", body.clone()).chunked(), "\"1\"");
    let closed = || Reply::new(200, "text/csv", body[..100_000].to_vec()).until_close();
    each(|kind| {
        assert_all(all_ways(kind, unsized_run, &[half(), nothing_more(), whole()]), Ok(&body));
        assert_all(all_ways(kind, unsized_run, &[half(), nothing_more(), half()]), Err(ErrorKind::Connection));
        assert_all(all_ways(kind, unsized_run, &[closed(), closed(), closed()]), Err(ErrorKind::Connection));
        // HTTP/1.0 does not mark the end either.
        let old = || Reply::verbatim("HTTP/1.0 200 OK\r\n\r\nid,amount\n");
        assert_all(all_ways(kind, unsized_run, &[old(), old(), old()]), Err(ErrorKind::Connection));
        // The size that the run states is as good as a mark.
        let sized = |url: &str| run("succeeded", Some((url, 100_000)));
        assert_all(all_ways(kind, sized, &[closed()]), Ok(&body[..100_000]));
        let resized = |url: &str| run("succeeded", Some((url, body.len())));
        assert_all(all_ways(kind, resized, &[closed(), closed(), closed()]), Err(ErrorKind::Connection));
        // So is the size of an earlier response.
        let promised = || Reply::new(200, "text/csv", body.clone()).truncated_at(100_000);
        assert_all(all_ways(kind, unsized_run, &[promised(), closed(), closed()]), Err(ErrorKind::Connection));
    });
}

#[test]
fn a_marked_end_completes_a_file_without_a_size() {
    each(|kind| {
        assert_all(all_ways(kind, unsized_run, &[Reply::new(200, "text/csv", CSV).chunked()]), Ok(CSV.as_bytes()));
        assert_all(all_ways(kind, unsized_run, &[Reply::new(200, "text/csv", "")]), Ok(b""));
        let empty = |url: &str| run("succeeded", Some((url, 0)));
        assert_all(all_ways(kind, empty, &[Reply::new(200, "text/csv", "").until_close()]), Ok(b""));
    });
}

#[test]
fn never_mixes_two_versions_of_one_size() {
    let (first, mut second) = (large(), large());
    second.iter_mut().for_each(|byte| *byte ^= 1);
    let sized = |url: &str| run("succeeded", Some((url, first.len())));
    let start = |tag: &str| etag(Reply::new(200, "text/csv", first.clone()), tag).truncated_at(100_000);
    for (before, after) in [("\"1\"", "\"2\""), ("W/\"1\"", "W/\"1\""), ("\"1\"", "W/\"1\""), ("plain", "plain")] {
        // A server that ignores `If-Range`.
        let ranged = |tag: &str| etag(Reply::file_without_etag(second.clone()), tag);
        let whole = |body: &[u8], tag: &str| etag(Reply::new(200, "text/csv", body), tag);
        each(|kind| {
            let script = [start(before), ranged(after), whole(&second, after)];
            let results = all_ways(kind, sized, &script);
            let mut results = results.into_iter();
            assert!(results.next().unwrap().unwrap() == second, "a saved file is rewound");
            for result in results {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Download, "{kind:?}, {before}");
            }
            let script = [start(before), ranged(after), whole(&first, after)];
            if before.starts_with('"') {
                assert_all(all_ways(kind, sized, &script), Ok(&first));
            }
        });
    }
}

#[test]
fn a_rewound_file_may_have_another_size_and_format() {
    let (first, second) = (super::archives::zipped(&["a.csv"]), large());
    let start = || Reply::new(200, "application/zip", first.clone()).truncated_at(first.len() - 30);
    each(|kind| {
        let store = server([start(), Reply::new(200, "text/csv", second.clone())]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.csv");
        let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let writer = seen.clone();
        let client = hasty(kind);
        let download = client.download(&unsized_run(&store.url())).decompress();
        let download = download.on_progress(move |progress| writer.lock().unwrap().push(progress));
        assert_eq!(download.save_to(&path).unwrap(), second.len() as u64);
        assert!(fs::read(&path).unwrap() == second);
        let seen = seen.lock().unwrap();
        assert!(seen.windows(2).all(|pair| pair[0].received < pair[1].received), "{seen:?}");
        assert!(seen.iter().all(|progress| progress.total.is_some_and(|total| progress.received <= total)));
        assert_eq!(store.finish().len(), 2);
    });
}
