//! `cargo sandbox send-event`.

use std::process::{Command, Output};

use stripe_reporting_sandbox::Sandbox;

use crate::receiver::Receiver;

async fn sandbox(arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stripe-reporting-sandbox"));
    command.arg("send-event").args(arguments);
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[tokio::test]
async fn the_types_are_listed() {
    let (success, list, _) = sandbox(&["--list"]).await;
    assert!(success && list.contains("reporting.report_type.updated (snapshot)\n"), "{list}");
    assert!(list.contains("v2.data.reporting.query_run.failed (thin)\n"), "{list}");
}

#[tokio::test]
async fn a_running_sandbox_sends_an_event() {
    let receiver = Receiver::start([]).await;
    let server = Sandbox::builder().webhook(&receiver.url).start().await.unwrap();
    let port = server.base_url().rsplit(':').next().unwrap().to_owned();
    let (success, text, errors) = sandbox(&["reporting.report_run.failed", "--port", &port]).await;
    assert!(success && text.ends_with("/webhook?a=1: 200\n"), "{text}{errors}");
    assert_eq!(receiver.received()[0].json()["data"]["object"]["status"], "failed");
    let (success, _, errors) = sandbox(&["reporting.report_run.fialed", "--port", &port]).await;
    assert!(!success && errors.contains("unknown event type `reporting.report_run.fialed`\nhelp: "), "{errors}");
    assert!(errors.contains("`reporting.report_run.failed`"), "{errors}");
    let (_, _, errors) = sandbox(&["xyz", "--port", &port]).await;
    assert!(errors.contains("help: list the types with `cargo sandbox send-event --list`"), "{errors}");
    drop(server);
    // The type is checked before the webhooks.
    let server = Sandbox::start().await.unwrap();
    let port = server.base_url().rsplit(':').next().unwrap().to_owned();
    let (_, _, errors) = sandbox(&["xyz", "--port", &port]).await;
    assert!(errors.contains("unknown event type `xyz`"), "{errors}");
    let (_, _, errors) = sandbox(&["reporting.report_run.failed", "--port", &port]).await;
    assert!(errors.contains("the sandbox has no webhooks\nhelp: "), "{errors}");
    assert!(server.events().iter().all(|event| event.event_type != "reporting.report_run.failed"));
    drop(server);
    let (success, _, errors) = sandbox(&["reporting.report_run.failed", "--port", &port]).await;
    assert!(!success && errors.contains(&format!("no sandbox on port {port}")), "{errors}");
}

#[tokio::test]
async fn an_event_is_sent_without_a_running_sandbox() {
    let receiver = Receiver::start([500]).await;
    let arguments = ["v2.reporting.report_run.succeeded", "--webhook", &receiver.url, "--secret", "whsec_other"];
    let (success, text, errors) = sandbox(&arguments).await;
    assert!(success && text.ends_with(": 200\n"), "{text}{errors}");
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    received[1].assert_signed("whsec_other");
    let (success, _, errors) = sandbox(&["reporting.report_type.updated", "--webhook", "https://localhost"]).await;
    assert!(!success && errors.contains("`https` is not supported"), "{errors}");
}
