//! What a plain client sees of each fault.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stripe_reporting_sandbox::{Fault, Sandbox};

use crate::client::{
    QUERY_RUNS, REPORT_RUNS, assert_sound, balance, follow, get, id, ids, post, query_run, report_run,
};
use crate::description::with_file as with_fixture;

const CREATE: &str = "POST /v1/reporting/report_runs";

/// Returns a sandbox with a result, and the result's pre-signed URL.
async fn with_file() -> (Sandbox, String) {
    let sandbox = Sandbox::start().await.unwrap();
    let run = query_run(&sandbox).await;
    let run = get(&sandbox, &format!("{QUERY_RUNS}/{}", id(&run))).send().await.ok();
    let url = run["result"]["file"]["download_url"]["url"].as_str().unwrap().to_owned();
    (sandbox, url)
}

fn faults(sandbox: &Sandbox) -> Vec<Option<&'static str>> {
    sandbox.requests().iter().map(|request| request.fault).collect()
}

#[tokio::test]
async fn a_status_has_the_body_of_the_generation() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fault(Fault::status(503).should_retry(false).retry_after(7).on(CREATE));
    let response = post(&sandbox, REPORT_RUNS, balance(&sandbox)).send().await;
    assert_eq!((response.status, response.error("type").as_str()), (503, "api_error"));
    assert!(response.headers["request-id"].starts_with("req_"), "{response:?}");
    assert_eq!(response.headers["stripe-should-retry"], "false");
    assert_eq!((response.headers["retry-after"].as_str(), sandbox.runs().len()), ("7", 6));
    report_run(&sandbox).await;
    sandbox.fault(Fault::status(429));
    assert_eq!(get(&sandbox, "/v2/core/events").send().await.error("code"), "account_rate_limit_exceeded");
    sandbox.fault(Fault::status(429).code("lock_timeout"));
    let response = get(&sandbox, REPORT_RUNS).send().await;
    assert_eq!((response.status, response.error("code").as_str()), (429, "lock_timeout"));
    sandbox.fault(Fault::status(500).without_body());
    assert_eq!(get(&sandbox, REPORT_RUNS).send().await.text, "");
    assert_eq!(faults(&sandbox), [Some("status"), None, Some("status"), Some("status"), Some("status")]);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_proxy_returns_html() {
    let (sandbox, url) = with_file().await;
    sandbox.fault(Fault::html(502).times(2));
    for request in [get(&sandbox, REPORT_RUNS), follow(&url)] {
        let response = request.send().await;
        assert_eq!((response.status, response.headers["content-type"].as_str()), (502, "text/html"));
        assert!(response.text.contains("<h1>502 Bad Gateway</h1>") && !response.headers.contains_key("request-id"));
    }
}

#[tokio::test]
async fn latency_delays_the_request_that_may_meet_another_fault() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fault(Fault::latency(Duration::from_millis(40)).always());
    sandbox.fault(Fault::latency(Duration::from_millis(20)).after_work().always());
    sandbox.fault(Fault::status(500));
    for status in [500, 200] {
        let start = Instant::now();
        assert_eq!(get(&sandbox, REPORT_RUNS).send().await.status, status);
        assert!(start.elapsed() >= Duration::from_millis(60), "{:?}", start.elapsed());
    }
    assert_eq!(faults(&sandbox), [Some("status"), Some("latency")]);
}

#[tokio::test]
async fn the_connection_ends_before_the_response() {
    let (sandbox, url) = with_file().await;
    let before = sandbox.runs().len();
    for (fault, error) in [(Fault::reset(), Some(ErrorKind::ConnectionReset)), (Fault::close(), None)] {
        sandbox.fault(fault.clone().on(CREATE));
        let raw = post(&sandbox, REPORT_RUNS, balance(&sandbox)).raw().await;
        assert_eq!((raw.bytes.len(), raw.error), (0, error));
        sandbox.fault(fault.on_files());
        let raw = follow(&url).raw().await;
        assert_eq!((raw.bytes.len(), raw.error), (0, error));
    }
    assert_eq!(sandbox.runs().len(), before);
    assert_eq!(sandbox.requests().last().unwrap().status.as_u16(), 444);
}

#[tokio::test]
async fn a_response_is_lost_and_the_run_exists() {
    let sandbox = Sandbox::start().await.unwrap();
    let before = sandbox.runs().len();
    sandbox.fault(Fault::lost_response().on(CREATE));
    sandbox.fault(Fault::status(500).after_work().on(CREATE));
    // The interval follows from the time, which passes between requests.
    let form = balance(&sandbox);
    let request = || post(&sandbox, REPORT_RUNS, &form).header("idempotency-key", "a");
    let raw = request().raw().await;
    assert_eq!((raw.bytes.len(), raw.error), (0, Some(ErrorKind::ConnectionReset)));
    assert_eq!(sandbox.runs().len(), before + 1);
    assert_eq!(request().send().await.status, 500);
    let run = request().send().await.ok();
    assert_eq!((sandbox.runs().len(), id(&run)), (before + 1, sandbox.runs().last().unwrap().id.as_str()));
    assert_eq!(sandbox.requests()[0].status, 200);
}

