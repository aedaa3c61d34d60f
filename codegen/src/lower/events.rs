//! Webhook events: their types, their envelopes, what they are about.

use std::collections::BTreeMap;

use openapiv3::ReferenceOr;

use super::extensions::{self as ext, Envelope, StripeEvent};
use super::members::{Claim, Members};
use super::names;
use super::place::Form;
use super::registry::Component;
use super::site::Site;
use super::{Lowering, patterns};
use crate::api::{
    Doc, Enum, EnumRole, EventKind, EventSet, EventType, FieldPath, FieldStep, Name, RelatedFields, Type, TypeDef,
    TypeKind, TypePath, Variant,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::suggest;

/// A schema that is the whole of an event.
#[derive(Clone)]
pub(super) struct EnvelopeSchema<'a> {
    component: Component<'a>,
    kind: Envelope,
    type_enum: TypePath,
    subject_enum: TypePath,
}

/// An event, and the resource that it is about.
struct Event<'a> {
    component: Component<'a>,
    resource: Component<'a>,
}

const NO_SUBJECT: &str = "the event does not say which resource it is about";

impl<'a> Lowering<'a> {
    /// Finds the envelopes before types are lowered: their `type` is an enum of all events.
    pub(super) fn register_envelopes(&mut self) {
        let components: Vec<_> = self.registry.iter().cloned().collect();
        for component in components {
            let extensions = &component.schema.schema_data.extensions;
            let Some(kind) = self.extension::<Envelope>(&component.site, extensions, ext::EVENT_ENVELOPE) else {
                continue;
            };
            let site = component.site.key(ext::EVENT_ENVELOPE);
            if let Some(other) = self.envelopes.iter().find(|other| other.kind == kind) {
                let mut diagnostic =
                    site.at_key(Code::NameCollision, "there is already an envelope for this kind of event");
                diagnostic.related.push(other.component.site.key(ext::EVENT_ENVELOPE).related("the other envelope"));
                self.report(diagnostic);
                continue;
            }
            let type_property = patterns::properties(component.schema).and_then(|properties| properties.get("type"));
            let has_type = matches!(type_property, Some(ReferenceOr::Item(schema)) if Form::of(schema) == Form::Text);
            let tag = patterns::object(component.schema).and_then(patterns::tag);
            let same_tag = |other: &&EnvelopeSchema<'a>| {
                tag.is_some() && patterns::object(other.component.schema).and_then(patterns::tag) == tag
            };
            if let Some(other) = self.envelopes.iter().find(same_tag) {
                let values = ["properties", "object", "enum"];
                let message = "the envelopes of both kinds of events have the same `object`, which tells them apart";
                let mut diagnostic = component.site.keys(&values).at_key(Code::NameCollision, message);
                diagnostic.related.push(other.component.site.keys(&values).related("the other envelope"));
                diagnostic.help = Some("write `event` for snapshot events, `v2.core.event` for thin ones".to_owned());
                self.report(diagnostic);
            }
            let is_whole = has_type && tag.is_some();
            if !is_whole {
                self.broken_envelopes.push(kind);
            }
            if !is_whole && (self.was_misread(&component.site) || self.has_composed_tag(&component)) {
                continue;
            }
            if !is_whole {
                let mut diagnostic =
                    site.at_key(Code::UnknownField, "an envelope tells what it is by `object` and `type`");
                diagnostic.help = Some(
                    "give the schema a property `type`, a plain string, and an `object` with one value".to_owned(),
                );
                self.report(diagnostic);
                continue;
            }
            let path = |word| {
                let name = names::extend(&component.path.name, &names::fixed(word));
                TypePath { module: component.path.module.clone(), name }
            };
            let (type_enum, subject_enum) = (path("Type"), path("Subject"));
            self.claim_type(&type_enum, &component.site.keys(&["properties", "type"]));
            self.claim_type(&subject_enum, &site);
            self.envelopes.push(EnvelopeSchema { component, kind, type_enum, subject_enum });
        }
    }

    fn has_envelope(&self, kind: Envelope) -> bool {
        self.envelopes.iter().any(|envelope| envelope.kind == kind)
    }

    /// Whether the `object` of a schema is nothing that the dialect has, which is reported of itself.
    fn has_composed_tag(&self, component: &Component<'a>) -> bool {
        let tag = patterns::properties(component.schema).and_then(|properties| properties.get("object")?.as_item());
        tag.is_some_and(|tag| patterns::is_composed(tag))
    }

    /// Returns the names of the methods that a struct has when it is the whole of an event.
    pub(super) fn event_methods(&self, path: &TypePath) -> &'static [&'static str] {
        match self.envelopes.iter().find(|envelope| envelope.component.path == *path).map(|envelope| envelope.kind) {
            None => &[],
            Some(Envelope::Snapshot) => &["parse", "subject"],
            Some(Envelope::Thin) => &["parse", "subject", "full", "event_context"],
        }
    }

    /// The enum that the `type` of an envelope is of.
    pub(super) fn envelope_type_enum(&self, component: Option<&Component<'a>>) -> Option<TypePath> {
        let path = &component?.path;
        self.envelopes
            .iter()
            .find(|envelope| envelope.component.path == *path)
            .map(|envelope| envelope.type_enum.clone())
    }

    /// Lowers all events.
    pub(super) fn events(&mut self) -> Vec<EventSet> {
        let mut events: BTreeMap<(bool, String), Event<'a>> = BTreeMap::new();
        let components: Vec<_> = self.registry.iter().cloned().collect();
        for component in components {
            let extensions = &component.schema.schema_data.extensions;
            let Some(declared) = self.extension::<StripeEvent>(&component.site, extensions, ext::STRIPE_EVENT) else {
                continue;
            };
            let site = component.site.keys(&[ext::STRIPE_EVENT, "type"]);
            let is_hidden = self.broken.hides_resources && !self.has_envelope(declared.kind);
            if is_hidden || self.broken_envelopes.contains(&declared.kind) {
                continue;
            }
            if !self.has_envelope(declared.kind) {
                self.broken_envelopes.push(declared.kind);
                let mut diagnostic = site.at_value(Code::MissingEnvelope, "no schema is the envelope of this event");
                let kind = if declared.kind == Envelope::Thin { "thin" } else { "snapshot" };
                diagnostic.help = Some(format!("add `x-eventEnvelope: {kind}` to the schema of the whole event"));
                self.report(diagnostic);
                continue;
            }
            self.must_have_type(&component, &declared.event_type);
            let Some(resource) = self.subject(&component, declared.kind) else { continue };
            let key = (declared.kind == Envelope::Thin, declared.event_type);
            if let Some(other) = events.get(&key) {
                let mut diagnostic =
                    site.at_value(Code::NameCollision, format!("the event `{}` is described twice", key.1));
                diagnostic.related.push(other.component.site.related("the other description"));
                diagnostic.help = Some("remove one of the two".to_owned());
                self.report(diagnostic);
                continue;
            }
            events.insert(key, Event { component, resource });
        }
        let envelopes = self.envelopes.clone();
        envelopes
            .iter()
            .filter_map(|envelope| {
                let thin = envelope.kind == Envelope::Thin;
                let events = events.iter().filter(|((kind, _), _)| *kind == thin);
                let types = self.event_types(events.map(|((_, wire), event)| (wire.as_str(), event)), thin);
                self.event_set(envelope, types)
            })
            .collect()
    }

    /// Names the events of one kind, and what they are about.
    fn event_types<'e>(&mut self, events: impl Iterator<Item = (&'e str, &'e Event<'a>)>, thin: bool) -> Vec<EventType>
    where
        'a: 'e,
    {
        let mut names = Members::variants();
        let mut subjects = Members::variants();
        let mut subject_names: BTreeMap<&str, Option<Name>> = BTreeMap::new();
        let mut types = Vec::new();
        for (wire, Event { component, resource }) in events {
            let claim = Claim {
                what: format!("the event `{wire}`"),
                site: component.site.keys(&[ext::STRIPE_EVENT, "type"]),
                rename: "with `x-rustName` on its schema",
            };
            let given = self.name_on_schema(component);
            let name = self.member(&mut names, wire, given.as_ref(), claim);
            let resource_id = resource.resource.unwrap_or_default();
            let resource_name = match subject_names.get(resource_id) {
                Some(name) => name.clone(),
                None if thin => self.subject_name(&mut subjects, resource),
                // The variants are called after the events.
                None => Some(resource.path.name.clone()),
            };
            subject_names.insert(resource_id, resource_name.clone());
            let (Some(name), Some(resource_name)) = (name, resource_name) else { continue };
            types.push(EventType {
                wire: wire.to_owned(),
                name,
                resource: resource.path.clone(),
                resource_id: resource_id.to_owned(),
                resource_name,
                doc: self.doc(&component.schema.schema_data),
                origin: self.origin(&component.site),
            });
        }
        types
    }

    /// The variant for a resource that thin events are about.
    fn subject_name(&mut self, subjects: &mut Members<'a>, resource: &Component<'a>) -> Option<Name> {
        let id = resource.resource.unwrap_or_default();
        let claim = Claim {
            what: format!("the resource `{id}`"),
            site: resource.site.key(ext::RESOURCE_ID),
            rename: "with `x-rustName` on its schema",
        };
        let given = self.name_on_schema(resource);
        self.member(subjects, id, given.as_ref(), claim)
    }

    /// Reports another `type` in the properties of an event than `x-stripeEvent` has.
    fn must_have_type(&mut self, component: &Component<'a>, event_type: &str) {
        let site = component.site.keys(&["properties", "type"]);
        let Some(property) = patterns::properties(component.schema).and_then(|properties| properties.get("type"))
        else {
            return;
        };
        let Some((site, schema)) = self.resolve_schema(&site, property.into()) else { return };
        let other = patterns::values(schema).find(|(_, value)| *value != event_type);
        if let Some((index, other)) = other {
            let message = format!("the type is `{other}` here and `{event_type}` in `x-stripeEvent`");
            let diagnostic = site.key("enum").index(index).at_value(Code::Contradiction, message);
            let declared = component.site.keys(&[ext::STRIPE_EVENT, "type"]);
            self.contradiction(
                diagnostic,
                declared.related("the type of the event"),
                "write the same type in both places",
            );
        }
    }

    fn event_set(&mut self, envelope: &EnvelopeSchema<'a>, types: Vec<EventType>) -> Option<EventSet> {
        let component = &envelope.component;
        let kind = event_kind(envelope.kind);
        let path = match kind {
            EventKind::Snapshot => "data.object",
            EventKind::Thin => "related_object",
        };
        self.define_type_enum(envelope, &types);
        let site = component.site.key(ext::EVENT_ENVELOPE);
        let subject = self.field_path(component, &site, path)?;
        let related = match kind {
            EventKind::Snapshot => None,
            EventKind::Thin => {
                let id = self.text(component, &site, "related_object.id");
                let type_name = self.required_text(component, &site, "related_object.type");
                let url = self.required_text(component, &site, "related_object.url");
                Some(RelatedFields { id: id?.skip(1), type_name: type_name?, url: url? })
            }
        };
        let has_context =
            patterns::properties(component.schema).is_some_and(|properties| properties.contains_key("context"));
        let context = if has_context { self.field_path(component, &site, "context") } else { None };
        let context = context.filter(|path| self.is_text(&path.ty));
        let id = self.step(&Type::Named(component.path.clone()), "id").ok();
        let id = id.map(|(step, ty)| FieldPath { steps: vec![step], ty });
        let id = id.filter(|path| matches!(path.steps.as_slice(), [FieldStep::Field { optional: false, .. }]));
        let type_field = match self.field_path(component, &site, "type")?.steps.into_iter().next()? {
            FieldStep::Field { name, optional: false } => name,
            _ => {
                self.report(site.at_key(Code::UnknownField, "the `type` of an event must be `required`"));
                return None;
            }
        };
        Some(EventSet {
            kind,
            envelope: component.path.clone(),
            type_enum: envelope.type_enum.clone(),
            // Without a type of event, nothing is known of what a snapshot holds.
            subject_enum: (kind == EventKind::Thin || !types.is_empty()).then(|| envelope.subject_enum.clone()),
            unrecognized: names::unrecognized(),
            object: patterns::object(component.schema).and_then(patterns::tag)?,
            stripe_version: site.document.openapi.info.version.clone(),
            type_field,
            id,
            subject,
            related,
            context,
            types,
        })
    }

    /// Returns the path of a field that holds text.
    fn text(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<FieldPath> {
        let found = self.field_path(component, site, path)?;
        if found.ty == Type::String {
            return Some(found);
        }
        if !self.is_broken(&found.ty) {
            self.report(site.at_key(Code::UnknownField, format!("`{path}` of a thin event must be a plain string")));
        }
        None
    }

    /// Returns the name of a field that is required and holds text.
    fn required_text(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<Name> {
        match self.text(component, site, path)?.steps.pop() {
            Some(FieldStep::Field { name, optional: false }) => Some(name),
            _ => {
                // The same for both fields that must be, so that it is reported once.
                let message = "`type` and `url` of a thin event's `related_object` must be `required`";
                self.report(site.at_key(Code::UnknownField, message));
                None
            }
        }
    }

    fn define_type_enum(&mut self, envelope: &EnvelopeSchema<'a>, types: &[EventType]) {
        let site = envelope.component.site.keys(&["properties", "type"]);
        let variants = types.iter().map(|event| Variant {
            wire: event.wire.clone(),
            name: event.name.clone(),
            doc: event.doc.clone(),
            status: None,
            origin: event.origin.clone(),
        });
        let def = TypeDef {
            path: envelope.type_enum.clone(),
            owner: envelope.component.path.clone(),
            doc: Doc {
                text: format!("What happened: the `type` of an [`{}`].", envelope.component.path.name),
                reference: None,
            },
            deprecated: false,
            in_requests: false,
            in_responses: true,
            kind: TypeKind::Enum(Enum {
                variants: variants.collect(),
                closed: false,
                unrecognized: Some(names::unrecognized()),
                role: EnumRole::EventType,
            }),
            origin: self.origin(&site),
        };
        self.define(def);
    }

    /// The resource that an event is about.
    fn subject(&mut self, component: &Component<'a>, kind: Envelope) -> Option<Component<'a>> {
        if self.broken.hides_resources || self.was_misread(&component.site) {
            return None;
        }
        match kind {
            Envelope::Snapshot => self.snapshot_subject(component),
            Envelope::Thin => self.thin_subject(component),
        }
    }

    fn snapshot_subject(&mut self, component: &Component<'a>) -> Option<Component<'a>> {
        let site = component.site.keys(&["properties", "object"]);
        let object = patterns::properties(component.schema).and_then(|properties| properties.get("object"));
        if object.and_then(ReferenceOr::as_item).is_some_and(|object| patterns::is_composed(object)) {
            return None;
        }
        let Some(ReferenceOr::Reference { reference }) = object else {
            let site = if object.is_some() { site } else { component.site.key(ext::STRIPE_EVENT) };
            let diagnostic = site.at_key(Code::UnknownResource, NO_SUBJECT);
            self.unknown_subject(
                diagnostic,
                "let the property `object` be a `$ref` to a schema with an `x-resourceId`",
            );
            return None;
        };
        let target = self.resolve(&site, reference)?;
        if target.resource.is_none() && self.was_misread(&target.site) {
            return None;
        }
        if target.resource.is_none() {
            let message = format!("`{reference}` is not a resource: it has no `x-resourceId`");
            let mut diagnostic = site.key("$ref").at_value(Code::UnknownResource, message);
            diagnostic.related.push(target.site.related("the schema"));
            self.unknown_subject(diagnostic, "refer to a resource, or add `x-resourceId` to the schema");
            return None;
        }
        Some(target)
    }

    fn thin_subject(&mut self, component: &Component<'a>) -> Option<Component<'a>> {
        let help = "let `related_object.type` be an `enum` of one value, the `x-resourceId` of a schema";
        let related = patterns::properties(component.schema).and_then(|properties| properties.get("related_object"));
        let Some(related) = related else {
            let site = component.site.key(ext::STRIPE_EVENT);
            self.unknown_subject(site.at_key(Code::UnknownResource, NO_SUBJECT), help);
            return None;
        };
        let site = component.site.keys(&["properties", "related_object"]);
        let (site, related) = self.resolve_schema(&site, related.into())?;
        let Some(property) = patterns::properties(related).and_then(|properties| properties.get("type")) else {
            self.unknown_subject(site.at_key(Code::UnknownResource, NO_SUBJECT), help);
            return None;
        };
        let (site, schema) = self.resolve_schema(&site.keys(&["properties", "type"]), property.into())?;
        let Some(id) = patterns::single_value(schema) else {
            if patterns::is_composed(schema) {
                return None;
            }
            self.unknown_subject(site.at_key(Code::UnknownResource, NO_SUBJECT), help);
            return None;
        };
        if let Some(resource) = self.registry.resource(&id) {
            return Some(resource.clone());
        }
        if self.registry.has_resource(&id) {
            return None;
        }
        let near = suggest::nearest(&id, self.registry.resource_ids().map(str::to_owned));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write the `x-resourceId` of a schema, or add `x-resourceId: {id}` to one"),
        };
        let message = format!("no schema has the `x-resourceId` `{id}`");
        self.unknown_subject(site.key("enum").index(0).at_value(Code::UnknownResource, message), help);
        None
    }

    fn unknown_subject(&mut self, mut diagnostic: Diagnostic, help: impl Into<String>) {
        diagnostic.help = Some(help.into());
        self.report(diagnostic);
    }
}

fn event_kind(envelope: Envelope) -> EventKind {
    match envelope {
        Envelope::Snapshot => EventKind::Snapshot,
        Envelope::Thin => EventKind::Thin,
    }
}
