//! Webhook events: their types, their envelopes, what they are about.

use std::collections::BTreeMap;

use openapiv3::ReferenceOr;

use super::extensions::{self as ext, Envelope, StripeEvent};
use super::names::{self, NameKind};
use super::registry::Component;
use super::site::Site;
use super::{Lowering, patterns};
use crate::api::{
    Doc, Enum, EnumRole, EventKind, EventSet, EventType, FieldPath, FieldStep, Name, RelatedFields, Type, TypeDef,
    TypeKind, TypePath, Variant,
};
use crate::diagnostic::Code;

/// A schema that is the whole of an event.
#[derive(Clone)]
pub(super) struct EnvelopeSchema<'a> {
    component: Component<'a>,
    kind: Envelope,
    type_enum: TypePath,
}

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
            let has_type =
                patterns::properties(component.schema).is_some_and(|properties| properties.contains_key("type"));
            let has_tag = patterns::object(component.schema).and_then(patterns::tag).is_some();
            if !has_type || !has_tag {
                let mut diagnostic =
                    site.at_key(Code::UnknownField, "an envelope tells what it is by `object` and `type`");
                diagnostic.help = Some("give the schema a property `type` and an `object` with one value".to_owned());
                self.report(diagnostic);
                continue;
            }
            let name = names::extend(&component.path.name, &names::fixed("Type"));
            let type_enum = TypePath { module: component.path.module.clone(), name };
            let type_site = component.site.keys(&["properties", "type"]);
            self.claim_type(&type_enum, &type_site);
            let subject = names::event_subject(&component.path.name);
            self.claim_type(&TypePath { module: component.path.module.clone(), name: subject }, &site);
            self.envelopes.push(EnvelopeSchema { component, kind, type_enum });
        }
    }

    /// Whether a struct is the whole of an event.
    pub(super) fn is_envelope(&self, path: &TypePath) -> bool {
        self.envelopes.iter().any(|envelope| envelope.component.path == *path)
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
        let mut types: BTreeMap<(bool, String), (EventType, Component<'a>)> = BTreeMap::new();
        let components: Vec<_> = self.registry.iter().cloned().collect();
        for component in components {
            let extensions = &component.schema.schema_data.extensions;
            let Some(said) = self.extension::<StripeEvent>(&component.site, extensions, ext::STRIPE_EVENT) else {
                continue;
            };
            let site = component.site.keys(&[ext::STRIPE_EVENT, "type"]);
            if !self.envelopes.iter().any(|envelope| envelope.kind == said.kind) {
                let mut diagnostic = site.at_value(Code::MissingEnvelope, "no schema is the envelope of this event");
                let kind = if said.kind == Envelope::Thin { "thin" } else { "snapshot" };
                diagnostic.help = Some(format!("add `x-eventEnvelope: {kind}` to the schema of the whole event"));
                self.report(diagnostic);
                continue;
            }
            let Some(resource) = self.subject(&component, said.kind) else { continue };
            let Some(name) = self.derived_name(&site, NameKind::UpperCamel, &said.event_type) else { continue };
            let resource_id = resource.resource.unwrap_or_default().to_owned();
            let Some(resource_name) = self.derived_name(&site, NameKind::UpperCamel, &resource_id) else { continue };
            let event = EventType {
                wire: said.event_type.clone(),
                name,
                resource: resource.path,
                resource_id,
                resource_name,
                doc: self.doc(&component.schema.schema_data),
                origin: self.origin(&component.site),
            };
            let key = (said.kind == Envelope::Thin, said.event_type);
            if let Some((_, other)) = types.get(&key) {
                let mut diagnostic =
                    site.at_value(Code::NameCollision, format!("the event `{}` is described twice", key.1));
                diagnostic.related.push(other.site.related("the other description"));
                self.report(diagnostic);
                continue;
            }
            types.insert(key, (event, component));
        }
        let envelopes = self.envelopes.clone();
        envelopes
            .iter()
            .filter_map(|envelope| {
                let thin = envelope.kind == Envelope::Thin;
                let events = types.iter().filter(|((kind, _), _)| *kind == thin).map(|(_, (event, _))| event.clone());
                self.event_set(envelope, events.collect())
            })
            .collect()
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
        let context = context.filter(|path| path.ty == Type::String);
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
            object: patterns::object(component.schema).and_then(patterns::tag)?,
            stripe_version: site.document.openapi.info.version.clone(),
            type_field,
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
        self.report(site.at_key(Code::UnknownField, format!("`{path}` of a thin event must be a plain string")));
        None
    }

    /// Returns the name of a field that is required and holds text.
    fn required_text(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<Name> {
        match self.text(component, site, path)?.steps.pop() {
            Some(FieldStep::Field { name, optional: false }) => Some(name),
            _ => {
                self.report(site.at_key(Code::UnknownField, format!("`{path}` of a thin event must be `required`")));
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
                keeps_unrecognized: true,
                role: EnumRole::EventType,
            }),
            origin: self.origin(&site),
        };
        self.define(def);
    }

    /// The resource that an event is about.
    fn subject(&mut self, component: &Component<'a>, kind: Envelope) -> Option<Component<'a>> {
        let properties = patterns::properties(component.schema);
        let resource = match kind {
            Envelope::Snapshot => match properties.and_then(|properties| properties.get("object")) {
                Some(ReferenceOr::Reference { reference }) => {
                    let site = component.site.keys(&["properties", "object"]);
                    let target = self.resolve(&site, reference)?;
                    target.resource.is_some().then_some(target)
                }
                _ => None,
            },
            Envelope::Thin => {
                let related = properties.and_then(|properties| properties.get("related_object"));
                let id = match related {
                    Some(ReferenceOr::Item(schema)) => patterns::properties(schema)
                        .and_then(|properties| properties.get("type")?.as_item())
                        .and_then(|schema| patterns::single_value(schema)),
                    _ => None,
                };
                id.and_then(|id| self.registry.resource(&id).cloned())
            }
        };
        if resource.is_none() {
            let site = component.site.key(ext::STRIPE_EVENT);
            let mut diagnostic =
                site.at_key(Code::UnknownResource, "it is not said which resource this event is about");
            diagnostic.help = Some(
                match kind {
                    Envelope::Snapshot => "let the property `object` be a `$ref` to a schema with an `x-resourceId`",
                    Envelope::Thin => {
                        "let `related_object.type` be an `enum` of one value, the `x-resourceId` of a schema"
                    }
                }
                .to_owned(),
            );
            self.report(diagnostic);
        }
        resource
    }
}

fn event_kind(envelope: Envelope) -> EventKind {
    match envelope {
        Envelope::Snapshot => EventKind::Snapshot,
        Envelope::Thin => EventKind::Thin,
    }
}
