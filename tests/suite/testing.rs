//! The feature `examples`: example values of all models, and programs that are tested with scripted responses.

use std::time::{Duration, Instant};

use serde_json::json;
use stripe_reporting::testing::{Example, MockResponse, MockTransport, config};
use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{
    Client, Error, ErrorKind, RequestOptions, RunState, TransportError, TransportErrorKind, blocking, http,
};
use stripe_reporting_codegen::api::TypeKind;
use stripe_reporting_codegen::read;
use stripe_reporting_tests::models::{all_run_examples, model_examples};

use crate::models::without_nulls;

const FILE: &str = "id,amount\ntxn_1,1000\n";

#[test]
fn the_example_of_every_model_is_decoded_without_a_loss() {
    let api = read(&stripe_reporting_tests::description().unwrap()).unwrap();
    let structs = api.types.values().filter(|def| def.in_responses && matches!(def.kind, TypeKind::Struct(_)));
    let examples = model_examples();
    assert_eq!(examples.len(), structs.count());
    for example in examples {
        assert!(example.is_stable, "{example:?}");
        assert_eq!(without_nulls(example.encoded), without_nulls(example.json), "{}", example.path);
    }
}

#[test]
fn a_run_has_an_example_in_each_state() {
    let runs = all_run_examples();
    assert!(runs.len() > 10, "{runs:?}");
    for run in runs {
        assert_eq!(run.state, run.expected, "{run:?}");
        assert_eq!(run.has_result, run.state == RunState::Succeeded, "{run:?}");
        assert_eq!(run.has_reason, [RunState::Failed, RunState::Canceled].contains(&run.state), "{run:?}");
        assert!(!run.has_code || run.state == RunState::Failed, "{run:?}");
    }
}

#[test]
fn changes_to_an_example_are_checked() {
    let run = QueryRun::example().with(json!({"sql": "SELECT 1", "result": {"file": {"size": "21"}}})).unwrap();
    let url = |run: &QueryRun| run.result.as_ref().unwrap().file.as_ref().unwrap().download_url.clone();
    assert_eq!((run.sql.as_str(), url(&run)), ("SELECT 1", url(&QueryRun::example())));
    for (changes, path) in
        [(json!({"result": {"file": {"size": "many"}}}), "result.file.size"), (json!({"stauts": "failed"}), "stauts")]
    {
        let error = QueryRun::example().with(changes).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Decode, Some(path)), "{error}");
    }
}

fn on_tokio<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Creates a run, waits for it and returns its file.
async fn file(stripe: &Client) -> Result<String, Error> {
    let run = stripe.send(QueryRun::create("SELECT 1")).await?;
    let run = stripe.wait(run).timeout(Duration::from_secs(600)).await?;
    let bytes = stripe.download(&run)?.bytes(1_000).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn blocking_file(stripe: &blocking::Client) -> Result<String, Error> {
    let run = stripe.send(QueryRun::create("SELECT 1"))?;
    let run = stripe.wait(run).timeout(Duration::from_secs(600)).until_done()?;
    let bytes = stripe.download(&run)?.bytes(1_000)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Runs the program on both clients, with the same script.
fn both(script: impl Fn() -> MockTransport, check: impl Fn(Result<String, Error>, MockTransport)) {
    let mock = script();
    check(on_tokio(file(&mock.client())), mock);
    let mock = script();
    check(blocking_file(&mock.blocking_client()), mock);
}

fn run(state: RunState) -> QueryRun {
    QueryRun::example_in(state).unwrap()
}

fn succeeded() -> QueryRun {
    run(RunState::Succeeded).with(json!({"result": {"file": {"size": FILE.len().to_string()}}})).unwrap()
}

#[test]
fn a_program_is_tested_from_the_request_to_the_file() {
    let script = || {
        let mock = MockTransport::new().respond(run(RunState::Running)).respond(run(RunState::Running));
        mock.respond(succeeded()).respond_with(http::Response::new(FILE))
    };
    let start = Instant::now();
    both(script, |result, mock| {
        assert_eq!(result.unwrap(), FILE);
        let requests = mock.requests();
        let lines: Vec<_> = requests.iter().map(|request| format!("{} {}", request.method(), request.uri())).collect();
        let retrieve = "GET https://api.stripe.com/v2/data/reporting/query_runs/qryrun_test_xxx";
        assert_eq!(lines[0], "POST https://api.stripe.com/v2/data/reporting/query_runs");
        assert_eq!(lines[1..], [retrieve, retrieve, "GET https://stripeusercontent.com/files/us-west-2/..."]);
        assert_eq!(requests[0].body(), r#"{"sql":"SELECT 1"}"#);
        assert!(requests[0].headers().contains_key("idempotency-key"));
        assert!(requests.iter().all(|request| !request.headers().contains_key("authorization")));
        assert!(mock.unused_responses().is_empty());
    });
    assert!(start.elapsed() < Duration::from_millis(900), "waiting took {:?}", start.elapsed());
}

#[test]
fn a_failed_run_a_timeout_and_an_error_reach_the_program() {
    let failed = || MockTransport::new().respond(run(RunState::Running)).respond(run(RunState::Failed));
    both(failed, |result, _| {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.run_status()), (ErrorKind::RunFailed, Some("failed")), "{error}");
    });
    // 600 seconds, with pauses of at most 30.
    let running = || (0..100).fold(MockTransport::new(), |mock, _| mock.respond(run(RunState::Running)));
    both(running, |result, mock| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::WaitTimeout);
        assert!((22..40).contains(&mock.requests().len()), "{} requests", mock.requests().len());
    });
    let refused = json!({"error": {"code": "query_run_invalid_sql", "message": "no such table"}});
    let refused = || MockTransport::new().respond_with(MockResponse::json(http::StatusCode::BAD_REQUEST, &refused));
    both(refused, |result, _| assert_eq!(result.unwrap_err().code(), Some("query_run_invalid_sql")));
    let reset = || TransportError::new(TransportErrorKind::Connection, "connection reset");
    both(
        || MockTransport::new().respond_with(reset()),
        |result, mock| {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Connection);
            assert_eq!(mock.requests().len(), 1);
        },
    );
}

