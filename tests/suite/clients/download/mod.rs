//! Downloads with and without the API key.

mod archives;
mod columns;
mod files;
mod limits;
mod resuming;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::v1::sigma::ScheduledQueryRun;
use stripe_reporting::v2::reporting::ReportRun as ReportRunV2;
use stripe_reporting::{Config, ErrorKind, Progress, RequestOptions, blocking, client};

use super::*;

const CSV: &str = "id,amount\ntxn_1,100\ntxn_2,-5\n";

/// A download of one client or the other.
enum AnyDownload<'a> {
    Async(&'a tokio::runtime::Runtime, client::FileDownload),
    Blocking(blocking::FileDownload),
}

impl AnyClient {
    fn download<T: Download>(&self, run: &T) -> AnyDownload<'_> {
        match self {
            Self::Async(runtime, client) => AnyDownload::Async(runtime, client.download(run).unwrap()),
            Self::Blocking(client) => AnyDownload::Blocking(client.download(run).unwrap()),
        }
    }
}

impl AnyDownload<'_> {
    fn decompress(self) -> Self {
        match self {
            Self::Async(runtime, download) => Self::Async(runtime, download.decompress()),
            Self::Blocking(download) => Self::Blocking(download.decompress()),
        }
    }

    fn timeout(self, timeout: Duration) -> Self {
        match self {
            Self::Async(runtime, download) => Self::Async(runtime, download.timeout(timeout)),
            Self::Blocking(download) => Self::Blocking(download.timeout(timeout)),
        }
    }

    fn on_progress(self, on_progress: impl FnMut(Progress) + Send + 'static) -> Self {
        match self {
            Self::Async(runtime, download) => Self::Async(runtime, download.on_progress(on_progress)),
            Self::Blocking(download) => Self::Blocking(download.on_progress(on_progress)),
        }
    }

    fn save_to(self, path: &Path) -> Result<u64, Error> {
        match self {
            Self::Async(runtime, download) => runtime.block_on(download.save_to(path)),
            Self::Blocking(download) => download.save_to(path),
        }
    }

    fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        match self {
            Self::Async(runtime, download) => runtime.block_on(download.bytes(limit)),
            Self::Blocking(download) => download.bytes(limit),
        }
    }

    /// Returns what the chunks hold, and the error that ends them.
    fn chunks(self) -> (Vec<u8>, Option<Error>) {
        let mut read = Vec::new();
        let error = match self {
            Self::Async(runtime, download) => runtime.block_on(async {
                let mut chunks = download.chunks();
                loop {
                    match chunks.try_next().await {
                        Ok(Some(chunk)) => read.extend_from_slice(&chunk),
                        Ok(None) => return None,
                        Err(error) => return Some(error),
                    }
                }
            }),
            Self::Blocking(download) => download.chunks().find_map(|chunk| match chunk {
                Ok(chunk) => {
                    read.extend_from_slice(&chunk);
                    None
                }
                Err(error) => Some(error),
            }),
        };
        (read, error)
    }
}

