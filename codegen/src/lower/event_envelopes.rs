//! The envelopes of events: the schemas of whole events, whose `type` is an enum of all of them.

use openapiv3::{ReferenceOr, SchemaKind};

use super::context::Context;
use super::extensions::{self as ext, Envelope};
use super::place::Form;
use super::registry::{Component, Registry};
use super::{names, patterns};
use crate::api::TypePath;
use crate::diagnostic::Code;

/// A schema of a whole event.
pub(super) struct EnvelopeSchema<'a> {
    pub(super) component: &'a Component<'a>,
    pub(super) kind: Envelope,
    pub(super) type_enum: TypePath,
    pub(super) subject_enum: TypePath,
}

/// The schemas of whole events, at most one of each kind.
pub(super) struct Envelopes<'a> {
    pub(super) all: Vec<EnvelopeSchema<'a>>,
    /// Kinds of events whose envelope has an error, which has been reported.
    pub(super) broken: Vec<Envelope>,
}

impl<'a> Envelopes<'a> {
    /// Finds the envelopes before types are lowered: their `type` is an enum of all events.
    pub(super) fn new(cx: &mut Context<'a>, registry: &'a Registry<'a>) -> Self {
        let mut envelopes = Self { all: Vec::new(), broken: Vec::new() };
        for component in registry.iter() {
            let extensions = &component.schema.schema_data.extensions;
            if let Some(kind) = cx.extension(&component.site, extensions, ext::EVENT_ENVELOPE) {
                envelopes.add(cx, component, kind);
            }
        }
        envelopes
    }

    fn add(&mut self, cx: &mut Context<'a>, component: &'a Component<'a>, kind: Envelope) {
        let site = component.site.key(ext::EVENT_ENVELOPE);
        if let Some(other) = self.of_kind(kind) {
            let message = format!("two schemas are the envelope of {} events", kind_name(kind));
            let diagnostic = site.at_key(Code::NameCollision, message, "remove `x-eventEnvelope` from one of the two");
            cx.report(diagnostic.related(other.component.site.key(ext::EVENT_ENVELOPE).related("the other envelope")));
            return;
        }
        let type_property = patterns::property(component.schema, "type");
        let has_type = matches!(type_property, Some(ReferenceOr::Item(schema)) if Form::of(schema) == Form::Text);
        let tag_of = |component: &Component<'a>| patterns::object(component.schema).and_then(patterns::tag);
        let tag = tag_of(component);
        if tag.is_some()
            && let Some(other) = self.all.iter().find(|other| tag_of(other.component) == tag)
        {
            let values = ["properties", "object", "enum"];
            let message = "snapshot events and thin events have the same `object`";
            let help = "write `event` for snapshot events, `v2.core.event` for thin ones";
            let diagnostic = component.site.keys(&values).at_key(Code::NameCollision, message, help);
            cx.report(diagnostic.related(other.component.site.keys(&values).related("the other envelope")));
        }
        if !has_type || tag.is_none() {
            self.broken.push(kind);
            if !cx.has_parse_error(&component.site) && !has_composed_tag(component) && !has_invalid_type(component) {
                let message = "an event envelope needs `object` and `type`";
                let help = "give the schema a property `type`, a plain string, and an `object` with one value";
                cx.report(site.at_key(Code::UnknownField, message, help));
            }
            return;
        }
        let path = |word| {
            let name = names::extend(&component.path.name, &names::fixed(word));
            TypePath { module: component.path.module.clone(), name }
        };
        let (type_enum, subject_enum) = (path("Type"), path("Subject"));
        cx.claim_type(&type_enum, &component.site.keys(&["properties", "type"]));
        cx.claim_type(&subject_enum, &site);
        self.all.push(EnvelopeSchema { component, kind, type_enum, subject_enum });
    }

    pub(super) fn of_kind(&self, kind: Envelope) -> Option<&EnvelopeSchema<'a>> {
        self.all.iter().find(|envelope| envelope.kind == kind)
    }

    /// Returns the names of the methods that the struct of each envelope has.
    pub(super) fn methods(&self) -> impl Iterator<Item = (&TypePath, &'static [&'static str])> {
        self.all.iter().map(|envelope| {
            let methods: &[_] = match envelope.kind {
                Envelope::Snapshot => &["parse", "subject"],
                Envelope::Thin => &["parse", "subject", "full", "event_context"],
            };
            (&envelope.component.path, methods)
        })
    }

    /// Returns the enum that the `type` of an envelope is of.
    pub(super) fn type_enum(&self, envelope: &Component<'a>) -> Option<&TypePath> {
        self.all.iter().find(|other| other.component.path == envelope.path).map(|envelope| &envelope.type_enum)
    }
}

/// Whether the `object` of a schema is composed of others, which is reported of itself.
fn has_composed_tag(component: &Component<'_>) -> bool {
    let tag = patterns::property(component.schema, "object").and_then(ReferenceOr::as_item);
    tag.is_some_and(|tag| patterns::is_composed(tag))
}

/// Whether the `type` of a schema is composed in a way that is an error anywhere, which is reported of itself.
fn has_invalid_type(component: &Component<'_>) -> bool {
    let schema = patterns::property(component.schema, "type").and_then(ReferenceOr::as_item);
    schema.is_some_and(|schema| match &schema.schema_kind {
        SchemaKind::OneOf { one_of } => !patterns::is_one_of(one_of),
        SchemaKind::AnyOf { any_of } => any_of.len() > 2,
        kind => matches!(kind, SchemaKind::AllOf { .. } | SchemaKind::Not { .. }),
    })
}

/// Returns the name of a kind of events.
pub(super) fn kind_name(kind: Envelope) -> &'static str {
    match kind {
        Envelope::Snapshot => "snapshot",
        Envelope::Thin => "thin",
    }
}
