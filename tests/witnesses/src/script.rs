//! The steps: read from `steps.yaml`, completed for a sandbox, with values of earlier steps filled in.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use stripe_reporting::{Timestamp, Webhook};
use stripe_reporting_sandbox::Fault;

/// The secret of webhooks.
const SECRET: &str = "whsec_witness";

/// The class of errors of steps that cannot be run.
pub(crate) const CLASS: &str = "script";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// The method and path of each call.
    calls: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) last: Vec<Step>,
    notifications: Vec<Map<String, Value>>,
    headers: Vec<Header>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Step {
    pub(crate) name: String,
    call: String,
    #[serde(default)]
    pub(crate) before: Before,
    /// What the call takes.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What happens in the sandbox before a step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    pub(crate) fault: Option<Fault>,
    pub(crate) outcome: Option<Ending>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Failed,
}

/// The options of a request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Options {
    pub(crate) api_key: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) context: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) max_retries: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    header: String,
    /// The seconds since the webhook was signed.
    #[serde(default)]
    age: i64,
}

impl Script {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        // By way of JSON, in which enums are maps instead of YAML tags.
        let value: Value = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_value(value).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Returns the methods and paths of the calls that a step makes.
    #[cfg(test)]
    pub(crate) fn routes(&self) -> std::collections::BTreeSet<String> {
        self.steps.iter().filter_map(|step| self.calls.get(&step.call).cloned()).collect()
    }

    /// Completes a step: the outcomes of earlier steps by their names, the API version to send.
    pub(crate) fn complete(
        &self,
        step: &Step,
        outcomes: &BTreeMap<String, Value>,
        version: Option<&str>,
    ) -> Result<Value, String> {
        let mut whole = fill(&Value::Object(step.rest.clone()), outcomes)
            .map_err(|at| format!("`{at}` is not a value of an earlier step"))?;
        set(&mut whole, "call", step.call.as_str());
        let mut options = whole.get("options").cloned().unwrap_or_else(|| json!({}));
        if let Some(version) = version {
            set(&mut options, "version", version);
        }
        set(&mut whole, "options", options);
        if let Some((method, path)) = self.calls.get(&step.call).and_then(|route| route.split_once(' ')) {
            let id = whole.get("id").and_then(Value::as_str).unwrap_or_default();
            let path = path.replace("{id}", id);
            set(&mut whole, "method", method);
            set(&mut whole, "path", path);
        }
        Ok(whole)
    }

    /// Returns the steps of the events and headers of webhooks.
    pub(crate) fn webhooks(&self) -> Result<Vec<Step>, String> {
        let now = Timestamp::now().as_second();
        let mut steps = vec![step(
            "webhooks sign",
            "webhooks.sign",
            json!({
                "payload": PAYLOAD, "secret": SECRET, "timestamp": 1_700_000_000,
            }),
        )];
        for Header { header, age } in &self.headers {
            let signed = now - age;
            let whole = sign(PAYLOAD, signed)?;
            let hash = whole.split_once("v1=").map(|(_, hash)| hash).unwrap_or_default();
            let name = if *age == 0 {
                format!("webhooks verify `{header}`")
            } else {
                format!("webhooks verify `{header}` after {age} s")
            };
            let header =
                header.replace("UPPER", &hash.to_uppercase()).replace("HASH", hash).replace('T', &signed.to_string());
            steps.push(step(
                &name,
                "webhooks.verify",
                json!({
                    "payload": PAYLOAD, "secret": SECRET, "header": header, "tolerance": 300,
                }),
            ));
        }
        for given in &self.notifications {
            let event_type = given.get("type").and_then(Value::as_str).unwrap_or_default();
            let mut event = json!({
                "id": "evt_test_1", "object": "v2.core.event", "created": "2040-06-15T12:00:00.000Z", "livemode": false,
            });
            for (name, value) in given {
                set(&mut event, name, value.clone());
            }
            steps.push(event_step(&format!("events {event_type}"), &event.to_string(), "thin", false)?);
        }
        Ok(steps)
    }
}

/// What is signed in the steps about headers.
const PAYLOAD: &str = r#"{"id": "evt_1", "text": "Zürich ✓"}"#;

fn sign(payload: &str, at: i64) -> Result<String, String> {
    let webhook = Webhook::new(SECRET).map_err(|error| error.to_string())?;
    let at = Timestamp::from_second(at).map_err(|error| error.to_string())?;
    Ok(webhook.sign(payload.as_bytes(), at))
}

/// Sets a member of an object.
pub(crate) fn set(object: &mut Value, name: &str, member: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), member.into());
    }
}

/// Returns the step of an event that a webhook receives.
pub(crate) fn event_step(name: &str, payload: &str, kind: &str, fetch: bool) -> Result<Step, String> {
    let header = sign(payload, Timestamp::now().as_second())?;
    let rest = json!({"payload": payload, "secret": SECRET, "header": header, "fetch": fetch});
    Ok(step(name, &format!("events.{kind}"), rest))
}

fn step(name: &str, call: &str, rest: Value) -> Step {
    let rest = rest.as_object().cloned().unwrap_or_default();
    Step { name: name.to_owned(), call: call.to_owned(), before: Before::default(), rest }
}

/// Replaces texts `<step/pointer>` by values of outcomes. Returns the text that has none.
fn fill(value: &Value, outcomes: &BTreeMap<String, Value>) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => match text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            Some(place) => {
                let (step, pointer) = place.split_at(place.find('/').unwrap_or(place.len()));
                let found = outcomes.get(step).and_then(|value| value.pointer(pointer));
                found.cloned().ok_or_else(|| text.clone())?
            }
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| fill(item, outcomes)).collect::<Result<_, _>>()?,
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| Ok((name.clone(), fill(member, outcomes)?)));
            Value::Object(members.collect::<Result<_, String>>()?)
        }
        _ => value.clone(),
    })
}
