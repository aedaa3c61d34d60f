//! Thin events about runs, and their objects.

use serde_json::json;
use stripe_reporting_sandbox::{Outcome, Sandbox};

use crate::client::{assert_sound, get, id, query_run};

#[tokio::test]
async fn a_run_has_events_that_lead_to_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = query_run(&sandbox).await;
    sandbox.schedule(Outcome::Canceled);
    query_run(&sandbox).await;
    let path = format!("/v2/core/events?object_id={}", id(&run));
    let events = get(&sandbox, &path).send().await.ok();
    let kinds: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    let expected = ["succeeded", "updated", "created"].map(|name| format!("v2.data.reporting.query_run.{name}"));
    assert_eq!(kinds, expected);
    let event = &events["data"][0];
    assert_eq!(event["changes"], json!({"before": {"status": "running"}, "after": {"status": "succeeded"}}));
    let same = get(&sandbox, &format!("/v2/core/events/{}", id(event))).send().await.ok();
    assert_eq!(&same, event);
    let object = get(&sandbox, event["related_object"]["url"].as_str().unwrap());
    let object = object.header("stripe-context", event["context"].as_str().unwrap()).send().await.ok();
    assert_eq!((&object["id"], &object["status"]), (&run["id"], &json!("succeeded")));
    assert_sound(&sandbox);
}
