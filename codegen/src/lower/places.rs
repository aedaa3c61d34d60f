//! Walks to every schema of the documents and reports keywords without an effect.
//!
//! [`meaning`] has the rules; here is only the walk from a document to its schemas.

use std::collections::{BTreeSet, HashSet};

use openapiv3::{
    AdditionalProperties, MediaType, ObjectType, Parameter, ParameterSchemaOrContent, ReferenceOr, Response, Schema,
    SchemaKind, Type,
};

use super::context::Context;
use super::error_responses::Files;
use super::extensions as ext;
use super::meaning::{self, Effect, effect};
use super::place::{Form, Place, Subject};
use super::registry::{self, Component, Registry, Role};
use super::site::{SchemaOrRef, Site};
use super::{patterns, response};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::dialect::Pair;
use crate::dialect::extensions::{find, is_ignored};
use crate::location::FileId;
use crate::parse::{Document, UNWRITTEN};
use crate::pointer::Pointer;

/// Reports keywords without an effect where they stand, and components that nothing refers to. Returns the places and keywords
/// of the descriptions.
///
/// `referenced_models` are the components that are models because something refers to them.
pub(super) fn check<'a>(
    cx: &mut Context<'a>,
    registry: &Registry<'a>,
    referenced_models: &HashSet<(FileId, &'a str)>,
) -> BTreeSet<Pair> {
    let mut walk = Walk {
        files: cx.files(),
        registry,
        referenced_models,
        found: Diagnostics::default(),
        pairs: BTreeSet::new(),
        references: HashSet::new(),
        nullable_references: HashSet::new(),
        successes: HashSet::new(),
    };
    for component in registry.iter() {
        walk.component(component);
    }
    for document in cx.documents {
        walk.other_names(document);
        walk.operations(document);
    }
    // A reference may be in a schema with an error.
    if cx.diagnostics.is_empty() && walk.found.is_empty() {
        walk.unused_components(cx.documents);
        registry.iter().for_each(|component| walk.nullable(component));
    }
    cx.diagnostics.extend_independent(walk.found);
    walk.pairs
}

struct Walk<'w, 'a> {
    files: Files<'a>,
    registry: &'w Registry<'a>,
    referenced_models: &'w HashSet<(FileId, &'a str)>,
    found: Diagnostics,
    pairs: BTreeSet<Pair>,
    /// References from a place where they have an effect.
    references: HashSet<(FileId, Pointer)>,
    /// References from a place where null has a meaning.
    nullable_references: HashSet<(FileId, Pointer)>,
    /// Shared responses that are successful.
    successes: HashSet<(FileId, Pointer)>,
}

