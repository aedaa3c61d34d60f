//! Sending: what goes over the wire, retries, options.

use std::time::{Duration, Instant};

use stripe_reporting::v1::reporting::{ReportRun, ReportRunParameters, ReportTypeId};
use stripe_reporting::v2::data::reporting::{CreateQueryRun, QueryRun};
use stripe_reporting::{Client, Config, ErrorKind, RawRequest, Request, RequestOptions, Value, blocking};

use super::*;

const V1_RUN: &str = r#"{"id":"frr_1","object":"reporting.report_run","created":1600000000,"error":null,"livemode":false,
    "parameters":{"interval_start":1598918400},"report_type":"balance.summary.1","result":null,"status":"pending",
    "succeeded_at":null}"#;

#[test]
fn a_v2_request_is_json_with_all_headers() {
    each(|kind| {
        let server = server([Reply::json(200, query_run("running", None)).request_id("req_1")]);
        let response = kind.client(&server.url()).execute(QueryRun::create("SELECT 1")).unwrap();
        assert_eq!((response.status.as_u16(), response.request_id(), response.attempts), (200, Some("req_1"), 1));
        assert_eq!(response.value.id, "qryrun_1");
        assert!(response.body.starts_with(br#"{"id":"qryrun_1""#));
        let requests = server.finish();
        assert_eq!(lines(&requests), ["POST /v2/data/reporting/query_runs"]);
        let request = &requests[0];
        assert_eq!(request.text(), r#"{"sql":"SELECT 1"}"#);
        let mut headers = request.headers.clone();
        headers.sort();
        let port = request.header("host").unwrap().to_owned();
        let key = request.header("idempotency-key").unwrap().to_owned();
        assert_eq!(key.len(), 36, "{key}");
        let expected = [
            ("accept", "application/json"),
            ("authorization", "Bearer sk_test_geheim"),
            ("content-length", "18"),
            ("content-type", "application/json"),
            ("host", port.as_str()),
            ("idempotency-key", key.as_str()),
            ("stripe-version", CreateQueryRun::OPERATION.stripe_version),
            ("user-agent", concat!("stripe-reporting/", env!("CARGO_PKG_VERSION"), " (Rust bindings; API v2)")),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, expected, "{kind:?}");
    });
}

#[test]
fn a_v1_request_is_a_form() {
    each(|kind| {
        let server = server([Reply::json(200, V1_RUN)]);
        let start = stripe_reporting::Timestamp::from_second(1_598_918_400).unwrap();
        let parameters = ReportRunParameters::new().columns(["a b", "ü"]).interval_start(start);
        let request = ReportRun::create(ReportTypeId::BALANCE_SUMMARY_1).parameters(parameters);
        kind.client(&server.url()).send(request).unwrap();
        let requests = server.finish();
        assert_eq!(requests[0].header("content-type"), Some("application/x-www-form-urlencoded"));
        let text = requests[0].text();
        for part in
            ["parameters[columns][0]=a+b", "parameters[columns][1]=%C3%BC", "parameters[interval_start]=1598918400"]
        {
            assert!(text.contains(part), "{text}");
        }
    });
}

#[test]
fn request_options_override_client_options() {
    each(|kind| {
        let server = server([Reply::json(200, "{}"), Reply::json(200, "{}")]);
        let client = kind.with(&server.url(), quick().account("acct_client").context("acct_org").stripe_version("1"));
        let own = RequestOptions::new().account("acct_own").idempotency_key("key-1").stripe_version("2");
        client.send(RawRequest::post("/v1/x", serde_json::json!({"a": [1, true]})).with(own)).unwrap();
        client.send(RawRequest::get("/v2/x?a=b").with(RequestOptions::new().idempotency_key("k"))).unwrap();
        let requests = server.finish();
        let header = |index: usize, name: &str| requests[index].header(name).map(str::to_owned);
        assert_eq!(header(0, "stripe-account").as_deref(), Some("acct_own"));
        assert_eq!(header(0, "stripe-context").as_deref(), Some("acct_org"));
        assert_eq!(header(0, "stripe-version").as_deref(), Some("2"));
        assert_eq!(header(0, "idempotency-key").as_deref(), Some("key-1"));
        assert_eq!(requests[0].text(), "a[0]=1&a[1]=true");
        assert_eq!(header(1, "stripe-account").as_deref(), Some("acct_client"));
        assert_eq!(header(1, "idempotency-key"), None, "a GET has no key");
        assert_eq!(requests[1].line(), "GET /v2/x?a=b");
    });
}

#[test]
fn a_raw_request_returns_json_or_a_type() {
    each(|kind| {
        let server = server([Reply::json(200, r#"{"a":1}"#), Reply::json(200, V1_RUN)]);
        let client = kind.client(&server.url());
        let value = client.send(RawRequest::get("/v1/x")).unwrap();
        assert_eq!(value["a"], 1);
        let run = client.send(RawRequest::get("/v1/reporting/report_runs/frr_1").response_type::<ReportRun>());
        assert_eq!(run.unwrap().id, "frr_1");
        let _ = server.finish();
    });
}

#[test]
fn when_applies_a_setter_to_some() {
    use stripe_reporting::prelude::*;

    let config = Config::new(KEY);
    let list = |cursor: Option<&str>| {
        let list = ReportRun::list().limit(5).when(cursor, |list, cursor| list.starting_after(cursor));
        list.to_http(&config).unwrap().uri().to_string()
    };
    let url = "https://api.stripe.com/v1/reporting/report_runs?limit=5";
    assert_eq!((list(None), list(Some("frr_1"))), (url.to_owned(), format!("{url}&starting_after=frr_1")));
    let options = |account: Option<&str>| {
        let options = RequestOptions::new().context("acct_0").when(account, RequestOptions::account);
        let call = ReportRun::list().with(options).when(account, |call, _| call);
        let http = call.to_http(&config).unwrap();
        (http.headers().get("stripe-account").cloned(), http.headers().get("stripe-context").cloned())
    };
    let value = stripe_reporting::http::HeaderValue::from_static;
    assert_eq!(options(None), (None, Some(value("acct_0"))));
    assert_eq!(options(Some("acct_1")), (Some(value("acct_1")), Some(value("acct_0"))));
}

#[test]
fn reuses_connections() {
    each(|kind| {
        let server = server([Reply::json(200, "{}"), Reply::json(404, "{}"), Reply::json(200, "{}").chunked()]);
        let client = kind.client(&server.url());
        for _ in 0..3 {
            let _ = client.send(RawRequest::get("/v1/x"));
            // A task of the async client returns the connection to the pool soon after the response is read.
            std::thread::sleep(Duration::from_millis(100));
        }
        let connections: Vec<_> = server.finish().iter().map(|request| request.connection).collect();
        assert_eq!(connections, [0, 0, 0], "{kind:?}");
    });
}

/// Each failure is followed by a success with the same idempotency key.
#[test]
fn retries_transient_failures() {
    let failures = [
        Reply::json(500, "{}"),
        Reply::json(409, r#"{"error":{"message":"conflict"}}"#),
        Reply::json(429, r#"{"error":{"code":"lock_timeout"}}"#),
        Reply::json(400, "{}").header("Stripe-Should-Retry", "true"),
        Reply::reset(),
        Reply::close(),
        Reply::json(200, query_run("running", None)).truncated_at(20),
        Reply::json(200, query_run("running", None)).reset_at(20),
        Reply::json(200, query_run("running", None)).stalled_at(20),
        Reply::never(),
        Reply::verbatim("This is no HTTP.\r\n\r\n"),
    ];
    std::thread::scope(|scope| {
        for (index, failure) in failures.iter().enumerate() {
            scope.spawn(move || {
                each(|kind| {
                    let server = server([failure.clone(), Reply::json(200, query_run("running", None))]);
                    let client = kind.with(&server.url(), quick().attempt_timeout(Duration::from_millis(1000)));
                    let response = client.execute(QueryRun::create("SELECT 1"));
                    let response = response.unwrap_or_else(|error| panic!("{kind:?}, failure {index}: {error:?}"));
                    assert_eq!(response.attempts, 2);
                    let requests = server.finish();
                    assert_eq!(requests[0].header("idempotency-key"), requests[1].header("idempotency-key"));
                    assert_eq!(requests[0].body, requests[1].body);
                });
            });
        }
    });
}

#[test]
fn does_not_retry_permanent_failures() {
    for failure in [
        Reply::json(400, "{}"),
        Reply::json(401, "{}"),
        Reply::json(404, "{}"),
        Reply::json(429, "{}"),
        Reply::json(429, "{}").header("Retry-After", "1"),
        Reply::json(500, "{}").header("Stripe-Should-Retry", "false"),
        Reply::json(409, "{}").header("Stripe-Should-Retry", "false"),
        Reply::redirect(302, "/v1/elsewhere"),
    ] {
        each(|kind| {
            let server = server([failure.clone()]);
            let error = kind.client(&server.url()).send(RawRequest::get("/v1/x")).unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
            assert_eq!(server.finish().len(), 1);
        });
    }
}

#[test]
fn gives_up_after_max_retries() {
    each(|kind| {
        let server = server((0..3).map(|_| Reply::json(503, "{}").request_id("req_1")));
        let error = kind.client(&server.url()).send(RawRequest::get("/v1/x")).unwrap_err();
        assert_eq!((error.attempts(), error.is_retryable(), error.request_id()), (3, true, Some("req_1")));
        assert_eq!(error.endpoint(), Some("GET /v1/x"));
        assert!(error.to_string().ends_with("request req_1, endpoint GET /v1/x, attempts 3)"), "{error}");
        let _ = server.finish();

        let server = Server::start([Reply::json(503, "{}")]);
        let request = RawRequest::get("/v1/x").with(RequestOptions::new().max_retries(0));
        assert_eq!(kind.client(&server.url()).send(request).unwrap_err().attempts(), 1);
    });
}

#[test]
fn retry_after_is_honoured() {
    each(|kind| {
        let server = server([Reply::json(503, "{}").header("Retry-After", "1"), Reply::json(200, "{}")]);
        let config = Config::builder(KEY).base_url(server.url()).build().unwrap();
        let begin = Instant::now();
        kind.configured(config).send(RawRequest::get("/v1/x")).unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(1));
    });
}

#[test]
fn attempts_and_requests_time_out() {
    each(|kind| {
        let pause = Duration::from_millis(20);
        let server = server([Reply::json(200, "{}").slow_head().drip(1, pause)]);
        kind.client(&server.url()).send(RawRequest::get("/v1/x")).unwrap();

        for slow in [
            Reply::json(200, "{}").after(Duration::from_secs(3)),
            Reply::json(200, "[1,2,3,4,5,6,7,8,9,10,11,12]").drip(1, Duration::from_millis(100)),
            Reply::never(),
        ] {
            let server = Server::start([slow]);
            let options = RequestOptions::new().attempt_timeout(Duration::from_millis(400)).max_retries(0);
            let begin = Instant::now();
            let error = kind.client(&server.url()).send(RawRequest::get("/v1/x").with(options)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{kind:?}: {error:?}");
            assert!(error.is_retryable() && begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
        }

        let server = Server::start([Reply::never()]);
        let options = RequestOptions::new().timeout(Duration::from_millis(400));
        let error = kind.client(&server.url()).send(RawRequest::get("/v1/x").with(options)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    });
}

#[test]
fn clients_are_shared_with_other_options() {
    let server = server([Reply::json(200, "{}"), Reply::json(200, "{}")]);
    let config = Config::builder(KEY).base_url(server.url()).build().unwrap();
    let client = blocking::Client::with_config(config.clone()).unwrap();
    let theirs = client.with_options(RequestOptions::new().account("acct_1"));
    std::thread::spawn(move || theirs.send(RawRequest::get("/v1/x")).unwrap()).join().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::with_config(config).unwrap().with_options(RequestOptions::new().account("acct_2"));
    runtime.block_on(async move {
        let task = tokio::spawn(async move { client.send(RawRequest::get("/v1/x")).await });
        task.await.unwrap().unwrap();
    });
    let accounts: Vec<_> =
        server.finish().iter().map(|request| request.header("stripe-account").unwrap().to_owned()).collect();
    assert_eq!(accounts, ["acct_1", "acct_2"]);
}

#[test]
fn extreme_timeouts_do_not_panic() {
    each(|kind| {
        let server = Server::start_with(|_| Reply::json(200, "{}"));
        let no_time = Duration::ZERO;
        for (connect, attempt, total) in [
            (Duration::MAX, Duration::MAX, Duration::MAX),
            (no_time, Duration::MAX, Duration::MAX),
            (Duration::MAX, no_time, Duration::MAX),
            (Duration::MAX, Duration::MAX, no_time),
            (Duration::from_nanos(1), Duration::from_nanos(1), Duration::from_secs(3)),
        ] {
            let options = RequestOptions::new().connect_timeout(connect).attempt_timeout(attempt).timeout(total);
            let options = options.max_retries(0).retry_rate_limits_for(Duration::MAX);
            let result = kind.with(&server.url(), options).send(RawRequest::get("/v1/x"));
            // On loopback, even a zero timeout may suffice.
            let is_endless = [connect, attempt, total] == [Duration::MAX; 3];
            assert!(result.is_ok() || !is_endless, "{kind:?}: {result:?}");
        }
        let body = super::run("succeeded", Some((&server.url(), 2)));
        let options = quick().attempt_timeout(Duration::MAX);
        assert_eq!(kind.with(&server.url(), options).bytes(&body, 2).unwrap(), "{}");
    });
}

/// Futures can be spawned.
#[test]
fn futures_and_streams_are_send() {
    fn sent<T: Send>(_: T) {}
    let client = Client::with_config(Config::builder(KEY).base_url("http://127.0.0.1:1").build().unwrap()).unwrap();
    let run = super::run("succeeded", Some(("http://127.0.0.1:1", 1)));
    sent(client.send(QueryRun::create("SELECT 1")));
    sent(client.execute(QueryRun::create("SELECT 1")));
    let mut items = client.list(ReportRun::list());
    sent(items.try_next());
    sent(client.list(ReportRun::list()).pages());
    sent(client.wait(run.clone()).into_future());
    sent(client.download(&run).unwrap().save_to("x"));
    sent(client.download(&run).unwrap().reader());
    sent(client.download(&run).unwrap().records::<Value>());
    let client =
        blocking::Client::with_config(Config::builder(KEY).base_url("http://127.0.0.1:1").build().unwrap()).unwrap();
    sent(client.list(ReportRun::list()));
    sent(client.wait(run.clone()));
    sent(client.download(&run).unwrap().chunks());
}
