//! Webhook events, and the requests that retrieve their objects.

use crate::v1::{Event as SnapshotEvent, ReportRun};
use crate::v2::data::QueryRun as DataQueryRun;
use crate::v2::{QueryRun, ThinEvent, ThinEventSubject};
use runtime::http::{Method, Response};
use runtime::{Config, ErrorKind, Generation, RawRequest, Request, RequestOptions};
use serde_json::json;
use stripe_reporting_runtime as runtime;

fn config() -> Config {
    Config::builder("sk_test_1").build().unwrap()
}

fn thin(url: &str) -> String {
    json!({
        "object": "v2.core.event", "id": "evt_1", "type": "a", "context": "acct_1/acct_2",
        "related_object": {"id": "qryrun_1", "type": "v2.data.reporting.query_run", "url": url},
    })
    .to_string()
}

fn snapshot() -> String {
    json!({"object": "event", "id": "evt_1", "type": "a", "data": {"object": {"object": "reporting.report_run", "id": "frr_1", "created": 5}}}).to_string()
}

#[test]
fn each_kind_is_parsed_by_its_type() {
    let event = SnapshotEvent::parse(snapshot().as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap().len(), snapshot().len());
    let run: ReportRun = runtime::event::object(Some(&event.data.object)).unwrap();
    assert_eq!(run.id, "frr_1");
    assert_eq!(ThinEvent::parse(thin("/v2/x").as_bytes()).unwrap().id, "evt_1");
}

#[test]
fn each_kind_refuses_the_other() {
    let error = SnapshotEvent::parse(thin("/v2/x").as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.path(), error.status()), (ErrorKind::Decode, Some("object"), None));
    assert_eq!(
        error.to_string(),
        "decoding failed at `object`: found a v2 thin event; help: parse it with `v2::core::Event`"
    );
    let error = ThinEvent::parse(snapshot().as_bytes()).unwrap_err();
    assert_eq!(error.message(), "found a v1 snapshot event; help: parse it with `v1::Event`");
    let error = ThinEvent::parse(br#"{"object": "charge"}"#).unwrap_err();
    assert_eq!(error.message(), "not an event: expected the object `v2.core.event`, found `charge`");
    let error = ThinEvent::parse(b"{}").unwrap_err();
    assert_eq!(error.message(), "not an event: expected the object `v2.core.event`, found no `object`");
}

