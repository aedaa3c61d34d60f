//! Signs, verifies and parses webhooks.

use std::time::Duration;

use serde_json::{Map, Value, json};
use stripe_reporting::v1::{self, EventSubject as Snapshot};
use stripe_reporting::v2::core::{Event, EventSubject as Thin};
use stripe_reporting::{Timestamp, Webhook};

use super::{Failure, Ours, Seen};
use crate::script::set;

pub(super) fn run(ours: &Ours<'_>, call: &str, step: &Value) -> Result<Seen, Failure> {
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
    let webhook = Webhook::new(text("secret"))?;
    let (header, payload) = (text("header"), text("payload").as_bytes());
    match call {
        "webhooks.sign" => {
            let at = step.get("timestamp").and_then(Value::as_i64).unwrap_or_default();
            let at = Timestamp::from_second(at).map_err(|error| Failure::Script(error.to_string()))?;
            Ok(Seen::plain(webhook.sign(payload, at)))
        }
        "webhooks.verify" => {
            let seconds = step.get("tolerance").and_then(Value::as_u64).unwrap_or_default();
            webhook.tolerance(Duration::from_secs(seconds)).verify(header, payload)?;
            Ok(Seen::plain(true))
        }
        "events.snapshot" => snapshot(&webhook.parse(header, payload)?),
        "events.thin" => thin(ours, &webhook.parse(header, payload)?, step.get("fetch") == Some(&Value::Bool(true))),
        _ => Err(Failure::Script(format!("`{call}` is not supported; add it to `src/ours/webhooks.rs`"))),
    }
}

/// Returns a snapshot event with its object as the crate decodes it.
fn snapshot(event: &v1::Event) -> Result<Seen, Failure> {
    let mut seen = Seen::new(event)?;
    let object = match event.subject()? {
        Snapshot::ReportingReportRunFailed(run) | Snapshot::ReportingReportRunSucceeded(run) => Seen::new(&run)?,
        Snapshot::ReportingReportTypeUpdated(report_type) => Seen::new(&report_type)?,
        Snapshot::SigmaScheduledQueryRunCreated(run) => Seen::new(&run)?,
        other => return Err(Failure::Script(format!("{other:?} is not supported; add it to `src/ours/webhooks.rs`"))),
    };
    if let Some(place) = seen.value.pointer_mut("/data/object") {
        *place = object.value;
    }
    seen.unknown.extend(object.unknown);
    Ok(seen)
}

/// Returns a thin event as it was delivered and, if requested, the whole event and its object.
fn thin(ours: &Ours<'_>, event: &Event, fetch: bool) -> Result<Seen, Failure> {
    let delivered = Seen::new(event)?;
    let known = ["id", "object", "type", "created", "livemode", "context", "reason", "related_object"];
    let member = |name: &&str| (name.to_string(), delivered.value.get(name).cloned().unwrap_or_default());
    let mut value = json!({"notification": known.iter().map(member).collect::<Map<_, _>>()});
    let mut unknown = Vec::new();
    if fetch {
        unknown = delivered.unknown;
        let whole = ours.seen(event.full())?;
        let object = subject(ours, event)?;
        set(&mut value, "event", whole.value);
        set(&mut value, "object", object.value);
        unknown.extend(whole.unknown);
        unknown.extend(object.unknown);
    }
    Ok(Seen { value, unknown })
}

fn subject(ours: &Ours<'_>, event: &Event) -> Result<Seen, Failure> {
    match event.subject() {
        Some(Thin::ScheduledQueryRun(request)) => ours.seen(request),
        Some(Thin::V2DataQueryRun(request)) => ours.seen(request),
        Some(Thin::V2DataReportRun(request)) => ours.seen(request),
        Some(Thin::V2DataReportingQueryRun(request)) => ours.seen(request),
        Some(Thin::V2ReportingReportRun(request)) => ours.seen(request),
        Some(other) => Err(Failure::Script(format!("{other:?} is not supported; add it to `src/ours/webhooks.rs`"))),
        None => Ok(Seen::plain(Value::Null)),
    }
}
