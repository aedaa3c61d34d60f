//! Requests as they are compared: parsed, without what cannot be the same.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stripe_reporting_sandbox::Exchange;

/// The headers that matter. The key is not among them: the sandbox refuses requests without it.
const HEADERS: [&str; 5] = ["content-type", "stripe-version", "stripe-account", "stripe-context", "idempotency-key"];

/// Returns the requests of a step.
pub(crate) fn neutral(exchanges: &[Exchange]) -> Value {
    // Generated keys are random: which requests have the same is what matters.
    let mut keys = BTreeMap::new();
    exchanges.iter().map(|exchange| request(exchange, &mut keys)).collect()
}

/// Replaces the ports of sandboxes in URLs, which are any that are free.
pub(crate) fn hide_ports(value: &mut Value) {
    const HOST: &str = "http://127.0.0.1:";
    match value {
        Value::String(text) if text.contains(HOST) => {
            let mut parts = text.split(HOST);
            let mut hidden = parts.next().unwrap_or_default().to_owned();
            for rest in parts {
                hidden.push_str(HOST);
                hidden.push_str("PORT");
                hidden.push_str(rest.trim_start_matches(|c: char| c.is_ascii_digit()));
            }
            *text = hidden;
        }
        Value::Array(items) => items.iter_mut().for_each(hide_ports),
        Value::Object(members) => members.values_mut().for_each(hide_ports),
        _ => {}
    }
}

fn request(exchange: &Exchange, keys: &mut BTreeMap<String, usize>) -> Value {
    let mut headers = Map::new();
    for (name, value) in &exchange.headers {
        let name = name.to_lowercase();
        if HEADERS.contains(&name.as_str()) {
            let value = match name.as_str() {
                "idempotency-key" if !value.starts_with("witness-") => {
                    let next = keys.len() + 1;
                    format!("key {}", keys.entry(value.clone()).or_insert(next))
                }
                "content-type" => value.split(';').next().unwrap_or_default().to_owned(),
                _ => value.clone(),
            };
            headers.insert(name, value.into());
        }
    }
    let text = String::from_utf8_lossy(&exchange.body);
    let body = match headers.get("content-type").and_then(Value::as_str) {
        _ if text.is_empty() => Value::Null,
        Some("application/json") => serde_json::from_str(&text).unwrap_or_else(|_| text.into()),
        _ => form(&text),
    };
    // Of nothing.
    if body.is_null() {
        headers.remove("content-type");
    }
    json!({
        "method": exchange.method.as_str(),
        "path": exchange.path,
        "query": form(&exchange.query),
        "headers": headers,
        "body": body,
        "status": exchange.status.as_u16(),
    })
}

/// Returns the pairs of a form, sorted by their names: the order of the values of one name remains.
fn form(text: &str) -> Value {
    let mut pairs: Vec<(String, String)> = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs.into_iter().map(|(name, value)| json!([name, value])).collect()
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
