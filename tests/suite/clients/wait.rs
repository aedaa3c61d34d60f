//! Waiting for runs.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::v2::data;
use stripe_reporting::v2::data::reporting::{QueryRun, QueryRunStatus, RetrieveQueryRun};
use stripe_reporting::{ErrorKind, RequestOptions, Timestamp};

use super::*;

const LONG: Duration = Duration::from_secs(20);

fn state(status: &str) -> Reply {
    Reply::json(200, query_run(status, None))
}

#[test]
fn polls_a_run_until_it_succeeds() {
    each(|kind| {
        let server = server([state("running"), state("pondering"), state("succeeded")]);
        let done = kind.client(&server.url()).wait(run("running", None), LONG).unwrap();
        assert_eq!(done.status, QueryRunStatus::Succeeded);
        let requests = server.finish();
        assert_eq!(lines(&requests), ["GET /v2/data/reporting/query_runs/qryrun_1"; 3]);
        assert!(requests.iter().all(|request| request.header("idempotency-key").is_none() && request.body.is_empty()));
    });
}

#[test]
fn a_failed_run_is_an_error_with_its_reason() {
    each(|kind| {
        let server = server([state("failed")]);
        let error = kind.client(&server.url()).wait(run("running", None), LONG).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::RunFailed, Some("internal_error")));
        assert_eq!(error.run::<QueryRun>().unwrap().status, QueryRunStatus::Failed);
        assert!(error.run::<ReportRun>().is_none() && !error.is_retryable());
        let text = "the run failed: The query broke. (code internal_error, run qryrun_1, status failed)";
        assert_eq!(error.to_string(), text);
    });
}

#[test]
fn a_canceled_run_is_an_error_with_its_time_and_its_reason() {
    each(|kind| {
        let details = r#"{"canceled_at":"2026-10-28T10:00:00.123456789Z","code":null,"message":"Stopped."}"#;
        let server = server([data_run("running", "null", "null"), data_run("canceled", "null", details)]);
        let client = kind.client(&server.url());
        let error = client.wait_for::<data::QueryRun>("qrun_1".into(), RequestOptions::new()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::RunCanceled, "Stopped."));
        assert_eq!((error.run_id(), error.run_status()), (Some("qrun_1"), Some("canceled")));
        let canceled_at: Timestamp = "2026-10-28T10:00:00.123456789Z".parse().unwrap();
        assert_eq!(error.run_canceled_at(), Some(canceled_at));
        assert_eq!(error.run::<data::QueryRun>().unwrap().status, data::RunStatus::Canceled);
        assert!(!error.is_retryable());
        let text = "the run was canceled: Stopped. \
             (run qrun_1, status canceled, canceled at 2026-10-28T10:00:00.123456789Z)";
        assert_eq!(error.to_string(), text);
        assert_eq!(server.finish().len(), 2);
    });
}

#[test]
fn waits_for_an_id_with_options() {
    each(|kind| {
        let server = server([state("running"), state("succeeded")]);
        let options = RequestOptions::new().context("acct_1");
        kind.client(&server.url()).wait_for::<QueryRun>("qryrun_1".into(), options).unwrap();
        assert!(server.finish().iter().all(|request| request.header("stripe-context") == Some("acct_1")));
    });
}

/// Waits for a run or its id, with a parameter in every poll.
fn wait_with_schema(client: &AnyClient, run: Option<QueryRun>) -> Result<QueryRun, Error> {
    let with_schema = |request: RetrieveQueryRun| request.include(["result.file.schema"]);
    let options = RequestOptions::new().context("acct_1");
    match client {
        AnyClient::Async(runtime, client) => {
            let waiting = run.map_or_else(|| client.wait_for("qryrun_1"), |run| client.wait(run));
            let waiting = waiting.polling(polling(LONG)).options(options).retrieve_with(with_schema);
            // The wait is `Send` and `'static`.
            runtime.block_on(async { tokio::spawn(async move { waiting.await }).await.unwrap() })
        }
        AnyClient::Blocking(client) => {
            let waiting = run.map_or_else(|| client.wait_for("qryrun_1"), |run| client.wait(run));
            waiting.polling(polling(LONG)).options(options).retrieve_with(with_schema).until_done()
        }
    }
}

