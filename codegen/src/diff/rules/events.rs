//! Webhook events: their types, subjects and envelopes.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/events.yaml`.

use super::super::comparison::{field, wire_path};
use super::prelude::*;
use super::{enums, names};
use crate::api::{Api, EventKind, EventSet, FieldPath, Name, TypeDef, TypePath};

rules! {
    ADDED = "event-added", Minor, Compatible, Response, "An event type is added.";
    REMOVED = "event-removed", Major, Compatible, Response, "An event type is removed.";
    RENAMED = "event-name-changed", Patch, Compatible, Response, "An event type is renamed on the wire.";
    SUBJECT_CHANGED = "event-subject-changed", Major, Breaking, Response, "The subject of an event type changes.";
    ENVELOPE_ADDED = "event-envelope-added", Minor, Compatible, Response, "A type becomes an event envelope.";
    ENVELOPE_REMOVED = "event-envelope-removed", Major, Compatible, Response, "A type is no longer an event envelope.";
    ENVELOPE_CHANGED = "event-envelope-changed", Patch, Breaking, Response,
        "The `object` of an event envelope changes, or its type, subject or context moves to other fields.";
}

pub(super) const CHECKS: &[Check] = &[Check::Api(envelopes)];

fn envelopes(comparison: &Comparison<'_>, changes: &mut Changes) {
    let Pair { base, head } = comparison.sides;
    let sets = Paired::new(&base.events, &head.events).by(|set| Some(set.kind == EventKind::Thin));
    let subject = |def| Subject::of_type(Pair { base: def, head: def });
    for set in sets.added {
        let Some(def) = head.types.get(&set.envelope) else { continue };
        changes.report(&ENVELOPE_ADDED, subject(def).added(), format!("`{}::parse` is added", set.envelope.name));
    }
    for set in sets.removed {
        let Some(def) = base.types.get(&set.envelope) else { continue };
        changes.report(&ENVELOPE_REMOVED, subject(def).removed(), format!("`{}::parse` is removed", set.envelope.name));
    }
    for pair in sets.kept {
        let def = |path: fn(&EventSet) -> &TypePath| {
            Some(Pair { base: base.types.get(path(pair.base))?, head: head.types.get(path(pair.head))? })
        };
        if let (Some(envelope), Some(types)) = (def(|set| &set.envelope), def(|set| &set.type_enum)) {
            events(comparison, changes, pair, envelope, types);
        }
    }
}

fn events(
    comparison: &Comparison<'_>,
    changes: &mut Changes,
    sets: Pair<'_, EventSet>,
    envelope: Pair<'_, TypeDef>,
    types: Pair<'_, TypeDef>,
) {
    let Pair { base, head } = comparison.sides;
    if wire_fields(base, sets.base) != wire_fields(head, sets.head) {
        let message = "`object`, or a field with the event's type, subject or context changes";
        changes.report(&ENVELOPE_CHANGED, Subject::of_type(envelope), message);
    }
    let events = Paired::new(&sets.base.types, &sets.head.types)
        .by(|event| Some(event.wire.as_str()))
        .by(|event| Some(event.name.as_str()));
    for event in events.added {
        enums::added(changes, &ADDED, types, event, "");
    }
    for event in events.removed {
        enums::removed(changes, &REMOVED, types, event);
    }
    for event in events.kept {
        let is_same_type = comparison.head_name(&event.base.resource) == &event.head.resource;
        if !is_same_type && !event.same(|event| &event.wire) {
            // Only the name in Rust is the same.
            enums::removed(changes, &REMOVED, types, event.base);
            enums::added(changes, &ADDED, types, event.head, "");
            continue;
        }
        enums::renamed(changes, &RENAMED, types, event, "");
        // Thin events refer to their subject by name, others contain it.
        let thin_subject = sets.head.subject_enum.as_ref().filter(|_| sets.head.kind == EventKind::Thin);
        let is_same_resource = event.same(|event| &event.resource_id);
        let (rule, message) = match (event.map(|event| &event.resource_name), thin_subject) {
            _ if !is_same_type => {
                let (old, new) = event.map(|event| &event.resource.name);
                (&SUBJECT_CHANGED, format!("the subject of `{}` changes from `{old}` to `{new}`", event.head.wire))
            }
            ((old, new), Some(TypePath { name: subject, .. })) if old != new => {
                let rule = if is_same_resource { &names::VALUE_RENAMED } else { &SUBJECT_CHANGED };
                let wire = &event.head.wire;
                (rule, format!("the subject of `{wire}` changes from `{subject}::{old}` to `{subject}::{new}`"))
            }
            _ => continue,
        };
        changes.report(rule, Subject::of_type(types).member(event), message);
    }
}

/// What an envelope has on the wire: its `object`, and the fields with type, subject and context.
fn wire_fields(api: &Api, set: &EventSet) -> impl PartialEq {
    let name = |of: &TypePath, name: &Name| field(api, of, name).map(|field| field.wire.clone());
    let path = |path: &FieldPath| wire_path(api, &set.envelope, path);
    let related = set.related.as_ref().map(|related| {
        let of = set.subject.ty.named().into_iter().next().unwrap_or_else(|| set.envelope.clone());
        (wire_path(api, &of, &related.id), name(&of, &related.type_name), name(&of, &related.url))
    });
    let event_type = name(&set.envelope, &set.type_field);
    (set.object.clone(), event_type, path(&set.subject), related, set.context.as_ref().map(path))
}
