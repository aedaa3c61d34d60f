//! Webhook events, and the envelopes that they come in.

use super::super::pairing::Paired;
use super::prelude::*;
use crate::api::{Api, EventKind, EventSet, EventType, TypePath};

pub(super) const TOPIC: Topic = Topic {
    rules: &[&ADDED, &REMOVED, &NAME_CHANGED, &SUBJECT_CHANGED, &ENVELOPE_ADDED, &ENVELOPE_REMOVED, &ENVELOPE_CHANGED],
    compare: Compare::Crates(compare),
};

const ONE_WAY: &str = "events are never sent to Stripe";

static ADDED: Rule = Rule::new("event-added", (Minor, Compatible, Response), "There is a new type of event.")
    .mirror("event-removed")
    .one_way(ONE_WAY);

static REMOVED: Rule = Rule::new("event-removed", (Major, Breaking, Response), "A type of event is gone.")
    .mirror("event-added")
    .one_way(ONE_WAY);

static NAME_CHANGED: Rule =
    Rule::new("event-name-changed", (Patch, Breaking, Response), "A type of event has another name on the wire.")
        .one_way(ONE_WAY);

static SUBJECT_CHANGED: Rule =
    Rule::new("event-subject-changed", (Major, Breaking, Response), "An event is about something else.")
        .one_way(ONE_WAY);

static ENVELOPE_ADDED: Rule =
    Rule::new("event-envelope-added", (Minor, Compatible, Response), "A type is the whole of an event.")
        .mirror("event-envelope-removed")
        .one_way(ONE_WAY);

static ENVELOPE_REMOVED: Rule =
    Rule::new("event-envelope-removed", (Major, Breaking, Response), "A type is no longer the whole of an event.")
        .mirror("event-envelope-added")
        .one_way(ONE_WAY);

static ENVELOPE_CHANGED: Rule = Rule::new(
    "event-envelope-changed",
    (Patch, Breaking, Response),
    "An event tells what it is about in other fields.",
)
.one_way(ONE_WAY);

fn compare(comparison: &mut Comparison<'_>) {
    let Pair { base, head } = comparison.sides;
    let envelopes = Paired::new(&base.events, &head.events).by(|set| Some(set.kind == EventKind::Thin));
    for set in envelopes.added {
        let message = format!("`{}::parse` reads events, and leads to what they are about", set.envelope.name);
        comparison.report(&ENVELOPE_ADDED, named(head, &set.envelope).added(), message);
    }
    for set in envelopes.removed {
        let message = format!("`{}::parse` is gone; code that reads events stops compiling", set.envelope.name);
        comparison.report(&ENVELOPE_REMOVED, named(base, &set.envelope).removed(), message);
    }
    for pair in envelopes.kept {
        events(comparison, pair);
    }
}

fn events(comparison: &mut Comparison<'_>, sets: Pair<'_, EventSet>) {
    let (base, head) = (comparison.sides.base, comparison.sides.head);
    let whole = Subject { base: named(base, &sets.base.envelope).base, ..named(head, &sets.head.envelope) };
    if facts(sets.base) != facts(sets.head) {
        let message =
            "what an event is, what it is about and where it happened is told in other fields; code stays as it is";
        comparison.report(&ENVELOPE_CHANGED, whole, message);
    }
    let events = Paired::new(&sets.base.types, &sets.head.types)
        .by(|event| Some(event.wire.as_str()))
        .by(|event| Some(event.name.as_str()));
    let name = &sets.head.type_enum.name;
    let types = Subject { base: named(base, &sets.base.type_enum).base, ..named(head, &sets.head.type_enum) };
    for event in events.added {
        let message =
            format!("`{}` can arrive, as `{name}::{}`; code that matches keeps compiling", event.wire, event.name);
        comparison.report(&ADDED, types.part(None, Some((&event.name, &event.origin))), message);
    }
    for event in events.removed {
        let message = format!("`{}` is gone; code that names `{name}::{}` stops compiling", event.wire, event.name);
        comparison.report(&REMOVED, types.part(Some((&event.name, &event.origin)), None), message);
    }
    for pair in events.kept {
        let places = types.part(Some((&pair.base.name, &pair.base.origin)), Some((&pair.head.name, &pair.head.origin)));
        if !pair.same(|event| &event.wire) {
            let (old, new) = pair.map(|event| &event.wire);
            let message = format!("`{old}` is called `{new}` on the wire; code stays as it is");
            comparison.report(&NAME_CHANGED, places.clone(), message);
        }
        let subject = |event: &EventType| (event.resource.clone(), event.resource_id.clone());
        let (old, new) = (subject(pair.base), subject(pair.head));
        if (comparison.head_name(&pair.base.resource), &old.1) != (&new.0, &new.1) {
            let (old, new) = (a(&old.0.name), a(&new.0.name));
            let message =
                format!("`{}` is about {new}, which was {old}; code that looks at it must change", pair.head.wire);
            comparison.report(&SUBJECT_CHANGED, places, message);
        }
    }
}

/// Where an envelope tells what.
fn facts(set: &EventSet) -> impl PartialEq + '_ {
    let steps = |path: &crate::api::FieldPath| path.steps.clone();
    let related = set.related.as_ref().map(|related| (&related.id, &related.type_name, &related.url));
    (&set.object, &set.type_field, steps(&set.subject), related, set.context.as_ref().map(steps))
}

/// A type of one side.
fn named(api: &Api, path: &TypePath) -> Subject {
    let Some(def) = api.types.get(path) else { return Subject::default() };
    Subject { direction: None, ..Subject::types(Pair { base: def, head: def }) }
}
