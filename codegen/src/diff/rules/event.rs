//! Webhook events, and the envelopes that they come in.

use super::super::pairing::Paired;
use super::fact::steps;
use super::prelude::*;
use crate::api::{Api, EventKind, EventSet, FieldPath, Name, TypePath};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&ADDED, &REMOVED, &NAME_CHANGED, &SUBJECT_CHANGED, &ENVELOPE_ADDED, &ENVELOPE_REMOVED, &ENVELOPE_CHANGED],
    checks: &[Check::Crates(compare)],
};

const ONE_WAY: &str = "events are never sent to Stripe";

static ADDED: Rule = Rule::new("event-added", (Minor, Compatible, Response), "There is a new type of event.")
    .reverse("event-removed")
    .without_counterpart(ONE_WAY);

static REMOVED: Rule = Rule::new("event-removed", (Major, Compatible, Response), "A type of event is gone.")
    .reverse("event-added")
    .without_counterpart(ONE_WAY);

static NAME_CHANGED: Rule =
    Rule::new("event-name-changed", (Patch, Breaking, Response), "A type of event has another name on the wire.")
        .without_counterpart(ONE_WAY);

static SUBJECT_CHANGED: Rule =
    Rule::new("event-subject-changed", (Major, Breaking, Response), "An event is about something else.")
        .without_counterpart(ONE_WAY);

static ENVELOPE_ADDED: Rule =
    Rule::new("event-envelope-added", (Minor, Compatible, Response), "A type is the whole of an event.")
        .reverse("event-envelope-removed")
        .without_counterpart(ONE_WAY);

static ENVELOPE_REMOVED: Rule =
    Rule::new("event-envelope-removed", (Major, Breaking, Response), "A type is no longer the whole of an event.")
        .reverse("event-envelope-added")
        .without_counterpart(ONE_WAY);

static ENVELOPE_CHANGED: Rule = Rule::new(
    "event-envelope-changed",
    (Patch, Breaking, Response),
    "An event tells what it is about in other fields.",
)
.without_counterpart(ONE_WAY);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes) {
    let Pair { base, head } = comparison.sides;
    let envelopes = Paired::new(&base.events, &head.events).by(|set| Some(set.kind == EventKind::Thin));
    for set in envelopes.added {
        let message = format!("`{}::parse` reads events, and leads to what they are about", set.envelope.name);
        changes.report(&ENVELOPE_ADDED, named(head, &set.envelope).added(), message);
    }
    for set in envelopes.removed {
        let message = format!("`{}::parse` is gone; code that reads events stops compiling", set.envelope.name);
        changes.report(&ENVELOPE_REMOVED, named(base, &set.envelope).removed(), message);
    }
    for pair in envelopes.kept {
        events(comparison, changes, pair);
    }
}

fn events(comparison: &Comparison<'_>, changes: &mut Changes, sets: Pair<'_, EventSet>) {
    let (base, head) = (comparison.sides.base, comparison.sides.head);
    let whole = Subject { base: named(base, &sets.base.envelope).base, ..named(head, &sets.head.envelope) };
    if !has_same_fields(comparison, sets) {
        let message =
            "what an event is, what it is about and where it happened is told in other fields; code stays as it is";
        changes.report(&ENVELOPE_CHANGED, whole, message);
    }
    let events = Paired::new(&sets.base.types, &sets.head.types)
        .by(|event| Some(event.wire.as_str()))
        .by(|event| Some(event.name.as_str()));
    let name = &sets.head.type_enum.name;
    let types = Subject { base: named(base, &sets.base.type_enum).base, ..named(head, &sets.head.type_enum) };
    for event in events.added {
        let message =
            format!("`{}` can arrive, as `{name}::{}`; code that matches keeps compiling", event.wire, event.name);
        changes.report(&ADDED, types.part(None, Some((&event.name, &event.origin))), message);
    }
    for event in events.removed {
        let message = format!(
            "`{}` is gone; code that names `{}::{}` stops compiling",
            event.wire, sets.base.type_enum.name, event.name
        );
        changes.report(&REMOVED, types.part(Some((&event.name, &event.origin)), None), message);
    }
    for pair in events.kept {
        let places = types.part(Some((&pair.base.name, &pair.base.origin)), Some((&pair.head.name, &pair.head.origin)));
        if !pair.same(|event| &event.wire) {
            let (old, new) = pair.map(|event| &event.wire);
            let message = format!("`{old}` is called `{new}` on the wire; code stays as it is");
            changes.report(&NAME_CHANGED, places.clone(), message);
        }
        // Thin events lead to a request by the name of the resource, others hold the resource.
        let subject = sets.head.subject_enum.as_ref().filter(|_| sets.head.kind == EventKind::Thin);
        let is_same_type = comparison.head_name(&pair.base.resource) == &pair.head.resource;
        let message = match (pair.map(|event| &event.resource_name), subject) {
            _ if !is_same_type => {
                let (old, new) = pair.map(|event| &event.resource.name);
                format!(
                    "`{}` is about {}, which was {}; code that looks at it must change",
                    pair.head.wire,
                    a(new),
                    a(old)
                )
            }
            ((old, new), Some(TypePath { name: subject, .. })) if old != new => {
                let wire = &pair.head.wire;
                format!("`{wire}` leads to `{subject}::{new}`, which was `{old}`; code that follows it must change")
            }
            _ => continue,
        };
        changes.report(&SUBJECT_CHANGED, places, message);
    }
}

/// Whether what events are about is told in the same fields, whatever they are called in Rust.
fn has_same_fields(comparison: &Comparison<'_>, sets: Pair<'_, EventSet>) -> bool {
    let (base, head) = (sets.base, sets.head);
    let field = |of: &TypePath, name: &Name| comparison.field(of, name).map_or(name, |pair| &pair.head.name).clone();
    let path = |path: &FieldPath| comparison.path_in_head(&base.envelope, path);
    let related = base.related.as_ref().map(|related| {
        let of = base.subject.ty.named().into_iter().next().unwrap_or_else(|| base.envelope.clone());
        (comparison.path_in_head(&of, &related.id), [&related.type_name, &related.url].map(|name| field(&of, name)))
    });
    let related_in_head = head.related.as_ref().map(|it| (steps(&it.id), [&it.type_name, &it.url].map(Name::clone)));
    base.object == head.object
        && field(&base.envelope, &base.type_field) == head.type_field
        && path(&base.subject) == steps(&head.subject)
        && related == related_in_head
        && base.context.as_ref().map(path) == head.context.as_ref().map(steps)
}

/// A type of one side.
fn named(api: &Api, path: &TypePath) -> Subject {
    let Some(def) = api.types.get(path) else { return Subject::default() };
    Subject::types(Pair { base: def, head: def })
}