impl<'a> Walk<'_, 'a> {
    fn component(&mut self, component: &Component<'a>) {
        self.schema(&component.site, component.schema, self.place_of(component), Some(component));
    }

    fn place_of(&self, component: &Component<'a>) -> Place {
        let Component { site, schema, .. } = component;
        let is_model = self.referenced_models.contains(&(site.document.file, component.key));
        match component.role {
            Role::Model => Place::Model,
            Role::ErrorBody | Role::EventData if is_model => Place::Model,
            Role::Alias if Form::of(schema) == Form::List => Place::ListResponse,
            Role::Alias => Place::Alias,
            Role::EventData => Place::Event,
            Role::ErrorBody if schema.schema_data.extensions.contains_key(ext::STRIPE_ERROR) => Place::Error,
            Role::ErrorBody => Place::ErrorBody,
        }
    }

    /// Follows the components that are a `$ref`: other names of its target.
    fn other_names(&mut self, document: &'a Document) {
        let schemas = document.openapi.components.iter().flat_map(|components| &components.schemas);
        for (key, schema) in schemas {
            if let ReferenceOr::Reference { reference } = schema {
                let site = Site::root(document).keys(&["components", "schemas", key]);
                self.schema_or_ref(&site, SchemaOrRef::Reference(reference), Place::Property);
            }
        }
    }

    /// Reports a nullable schema that nothing nullable refers to.
    fn nullable(&mut self, component: &Component<'a>) {
        let reference = (component.site.document.file, component.site.pointer.clone());
        let depends = matches!(self.place_of(component), Place::Model | Place::Alias);
        if component.schema.schema_data.nullable && depends && !self.nullable_references.contains(&reference) {
            let message = "`nullable` has no effect: no property, item or value refers to this schema";
            self.found.push(component.site.key("nullable").at_key(Code::UnusedComponent, message, "remove it"));
        }
    }

    fn operations(&mut self, document: &'a Document) {
        let root = Site::root(document);
        for (path, item) in &document.openapi.paths.paths {
            let ReferenceOr::Item(item) = item else { continue };
            let path_site = root.keys(&["paths", path]);
            self.parameters(&path_site, &item.parameters);
            for (method, operation) in item.iter() {
                let site = path_site.key(method);
                self.parameters(&site, &operation.parameters);
                if let Some(ReferenceOr::Item(body)) = &operation.request_body {
                    self.content(&site.keys(&["requestBody", "content"]), &body.content, Place::Body);
                }
                for (site, found, is_success) in response::all(&site, &operation.responses) {
                    self.response(&site, found, is_success);
                }
            }
        }
        let Some(components) = &document.openapi.components else { return };
        for (key, parameter) in &components.parameters {
            self.parameter(&root.keys(&["components", "parameters", key]), parameter);
        }
        for (key, found) in &components.responses {
            let site = root.keys(&["components", "responses", key]);
            let is_success = self.successes.contains(&(document.file, site.pointer.clone()));
            self.response(&site, found, is_success);
        }
    }

    fn parameters(&mut self, site: &Site<'a>, parameters: &'a [ReferenceOr<Parameter>]) {
        for (index, parameter) in parameters.iter().enumerate() {
            self.parameter(&site.key("parameters").index(index), parameter);
        }
    }

    fn parameter(&mut self, site: &Site<'a>, parameter: &'a ReferenceOr<Parameter>) {
        match parameter {
            ReferenceOr::Reference { reference } => self.refers(site, reference),
            ReferenceOr::Item(parameter) => {
                let data = parameter.parameter_data_ref();
                self.record_extensions("a parameter", &data.extensions);
                if let ParameterSchemaOrContent::Schema(schema) = &data.format {
                    self.schema_or_ref(&site.key("schema"), schema.into(), Place::Parameter);
                }
            }
        }
    }

    fn response(&mut self, site: &Site<'a>, found: &'a ReferenceOr<Response>, is_success: bool) {
        let found = match found {
            ReferenceOr::Item(found) => found,
            ReferenceOr::Reference { reference } => {
                self.refers(site, reference);
                if is_success {
                    let place = Pointer::from_reference(reference);
                    self.successes.extend(place.map(|place| (site.document.file, place)));
                }
                return;
            }
        };
        let place = if is_success { Place::Response } else { Place::ErrorResponse };
        self.content(&site.key("content"), &found.content, place);
    }

    fn content(&mut self, site: &Site<'a>, content: &'a indexmap::IndexMap<String, MediaType>, place: Place) {
        for (media, content) in content {
            if let Some(schema) = &content.schema {
                self.schema_or_ref(&site.keys(&[media, "schema"]), schema.into(), place);
            }
        }
    }

    fn refers(&mut self, site: &Site<'a>, reference: &str) {
        let followed = self.files.followed(site, reference);
        self.references.extend(followed);
    }

    fn schema_or_ref(&mut self, site: &Site<'a>, schema: SchemaOrRef<'a>, place: Place) {
        match schema {
            SchemaOrRef::Reference(_) if place == Place::Unread => {}
            SchemaOrRef::Reference(reference) => {
                self.refers(site, reference);
                if meaning::may_be_null(place) {
                    let place = Pointer::from_reference(reference);
                    self.nullable_references.extend(place.map(|place| (site.document.file, place)));
                }
            }
            SchemaOrRef::Schema(schema) => {
                let place = match (place, Form::of(schema)) {
                    (Place::Property, Form::List) => Place::ListProperty,
                    (Place::Response, Form::List) => Place::ListResponse,
                    (place, _) => place,
                };
                self.schema(site, schema, place, None);
            }
        }
    }

    fn schema(&mut self, site: &Site<'a>, schema: &'a Schema, place: Place, component: Option<&Component<'a>>) {
        let form = if place == Place::Entry { Form::Struct } else { Form::of(schema) };
        if is_general(place) && !place.admits(form) {
            self.found.push(unsupported(site, place, form));
            return;
        }
        let subject = Subject { place, form, names_inner_types: names_inner_types(schema) };
        let mut refused = Vec::new();
        for key in site.document.keys(&site.pointer) {
            if is_ignored(key) || effect(subject, key) > Effect::Refused {
                self.pairs.insert((place.name(), key.to_owned()));
                if key == "description" && effect(subject, key) == Effect::Used {
                    self.written(site);
                }
            } else {
                refused.push(key);
            }
        }
        // Meant as a resource, it lacks properties; with them, most of the others have an effect.
        if place == Place::Alias && refused.contains(&ext::RESOURCE_ID) {
            let resource = Subject { place: Place::Model, form: Form::Struct, ..subject };
            refused.retain(|key| *key == ext::RESOURCE_ID || effect(resource, key) == Effect::Refused);
        }
        refused.into_iter().for_each(|key| self.found.push(misplaced(site, key, place)));
        self.record_extensions(place.name(), &schema.schema_data.extensions);
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => self.object(site, object, place, form, component),
            SchemaKind::Type(Type::Array(array)) => {
                if let Some(items) = &array.items {
                    self.schema_or_ref(&site.key("items"), items.into(), inside(place, Place::Item));
                }
            }
            // Where `anyOf` has no effect, its entries have none either.
            SchemaKind::AnyOf { any_of } if effect(subject, "anyOf") > Effect::Refused => {
                self.any_of(site, schema, any_of, place);
            }
            SchemaKind::OneOf { one_of } if place == Place::ErrorResponse => self.errors(site, one_of),
            SchemaKind::OneOf { one_of } if place.admits(form) && patterns::is_one_of(one_of) => {
                for (index, entry) in one_of.iter().enumerate() {
                    self.schema_or_ref(&site.key("oneOf").index(index), entry.into(), Place::Entry);
                }
            }
            // The schemas of errors are components; one in place would be lost.
            _ if place == Place::ErrorResponse => self.found.push(described_in_place(site)),
            _ => {}
        }
    }

    /// Reports a description that is still to be written.
    fn written(&mut self, site: &Site<'a>) {
        let site = site.key("description");
        if site.document.text(&site.pointer).is_some_and(|text| text.trim().is_empty()) {
            self.found.push(site.at_value(Code::EmptyDescription, "`description` is empty", UNWRITTEN));
        }
    }

    fn errors(&mut self, site: &Site<'a>, members: &'a [ReferenceOr<Schema>]) {
        for (index, member) in members.iter().enumerate() {
            let at = site.key("oneOf").index(index);
            match member {
                ReferenceOr::Reference { reference } => self.refers(&at, reference),
                ReferenceOr::Item(_) => self.found.push(described_in_place(&at)),
            }
        }
    }

    fn object(
        &mut self,
        site: &Site<'a>,
        object: &'a ObjectType,
        place: Place,
        form: Form,
        component: Option<&Component<'a>>,
    ) {
        let has_tag = place != Place::Entry && patterns::tag(object).is_some();
        for (name, property) in &object.properties {
            let at = match (place, form, name.as_str()) {
                (Place::Unread, ..) => Place::Unread,
                (Place::Event, _, "type" | "object" | "related_object") => Place::EventMember,
                (Place::EventMember, _, "type") => Place::EventMember,
                (Place::Error | Place::ErrorBody, _, "error") => Place::ErrorBody,
                (Place::ErrorBody, _, "code" | "type") => Place::ErrorCode,
                (Place::Event | Place::EventMember | Place::Error | Place::ErrorBody | Place::ErrorCode, ..) => {
                    Place::Unread
                }
                (_, Form::List, "object") => Place::Tag,
                (_, Form::List, "data") => Place::ListData,
                (_, Form::List, "next_page_url" | "previous_page_url") => Place::PageUrl,
                (_, Form::List, _) => Place::ListMember,
                (_, Form::Range, _) => Place::Bound,
                (_, _, "object") if has_tag => Place::Tag,
                (_, _, "id") if component.and_then(registry::id_path).is_some() => Place::Id,
                (_, _, "type") if component.is_some_and(is_envelope) => Place::EventType,
                _ => Place::Property,
            };
            self.schema_or_ref(&site.keys(&["properties", name]), property.into(), at);
        }
        if let Some(AdditionalProperties::Schema(values)) = &object.additional_properties {
            let at = site.key("additionalProperties");
            let values_place = if form == Form::Struct { Place::Additional } else { Place::Value };
            self.schema_or_ref(&at, values.as_ref().into(), inside(place, values_place));
        }
    }

    fn any_of(&mut self, site: &Site<'a>, schema: &'a Schema, members: &'a [ReferenceOr<Schema>], place: Place) {
        let expands = schema.schema_data.extensions.contains_key(ext::EXPANSION_RESOURCES);
        let range = patterns::range_or_exact(members);
        for (index, member) in members.iter().enumerate() {
            let at = match range {
                Some(range) if range != index => Place::Bound,
                _ if expands => Place::ExpandableId,
                _ => Place::Alternative,
            };
            self.schema_or_ref(&site.key("anyOf").index(index), member.into(), inside(place, at));
        }
    }

    fn record_extensions(&mut self, place: &'static str, given: &ext::Extensions) {
        for (name, value) in given {
            let members = find(name).map(|extension| extension.members_of(value));
            self.pairs.extend(members.into_iter().flatten().map(|member| (place, member.path)));
        }
    }

    /// Reports parameters, responses, arrays, maps and the like that nothing refers to.
    fn unused_components(&mut self, documents: &'a [Document]) {
        let aliases = self.registry.iter().filter(|component| component.role == Role::Alias);
        let mut sites: Vec<Site<'a>> = aliases.map(|component| component.site.clone()).collect();
        for document in documents {
            let Some(components) = &document.openapi.components else { continue };
            let root = Site::root(document).key("components");
            let names = components.schemas.iter().filter(|(_, schema)| schema.as_item().is_none());
            sites.extend(names.map(|(key, _)| root.keys(&["schemas", key])));
            sites.extend(components.parameters.keys().map(|key| root.keys(&["parameters", key])));
            sites.extend(components.responses.keys().map(|key| root.keys(&["responses", key])));
        }
        for site in sites {
            if !self.references.contains(&(site.document.file, site.pointer.clone())) {
                let kind = match site.pointer.segments().nth(1).as_deref() {
                    Some("parameters") => "parameter",
                    Some("responses") => "response",
                    _ => "schema",
                };
                let name = site.pointer.segments().last().unwrap_or_default();
                let message = format!("unused {kind} `{}`", name.escape_debug());
                let help = "remove it, or refer to it with `$ref`";
                self.found.push(site.at_key(Code::UnusedComponent, message, help));
            }
        }
    }
}

