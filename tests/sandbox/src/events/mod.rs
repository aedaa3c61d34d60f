//! Events about runs: thin events become objects that are listed and retrieved.
//!
//! Delivery to webhooks is added here: [`on_change`] is called for every change, without any lock.

use std::sync::Arc;

use serde_json::Value;

use crate::description::EventKind;
use crate::fact::Fact;
use crate::state::{Change, ChangeKind, Core, Owner, Record};

/// Where events are sent to.
#[derive(Debug, Default)]
pub(crate) struct Events {}

/// Adds the events about a change.
pub(crate) fn on_change(core: &Core, change: &Change) {
    let Events {} = core.events;
    let record = &change.record;
    let Some(envelope) = core.description.envelope(EventKind::Thin) else { return };
    let types =
        record.resource.events.iter().filter(|event| {
            event.kind == EventKind::Thin && event.name.rsplit('.').next() == Some(change.kind.suffix())
        });
    for event in types {
        let mut values = Fact::map([
            ("type", event.name.as_str().into()),
            ("data", Fact::default()),
            ("related_object", related(record)),
        ]);
        if let Some(changes) = changes(change) {
            values.set("changes", changes);
        }
        if let Owner::Account(id) = &record.owner {
            values.set("context", &**id);
        }
        core.insert(Arc::new(Record {
            id: core.ids.next(&envelope.id_prefix(record.livemode)),
            resource: envelope.clone(),
            owner: record.owner.clone(),
            livemode: record.livemode,
            created: change.at,
            values,
            run: None,
            output: None,
        }));
    }
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
