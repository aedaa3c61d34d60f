//! Waiting for runs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::v2::data::reporting::{QueryRun, QueryRunStatus};
use stripe_reporting::{ErrorKind, RequestOptions};

use super::*;

const LONG: Duration = Duration::from_secs(20);

fn state(status: &str) -> Reply {
    Reply::json(200, query_run(status, None))
}

#[test]
fn a_run_is_looked_at_until_it_succeeded() {
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
        assert!(error.run::<ReportRun>().is_none());
        let text = "the run failed: The query broke. (code internal_error, run qryrun_1, status failed)";
        assert_eq!(error.to_string(), text);
    });
}

#[test]
fn an_id_is_enough_and_options_are_kept() {
    each(|kind| {
        let server = server([state("running"), state("succeeded")]);
        let options = RequestOptions::new().context("acct_1");
        kind.client(&server.url()).wait_for::<QueryRun>("qryrun_1".into(), options).unwrap();
        assert!(server.finish().iter().all(|request| request.header("stripe-context") == Some("acct_1")));
    });
}

#[test]
fn trouble_that_passes_does_not_end_it() {
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
fn trouble_that_stays_ends_it() {
    each(|kind| {
        let server =
            server([state("running"), Reply::json(404, r#"{"error":{"code":"not_found","message":"No such run"}}"#)]);
        let error = kind.client(&server.url()).wait(run("running", None), LONG).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("not_found")));
    });
}

#[test]
fn a_deadline_is_an_error_that_holds_the_last_state() {
    each(|kind| {
        let server = Server::start_with(|_| state("running"));
        let error = kind.client(&server.url()).wait(run("running", None), Duration::from_millis(200)).unwrap_err();
        assert_eq!(
            (error.kind(), error.run_id(), error.run_status()),
            (ErrorKind::WaitTimeout, Some("qryrun_1"), Some("running"))
        );
        assert!(error.run::<QueryRun>().is_some() && server.requests().len() > 2);
    });
}

#[test]
fn states_are_told() {
    let server = server([state("running"), state("succeeded")]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let AnyClient::Async(runtime, client) = Kind::Async.client(&server.url()) else { panic!() };
    let writer = seen.clone();
    let waiting = client
        .wait(run("running", None))
        .polling(polling(LONG))
        .on_state(move |run: &QueryRun| writer.lock().unwrap().push(run.status.to_string()));
    // It can be sent to another thread, and given up.
    runtime.block_on(async { tokio::spawn(async move { waiting.await }).await.unwrap().unwrap() });
    assert_eq!(*seen.lock().unwrap(), ["running", "running", "succeeded"]);
}

#[test]
fn a_run_that_is_done_is_not_asked_for() {
    each(|kind| {
        let server = server([]);
        let client = kind.client(&server.url());
        client.wait(run("succeeded", None), LONG).unwrap();
        assert_eq!(client.wait(run("failed", None), LONG).unwrap_err().kind(), ErrorKind::RunFailed);
        assert!(server.requests().is_empty());
    });
}