/// Returns the place of a schema inside another one.
fn inside(place: Place, otherwise: Place) -> Place {
    match place {
        Place::Unread | Place::Event | Place::EventMember | Place::Error | Place::ErrorBody | Place::ErrorCode => {
            Place::Unread
        }
        Place::ListData => Place::ListItem,
        _ => otherwise,
    }
}

/// Whether [`Place::admits`] alone decides which schemas are allowed.
fn is_general(place: Place) -> bool {
    matches!(place, Place::Alias | Place::Item | Place::Value | Place::Alternative | Place::Parameter | Place::Response)
}

fn unsupported(site: &Site<'_>, place: Place, form: Form) -> Diagnostic {
    let message = format!("{} cannot be {}", place.name(), form.name());
    let key = match form {
        Form::AnyOf => "anyOf",
        Form::OneOf => "oneOf",
        _ => "type",
    };
    let admitted: Vec<_> = Form::ALL.iter().filter(|form| place.admits(**form)).map(|form| form.name()).collect();
    site.key(key).at_key(Code::MisplacedKeyword, message, format!("write one of {}", admitted.join(", ")))
}

fn is_envelope(component: &Component<'_>) -> bool {
    component.schema.schema_data.extensions.contains_key(ext::EVENT_ENVELOPE)
}

