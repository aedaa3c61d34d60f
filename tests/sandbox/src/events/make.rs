//! Builds an event: the object that is retrieved, and the body that webhooks receive.

use std::sync::Arc;

use serde_json::Value;

use super::event::Event;
use crate::description::{EventKind, EventType};
use crate::fact::Fact;
use crate::state::{Cause, Change, ChangeKind, Core, Owner, Record};
use crate::{facts, verbs};

/// Builds an event, and keeps it as an object if events can be retrieved. `snapshot` is the snapshot event of a thin one.
pub(super) fn event(core: &Core, change: &Change, event: &EventType, snapshot: Option<&str>) -> Option<Event> {
    let envelope = core.description.envelope(event.kind)?;
    let record = &change.record;
    let kept = Arc::new(Record {
        id: core.ids.next(&envelope.id_prefix(record.livemode)),
        resource: envelope.clone(),
        owner: record.owner.clone(),
        livemode: record.livemode,
        created: change.at,
        cause: None,
        values: match event.kind {
            EventKind::Snapshot => snapshot_values(core, change, event),
            EventKind::Thin => thin_values(change, event, snapshot),
        },
        run: None,
        output: None,
    });
    let mut body = verbs::whole(core, &kept);
    let mut problem = core.validators.resource(&envelope.id, &body).err();
    if event.kind == EventKind::Snapshot
        && let Some(object) = body.pointer("/data/object")
    {
        problem = problem.or(core.validators.resource(&record.resource.id, object).err());
    }
    if let Some(members) = body.as_object_mut().filter(|_| event.kind == EventKind::Thin) {
        members.retain(|name, _| !facts::NOT_PUSHED.contains(&name.as_str()));
    }
    for field in &envelope.includable {
        verbs::remove(&mut body, field);
    }
    let made = Event {
        id: kept.id.clone(),
        event_type: event.name.clone(),
        kind: event.kind,
        object: record.id.clone(),
        created: change.at,
        body: serde_json::to_vec(&body).unwrap_or_default().into(),
        problem,
        deliveries: Vec::new(),
    };
    if envelope.path.is_some() {
        core.insert(kept);
    }
    Some(made)
}

/// Returns the request that caused a change. The end of a run is not caused by a request.
fn cause(change: &Change) -> Option<&Cause> {
    change.record.cause.as_ref().filter(|_| change.kind == ChangeKind::Created)
}

fn snapshot_values(core: &Core, change: &Change, event: &EventType) -> Fact {
    let record = &change.record;
    let webhooks = i64::try_from(core.events.webhooks.len()).unwrap_or(i64::MAX);
    let mut values = Fact::map([
        ("type", event.name.as_str().into()),
        ("api_version", record.resource.version.as_str().into()),
        ("pending_webhooks", Fact::Integer(webhooks)),
    ]);
    values.set("data.object", verbs::whole(core, record));
    if let Some(cause) = cause(change) {
        let key = cause.idempotency_key.as_deref().map_or(Fact::Value(Value::Null), Fact::from);
        values.set("request", Fact::map([("id", cause.request.as_str().into()), ("idempotency_key", key)]));
    }
    let platform = core.database.accounts().first().map(|account| account.id.as_str());
    if let Owner::Account(id) = &record.owner
        && platform != Some(id)
    {
        values.set("account", &**id);
    }
    values
}

fn thin_values(change: &Change, event: &EventType, snapshot: Option<&str>) -> Fact {
    let record = &change.record;
    let mut values = Fact::map([
        ("type", event.name.as_str().into()),
        ("data", Fact::default()),
        ("related_object", related(record)),
    ]);
    if let Some(cause) = cause(change) {
        values.set("reason.type", "request");
        values.set("reason.request.id", cause.request.as_str());
        // The description requires a key; only a request without one has none.
        values.set("reason.request.idempotency_key", cause.idempotency_key.as_deref().unwrap_or_default());
        values.set("reason.request.client.type", "api_key");
    }
    if let Some(changes) = changes(change) {
        values.set("changes", changes);
    }
    if let Owner::Account(id) = &record.owner {
        values.set("context", &**id);
    }
    if let Some(snapshot) = snapshot {
        values.set("snapshot_event", snapshot);
    }
    values
}

/// Returns a reference to an object.
fn related(record: &Record) -> Fact {
    let path = record.resource.path.as_deref().unwrap_or_default();
    let url = path.split_once('{').map_or_else(|| path.to_owned(), |(start, _)| format!("{start}{}", record.id));
    Fact::map([
        ("id", record.id.as_str().into()),
        ("type", record.resource.id.as_str().into()),
        ("url", url.as_str().into()),
    ])
}

/// Returns the statuses before and after a change, or `None` if the object's status does not change.
fn changes(change: &Change) -> Option<Fact> {
    let (Some(run), Some(wait)) = (&change.record.run, &change.record.resource.wait) else {
        return None;
    };
    let initial = wait.running.first()?.as_str();
    let before = match change.kind {
        ChangeKind::Created => Fact::Value(Value::Null),
        _ => Fact::map([("status", initial.into())]),
    };
    let after = Fact::map([("status", run.progress().status.name(wait).into())]);
    Some(Fact::map([("before", before), ("after", after)]))
}
