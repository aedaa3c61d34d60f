//! Idempotency keys, by the rules of both generations.

use std::time::Duration;

use serde_json::json;
use stripe_reporting_sandbox::{Limits, Sandbox, Timing};

use crate::client::{QUERY_RUNS, REPORT_RUNS, balance, id, post};

#[tokio::test]
async fn v1_replays_the_response() {
    let sandbox = Sandbox::builder().clock("2026-06-01T00:00:00Z".parse().unwrap()).start().await.unwrap();
    let form = balance(&sandbox);
    let send = async |form: &str| post(&sandbox, REPORT_RUNS, form).header("idempotency-key", "one").send().await;
    let first = send(&form).await;
    let second = send(&form).await;
    // The response is the first one, although the run has succeeded since.
    assert_eq!(first.text, second.text);
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(second.headers["idempotency-key"], "one");
    let other = send(&format!("{form}&parameters[currency]=usd")).await;
    assert_eq!((other.status, other.error("type").as_str()), (400, "idempotency_error"));
    sandbox.advance(Duration::from_secs(25 * 3600));
    assert_ne!(id(&send(&form).await.ok()), id(&first.ok()));
}

#[tokio::test]
async fn nothing_is_saved_for_a_request_that_is_not_valid() {
    let sandbox = Sandbox::start().await.unwrap();
    let send = async |form: &str| post(&sandbox, REPORT_RUNS, form).header("idempotency-key", "one").send().await;
    assert_eq!(send("report_type=cheese").await.status, 404);
    assert_eq!(send("cheese=1").await.status, 400);
    assert_eq!(send(&balance(&sandbox)).await.status, 200);
    let long = "x".repeat(256);
    let response = post(&sandbox, REPORT_RUNS, balance(&sandbox)).header("idempotency-key", &long).send().await;
    assert_eq!(response.status, 400);
}

#[tokio::test]
async fn v2_returns_what_was_created_as_it_is_now() {
    let sandbox = Sandbox::start().await.unwrap();
    let send =
        async |sql: &str| post(&sandbox, QUERY_RUNS, json!({"sql": sql})).header("idempotency-key", "one").send().await;
    let first = send("SELECT 1").await.ok();
    let second = send("SELECT 1").await.ok();
    assert_eq!((&first["status"], &second["status"]), (&json!("running"), &json!("succeeded")));
    assert_eq!(first["id"], second["id"]);
    let other = send("SELECT 2").await;
    assert_eq!((other.status, other.error("code").as_str()), (409, "idempotency_error"));
}

#[tokio::test]
async fn v2_executes_what_failed_again() {
    let sandbox = Sandbox::builder().schedule(Timing::Never).start().await.unwrap();
    let mut limits = Limits::default();
    limits.concurrent_runs = Some((0, 0));
    sandbox.set_limits(limits);
    let send =
        async || post(&sandbox, QUERY_RUNS, json!({"sql": "SELECT 1"})).header("idempotency-key", "a").send().await;
    assert_eq!(send().await.status, 429);
    sandbox.set_limits(Limits::default());
    assert_eq!(id(&send().await.ok()), id(&send().await.ok()));
}

#[tokio::test]
async fn keys_are_separate_by_account_and_mode() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = balance(&sandbox);
    let send = || post(&sandbox, REPORT_RUNS, &form).header("idempotency-key", "one");
    let first = send().send().await.ok();
    let live = send().key(sandbox.live_key()).send().await.ok();
    let connected = send().header("stripe-account", sandbox.accounts().last().unwrap()).send().await.ok();
    assert_ne!(first["id"], live["id"]);
    assert_ne!(first["id"], connected["id"]);
}