#[test]
fn a_request_without_a_response_and_a_response_without_a_request_are_reported() {
    both(
        || MockTransport::new().respond(run(RunState::Running)),
        |result, mock| {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains("no scripted response is left"), "{error}");
            assert_eq!(error.endpoint(), Some("GET /v2/data/reporting/query_runs/qryrun_test_xxx"));
            assert_eq!(mock.requests().len(), 2);
        },
    );
    let other = || MockTransport::new().respond_with(MockResponse::from(http::Response::new(FILE)).for_path("/other"));
    both(other, |result, mock| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert_eq!(mock.unused_responses(), ["200 OK with 21 bytes for `/other`"]);
    });
}

#[test]
fn retries_take_no_time() {
    let options = RequestOptions::new().max_retries(2);
    let mock = MockTransport::new()
        .respond_with(http::Response::builder().status(503).body("busy").unwrap())
        .respond_with(TransportError::new(TransportErrorKind::Timeout, "too late"))
        .respond(succeeded());
    let start = Instant::now();
    let stripe = blocking::Client::with_transport(config().options(options).build().unwrap(), mock);
    assert_eq!(stripe.execute(QueryRun::retrieve("qryrun_1")).unwrap().attempts, 3);
    assert!(start.elapsed() < Duration::from_millis(400));
}

#[test]
fn lists_and_files_are_scripted_by_path() {
    let run = |id: &str| {
        let run = ReportRun::example_in(RunState::Succeeded).unwrap();
        run.with(json!({"id": id, "result": {"size": FILE.len()}})).unwrap()
    };
    let page = |id: &str, has_more: bool| {
        let page =
            json!({"object": "list", "data": [run(id)], "has_more": has_more, "url": "/v1/reporting/report_runs"});
        MockResponse::json(http::StatusCode::OK, page).for_path("/v1/reporting/report_runs")
    };
    let mock = MockTransport::new()
        .respond_with(page("frr_2", true))
        .respond_with(http::Response::new(FILE))
        .respond_with(page("frr_1", false))
        .respond_with(http::Response::new(FILE));
    let folder = tempfile::tempdir().unwrap();
    let stripe = mock.client();
    let ids = on_tokio(async {
        let mut runs = stripe.list(ReportRun::list());
        let mut ids = Vec::new();
        while let Some(run) = runs.try_next().await? {
            stripe.download(&run)?.save_to(folder.path().join(run.id.as_str())).await?;
            ids.push(run.id.as_str().to_owned());
        }
        Ok::<_, Error>(ids)
    });
    assert_eq!(ids.unwrap(), ["frr_2", "frr_1"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("frr_1")).unwrap(), FILE);
    assert!(mock.unused_responses().is_empty());
}