#[test]
fn every_poll_has_the_parameters_of_the_wait() {
    each(|kind| {
        for first in [Some(run("running", None)), None] {
            let server = server([state("running"), Reply::json(500, "{}"), state("succeeded")]);
            let done = wait_with_schema(&kind.with(&server.url(), quick().max_retries(0)), first).unwrap();
            assert_eq!(done.status, QueryRunStatus::Succeeded);
            let requests = server.finish();
            let retrieve = "GET /v2/data/reporting/query_runs/qryrun_1?include[0]=result.file.schema";
            assert_eq!(lines(&requests), [retrieve; 3]);
            assert!(requests.iter().all(|request| request.header("stripe-context") == Some("acct_1")));
        }
    });
}

#[test]
fn a_run_that_has_succeeded_is_retrieved_once_with_the_parameters() {
    each(|kind| {
        let server = server([Reply::json(200, query_run("succeeded", Some(("https://example.com/file", 7))))]);
        let client = kind.client(&server.url());
        let done = wait_with_schema(&client, Some(run("succeeded", None))).unwrap();
        assert_eq!(done.result_size(), Some(7), "what was retrieved");
        let error = wait_with_schema(&client, Some(run("failed", None))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RunFailed);
        let retrieve = "GET /v2/data/reporting/query_runs/qryrun_1?include[0]=result.file.schema";
        assert_eq!(lines(&server.finish()), [retrieve]);
    });
}

#[test]
fn continues_after_transient_errors() {
    each(|kind| {
        let busy = || Reply::json(429, "{}");
        let server =
            server([busy(), Reply::html(502, "<html>"), Reply::reset(), state("running"), busy(), state("succeeded")]);
        let client = kind.with(&server.url(), quick().max_retries(0));
        client.wait(run("running", None), LONG).unwrap();
        assert_eq!(server.finish().len(), 6);
    });
}

#[test]
fn ends_with_a_permanent_error() {
    each(|kind| {
        let server =
            server([state("running"), Reply::json(404, r#"{"error":{"code":"not_found","message":"No such run"}}"#)]);
        let error = kind.client(&server.url()).wait(run("running", None), LONG).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("not_found")));
    });
}

/// Waits for a run; returns the reported polls and the result.
fn watch(client: &AnyClient, polling: stripe_reporting::Polling) -> (Vec<String>, Result<QueryRun, Error>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let writer = seen.clone();
    let on_poll = move |poll: Result<&QueryRun, &Error>| {
        let text = poll.map_or_else(|error| format!("{:?}", error.kind()), |run| run.status.to_string());
        writer.lock().unwrap().push(text);
    };
    let end = match client {
        AnyClient::Async(runtime, client) => {
            let waiting = client.wait(run("running", None)).polling(polling).on_poll(on_poll);
            // The wait is `Send` and `'static`.
            runtime.block_on(async { tokio::spawn(async move { waiting.await }).await.unwrap() })
        }
        AnyClient::Blocking(client) => client.wait(run("running", None)).polling(polling).on_poll(on_poll).until_done(),
    };
    (std::mem::take(&mut *seen.lock().unwrap()), end)
}

#[test]
fn gives_up_on_an_unreachable_server_after_the_error_timeout() {
    each(|kind| {
        let client = kind.with(&Server::refused(), quick().max_retries(0));
        let begin = Instant::now();
        let (seen, end) = watch(&client, polling(LONG).error_timeout(Duration::from_millis(100)));
        let error = end.unwrap_err();
        assert_eq!((error.kind(), error.run_id()), (ErrorKind::Connection, Some("qryrun_1")), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(5) && seen.len() > 2, "{seen:?}");
        assert!(seen[1..].iter().all(|poll| poll == "Connection"), "{seen:?}");
    });
}

#[test]
fn the_first_retrieval_of_an_id_fails_like_any_request() {
    each(|kind| {
        let client = kind.client(&Server::refused());
        let options = RequestOptions::new().max_retries(1);
        let error = client.wait_for::<QueryRun>("qryrun_1".into(), options).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2), "{error}");
        let server = server([Reply::json(429, "{}").request_id("req_1")]);
        let error = kind.client(&server.url()).wait_for::<QueryRun>("qryrun_1".into(), RequestOptions::new());
        assert_eq!(error.unwrap_err().request_id(), Some("req_1"));
    });
}

#[test]
fn does_not_poll_a_finished_run() {
    each(|kind| {
        let server = server([]);
        let client = kind.client(&server.url());
        client.wait(run("succeeded", None), LONG).unwrap();
        assert_eq!(client.wait(run("failed", None), LONG).unwrap_err().kind(), ErrorKind::RunFailed);
        assert!(server.requests().is_empty());
    });
}