#[tokio::test]
async fn a_body_ends_early() {
    let (sandbox, url) = with_file().await;
    let whole = follow(&url).send().await;
    for (fault, error) in
        [(Fault::reset_body(1_000), Some(ErrorKind::ConnectionReset)), (Fault::close_body(1_000), None)]
    {
        sandbox.fault(fault.on_files());
        let raw = follow(&url).raw().await;
        let response = raw.response();
        assert_eq!((raw.error, response.status, &response.body[..]), (error, 200, &whole.body[..1_000]));
        assert_eq!(response.headers["content-length"], whole.body.len().to_string());
        let rest = follow(&url).header("range", "bytes=1000-").header("if-range", &response.headers["etag"]);
        assert_eq!([response.body, rest.send().await.body].concat(), whole.body);
    }
    // A body that is shorter is whole.
    sandbox.fault(Fault::close_body(usize::MAX));
    assert_eq!(get(&sandbox, REPORT_RUNS).send().await.json()["object"], "list");
    sandbox.fault(Fault::reset_body(5));
    assert_eq!(follow(&url).head().raw().await.response().body.len(), 0);
}

#[tokio::test]
async fn a_body_is_slow() {
    let (sandbox, url) = with_file().await;
    let whole = follow(&url).send().await;
    let size = u64::try_from(whole.body.len()).unwrap();
    sandbox.fault(Fault::throttle(size * 10).on_files());
    let start = Instant::now();
    assert_eq!(follow(&url).send().await.body, whole.body);
    assert!(start.elapsed() > Duration::from_millis(80), "{:?}", start.elapsed());
    sandbox.fault(Fault::throttle(0).on_files());
    let stalled = tokio::time::timeout(Duration::from_millis(50), follow(&url).raw()).await;
    assert!(stalled.is_err());
}

#[tokio::test]
async fn a_length_is_wrong() {
    let (sandbox, url) = with_file().await;
    let whole = follow(&url).send().await.body;
    for difference in [-10, 10] {
        sandbox.fault(Fault::content_length(difference).on_files());
        let response = follow(&url).send().await;
        let length = response.headers["content-length"].parse::<isize>().unwrap();
        assert_eq!(length - isize::try_from(whole.len()).unwrap(), difference);
        assert_eq!(response.body, whole);
    }
}

#[tokio::test]
async fn json_is_truncated() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fault(Fault::truncated_json());
    let response = get(&sandbox, REPORT_RUNS).send().await;
    assert_eq!((response.status, response.headers["content-length"].parse()), (200, Ok(response.body.len())));
    assert!(serde_json::from_str::<Value>(&response.text).is_err_and(|error| error.is_eof()), "{response:?}");
}

#[tokio::test]
async fn a_url_has_expired() {
    let (sandbox, url) = with_file().await;
    sandbox.fault(Fault::expired_url());
    assert_eq!(get(&sandbox, QUERY_RUNS).send().await.status, 404);
    let response = follow(&url).send().await;
    assert!(response.status == 403 && response.text.contains("Request has expired"), "{response:?}");
    assert_eq!(follow(&url).send().await.status, 200);
}

#[tokio::test]
async fn a_file_changes() {
    let (sandbox, url) = with_file().await;
    let whole = follow(&url).send().await;
    for (fault, is_longer) in [(Fault::changed_file(), true), (Fault::changed_file_of_same_size(), false)] {
        sandbox.fault(fault.times(3));
        let other = follow(&url).send().await;
        assert_ne!((&other.headers["etag"], &other.body), (&whole.headers["etag"], &whole.body));
        assert_eq!((other.status, other.body.len() > whole.body.len()), (200, is_longer));
        assert!(is_longer || other.body.len() == whole.body.len());
        let resumed = || follow(&url).header("range", "bytes=1000-");
        let part = resumed().send().await;
        assert_eq!((part.status, &part.body[..]), (206, &other.body[1_000..]));
        let conditional = resumed().header("if-range", &whole.headers["etag"]).send().await;
        assert_eq!((conditional.status, conditional.body), (200, other.body));
        assert_eq!(follow(&url).send().await.body, whole.body);
    }
}

