//! From a webhook to its object.

use stripe_reporting::v2::core::{Event, EventSubject};
use stripe_reporting::{ErrorKind, Timestamp, Webhook, v1};

use super::*;

const THIN: &[u8] = br#"{"id":"evt_1","object":"v2.core.event","type":"v2.data.reporting.query_run.succeeded",
    "created":"2026-10-01T00:00:00.000Z","livemode":false,"context":"acct_1/acct_2",
    "related_object":{"id":"qryrun_1","type":"v2.data.reporting.query_run","url":"/v2/data/reporting/query_runs/qryrun_1"}}"#;

#[test]
fn retrieves_the_object_and_the_full_event_in_its_context() {
    let webhook = Webhook::new("whsec_1").unwrap();
    let event: Event = webhook.parse(&webhook.sign(THIN, Timestamp::now()), THIN).unwrap();
    each(|kind| {
        let whole = String::from_utf8(THIN.to_vec())
            .unwrap()
            .replace("\"livemode\"", "\"data\":{},\"changes\":{},\"livemode\"");
        let server = server([Reply::json(200, query_run("succeeded", None)), Reply::json(200, whole)]);
        let client = kind.client(&server.url());
        let Some(EventSubject::V2DataReportingQueryRun(request)) = event.subject() else {
            panic!("{:?}", event.subject())
        };
        assert_eq!(client.send(request).unwrap().id, "qryrun_1");
        assert!(client.send(event.full()).unwrap().data.is_some());
        let requests = server.finish();
        assert_eq!(lines(&requests), ["GET /v2/data/reporting/query_runs/qryrun_1", "GET /v2/core/events/evt_1"]);
        assert!(requests.iter().all(|request| request.header("stripe-context") == Some("acct_1/acct_2")));
    });
}

#[test]
fn retrieves_the_object_of_an_unknown_event() {
    let text = String::from_utf8(THIN.to_vec()).unwrap();
    let text =
        text.replace("v2.data.reporting.query_run", "v2.new.thing").replace("data/reporting/query_runs", "new/things");
    let webhook = Webhook::new("whsec_1").unwrap();
    let event: Event = webhook.parse(&webhook.sign(text.as_bytes(), Timestamp::now()), text.as_bytes()).unwrap();
    let server = server([Reply::json(200, r#"{"id":"thing_1"}"#)]);
    let Some(EventSubject::Unrecognized(request)) = event.subject() else { panic!("{:?}", event.subject()) };
    assert_eq!(Kind::Blocking.client(&server.url()).send(request).unwrap()["id"], "thing_1");
    assert_eq!(lines(&server.finish()), ["GET /v2/new/things/qryrun_1"]);
}

#[test]
fn retrieves_a_singleton() {
    let text = String::from_utf8(THIN.to_vec()).unwrap();
    let related = r#"{"type":"balance","url":"/v1/balance"}"#;
    let (head, _) = text.split_once(r#"{"id":"qryrun_1""#).unwrap();
    let text = format!("{head}{related}}}");
    let webhook = Webhook::new("whsec_1").unwrap();
    let event: Event = webhook.parse(&webhook.sign(text.as_bytes(), Timestamp::now()), text.as_bytes()).unwrap();
    each(|kind| {
        let server = server([Reply::json(200, r#"{"object":"balance"}"#)]);
        let Some(EventSubject::Unrecognized(request)) = event.subject() else { panic!("{:?}", event.subject()) };
        assert_eq!(kind.client(&server.url()).send(request).unwrap()["object"], "balance");
        let requests = server.finish();
        assert_eq!(lines(&requests), ["GET /v1/balance"]);
        assert_eq!(requests[0].header("stripe-context"), Some("acct_1/acct_2"));
    });
}

#[test]
fn verifies_an_event_before_parsing_it() {
    let webhook = Webhook::new("whsec_1").unwrap();
    let header = Webhook::new("whsec_2").unwrap().sign(b"no JSON", Timestamp::now());
    assert_eq!(webhook.parse::<Event>(&header, b"no JSON").unwrap_err().kind(), ErrorKind::Signature);
    let header = webhook.sign(THIN, Timestamp::now());
    let error = webhook.parse::<v1::Event>(&header, THIN).unwrap_err();
    assert!(error.to_string().contains("parse it with `v2::core::Event`"), "{error}");
}