/// A file larger than any buffer.
fn large() -> Vec<u8> {
    (0..400_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

/// Starts an object store; returns it with the pre-signed URL of a file.
fn pre_signed(replies: impl IntoIterator<Item = Reply>) -> (Server, String) {
    let store = server(replies);
    let url = format!("{}/file?X-Amz-Signature=geheim", store.url());
    (store, url)
}

#[test]
fn downloads_a_pre_signed_file_without_the_key() {
    each(|kind| {
        let api = server([]);
        let (store, url) = pre_signed([Reply::file(CSV)]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.csv");
        let size = kind.client(&api.url()).save(&run("succeeded", Some((&url, CSV.len()))), &path).unwrap();
        assert_eq!((size, fs::read_to_string(&path).unwrap().as_str()), (CSV.len() as u64, CSV));
        let requests = store.finish();
        assert_eq!(lines(&requests), ["GET /file?X-Amz-Signature=geheim"]);
        let mut names: Vec<_> = requests[0].headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "{kind:?}");
        assert!(api.requests().is_empty());
    });
}

#[test]
fn downloads_a_v1_file_with_the_key_and_the_account() {
    each(|kind| {
        let api = server([Reply::new(200, "text/csv", CSV)]);
        let client = kind.with(&api.url(), quick().account("acct_1"));
        let file = file("https://files.stripe.com/v1/files/file_1/contents", CSV.len());
        assert_eq!(client.bytes(&file, 1000).unwrap(), CSV);
        let requests = api.finish();
        assert_eq!(lines(&requests), ["GET /v1/files/file_1/contents"]);
        assert_eq!(requests[0].header("authorization"), Some("Bearer sk_test_geheim"));
        assert_eq!(requests[0].header("stripe-account"), Some("acct_1"));
        assert_eq!(requests[0].header("accept"), Some("*/*"));

        let files = server([Reply::new(200, "text/csv", CSV)]);
        let config = Config::builder(KEY).base_url("http://127.0.0.1:1").files_url(files.url()).build().unwrap();
        assert_eq!(kind.configured(config).bytes(&file, 1000).unwrap(), CSV);
        assert_eq!(lines(&files.finish()), ["GET /v1/files/file_1/contents"]);
    });
}

#[test]
fn downloads_every_kind_of_run() {
    each(|kind| {
        let api = Server::start_with(|_| Reply::new(200, "text/csv", CSV));
        let client = kind.client(&api.url());
        let file =
            serde_json::to_string(&file("https://files.stripe.com/v1/files/file_1/contents", CSV.len())).unwrap();
        let run: ReportRun = serde_json::from_str(&format!(
            r#"{{"id":"frr_1","object":"reporting.report_run","created":1600000000,"error":null,"livemode":true,"parameters":{{}},
            "report_type":"balance.summary.1","result":{file},"status":"succeeded","succeeded_at":1600000001}}"#
        ))
        .unwrap();
        assert_eq!(client.bytes(&run, 1000).unwrap(), CSV);
        let run: ScheduledQueryRun = serde_json::from_str(&format!(
            r#"{{"id":"sqr_1","object":"scheduled_query_run","created":1600000000,"data_load_time":1600000000,"file":{file},
            "livemode":false,"result_available_until":1600000000,"sql":"SELECT 1","status":"completed","title":"t"}}"#
        ))
        .unwrap();
        assert_eq!(client.bytes(&run, 1000).unwrap(), CSV);
        let run: ReportRunV2 = serde_json::from_str(&format!(
            r#"{{"id":"rptrun_1","object":"v2.reporting.report_run","created":"2026-10-01T00:00:00Z","livemode":false,
            "report":"rpt_1","report_name":"Balance","report_parameters":{{}},"status":"succeeded","status_details":{{}},
            "result":{{"type":"file","file":{{"content_type":"csv","size":"{}","download_url":{{"url":"{}/x"}}}}}}}}"#,
            CSV.len(),
            api.url()
        ))
        .unwrap();
        assert_eq!(client.bytes(&run, 1000).unwrap(), CSV);
    });
}

#[test]
fn a_redirect_to_another_host_gets_no_key() {
    each(|kind| {
        let elsewhere = server([Reply::new(200, "text/csv", CSV)]);
        let api = server([
            Reply::redirect(302, "/v1/files/file_1/again"),
            Reply::redirect(307, &format!("{}/stored", elsewhere.url())),
        ]);
        let file = file("https://files.stripe.com/v1/files/file_1/contents", CSV.len());
        assert_eq!(kind.client(&api.url()).bytes(&file, 1000).unwrap(), CSV);
        assert!(api.finish().iter().all(|request| request.header("authorization").is_some()));
        let requests = elsewhere.finish();
        assert_eq!(requests[0].line(), "GET /stored");
        for name in ["authorization", "stripe-version", "stripe-account", "stripe-context"] {
            assert_eq!(requests[0].header(name), None);
        }
        let evil = self::file("https://evil.test/v1/files/file_1/contents", 1);
        let error = kind.client("http://127.0.0.1:1").bytes(&evil, 1).unwrap_err();
        assert!(error.to_string().contains("on `evil.test`, which is not trusted with the API key"), "{error}");
    });
}

