//! Webhook events from the raw body: both kinds, unknown types, and one kind parsed as the other.

use serde_json::{Value, json};
use stripe_reporting::v1::{self, EventSubject as Snapshot};
use stripe_reporting::v2::core::{Event, EventClientType, EventSubject as Thin, EventType};
use stripe_reporting::{ApiKey, Config, Request};
use stripe_reporting_codegen::api::{EventKind, Method, Operation, TypePath};
use stripe_reporting_codegen::read;
use stripe_reporting_tests::models::subject_request;

fn snapshot(event_type: &str, object: Value) -> Vec<u8> {
    let event = json!({
        "id": "evt_1", "object": "event", "api_version": "2025-01-01.acacia", "created": 1_680_203_749, "livemode": false,
        "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null}, "type": event_type,
        "data": {"object": object},
    });
    event.to_string().into_bytes()
}

fn report_run() -> Value {
    let text = include_str!("../fixtures/seeds/report_run.json");
    serde_json::from_str(text).unwrap()
}

/// Returns a delivered thin event, without `data` and `changes`.
fn thin(event_type: &str, resource: &str, id: &str, url: &str) -> Vec<u8> {
    let event = json!({
        "id": "evt_test_1", "object": "v2.core.event", "type": event_type, "created": "2025-08-26T00:00:00Z", "livemode": false,
        "context": "acct_1/acct_2", "related_object": {"id": id, "type": resource, "url": url},
    });
    event.to_string().into_bytes()
}

