//! Runs and requests as JSON.

use serde_json::{Map, Value, json};

use crate::log::Exchange;
use crate::sandbox::RunState;

pub(super) fn run(run: &RunState) -> Value {
    json!({
        "id": run.id,
        "resource": run.resource,
        "status": run.status,
        "account": run.account,
        "livemode": run.livemode,
        "created": run.created.to_string(),
        "idempotency_key": run.idempotency_key,
        "polls": run.polls,
        "is_running": run.is_running,
    })
}

pub(super) fn exchange(exchange: &Exchange) -> Value {
    json!({
        "id": exchange.id,
        "received": exchange.received.to_string(),
        "method": exchange.method.as_str(),
        "path": exchange.path,
        "query": exchange.query,
        "headers": headers(&exchange.headers),
        "body": String::from_utf8_lossy(&exchange.body),
        "operation": exchange.operation,
        "status": exchange.status.as_u16(),
        "response_headers": headers(&exchange.response_headers),
        "response": String::from_utf8_lossy(&exchange.response),
        "fault": exchange.fault,
    })
}

fn headers(headers: &[(String, String)]) -> Value {
    headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect::<Map<_, _>>().into()
}
