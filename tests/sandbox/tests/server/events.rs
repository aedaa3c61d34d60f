//! Events about runs: their objects, and their deliveries to webhooks.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use stripe_reporting_sandbox::{Delivery, DeliveryState, EventKind, Outcome, Sandbox, StartError, Timing};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::client::{QUERY_RUNS, REPORT_RUNS, assert_sound, balance, get, id, post, query_run, report_run};
use crate::description::{description, with_file};
use crate::receiver::Receiver;

const CLOCK: &str = "2026-06-01T12:00:00Z";

/// Returns the only delivery of each event.
fn deliveries(sandbox: &Sandbox) -> Vec<Delivery> {
    sandbox.events().into_iter().flat_map(|event| event.deliveries).collect()
}

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

#[tokio::test]
async fn each_event_of_the_description_is_sent_and_signed() {
    let receiver = Receiver::start([]).await;
    let sandbox = Sandbox::builder().webhook(&receiver.url).webhook_secret("whsec_1").start().await.unwrap();
    let types = sandbox.event_types();
    let described: String = description().values().map(String::as_str).collect();
    let described = described.lines().filter_map(|line| line.strip_prefix("          - type: "));
    assert_eq!(types.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>(), described.collect());
    let version = description()["v1.yaml"].split_once("  version: ").unwrap().1.lines().next().unwrap().to_owned();
    for (name, _) in &types {
        sandbox.send_event(name).await.unwrap();
        sandbox.wait_for_deliveries().await;
    }
    let received = receiver.received();
    assert_eq!(received.len(), types.len());
    for (received, (name, kind)) in received.iter().zip(&types) {
        received.assert_signed("whsec_1");
        let event = received.json();
        assert_eq!((&event["type"], &event["livemode"]), (&json!(name), &json!(false)));
        let suffix = name.rsplit('.').next().unwrap();
        let object = match kind {
            EventKind::Snapshot => {
                assert_eq!((&event["object"], &event["api_version"]), (&json!("event"), &json!(version)));
                assert_eq!(get(&sandbox, &format!("/v1/events/{}", id(&event))).send().await.status, 404);
                event["data"]["object"].clone()
            }
            EventKind::Thin => {
                assert_eq!((event.get("data"), event.get("changes")), (None, None), "{event}");
                let whole = get(&sandbox, &format!("/v2/core/events/{}", id(&event))).send().await.ok();
                assert_eq!((&whole["data"], &whole["type"]), (&json!({}), &event["type"]));
                let related = &event["related_object"];
                let object = get(&sandbox, related["url"].as_str().unwrap());
                let object = object.header("stripe-context", event["context"].as_str().unwrap()).send().await.ok();
                assert_eq!((&object["id"], &whole["related_object"]), (&related["id"], related));
                object
            }
        };
        if ["succeeded", "failed"].contains(&suffix) {
            assert_eq!(object["status"], suffix, "{object}");
        }
        if suffix == "succeeded" {
            assert!(object["result"].is_object(), "{object}");
        }
    }
    assert!(sandbox.events().iter().all(|event| event.problem.is_none()));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn runs_have_the_events_of_their_resource() {
    let receiver = Receiver::start([]).await;
    let sandbox = Sandbox::builder().webhook(&receiver.url).start().await.unwrap();
    report_run(&sandbox).await;
    sandbox.schedule_next(Outcome::Failed { code: "internal_error".into(), message: "No.".into() });
    query_run(&sandbox).await;
    let example = json!({"sql": "SELECT 1", "title": "One"});
    sandbox.add("scheduled_query_run", example, Outcome::Succeeded).await.unwrap();
    sandbox.wait_for_deliveries().await;
    let received = receiver.received();
    received.iter().for_each(|received| received.assert_signed(sandbox.webhook_secret()));
    let mut types: Vec<_> = received.iter().map(|received| received.event_type()).collect();
    types.sort();
    let query = "v2.data.reporting.query_run";
    let expected = [
        "reporting.report_run.succeeded".to_owned(),
        "sigma.scheduled_query_run.created".to_owned(),
        "sigma.scheduled_query_run.created".to_owned(),
        "v1.sigma.scheduled_query_run.created".to_owned(),
        "v1.sigma.scheduled_query_run.created".to_owned(),
        format!("{query}.created"),
        format!("{query}.failed"),
        format!("{query}.updated"),
    ];
    assert_eq!(types, expected);
    let find = |name: &str| received.iter().map(|r| r.json()).find(|event| event["type"] == name).unwrap();
    let run = &find("reporting.report_run.succeeded")["data"]["object"];
    assert!(run["result"]["url"].as_str().unwrap().ends_with("/contents"), "{run}");
    assert_eq!(find("sigma.scheduled_query_run.created")["data"]["object"]["status"], "completed");
    let snapshots: Vec<_> = received.iter().map(|r| r.json()).filter(|event| event["object"] == "event").collect();
    let thin = get(&sandbox, "/v2/core/events?types[0]=v1.sigma.scheduled_query_run.created").send().await.ok();
    let snapshot = &thin["data"][0]["snapshot_event"];
    assert!(snapshots.iter().any(|event| event["id"] == *snapshot), "{thin}");
}

#[tokio::test]
async fn each_event_has_the_time_of_its_change() {
    let sandbox = Sandbox::builder().clock(CLOCK.parse().unwrap()).schedule(Timing::After(Duration::from_secs(60)));
    let sandbox = sandbox.start().await.unwrap();
    let run = query_run(&sandbox).await;
    let times = || {
        let events = sandbox.events().into_iter().filter(|event| event.object == id(&run));
        events.map(|event| event.created.to_string()).collect::<Vec<_>>()
    };
    sandbox.advance(Duration::from_secs(59));
    assert_eq!(times(), [CLOCK]);
    // The clock passes the time at which the run ends.
    sandbox.advance(Duration::from_secs(600));
    let end = "2026-06-01T12:01:00Z";
    assert_eq!(times(), [CLOCK, end, end]);
    let event: Value = serde_json::from_slice(&sandbox.events().last().unwrap().body).unwrap();
    assert_eq!(event["created"], "2026-06-01T12:01:00.000Z");
}

#[tokio::test]
async fn events_name_the_request_that_caused_them() {
    let receiver = Receiver::start([]).await;
    let sandbox = Sandbox::builder().webhook(&receiver.url).start().await.unwrap();
    let body = json!({"sql": "SELECT 1"});
    let created = post(&sandbox, QUERY_RUNS, body).header("idempotency-key", "key_1").send().await;
    let path = format!("/v2/core/events?object_id={}", id(&created.ok()));
    let reasons = async |include: &str| {
        let events = get(&sandbox, &format!("{path}{include}")).send().await.ok();
        events["data"].as_array().unwrap().iter().map(|event| event["reason"].clone()).collect::<Vec<_>>()
    };
    let request = json!({"id": created.headers["request-id"], "idempotency_key": "key_1"});
    let reason = json!({"type": "request", "request": request});
    // The run ends by its schedule.
    assert_eq!(reasons("").await, [Value::Null, Value::Null, reason.clone()]);
    let mut with_client = reason.clone();
    with_client["request"]["client"] = json!({"type": "api_key"});
    assert_eq!(reasons("&include[0]=reason.request.client").await[2], with_client);
    report_run(&sandbox).await;
    sandbox.wait_for_deliveries().await;
    let received: Vec<_> = receiver.received().iter().map(|received| received.json()).collect();
    let find = |name: &str| received.iter().find(|event| event["type"] == name).unwrap();
    assert_eq!(find("v2.data.reporting.query_run.created")["reason"], reason);
    assert_eq!(find("reporting.report_run.succeeded")["request"], Value::Null);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn snapshot_events_name_the_request_that_caused_them() {
    let directory = with_file("more.yaml", EVENTS);
    let sandbox = Sandbox::builder().spec(directory.path()).start().await.unwrap();
    for key in ["key_1", ""] {
        let form = balance(&sandbox);
        let created = post(&sandbox, REPORT_RUNS, form).header("idempotency-key", key).send().await;
        let events = sandbox.events();
        let mut events = events.iter().filter(|event| event.object == id(&created.ok()));
        let event: Value = serde_json::from_slice(&events.next().unwrap().body).unwrap();
        let key = if key.is_empty() { Value::Null } else { key.into() };
        assert_eq!(event["type"], "reporting.report_run.created");
        assert_eq!(event["request"], json!({"id": created.headers["request-id"], "idempotency_key": key}));
    }
    assert!(sandbox.events().iter().all(|event| event.problem.is_none()));
}

#[tokio::test]
async fn a_webhook_that_fails_twice_gets_a_third_attempt() {
    let receiver = Receiver::start([500, 302]).await;
    let sandbox = Sandbox::builder().webhook(&receiver.url).start().await.unwrap();
    report_run(&sandbox).await;
    sandbox.wait_for_deliveries().await;
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    for attempt in &received {
        attempt.assert_signed(sandbox.webhook_secret());
        assert_eq!(attempt.body, received[0].body);
    }
    let deliveries = deliveries(&sandbox);
    let statuses: Vec<_> = deliveries.iter().flat_map(|d| &d.attempts).map(|a| a.status.unwrap().as_u16()).collect();
    assert_eq!(statuses, [500, 302, 200]);
    assert_eq!((deliveries.len(), deliveries.last().unwrap().state), (1, DeliveryState::Succeeded));
}

#[tokio::test]
async fn retries_wait_on_a_virtual_clock_and_end() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let sandbox = Sandbox::builder().webhook(format!("http://{free}")).clock(CLOCK.parse().unwrap());
    let sandbox = sandbox.start().await.unwrap();
    sandbox.send_event("reporting.report_type.updated").await.unwrap();
    let attempts = async |count: usize| {
        let wait = async {
            while deliveries(&sandbox)[0].attempts.len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();
    };
    attempts(1).await;
    sandbox.advance(Duration::from_millis(99));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(deliveries(&sandbox)[0].attempts.len(), 1);
    for (count, delay) in [(2, 1), (3, 300), (4, 900), (5, 2_700), (6, 8_100)] {
        assert_eq!(deliveries(&sandbox)[0].state, DeliveryState::Pending);
        sandbox.advance(Duration::from_millis(delay));
        attempts(count).await;
    }
    sandbox.wait_for_deliveries().await;
    let delivery = &deliveries(&sandbox)[0];
    assert_eq!((delivery.attempts.len(), delivery.state), (6, DeliveryState::Failed));
    let error = delivery.attempts[0].error.as_deref().unwrap();
    assert!(error.contains("refused"), "{error}");
}

#[tokio::test]
async fn events_are_in_order_for_each_object() {
    let receiver = Receiver::start([503]).await;
    let sandbox = Sandbox::builder().webhook(&receiver.url).clock(CLOCK.parse().unwrap()).start().await.unwrap();
    let first = query_run(&sandbox).await;
    while receiver.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = query_run(&sandbox).await;
    let types = |run: &Value| {
        let received = receiver.received().into_iter();
        let about = received.filter(|received| received.json()["related_object"]["id"] == run["id"]);
        about.map(|received| received.event_type().rsplit('.').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    while types(&second).len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(
        (types(&first), types(&second)),
        (vec!["created".into()], ["created", "updated", "succeeded"].map(String::from).into())
    );
    sandbox.advance(Duration::from_secs(1));
    sandbox.wait_for_deliveries().await;
    assert_eq!(types(&first), ["created", "created", "updated", "succeeded"]);
}

#[tokio::test]
async fn a_webhook_without_a_response_blocks_nothing_and_ends_with_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = Sandbox::builder().webhook(format!("http://{}", listener.local_addr().unwrap()));
    let sandbox = sandbox.schedule(Timing::AfterPolls(1)).start().await.unwrap();
    let run = query_run(&sandbox).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let path = format!("/v2/data/reporting/query_runs/{}", id(&run));
    assert_eq!(get(&sandbox, &path).send().await.ok()["status"], "succeeded");
    assert!(deliveries(&sandbox).iter().all(|delivery| delivery.state == DeliveryState::Pending));
    drop(sandbox);
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await;
    assert!(end.is_ok(), "the connection is open");
}

#[tokio::test]
async fn only_http_urls_are_webhooks() {
    for (url, reason) in [
        ("https://example.com/", "`https` is not supported"),
        ("http://user:password@127.0.0.1/", "has a user or a password"),
        ("/webhook", "not an `http` URL"),
        ("http://", "not valid"),
    ] {
        let Err(error) = Sandbox::builder().webhook(url).start().await else { panic!("started with {url}") };
        assert!(matches!(error, StartError::Webhook(_)) && error.to_string().contains(reason), "{error}");
    }
}

const EVENTS: &str = "
openapi: 3.0.3
paths:
  /v1/events/{id}:
    get:
      operationId: RetrieveEvent
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200': {content: {application/json: {schema: {$ref: 'v1.yaml#/components/schemas/event'}}}}
components:
  schemas:
    started:
      type: object
      x-stripeEvent: {type: reporting.report_run.created}
      properties:
        object: {$ref: 'v1.yaml#/components/schemas/reporting.report_run'}
    finished:
      type: object
      x-stripeEvent: {type: v2.x.query_run.succeeded, kind: thin}
      properties:
        related_object:
          type: object
          properties:
            type: {type: string, enum: [v2.data.reporting.query_run]}
";

#[tokio::test]
async fn events_that_are_added_to_the_description_are_sent_and_retrieved() {
    let directory = with_file("more.yaml", EVENTS);
    let sandbox = Sandbox::builder().spec(directory.path()).start().await.unwrap();
    report_run(&sandbox).await;
    query_run(&sandbox).await;
    let events = sandbox.events();
    let types: Vec<_> = events.iter().map(|event| event.event_type.as_str()).collect();
    assert!(
        types.contains(&"reporting.report_run.created") && types.contains(&"v2.x.query_run.succeeded"),
        "{types:?}"
    );
    let event = events.iter().find(|event| event.event_type == "reporting.report_run.created").unwrap();
    let retrieved = get(&sandbox, &format!("/v1/events/{}", event.id)).send().await.ok();
    assert_eq!(retrieved, serde_json::from_slice::<Value>(&event.body).unwrap());
    assert_eq!(retrieved["data"]["object"]["status"], "pending");
    let broken = with_file("more.yaml", &EVENTS.replace("[v2.data", "[v2.none"));
    let Err(error) = Sandbox::builder().spec(broken.path()).start().await else { panic!("started") };
    assert!(error.to_string().contains("`v2.none.reporting.query_run` is not described"), "{error}");
    let refused = post(&sandbox, "/_sandbox/events", json!({"type": "v2.x.query_run.succeeded"})).send().await;
    assert!(refused.error("message").contains("the sandbox has no webhooks"), "{refused:?}");
}
