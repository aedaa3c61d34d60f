//! `cargo sandbox send-event`: by the admin endpoint of a running sandbox, or directly to a URL.

use std::path::PathBuf;

use axum::body::{Body, to_bytes};
use clap::Args;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use stripe_reporting_sandbox::{Builder, DeliveryState, EventKind, Sandbox};

/// The largest response that is read.
const RESPONSE: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct SendEvent {
    /// The type, such as `reporting.report_run.succeeded`.
    #[arg(value_name = "TYPE", required_unless_present = "list")]
    event_type: Option<String>,
    /// Lists the types of the description.
    #[arg(long)]
    list: bool,
    /// The port of the running sandbox whose webhooks receive the event.
    #[arg(long, default_value_t = 12111, conflicts_with = "webhook")]
    port: u16,
    /// A URL that receives the event, without a running sandbox. May be repeated.
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
    /// The secret to sign the event with, by default that of sandboxes.
    #[arg(long, value_name = "SECRET", requires = "webhook")]
    secret: Option<String>,
    /// A directory with the description, instead of the one of this build.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

impl SendEvent {
    pub(crate) async fn run(self) -> Result<(), String> {
        let mut builder = Sandbox::builder();
        if let Some(spec) = self.spec {
            builder = builder.spec(spec);
        }
        if self.list {
            return list(&builder);
        }
        let event_type = self.event_type.unwrap_or_default();
        if self.webhook.is_empty() {
            return send_by(self.port, &event_type).await;
        }
        for url in self.webhook {
            builder = builder.webhook(url);
        }
        if let Some(secret) = self.secret {
            builder = builder.webhook_secret(secret);
        }
        send(builder, &event_type).await
    }
}

fn list(builder: &Builder) -> Result<(), String> {
    for (name, kind) in builder.event_types().map_err(|error| error.to_string())? {
        let kind = match kind {
            EventKind::Snapshot => "snapshot",
            EventKind::Thin => "thin",
        };
        println!("{name} ({kind})");
    }
    Ok(())
}

/// Sends an event with the retries of the sandbox.
async fn send(builder: Builder, event_type: &str) -> Result<(), String> {
    let sandbox = builder.start().await.map_err(|error| error.to_string())?;
    let event = sandbox.send_event(event_type).await.map_err(|error| error.to_string())?;
    sandbox.wait_for_deliveries().await;
    let event = sandbox.events().into_iter().find(|other| other.id == event.id).unwrap_or(event);
    if let Some(problem) = event.problem {
        return Err(format!("the event does not conform to the description: {problem}"));
    }
    let mut has_failed = false;
    for delivery in event.deliveries {
        let last = delivery.attempts.last();
        let status = last.and_then(|attempt| attempt.status).map(|status| status.as_str().to_owned());
        let result = status.or(last.and_then(|attempt| attempt.error.clone())).unwrap_or_default();
        println!("{} {} → {}: {result}", event.id, event.event_type, delivery.url);
        has_failed |= delivery.state != DeliveryState::Succeeded;
    }
    if has_failed { Err("a webhook did not accept the event".into()) } else { Ok(()) }
}

/// Sends an event by a running sandbox.
async fn send_by(port: u16, event_type: &str) -> Result<(), String> {
    let body = serde_json::json!({"type": event_type}).to_string();
    let request = Request::post(format!("http://127.0.0.1:{port}/_sandbox/events")).body(Body::from(body));
    let request = request.map_err(|error| error.to_string())?;
    let unreachable = |error: &dyn std::fmt::Display| {
        format!(
            "no sandbox on port {port}: {error}\nhelp: start one with `cargo sandbox`, or set `--port` or `--webhook`"
        )
    };
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let response = client.request(request).await.map_err(|error| unreachable(&error))?;
    let status = response.status();
    let body = to_bytes(Body::new(response.into_body()), RESPONSE).await.map_err(|error| unreachable(&error))?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if status != StatusCode::OK {
        let message = body.pointer("/error/message").and_then(Value::as_str);
        return Err(message.map_or_else(|| format!("the server on port {port} returned {status}"), str::to_owned));
    }
    if let Some(problem) = body.get("problem").and_then(Value::as_str) {
        return Err(format!("the event does not conform to the description: {problem}"));
    }
    for delivery in body.get("deliveries").and_then(Value::as_array).into_iter().flatten() {
        let attempts = delivery.get("attempts").and_then(Value::as_array);
        let last = attempts.and_then(|attempts| attempts.last()).cloned().unwrap_or_default();
        let status = last.get("status").and_then(Value::as_u64).map(|status| status.to_string());
        let result = status.unwrap_or_else(|| text(&last, "error"));
        println!("{} {} → {}: {result}", text(&body, "id"), text(&body, "type"), text(delivery, "url"));
    }
    Ok(())
}