#[test]
fn malformed_bodies_are_reported() {
    for (body, path, message) in [
        ("", None, "the body is empty"),
        ("{", None, "truncated JSON: ends after 1 bytes"),
        ("hello", None, "the body is not JSON: expected value at line 1 column 1"),
        ("7", Some("."), "invalid type: integer `7`, expected an event object"),
        (r#"{"object": 7}"#, Some("object"), "invalid type: integer `7`, expected a string"),
        (r#"{"object": "v2.core.event", "id": 7}"#, Some("id"), "invalid type: integer `7`, expected a string"),
    ] {
        let error = ThinEvent::parse(body.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.path(), error.message()), (ErrorKind::Decode, path, message));
    }
}

#[test]
fn an_object_that_does_not_decode_is_reported_with_its_path() {
    let error = runtime::event::object::<ReportRun>(Some(&json!({"id": "frr_1", "created": "x"}))).unwrap_err();
    assert_eq!(error.path(), Some("created"));
}

#[test]
fn the_related_object_is_retrieved_in_its_context() {
    let event = ThinEvent::parse(thin("/v2/data/reporting/query_runs/qryrun_1").as_bytes()).unwrap();
    let Some(ThinEventSubject::Unrecognized(call)) = event.subject() else { panic!("{event:?}") };
    let request = call.to_http(&config()).unwrap();
    assert_eq!(request.uri(), "https://api.stripe.com/v2/data/reporting/query_runs/qryrun_1");
    assert_eq!(request.method(), Method::GET);
    assert_eq!(request.headers().get("stripe-context").unwrap(), "acct_1/acct_2");
    assert_eq!(request.headers().get("stripe-version").unwrap(), "2024-01-31.preview");
    assert!(request.body().is_empty());
    let response = <RawRequest>::decode(Response::new(r#"{"object": "brand_new"}"#)).unwrap();
    assert_eq!(response["object"], "brand_new");
}

#[test]
fn a_related_object_can_be_of_v1_and_typed() {
    let request = RawRequest::get("/v1/reporting/report_runs/frr_1?expand[0]=result").response_type::<ReportRun>();
    assert_eq!(request.operation().generation, Generation::V1);
    let http = request.to_http(&config()).unwrap();
    assert_eq!(http.uri(), "https://api.stripe.com/v1/reporting/report_runs/frr_1?expand[0]=result");
    assert_eq!(http.headers().get("stripe-version"), None);
}

/// The version of the envelope's description, and that of the other one.
const VERSIONS: [&str; 2] = ["2024-01-31.preview", "2024-02-29.preview"];

fn version_with(request: &impl Request, config: &Config) -> String {
    request.to_http(config).unwrap().headers()["stripe-version"].to_str().unwrap().to_owned()
}

#[test]
fn each_request_sends_the_version_of_the_description_of_its_resource() {
    for versions in [
        [version_with(&QueryRun::list(), &config()), version_with(&DataQueryRun::list(), &config())],
        [version_with(&QueryRun::retrieve("a"), &config()), version_with(&DataQueryRun::retrieve("a"), &config())],
        [version_with(&QueryRun::create("a"), &config()), version_with(&DataQueryRun::create("a"), &config())],
    ] {
        assert_eq!(versions, VERSIONS);
    }
}

#[test]
fn an_event_is_retrieved_in_the_version_of_its_object() {
    let [core, data] = VERSIONS;
    let own = Config::builder("sk_test_1").options(RequestOptions::new().stripe_version("2020-01-01")).build().unwrap();
    for (related, expected) in [
        ("v2.data.query_run", data),
        ("v2.data.settings", data),
        ("v2.data.reporting.query_run", core),
        ("v2.tomorrow.thing", core),
    ] {
        let text = thin("/v2/x/y").replace("v2.data.reporting.query_run", related);
        let event = ThinEvent::parse(text.as_bytes()).unwrap();
        let full = event.full();
        assert_eq!(full.path().unwrap(), "/v2/core/events/evt_1");
        assert_eq!(
            (version_with(&full, &config()), full.options().unwrap().get_context()),
            (expected.to_owned(), Some("acct_1/acct_2"))
        );
        assert_eq!(version_with(&full, &own), "2020-01-01");
        let version = match event.subject().unwrap() {
            ThinEventSubject::V2DataQueryRun(call) => version_with(&call, &config()),
            ThinEventSubject::Unrecognized(call) => version_with(&call, &config()),
        };
        assert_eq!(version, expected, "{related}");
    }
}

#[test]
fn v2_needs_a_version() {
    let request = RawRequest::get("/v2/x");
    let error = request.to_http(&config()).unwrap_err();
    assert!(error.message().contains("missing `Stripe-Version`"), "{error}");
    assert!(request.with(RequestOptions::new().stripe_version("2024-01-31.preview")).to_http(&config()).is_ok());
}

#[test]
fn a_related_object_has_a_path_of_the_api() {
    for path in [
        "https://evil.test/v2/x",
        "//evil.test/v2/x",
        "v2/x",
        "/v3/x",
        "/v2",
        "",
        "@evil.test/v2/",
        ".evil.test/v1/x",
        "/v2/../v1/x",
        "/v2/%2e%2E/x",
        "/v2/x/.",
        "/v2//x",
        "/v2/x y",
        "/v2/x\r\nHost: evil",
        "/v2/x#y",
        "/v2\\x",
        "/v2/é",
        "/v1/",
    ] {
        let request = RawRequest::get(path).stripe_version("1");
        let error = request.to_http(&config()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}");
    }
}