#[test]
fn retrieves_the_run_to_refresh_an_expired_url() {
    each(|kind| {
        let expired = || Reply::new(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
        let (old, old_url) = pre_signed([expired()]);
        let (new, new_url) = pre_signed([Reply::file(CSV)]);
        let api = server([Reply::json(200, query_run("succeeded", Some((&new_url, CSV.len()))))]);
        let client = kind.with(&api.url(), quick().context("acct_1"));
        assert_eq!(client.bytes(&run("succeeded", Some((&old_url, CSV.len()))), 1000).unwrap(), CSV);
        assert_eq!((old.finish().len(), new.finish().len()), (1, 1));
        let requests = api.finish();
        assert_eq!(lines(&requests), ["GET /v2/data/reporting/query_runs/qryrun_1"]);
        assert_eq!(requests[0].header("stripe-context"), Some("acct_1"));
    });
}

#[test]
fn an_error_response_is_not_a_file() {
    each(|kind| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.csv");
        let body = r#"{"error":{"code":"resource_missing","message":"No such file"}}"#;
        let api = server([Reply::json(404, body).request_id("req_1")]);
        let file = file("https://files.stripe.com/v1/files/file_1/contents", 3);
        let error = kind.client(&api.url()).save(&file, &path).unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), error.request_id()),
            (ErrorKind::Api, Some("resource_missing"), Some("req_1"))
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}

#[test]
fn bytes_have_a_limit() {
    each(|kind| {
        let client = kind.client("http://127.0.0.1:1");
        let (store, url) = pre_signed([]);
        let error = client.bytes(&run("succeeded", Some((&url, CSV.len()))), CSV.len() - 1).unwrap_err();
        assert_eq!((error.kind(), store.requests().len()), (ErrorKind::TooLarge, 0));
    });
}

#[test]
fn reads_a_file() {
    let body = large();
    let (_store, url) = pre_signed([Reply::file(body.clone()), Reply::file(body.clone())]);
    let run = run("succeeded", Some((&url, body.len())));
    let AnyClient::Async(runtime, client) = Kind::Async.client("http://127.0.0.1:1") else { panic!() };
    let read = runtime.block_on(async {
        let mut read = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut client.download(&run).unwrap().reader(), &mut read).await.unwrap();
        read
    });
    assert!(read == body);
    let AnyClient::Blocking(client) = Kind::Blocking.client("http://127.0.0.1:1") else { panic!() };
    let mut read = Vec::new();
    client.download(&run).unwrap().reader().read_to_end(&mut read).unwrap();
    assert!(read == body);
}

#[test]
fn a_cancelled_read_loses_nothing() {
    let body = large();
    let (_store, url) = pre_signed([Reply::file(body.clone()).drip(40_000, Duration::from_millis(5))]);
    let run = run("succeeded", Some((&url, body.len())));
    let AnyClient::Async(runtime, client) = Kind::Async.client("http://127.0.0.1:1") else { panic!() };
    let read = runtime.block_on(async {
        let mut chunks = client.download(&run).unwrap().chunks();
        let mut read = Vec::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(1), chunks.try_next()).await {
                Ok(chunk) => match chunk.unwrap() {
                    Some(chunk) => read.extend_from_slice(&chunk),
                    None => return read,
                },
                Err(_) => continue,
            }
        }
    });
    assert!(read == body);
}

#[test]
fn a_download_sends_its_options() {
    let api = server([Reply::new(200, "text/csv", CSV)]);
    let AnyClient::Blocking(client) = Kind::Blocking.client(&api.url()) else { panic!() };
    let file = file("https://files.stripe.com/v1/files/file_1/contents", CSV.len());
    let options = RequestOptions::new().account("acct_2").stripe_version("2025-01-01");
    client.download(&file).unwrap().options(options).bytes(1000).unwrap();
    let requests = api.finish();
    assert_eq!(requests[0].header("stripe-account"), Some("acct_2"));
    assert_eq!(requests[0].header("stripe-version"), Some("2025-01-01"));
}