/// Whether the name of the schema is part of the names of types inside.
fn names_inner_types(schema: &Schema) -> bool {
    let inner = |schema: SchemaOrRef<'_>| {
        schema.schema().is_some_and(|schema| Form::of(schema).makes_type() || names_inner_types(schema))
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Array(array)) => array.items.as_ref().is_some_and(|items| inner(items.into())),
        SchemaKind::Type(Type::Object(object)) => {
            let values = match &object.additional_properties {
                Some(AdditionalProperties::Schema(values)) => inner(values.as_ref().into()),
                _ => false,
            };
            values || object.properties.values().any(|property| inner(property.into()))
        }
        SchemaKind::AnyOf { any_of } => any_of.iter().any(|member| inner(member.into())),
        _ => false,
    }
}

fn described_in_place(site: &Site<'_>) -> Diagnostic {
    let message = "an error cannot be described in place";
    let help = "move it to `components.schemas`, and refer to it with `$ref`";
    site.at_key(Code::UnsupportedConstruct, message, help)
}

fn misplaced(site: &Site<'_>, key: &str, place: Place) -> Diagnostic {
    let message = format!("`{key}` has no effect on {}", place.name());
    site.key(key).at_key(Code::MisplacedKeyword, message, format!("remove it: {}", meaning::instead(key)))
}
