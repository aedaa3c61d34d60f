//! The admin API: what the library controls, as JSON.

use serde_json::json;
use stripe_reporting_sandbox::{Limits, Sandbox};

use crate::client::{QUERY_RUNS, REPORT_RUNS, admin, assert_sound, get, id, query_run};

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let sandbox = Sandbox::start().await.unwrap();
    for fault in [
        json!({"fault": "reset"}),
        json!({"fault": "close", "after_work": true}),
        json!({"fault": "truncated_json", "repeat": "always"}),
        json!({"fault": "expired_url", "on": "/files/**"}),
        json!({"fault": "duplicated_page", "repeat": {"probability": {"of": 0.5, "seed": 1}}}),
        json!({"fault": {"latency": {"milliseconds": 100}}}),
        json!({"fault": {"reset_body": {"after": 10}}}),
        json!({"fault": {"close_body": {}}}),
        json!({"fault": {"throttle": {"bytes_per_second": 1000}}}),
        json!({"fault": {"content_length": {"difference": -1}}}),
        json!({"fault": {"changed_file": {"same_size": true}}}),
        json!({"fault": {"status": {"status": 503, "body": "html", "code": "x", "should_retry": true, "retry_after": 1}}}),
    ] {
        admin(&sandbox, "POST", "/faults", fault).send().await.ok();
    }
    assert_eq!(admin(&sandbox, "DELETE", "/faults", "").send().await.ok(), json!({"data": []}));
    let fault = json!({"fault": {"status": {"status": 503}}, "on": "GET /v1/**", "repeat": {"times": 2}});
    let set = admin(&sandbox, "POST", "/faults", &fault).send().await.ok();
    assert_eq!((&set["data"][0]["on"], &set["data"][0]["met"]), (&fault["on"], &json!(0)));
    assert_eq!(get(&sandbox, REPORT_RUNS).send().await.status, 503);
    let set = admin(&sandbox, "GET", "/faults", "").send().await.ok();
    assert_eq!((&set["data"][0]["met"], &set["data"][0]["repeat"]), (&json!(1), &json!({"times": 2})));
    assert_eq!(get(&sandbox, REPORT_RUNS).send().await.status, 503);
    assert_eq!(admin(&sandbox, "GET", "/faults", "").send().await.ok(), json!({"data": []}));
    for (fault, message) in [
        (json!({"fault": "cheese"}), "unknown variant `cheese`"),
        (json!({"fault": {"status": {"status": 99}}}), "a status from 200 to 599"),
        (json!({"fault": "reset", "on": "POST"}), "expected a method and a path, found `POST`"),
        (json!({"fault": "reset", "time": 1}), "unknown field `time`"),
    ] {
        let refused = admin(&sandbox, "POST", "/faults", fault).send().await;
        assert!(refused.status == 400 && refused.error("message").contains(message), "{refused:?}");
    }
}

#[tokio::test]
async fn runs_follow_a_schedule_and_the_clock() {
    let sandbox = Sandbox::builder().clock("2026-06-01T12:00:00Z".parse().unwrap()).start().await.unwrap();
    let status = async |run: &serde_json::Value| {
        get(&sandbox, &format!("{QUERY_RUNS}/{}", id(run))).send().await.ok()["status"].clone()
    };
    let failed = json!({"failed": {"code": "internal_error", "message": "Out of cheese."}});
    let next = json!({"timing": {"after_milliseconds": 5000}, "outcome": failed, "next": true});
    admin(&sandbox, "POST", "/schedule", json!({"timing": "never"})).send().await.ok();
    admin(&sandbox, "POST", "/schedule", next).send().await.ok();
    let (failing, endless) = (query_run(&sandbox).await, query_run(&sandbox).await);
    let advanced = admin(&sandbox, "POST", "/advance", json!({"milliseconds": 5000})).send().await.ok();
    assert_eq!(advanced, json!({"now": "2026-06-01T12:00:05Z"}));
    assert_eq!((status(&failing).await, status(&endless).await), (json!("failed"), json!("running")));
    let runs = admin(&sandbox, "GET", "/runs", "").send().await.ok()["data"].clone();
    let run = runs.as_array().unwrap().iter().find(|run| run["id"] == endless["id"]).unwrap();
    assert_eq!((&run["is_running"], &run["polls"]), (&json!(true), &json!(1)));
    let finish = |id: &str| admin(&sandbox, "POST", &format!("/runs/{id}/finish"), json!({"outcome": "succeeded"}));
    finish(id(&endless)).send().await.ok();
    assert_eq!(status(&endless).await, "succeeded");
    assert_eq!(finish("qryrun_x").send().await.status, 404);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn the_state_can_be_seen_and_changed() {
    let sandbox = Sandbox::start().await.unwrap();
    let server = admin(&sandbox, "GET", "", "").send().await.ok();
    assert_eq!((&server["version"], &server["accounts"]), (&json!(sandbox.version()), &json!(sandbox.accounts())));
    let object = json!({"resource": "scheduled_query_run", "properties": {"sql": "SELECT 1"}, "outcome": {"status": "timed_out"}});
    let added = admin(&sandbox, "POST", "/objects", object).send().await.ok();
    let run = get(&sandbox, &format!("/v1/sigma/scheduled_query_runs/{}", id(&added))).send().await.ok();
    assert_eq!(run["status"], "timed_out");
    assert_eq!(admin(&sandbox, "POST", "/objects", json!({"resource": "cheese"})).send().await.status, 400);
    let requests = admin(&sandbox, "GET", "/requests", "").send().await.ok();
    let [request] = requests["data"].as_array().unwrap().as_slice() else { panic!("{requests}") };
    assert_eq!(
        (&request["status"], &request["operation"]),
        (&json!(200), &json!("GetSigmaScheduledQueryRunsScheduledQueryRun"))
    );
    let limits = admin(&sandbox, "PUT", "/limits", json!({"concurrent_runs": null})).send().await.ok();
    assert_eq!((&limits["concurrent_runs"], &limits["file_size"]), (&json!(null), &json!(5_000_000_000_u64)));
    assert_eq!(admin(&sandbox, "GET", "/limits", "").send().await.ok(), limits);
    let stripe = admin(&sandbox, "PUT", "/limits", json!({})).send().await.ok();
    assert_eq!(stripe["execution_seconds"], Limits::default().execution.unwrap().as_secs());
    assert_eq!(admin(&sandbox, "PUT", "/limits", json!({"cheese": 1})).send().await.status, 400);
}
