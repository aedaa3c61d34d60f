//! Webhook events: their types, and the resources that they are about.

use std::collections::BTreeMap;

use super::context::Context;
use super::declared_events::{self, Event};
use super::event_envelopes::{EnvelopeSchema, Envelopes};
use super::extensions::{self as ext, Envelope};
use super::members::{Claim, Members};
use super::registry::{Component, Registry};
use super::site::Site;
use super::{Types, field_path, names, patterns};
use crate::api::{
    Doc, Enum, EnumRole, EventKind, EventSet, EventType, FieldPath, FieldStep, Name, RelatedFields, Type, TypeDef,
    TypeKind, TypePath, Variant,
};
use crate::diagnostic::Code;

/// Lowers all events. Also returns the enums of their types.
pub(super) fn lower<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    envelopes: &Envelopes<'a>,
    types: &Types,
) -> (Vec<EventSet>, Vec<(TypePath, TypeDef)>) {
    let events = declared_events::all(cx, registry, envelopes);
    let (mut sets, mut enums) = (Vec::new(), Vec::new());
    for envelope in &envelopes.all {
        let is_thin = envelope.kind == Envelope::Thin;
        let events = events.iter().filter(|((kind, _), _)| *kind == is_thin);
        let event_types = event_types(cx, events.map(|((_, wire), event)| (wire.as_str(), event)), is_thin);
        enums.push((envelope.type_enum.clone(), type_enum(cx, envelope, &event_types)));
        sets.extend(event_set(cx, types, envelope, event_types));
    }
    (sets, enums)
}

/// Names the events of one kind, and what they are about.
fn event_types<'e, 'a: 'e>(
    cx: &mut Context<'a>,
    events: impl Iterator<Item = (&'e str, &'e Event<'a>)>,
    is_thin: bool,
) -> Vec<EventType> {
    let mut names = Members::variants();
    let mut subjects = Members::variants();
    let mut subject_names: BTreeMap<&str, Option<Name>> = BTreeMap::new();
    let mut types = Vec::new();
    for (wire, Event { resource, site, doc, given, claim }) in events {
        let name = cx.member(&mut names, wire, given.as_ref(), claim.clone());
        let resource_id = resource.resource.unwrap_or_default();
        let resource_name = match subject_names.get(resource_id) {
            Some(name) => name.clone(),
            None if is_thin => subject_name(cx, &mut subjects, resource),
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
            stripe_version: resource.site.document.openapi.info.version.clone(),
            doc: doc.clone(),
            origin: cx.origin(site),
        });
    }
    types
}

/// Returns the variant for a resource that thin events are about.
fn subject_name<'a>(cx: &mut Context<'a>, subjects: &mut Members<'a>, resource: &'a Component<'a>) -> Option<Name> {
    let id = resource.resource.unwrap_or_default();
    let claim = Claim {
        what: format!("the resource `{id}`"),
        site: resource.site.key(ext::RESOURCE_ID),
        rename: "with `x-rustName` on its schema",
    };
    let given = cx.name_on_schema(resource);
    cx.member(subjects, id, given.as_ref(), claim)
}

fn event_set<'a>(
    cx: &mut Context<'a>,
    types: &Types,
    envelope: &EnvelopeSchema<'a>,
    event_types: Vec<EventType>,
) -> Option<EventSet> {
    let component = envelope.component;
    let (kind, path) = match envelope.kind {
        Envelope::Snapshot => (EventKind::Snapshot, "data.object"),
        Envelope::Thin => (EventKind::Thin, "related_object"),
    };
    let subject = field_path::follow(cx, types, component, &component.site.key(ext::EVENT_ENVELOPE), path)?;
    let site = component.site.key(ext::EVENT_ENVELOPE);
    let related = match kind {
        EventKind::Snapshot => None,
        EventKind::Thin => {
            let id = text(cx, types, component, &site, "related_object.id");
            let type_name = required_text(cx, types, component, &site, "related_object.type");
            let url = required_text(cx, types, component, &site, "related_object.url");
            Some(RelatedFields { id: id?.skip(1), type_name: type_name?, url: url? })
        }
    };
    let context = patterns::property(component.schema, "context")
        .and_then(|_| field_path::follow(cx, types, component, &site, "context"));
    let context = context.filter(|path| field_path::is_text(types, &path.ty));
    let id = field_path::id(types, &Type::Named(component.path.clone()));
    let id = id.filter(|path| matches!(path.steps.as_slice(), [FieldStep::Field { optional: false, .. }]));
    let type_field = match field_path::follow(cx, types, component, &site, "type")?.steps.into_iter().next()? {
        FieldStep::Field { name, optional: false } => name,
        _ => {
            let message = "the `type` of an event must be required";
            cx.report(site.at_key(Code::UnknownField, message, "list `type` in the schema's `required`"));
            return None;
        }
    };
    Some(EventSet {
        kind,
        envelope: component.path.clone(),
        type_enum: envelope.type_enum.clone(),
        // Without a type of event, nothing is known of what a snapshot holds.
        subject_enum: (kind == EventKind::Thin || !event_types.is_empty()).then(|| envelope.subject_enum.clone()),
        unrecognized: names::unrecognized(),
        object: patterns::object(component.schema).and_then(patterns::tag)?,
        stripe_version: site.document.openapi.info.version.clone(),
        type_field,
        id,
        subject,
        related,
        context,
        types: event_types,
    })
}

/// Returns the path of a text field.
fn text<'a>(
    cx: &mut Context<'a>,
    types: &Types,
    component: &'a Component<'a>,
    site: &Site<'a>,
    path: &str,
) -> Option<FieldPath> {
    let found = field_path::follow(cx, types, component, site, path)?;
    if found.ty == Type::String {
        return Some(found);
    }
    if !cx.is_broken(&found.ty) {
        let message = format!("`{path}` of a thin event must be a plain string");
        cx.report(site.at_key(Code::UnknownField, message, "write `type: string` alone"));
    }
    None
}

/// Returns the name of a required text field.
fn required_text<'a>(
    cx: &mut Context<'a>,
    types: &Types,
    component: &'a Component<'a>,
    site: &Site<'a>,
    path: &str,
) -> Option<Name> {
    match text(cx, types, component, site, path)?.steps.pop() {
        Some(FieldStep::Field { name, optional: false }) => Some(name),
        _ => {
            // The same for both fields that must be, so that it is reported once.
            let message = "`type` and `url` of a thin event's `related_object` must be required";
            cx.report(site.at_key(Code::UnknownField, message, "list both in its `required`, without `nullable`"));
            None
        }
    }
}

/// Returns the enum of the types of events.
fn type_enum<'a>(cx: &Context<'a>, envelope: &EnvelopeSchema<'a>, types: &[EventType]) -> TypeDef {
    let site = envelope.component.site.keys(&["properties", "type"]);
    let variants = types.iter().map(|event| Variant {
        wire: event.wire.clone(),
        name: event.name.clone(),
        doc: event.doc.clone(),
        status: None,
        error_type: None,
        origin: event.origin.clone(),
    });
    let (variants, role) = (variants.collect(), EnumRole::EventType);
    let kind = TypeKind::Enum(Enum { variants, closed: false, unrecognized: None, role });
    let doc = Doc { text: "The type of an event.".to_owned(), ..Doc::default() };
    let (path, owner) = (envelope.type_enum.clone(), envelope.component.path.clone());
    TypeDef { doc, ..cx.definition(&site, path, owner, kind) }
}