#[test]
fn a_snapshot_event_contains_its_object() {
    for event_type in ["reporting.report_run.succeeded", "reporting.report_run.failed"] {
        let event = v1::Event::parse(&snapshot(event_type, report_run())).unwrap();
        assert_eq!(event.type_.as_str(), event_type);
        match event.subject().unwrap() {
            Snapshot::ReportingReportRunSucceeded(run) | Snapshot::ReportingReportRunFailed(run) => {
                assert_eq!(run.id, "frr_1MrQwrLkdIwHu7ixUov4x2b3");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_snapshot_event_of_an_unknown_type_is_kept() {
    let body = snapshot("reporting.report_run.paused", report_run());
    let event = v1::Event::parse(&body).unwrap();
    assert_eq!(event.type_.as_str(), "reporting.report_run.paused");
    assert_eq!(event.subject().unwrap(), Snapshot::Unrecognized);
    let again = serde_json::to_value(&event).unwrap();
    assert_eq!(again, serde_json::from_slice::<Value>(&body).unwrap());
}

#[test]
fn an_event_is_readable_though_its_object_is_of_another_type() {
    let event = v1::Event::parse(&snapshot("reporting.report_run.succeeded", json!({"id": 5}))).unwrap();
    let error = event.subject().unwrap_err().to_string();
    assert!(error.contains("id"), "{error}");
    assert_eq!(event.id, "evt_1");
}

#[test]
fn a_thin_event_leads_to_its_object_in_its_context() {
    let url = "/v2/data/reporting/query_runs/qryrun_1";
    let body = thin("v2.data.reporting.query_run.succeeded", "v2.data.reporting.query_run", "qryrun_1", url);
    let event = Event::parse(&body).unwrap();
    assert_eq!(event.type_, EventType::V2DataReportingQueryRunSucceeded);
    let Some(Thin::V2DataReportingQueryRun(call)) = event.subject() else { panic!("{:?}", event.subject()) };
    let http = call.to_http(&Config::new(ApiKey::new("sk_test_1"))).unwrap();
    assert_eq!(http.uri().path(), url);
    assert_eq!(http.headers()["stripe-context"], "acct_1/acct_2");
}

#[test]
fn every_type_of_thin_event_leads_to_the_url_that_it_names() {
    let api = read(&stripe_reporting_tests::description().unwrap()).unwrap();
    let retrieves = |operation: &&Operation, resource: &TypePath| {
        let is_of = operation.attachment.as_ref().is_some_and(|attachment| attachment.resource == *resource);
        is_of && operation.method == Method::Get && operation.path.ends_with('}')
    };
    let types = api.events.iter().filter(|set| set.kind == EventKind::Thin).flat_map(|set| &set.types);
    let mut described: Vec<_> = types
        .map(|event| {
            let operation = api.operations.values().find(|operation| retrieves(operation, &event.resource)).unwrap();
            let url = format!("{}/x_1", operation.path.rsplit_once('/').unwrap().0);
            (event.wire.as_str(), event.resource_id.as_str(), url, operation.stripe_version.as_str())
        })
        .collect();
    assert!(!described.is_empty());
    let version = api.operations.values().find(|operation| operation.path == "/v2/core/events").unwrap();
    let url = "/v2/tomorrow/things/x_1".to_owned();
    described.push(("v2.tomorrow.thing.created", "v2.tomorrow.thing", url, version.stripe_version.as_str()));
    for (event_type, resource, url, version) in described {
        let event = Event::parse(&thin(event_type, resource, "x_1", &url)).unwrap();
        assert_eq!(event.type_.as_str(), event_type);
        let http = subject_request(&event, &Config::new(ApiKey::new("sk_test_1"))).unwrap().unwrap();
        assert_eq!((http.method().as_str(), http.uri().path()), ("GET", url.as_str()), "{event_type}");
        assert_eq!(http.headers()["stripe-context"], "acct_1/acct_2");
        assert_eq!(http.headers()["stripe-version"], version, "{event_type}");
    }
}

/// Events about singletons, with the type of the object and its path.
const SINGLETONS: [(&str, &str, &str); 7] = [
    ("v1.balance.available", "balance", "/v1/balance"),
    ("v1.balance_settings.updated", "balance_settings", "/v1/balance_settings"),
    ("v1.cash_balance.funds_available", "cash_balance", "/v1/customers/cus_1/cash_balance"),
    ("v1.customer.discount.created", "discount", "/v1/customers/cus_1/discount"),
    ("v1.customer.discount.deleted", "discount", "/v1/customers/cus_1/discount"),
    ("v1.customer.discount.updated", "discount", "/v1/customers/cus_1/discount"),
    ("v1.tax.settings.updated", "tax.settings", "/v1/tax/settings"),
];

#[test]
fn a_thin_event_about_a_singleton_leads_to_its_url() {
    for (event_type, resource, url) in SINGLETONS {
        let mut event: Value = serde_json::from_slice(&thin(event_type, resource, "", url)).unwrap();
        event["related_object"].as_object_mut().unwrap().remove("id");
        let event = Event::parse(event.to_string().as_bytes()).unwrap();
        assert_eq!(event.related_object.as_ref().unwrap().id, None);
        let Some(Thin::Unrecognized(call)) = event.subject() else { panic!("{:?}", event.subject()) };
        let http = call.to_http(&Config::new(ApiKey::new("sk_test_1"))).unwrap();
        assert_eq!(http.uri().path(), url);
        assert_eq!(http.headers()["stripe-context"], "acct_1/acct_2");
    }
}

#[test]
fn an_object_of_a_known_type_without_an_id_is_fetched_from_its_url() {
    let url = "/v2/reporting/report_runs/reprun_1";
    let event = thin("v2.reporting.report_run.succeeded", "v2.reporting.report_run", "", url);
    for id in [r#""id":null,"#, ""] {
        let event = String::from_utf8(event.clone()).unwrap().replace(r#""id":"","#, id);
        let event = Event::parse(event.as_bytes()).unwrap();
        let Some(Thin::Unrecognized(call)) = event.subject() else { panic!("{:?}", event.subject()) };
        assert_eq!(call.to_http(&Config::new(ApiKey::new("sk_test_1"))).unwrap().uri().path(), url);
    }
}

#[test]
fn a_ping_without_data_is_an_event() {
    let url = "/v2/core/event_destinations/ed_1";
    let mut ping: Value =
        serde_json::from_slice(&thin("v2.core.event_destination.ping", "v2.core.event_destination", "ed_1", url))
            .unwrap();
    for (data, expected) in [(Value::Null, None), (json!({}), Some(0))] {
        ping["data"] = data;
        let event = Event::parse(ping.to_string().as_bytes()).unwrap();
        assert_eq!(event.data.map(|data| data.len()), expected);
    }
}

#[test]
fn the_client_behind_an_event_is_read() {
    let mut event: Value =
        serde_json::from_slice(&thin("v2.reporting.report_run.created", "x", "x_1", "/v2/x")).unwrap();
    event["created"] = json!("2025-08-26T00:00:00.000Z");
    event["changes"] = Value::Null;
    for (client, client_type) in [
        (json!({"type": "api_key", "api_key": {"id": "mk_1"}}), EventClientType::ApiKey),
        (
            json!({"type": "dashboard_user", "dashboard_user":
                {"email": "a@example.com", "ip_address": "192.0.2.1", "machine_identifier": "m_1"}}),
            EventClientType::DashboardUser,
        ),
        (json!({"type": "stripe_action", "stripe_action": {"name": "x"}}), EventClientType::StripeAction),
        (json!({"type": "agent"}), EventClientType::from("agent")),
    ] {
        event["reason"] =
            json!({"type": "request", "request": {"id": "req_1", "idempotency_key": "k_1", "client": client}});
        let parsed = Event::parse(event.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(&parsed).unwrap(), event);
        assert_eq!(parsed.reason.unwrap().request.unwrap().client.unwrap().type_, client_type);
    }
}

#[test]
fn a_thin_event_of_an_unknown_type_is_kept() {
    let body = thin("v2.tomorrow.thing.created", "v2.tomorrow.thing", "x_1", "/v2/tomorrow/things/x_1");
    let event = Event::parse(&body).unwrap();
    assert!(matches!(event.type_, EventType::Unrecognized(_)));
    assert_eq!(event.type_.to_string(), "v2.tomorrow.thing.created");
}

#[test]
fn a_related_object_on_another_host_gets_no_key() {
    for url in ["https://evil.example/v2/things/1", "//evil.example/v2/x", "/v2/../../x", "/v3/x", ""] {
        let event = Event::parse(&thin("v2.tomorrow.thing.created", "v2.tomorrow.thing", "x_1", url)).unwrap();
        let Some(Thin::Unrecognized(call)) = event.subject() else { panic!("{url}") };
        assert!(call.to_http(&Config::new(ApiKey::new("sk_test_1"))).is_err(), "{url}");
    }
}

#[test]
fn each_kind_refuses_the_other_and_names_it() {
    let thin = thin("v2.data.reporting.query_run.created", "v2.data.reporting.query_run", "x", "/v2/x");
    let error = v1::Event::parse(&thin).unwrap_err().to_string();
    assert!(error.contains("v2::core::Event"), "{error}");
    let error = Event::parse(&snapshot("reporting.report_run.succeeded", report_run())).unwrap_err().to_string();
    assert!(error.contains("v1::Event"), "{error}");
}

#[test]
fn other_json_is_an_error() {
    for body in ["", "null", "[]", "{", "<html>", r#"{"object":"event"}"#, r#"{"object":"list","data":[]}"#, "\u{0}"] {
        assert!(v1::Event::parse(body.as_bytes()).is_err(), "{body:?}");
        assert!(Event::parse(body.as_bytes()).is_err(), "{body:?}");
    }
    assert!(Event::parse(b"\xff\xfe").is_err());
}
