//! Runs: their schedules, outcomes, results and limits.

use std::time::Duration;

use serde_json::{Value, json};
use stripe_reporting_sandbox::{Limits, Outcome, Sandbox, Timing};

use crate::client::{QUERY_RUNS, REPORT_RUNS, assert_sound, balance, follow, get, id, post, query_run, report_run};

async fn retrieved(sandbox: &Sandbox, path: &str, run: &Value) -> Value {
    get(sandbox, &format!("{path}/{}", id(run))).send().await.ok()
}

#[tokio::test]
async fn a_report_run_has_a_file_that_requires_the_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = report_run(&sandbox).await;
    assert_eq!((&run["status"], &run["result"]), (&json!("pending"), &Value::Null));
    assert!(id(&run).starts_with("frr_"), "{run}");
    let run = retrieved(&sandbox, REPORT_RUNS, &run).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    let file = &run["result"];
    assert_eq!((&file["object"], &file["purpose"]), (&json!("file"), &json!("finance_report_run")));
    let url = file["url"].as_str().unwrap();
    assert_eq!(follow(url).send().await.status, 401);
    let contents = follow(url).key(sandbox.key()).send().await;
    assert_eq!((contents.status, contents.headers["content-type"].as_str()), (200, "text/csv"));
    assert!(contents.text.starts_with("category,description,net_amount,currency\n"), "{}", contents.text);
    assert_eq!(file["size"], contents.text.len());
    let retrieved = get(&sandbox, &format!("/v1/files/{}", id(file))).send().await.ok();
    assert_eq!(&retrieved, file);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_query_run_has_a_pre_signed_url_for_five_minutes() {
    let sandbox = Sandbox::builder().clock("2026-06-01T12:00:00Z".parse().unwrap()).start().await.unwrap();
    let run = query_run(&sandbox).await;
    assert_eq!((&run["status"], &run["created"]), (&json!("running"), &json!("2026-06-01T12:00:00.000Z")));
    let run = retrieved(&sandbox, QUERY_RUNS, &run).await;
    let file = &run["result"]["file"];
    assert_eq!((&run["result"]["type"], &file["content_type"]), (&json!("file"), &json!("csv")));
    assert_eq!(file["download_url"]["expires_at"], "2026-06-01T12:05:00.000Z");
    assert_eq!(file.get("schema"), None);
    let url = file["download_url"]["url"].as_str().unwrap();
    let contents = follow(url).send().await;
    assert!(contents.text.starts_with("id,amount\n"), "{contents:?}");
    assert_eq!(file["size"], contents.text.len().to_string());
    assert_eq!(follow(url).key(sandbox.key()).send().await.status, 400);
    assert_eq!(follow(&url.replace("signature=", "signature=0")).send().await.status, 403);
    sandbox.advance(Duration::from_secs(300));
    assert_eq!(follow(url).send().await.status, 403);
    let again = retrieved(&sandbox, QUERY_RUNS, &run).await;
    assert_eq!(follow(again["result"]["file"]["download_url"]["url"].as_str().unwrap()).send().await.status, 200);
    let included = get(&sandbox, &format!("{QUERY_RUNS}/{}?include[0]=result.file.schema", id(&run))).send().await.ok();
    assert_eq!(included["result"]["file"]["schema"][0], json!({"name": "id", "type": "varchar"}));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn the_schedule_is_the_callers() {
    let clock = "2026-06-01T12:00:00Z".parse().unwrap();
    let sandbox = Sandbox::builder().clock(clock).schedule(Timing::AfterPolls(2)).start().await.unwrap();
    let run = query_run(&sandbox).await;
    for status in ["running", "succeeded", "succeeded"] {
        assert_eq!(retrieved(&sandbox, QUERY_RUNS, &run).await["status"], status);
    }
    sandbox.schedule_next(Timing::After(Duration::from_secs(60)));
    let run = query_run(&sandbox).await;
    assert_eq!(retrieved(&sandbox, QUERY_RUNS, &run).await["status"], "running");
    sandbox.advance(Duration::from_secs(59));
    assert_eq!(retrieved(&sandbox, QUERY_RUNS, &run).await["status"], "running");
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(retrieved(&sandbox, QUERY_RUNS, &run).await["status"], "succeeded");
    sandbox.schedule(Timing::Never);
    let run = query_run(&sandbox).await;
    assert!(sandbox.runs().iter().any(|found| found.id == id(&run) && found.is_running));
    assert!(sandbox.finish(id(&run), Outcome::Succeeded));
    assert_eq!(retrieved(&sandbox, QUERY_RUNS, &run).await["status"], "succeeded");
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_run_ends_in_real_time_without_requests() {
    let schedule = Timing::After(Duration::from_millis(20));
    let sandbox = Sandbox::builder().schedule(schedule).start().await.unwrap();
    let run = report_run(&sandbox).await;
    let is_running = || sandbox.runs().iter().any(|found| found.id == id(&run) && found.is_running);
    for _ in 0..200 {
        if !is_running() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the run is in progress after two seconds");
}

#[tokio::test]
async fn a_run_fails_with_a_code_and_a_message() {
    let sandbox = Sandbox::start().await.unwrap();
    let outcome = Outcome::Failed { code: "internal_error".into(), message: "Out of cheese.".into() };
    sandbox.schedule(outcome);
    let query = query_run(&sandbox).await;
    assert_eq!(query["status_details"], json!({}));
    let query = retrieved(&sandbox, QUERY_RUNS, &query).await;
    assert_eq!((&query["status"], &query["result"]), (&json!("failed"), &Value::Null));
    let details = json!({"failed": {"error_code": "internal_error", "error_message": "Out of cheese."}});
    assert_eq!(query["status_details"], details);
    let report = retrieved(&sandbox, REPORT_RUNS, &report_run(&sandbox).await).await;
    assert_eq!((&report["status"], &report["error"]), (&json!("failed"), &json!("Out of cheese.")));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn runs_of_scheduled_queries_exist_and_are_added() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = "/v1/sigma/scheduled_query_runs";
    let runs = get(&sandbox, path).send().await.ok();
    assert_eq!(runs["data"].as_array().unwrap().len(), 3);
    assert_eq!((&runs["data"][0]["status"], &runs["data"][0]["file"]["type"]), (&json!("completed"), &json!("csv")));
    let properties = json!({"sql": "SELECT id FROM charges", "title": "Charges"});
    let added = sandbox.add("scheduled_query_run", properties, Outcome::Status("timed_out".into())).await.unwrap();
    let run = get(&sandbox, &format!("{path}/{added}")).send().await.ok();
    assert_eq!((&run["status"], &run["title"], &run["file"]), (&json!("timed_out"), &json!("Charges"), &Value::Null));
    assert!(sandbox.add("scheduled_query_run", json!({"title": 1}), Outcome::Succeeded).await.is_err());
    assert!(sandbox.add("cheese", json!({}), Outcome::Succeeded).await.is_err());
    assert_sound(&sandbox);
}

#[tokio::test]
async fn concurrent_runs_are_limited_by_key() {
    let sandbox = Sandbox::builder().schedule(Timing::Never).start().await.unwrap();
    let mut limits = Limits::default();
    limits.concurrent_runs = Some((3, 2));
    sandbox.set_limits(limits);
    let (first, _) = (query_run(&sandbox).await, query_run(&sandbox).await);
    let sql = json!({"sql": "SELECT 1"});
    let refused = post(&sandbox, QUERY_RUNS, &sql).send().await;
    assert_eq!((refused.status, refused.error("code").as_str()), (429, "query_run_rate_limit_exceeded"));
    let refused = post(&sandbox, REPORT_RUNS, balance(&sandbox)).send().await;
    assert_eq!((refused.status, refused.error("code").as_str()), (429, "rate_limit"));
    assert_eq!(post(&sandbox, QUERY_RUNS, &sql).key(sandbox.live_key()).send().await.status, 200);
    assert!(sandbox.finish(id(&first), Outcome::Canceled));
    assert_eq!(retrieved(&sandbox, QUERY_RUNS, &first).await["status"], "failed");
    query_run(&sandbox).await;
    sandbox.set_limits(Limits::off());
    query_run(&sandbox).await;
    // A request that fails does not count.
    for _ in 0..3 {
        assert_eq!(post(&sandbox, QUERY_RUNS, json!({"sql": "SELEC"})).send().await.status, 400);
    }
    query_run(&sandbox).await;
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_run_fails_when_it_exceeds_the_time_or_the_size_limit() {
    let clock = "2026-06-01T12:00:00Z".parse().unwrap();
    let sandbox = Sandbox::builder().clock(clock).schedule(Timing::Never).start().await.unwrap();
    let run = query_run(&sandbox).await;
    sandbox.advance(Duration::from_secs(90 * 60));
    let run = retrieved(&sandbox, QUERY_RUNS, &run).await;
    assert_eq!(run["status_details"]["failed"]["error_code"], "internal_error", "{run}");
    let mut limits = Limits::default();
    limits.file_size = Some(10);
    sandbox.set_limits(limits);
    sandbox.schedule(Timing::AtOnce);
    let sql = json!({"sql": "SELECT id, amount, id FROM charges"});
    let run = post(&sandbox, QUERY_RUNS, sql).send().await.ok();
    let run = retrieved(&sandbox, QUERY_RUNS, &run).await;
    assert_eq!(run["status_details"]["failed"]["error_code"], "file_size_above_limit", "{run}");
    assert_sound(&sandbox);
}

#[tokio::test]
async fn runs_are_removed_after_their_retention() {
    let clock = "2026-06-01T12:00:00Z".parse().unwrap();
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    let (query, report) = (query_run(&sandbox).await, report_run(&sandbox).await);
    let status = async |path: &str, run: &Value| get(&sandbox, &format!("{path}/{}", id(run))).send().await.status;
    sandbox.advance(Duration::from_secs(90 * 86_400 - 1));
    assert_eq!(status(QUERY_RUNS, &query).await, 200);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!((status(QUERY_RUNS, &query).await, status(REPORT_RUNS, &report).await), (404, 200));
    sandbox.advance(Duration::from_secs(275 * 86_400));
    assert_eq!(status(REPORT_RUNS, &report).await, 404);
}

#[tokio::test]
async fn invalid_sql_fails_with_its_offset() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = post(&sandbox, QUERY_RUNS, json!({"sql": "SELEC 1"})).send().await;
    assert_eq!((response.status, response.error("code").as_str()), (400, "query_run_invalid_sql"));
    assert!(response.error("message").contains("offset 0"), "{response:?}");
}