#[tokio::test]
async fn a_page_is_returned_again() {
    let sandbox = Sandbox::start().await.unwrap();
    for _ in 0..5 {
        report_run(&sandbox).await;
    }
    let page = async |target: &str| get(&sandbox, target).send().await.ok();
    sandbox.fault(Fault::duplicated_page().times(2));
    let first = page(&format!("{REPORT_RUNS}?limit=2")).await;
    let second = format!("{REPORT_RUNS}?limit=2&starting_after={}", ids(&first)[1]);
    for _ in 0..2 {
        assert_eq!(page(&second).await, first);
    }
    assert_ne!(ids(&page(&second).await), ids(&first));
    assert_eq!(sandbox.requests().last().unwrap().query, sandbox.requests()[6].query);
    query_run(&sandbox).await;
    sandbox.fault(Fault::duplicated_page());
    let first = page("/v2/core/events?limit=1").await;
    let next = first["next_page_url"].as_str().unwrap();
    assert_eq!(page(next).await["next_page_url"], next);
    assert_ne!(page(next).await["next_page_url"], next);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_page_is_returned_again_beside_other_readers() {
    let sandbox = Sandbox::start().await.unwrap();
    for _ in 0..6 {
        report_run(&sandbox).await;
    }
    let page = async |target: &str| get(&sandbox, target).send().await.ok();
    let after = |page: &Value| format!("{REPORT_RUNS}?limit=2&starting_after={}", ids(page)[1]);
    let first = page(&format!("{REPORT_RUNS}?limit=2")).await;
    let second = page(&after(&first)).await;
    let third = page(&after(&second)).await;
    sandbox.fault(Fault::duplicated_page());
    assert_eq!(ids(&page(&after(&first)).await), ids(&first), "{third}");
}

#[tokio::test]
async fn a_page_of_rows_is_returned_again() {
    let directory = with_fixture("cheese.yaml", include_str!("fixtures/cheese.yaml"));
    let sandbox = Sandbox::builder().spec(directory.path()).start().await.unwrap();
    let body = json!({"dataset": "analytical", "query": {"sql": "SELECT id FROM charges LIMIT 9"}});
    let run = post(&sandbox, "/v2/dairy/runs", body).send().await.ok();
    let page = async |page: &str| {
        let target = format!("/v2/dairy/runs/{}?include[0]=result.inline&limit=3{page}", id(&run));
        get(&sandbox, &target).send().await.ok()["result"]["inline"].clone()
    };
    sandbox.fault(Fault::duplicated_page());
    let first = page("").await;
    let second = format!("&page={}", first["next_page_url"].as_str().unwrap());
    assert_eq!(page(&second).await, first);
    assert_ne!(page(&second).await["rows"], first["rows"]);
}

#[tokio::test]
async fn routes_are_patterns() {
    let sandbox = Sandbox::start().await.unwrap();
    let status = async |pattern: &str| {
        sandbox.clear_faults();
        sandbox.fault(Fault::status(503).on(pattern));
        get(&sandbox, "/v1/files/file_1").send().await.status
    };
    for met in ["/v1/files/{id}", "GET /v1/files/*", " get  /v1/**", "/**", "/v1/files/file_1", "/v1/files/**"] {
        assert_eq!(status(met).await, 503, "{met}");
    }
    for other in ["POST /v1/files/*", "/v1/files", "/v1/files/*/contents", "/v2/**", "v1/files/file_1", ""] {
        assert_eq!(status(other).await, 404, "{other}");
    }
}

#[tokio::test]
async fn faults_are_met_in_order_and_with_a_probability() {
    let sandbox = Sandbox::start().await.unwrap();
    let statuses = async |count: usize| {
        let mut statuses = Vec::new();
        for _ in 0..count {
            statuses.push(get(&sandbox, REPORT_RUNS).send().await.status);
        }
        statuses
    };
    sandbox.fault(Fault::status(500).times(2));
    sandbox.fault(Fault::status(503));
    sandbox.fault(Fault::status(404).on("/v2/**").always());
    assert_eq!(statuses(4).await, [500, 500, 503, 200]);
    sandbox.clear_faults();
    let fault = || Fault::status(500).probability(0.5, 1);
    sandbox.fault(fault());
    let first = statuses(20).await;
    assert!(first.contains(&500) && first.contains(&200), "{first:?}");
    sandbox.clear_faults();
    sandbox.fault(fault());
    assert_eq!(statuses(20).await, first);
    sandbox.clear_faults();
    assert_eq!(statuses(1).await, [200]);
}

#[tokio::test]
async fn requests_of_the_page_and_of_the_admin_api_meet_no_fault() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fault(Fault::reset().always());
    for path in ["/", "/_sandbox/faults"] {
        assert_eq!(get(&sandbox, path).send().await.status, 200, "{path}");
    }
    assert_eq!(post(&sandbox, REPORT_RUNS, json!({})).raw().await.error, Some(ErrorKind::ConnectionReset));
}
