//! Result files of both ports: ranges, conditions, archives, refusals.

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use stripe_reporting_sandbox::Sandbox;

use crate::client::{QUERY_RUNS, REPORT_RUNS, Request, assert_sound, follow, get, id, post, query_run, report_run};

/// Returns a request of a v1 file.
async fn contents(sandbox: &Sandbox) -> impl Fn() -> Request {
    let run = report_run(sandbox).await;
    let run = get(sandbox, &format!("{REPORT_RUNS}/{}", id(&run))).send().await.ok();
    let (url, key) = (run["result"]["url"].as_str().unwrap().to_owned(), sandbox.key());
    move || follow(&url).key(key)
}

/// Returns a run of v2 and its pre-signed URL.
async fn pre_signed(sandbox: &Sandbox, run: &Value) -> (Value, String) {
    let run = get(sandbox, &format!("{QUERY_RUNS}/{}", id(run))).send().await.ok();
    let url = run["result"]["file"]["download_url"]["url"].as_str().unwrap().to_owned();
    (run, url)
}

/// Checks what both ports have in common.
async fn check(request: impl Fn() -> Request) {
    let whole = request().send().await;
    let (body, length) = (&whole.body, whole.body.len());
    let (etag, modified) = (whole.headers["etag"].as_str(), whole.headers["last-modified"].as_str());
    assert_eq!((whole.status, whole.headers["content-length"].parse()), (200, Ok(length)));
    assert_eq!(
        (whole.headers["accept-ranges"].as_str(), whole.headers["content-type"].as_str()),
        ("bytes", "text/csv")
    );
    assert!(etag.len() > 10 && etag.starts_with('"'), "{etag}");
    assert!(modified.ends_with(" GMT") && modified.len() == 29, "{modified}");
    let disposition = &whole.headers["content-disposition"];
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with(".csv\""), "{disposition}");
    let head = request().head().send().await;
    assert_eq!((head.status, head.body.len(), head.headers["content-length"].parse()), (200, 0, Ok(length)));
    assert_eq!(head.headers["etag"], etag);

    let last = length - 1;
    for (range, expected) in [
        ("bytes=0-0".to_owned(), 0..1),
        ("bytes=0-9".to_owned(), 0..10),
        ("bytes=10-".to_owned(), 10..length),
        ("bytes=-7".to_owned(), length - 7..length),
        ("bytes=-99999999".to_owned(), 0..length),
        ("bytes=9-99999999999999999999999".to_owned(), 9..length),
        (format!("bytes={last}-{}", last + 100), last..length),
    ] {
        let part = request().header("range", &range).send().await;
        assert_eq!((part.status, part.headers["etag"].as_str()), (206, etag), "{range}");
        let content_range = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
        assert_eq!((&part.body[..], &part.headers["content-range"]), (&body[expected], &content_range));
    }
    for range in ["bytes=0-1,3-4", "bytes=9-1", "rows=0-1", "bytes=a-b", "bytes=-", "bytes=+1-2"] {
        assert_eq!(request().header("range", range).send().await.status, 200, "{range}");
    }
    for range in [&format!("bytes={length}-"), "bytes=99999999999999999999999-", "bytes=-0"] {
        let beyond = request().header("range", range).send().await;
        assert_eq!((beyond.status, &beyond.headers["content-range"]), (416, &format!("bytes */{length}")), "{range}");
    }

    let status = async |name: &str, value: &str| {
        let request = request().header("range", "bytes=0-9").header(name, value);
        request.send().await.status
    };
    let weak = format!("W/{etag}");
    for (name, value, expected) in [
        ("if-range", etag, 206),
        ("if-range", modified, 206),
        ("if-range", "\"other\"", 200),
        ("if-range", &weak, 200),
        ("if-match", etag, 206),
        ("if-match", "\"other\"", 412),
        ("if-none-match", etag, 304),
        ("if-none-match", "\"other\"", 206),
    ] {
        assert_eq!(status(name, value).await, expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn contents_with_the_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = contents(&sandbox).await;
    check(&request).await;
    let refused = request().header("range", "bytes=9999999-").send().await;
    assert_eq!((refused.status, refused.error("type").as_str()), (416, "invalid_request_error"));
    assert_eq!(request().key(sandbox.live_key()).send().await.status, 404);
    assert_eq!(request().key("").send().await.status, 401);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn pre_signed_urls() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_, url) = pre_signed(&sandbox, &query_run(&sandbox).await).await;
    check(|| follow(&url)).await;
    assert_sound(&sandbox);
}

#[tokio::test]
async fn pre_signed_urls_are_refused_in_xml() {
    let sandbox = Sandbox::builder().clock("2026-06-01T12:00:00Z".parse().unwrap()).start().await.unwrap();
    let (_, url) = pre_signed(&sandbox, &query_run(&sandbox).await).await;
    let check = async |request: Request, status: u16, code: &str| {
        let refused = request.send().await;
        assert_eq!((refused.status, refused.headers["content-type"].as_str()), (status, "application/xml"));
        assert!(refused.text.contains(&format!("<Error><Code>{code}</Code>")), "{refused:?}");
    };
    check(follow(&url).key(sandbox.key()), 400, "InvalidArgument").await;
    check(follow(&url.replace("signature=", "signature=0")), 403, "SignatureDoesNotMatch").await;
    check(follow(&url.replace("expires=1", "expires=2")), 403, "SignatureDoesNotMatch").await;
    check(follow(&url.replace("/qryrun", "/qryrux")), 403, "SignatureDoesNotMatch").await;
    check(follow(url.split('?').next().unwrap()), 403, "SignatureDoesNotMatch").await;
    check(follow(&url.replace("/files/", "/cheese/")), 404, "NoSuchKey").await;
    check(follow(&url).header("range", "bytes=9999999-"), 416, "InvalidRange").await;
    sandbox.advance(Duration::from_secs(299));
    assert_eq!(follow(&url).send().await.status, 200);
    sandbox.advance(Duration::from_secs(1));
    check(follow(&url), 403, "AccessDenied").await;
    let downloads: Vec<_> = sandbox.requests().into_iter().filter(|request| request.path.contains("/files/")).collect();
    assert_eq!((downloads.len(), downloads[0].status.as_u16()), (8, 400));
}

#[tokio::test]
async fn a_result_is_an_archive_on_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let sql = "SELECT id, amount FROM charges";
    let create = async |compress: bool| {
        let body = json!({"sql": sql, "result_options": {"compress_file": compress}});
        pre_signed(&sandbox, &post(&sandbox, QUERY_RUNS, body).send().await.ok()).await
    };
    let (_, csv) = create(false).await;
    let (run, url) = create(true).await;
    let archive = follow(&url).send().await;
    assert_eq!(archive.headers["content-type"], "application/zip");
    assert!(archive.headers["content-disposition"].ends_with(".zip\""), "{archive:?}");
    let file = &run["result"]["file"];
    assert_eq!((&file["content_type"], &file["size"]), (&json!("zip"), &json!(archive.body.len().to_string())));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&archive.body)).unwrap();
    assert_eq!(zip.len(), 1);
    let mut text = String::new();
    zip.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, follow(&csv).send().await.text);
    let other = Sandbox::start().await.unwrap();
    let body = json!({"sql": sql, "result_options": {"compress_file": true}});
    let (_, url) = pre_signed(&other, &post(&other, QUERY_RUNS, body).send().await.ok()).await;
    assert_eq!(follow(&url).send().await.headers["etag"], archive.headers["etag"]);
    assert_sound(&sandbox);
}
