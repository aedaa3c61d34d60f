//! The events that descriptions declare: as schemas with `x-stripeEvent`, and in the `x-events` of resources.

use std::collections::BTreeMap;

use super::context::Context;
use super::event_envelopes::{Envelopes, kind_name};
use super::event_subject::subject;
use super::extensions::{self as ext, DeclaredEvent, DeclaredEvents, Envelope, RUST_NAME, StripeEvent};
use super::members::{Claim, Given};
use super::registry::{Component, Registry};
use super::site::Site;
use super::{docs, facts, patterns};
use crate::api::Doc;
use crate::diagnostic::Code;

/// An event, and the resource that it is about.
pub(super) struct Event<'a> {
    pub(super) resource: &'a Component<'a>,
    /// Its schema, or its entry in `x-events`.
    pub(super) site: Site<'a>,
    pub(super) doc: Doc,
    pub(super) given: Option<Given<'a>>,
    /// The claim on the name of its variants, at its type.
    pub(super) claim: Claim<'a>,
}

/// Events by whether they are thin and by their type.
pub(super) type Events<'a> = BTreeMap<(bool, String), Event<'a>>;

/// Returns all events.
pub(super) fn all<'a>(cx: &mut Context<'a>, registry: &'a Registry<'a>, envelopes: &Envelopes<'a>) -> Events<'a> {
    let mut declared = Declared { cx, registry, envelopes, broken: envelopes.broken.clone(), events: Events::new() };
    for component in registry.iter() {
        declared.by_schema(component);
        declared.by_resource(component);
    }
    declared.events
}

struct Declared<'l, 'a> {
    cx: &'l mut Context<'a>,
    registry: &'a Registry<'a>,
    envelopes: &'l Envelopes<'a>,
    /// Kinds of events without an envelope, which has been reported.
    broken: Vec<Envelope>,
    events: Events<'a>,
}

impl<'a> Declared<'_, 'a> {
    /// Adds the event that a schema declares.
    fn by_schema(&mut self, component: &'a Component<'a>) {
        let data = &component.schema.schema_data;
        let declared = self.cx.extension(&component.site, &data.extensions, ext::STRIPE_EVENT);
        let Some(StripeEvent { event_type, kind }) = declared else { return };
        let site = component.site.keys(&[ext::STRIPE_EVENT, "type"]);
        if !self.has_envelope(kind, &site) {
            return;
        }
        check_type(self.cx, self.registry, component, &event_type);
        let Some(resource) = subject(self.cx, self.registry, component, kind) else { return };
        let given = self.cx.name_on_schema(component);
        let claim =
            Claim { what: format!("the event `{event_type}`"), site, rename: "with `x-rustName` on its schema" };
        let event = Event { resource, site: component.site.clone(), doc: self.cx.doc(data), given, claim };
        self.add(kind, event_type, event);
    }

    /// Adds the events that a resource declares.
    fn by_resource(&mut self, component: &'a Component<'a>) {
        let extensions = &component.schema.schema_data.extensions;
        let declared = self.cx.extension(&component.site, extensions, ext::EVENTS);
        let Some(DeclaredEvents { snapshot, thin }) = declared else { return };
        if facts::resource(self.cx, component, ext::EVENTS).is_none() {
            return;
        }
        for (kind, events) in [(Envelope::Snapshot, snapshot), (Envelope::Thin, thin)] {
            let list = component.site.keys(&[ext::EVENTS, kind_name(kind)]);
            for (index, DeclaredEvent { event_type, rust_name, description }) in events.into_iter().enumerate() {
                let entry = list.index(index);
                let site = entry.key("type");
                if !self.has_envelope(kind, &site) {
                    break;
                }
                let given = rust_name.map(|name| Given { name, site: entry.key(RUST_NAME) });
                let doc = Doc { text: docs::clean(&description), ..Doc::default() };
                let claim = Claim { what: format!("the event `{event_type}`"), site, rename: "with `x-rustName`" };
                self.add(kind, event_type, Event { resource: component, site: entry, doc, given, claim });
            }
        }
    }

    /// Returns whether a kind of events has an envelope; reports the first event of a kind without one.
    fn has_envelope(&mut self, kind: Envelope, site: &Site<'a>) -> bool {
        let has_envelope = self.envelopes.of_kind(kind).is_some();
        if self.broken.contains(&kind) || has_envelope || self.cx.broken.hides_resources {
            return has_envelope && !self.broken.contains(&kind);
        }
        self.broken.push(kind);
        let kind = kind_name(kind);
        let message = format!("no schema is the envelope of {kind} events");
        let help = format!("add `x-eventEnvelope: {kind}` to the schema of the whole event");
        self.cx.report(site.at_value(Code::MissingEnvelope, message, help));
        false
    }

    fn add(&mut self, kind: Envelope, event_type: String, event: Event<'a>) {
        let key = (kind == Envelope::Thin, event_type);
        let Some(other) = self.events.get(&key) else {
            self.events.insert(key, event);
            return;
        };
        let message = format!("the event `{}` is described twice", key.1);
        let diagnostic = event.claim.site.at_value(Code::NameCollision, message, "remove one of the two");
        self.cx.report(diagnostic.related(other.site.related("the other description")));
    }
}

/// Reports another `type` in the properties of an event than `x-stripeEvent` has.
fn check_type<'a>(cx: &mut Context<'a>, registry: &'a Registry<'a>, component: &'a Component<'a>, event_type: &str) {
    let site = component.site.keys(&["properties", "type"]);
    let Some(property) = patterns::property(component.schema, "type") else { return };
    let Some((site, schema)) = registry.resolve_schema(cx, &site, property.into()) else { return };
    let other = patterns::values(schema).find(|(_, value)| *value != event_type);
    if let Some((index, other)) = other {
        let message = format!("the type is `{other}` here and `{event_type}` in `x-stripeEvent`");
        let help = "write the same type in both places";
        let diagnostic = site.key("enum").index(index).at_value(Code::Contradiction, message, help);
        let declared = component.site.keys(&[ext::STRIPE_EVENT, "type"]);
        cx.report(diagnostic.related(declared.related("the type of the event")));
    }
}
