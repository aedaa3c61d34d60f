//! `POST /_sandbox/events`: sends an event by its type, and returns its deliveries after their first attempts.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::event::Event;
use super::send::find;
use crate::state::Core;

/// How long first attempts may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Returns the route.
pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new().route("/_sandbox/events", post(send))
}

async fn send(State(core): State<Arc<Core>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(event_type) = body.get("type").and_then(Value::as_str) else {
        return failed("expected a JSON object with the member `type`");
    };
    if let Err(error) = find(&core, event_type) {
        return failed(&error.to_string());
    }
    if core.events.webhooks.is_empty() {
        return failed("the sandbox has no webhooks\nhelp: start it with `--webhook URL`");
    }
    let event = match super::send(&core, event_type).await {
        Ok(event) => event,
        Err(error) => return failed(&error.to_string()),
    };
    let is_done = |events: &std::collections::VecDeque<Event>| {
        events.iter().rev().find(|other| other.id == event.id).is_none_or(Event::is_attempted)
    };
    // Without a response until then, the deliveries have no attempts.
    let _ = tokio::time::timeout(TIMEOUT, core.events.journal.wait(is_done)).await;
    json(StatusCode::OK, &describe(&core.events.get(&event.id).unwrap_or(event)))
}

fn describe(event: &Event) -> Value {
    let deliveries = event.deliveries.iter().map(|delivery| {
        let attempts = delivery.attempts.iter().map(|attempt| {
            let status = attempt.status.map(|status| status.as_u16());
            json!({"status": status, "error": attempt.error})
        });
        json!({"url": delivery.url, "state": delivery.state.as_str(), "attempts": attempts.collect::<Value>()})
    });
    json!({
        "id": event.id,
        "type": event.event_type,
        "problem": event.problem,
        "deliveries": deliveries.collect::<Value>(),
    })
}

fn failed(message: &str) -> Response {
    json(StatusCode::BAD_REQUEST, &json!({"error": {"message": message}}))
}

fn json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
