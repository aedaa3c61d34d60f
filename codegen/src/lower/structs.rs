//! Objects with properties to structs.

use std::collections::HashSet;

use openapiv3::{AdditionalProperties, ObjectType, ReferenceOr, Schema, SchemaKind, Type};

use super::extensions as ext;
use super::lowered::{Lowered, NullInside};
use super::members::{Claim, Members};
use super::names::{self, NameKind};
use super::place::Form;
use super::registry::{self, Component};
use super::schema::Naming;
use super::site::{SchemaOrRef, Site};
use super::{Lowering, broken, docs, enums, patterns};
use crate::api::{self, Constraints, Doc, Field, Resource, StringType, Struct, TypeDef, TypeKind, TypePath};
use crate::diagnostic::Code;

/// The keyword for members that the description does not name, after which their field is named.
pub(super) const ADDITIONAL: &str = "additionalProperties";

/// The struct, one-of or request that a property belongs to.
pub(super) struct Parent<'r> {
    pub(super) path: &'r TypePath,
    /// The type whose source file it shares.
    pub(super) owner: &'r TypePath,
    /// How its properties are named: as fields or as variants.
    pub(super) names: NameKind,
    pub(super) required: HashSet<&'r str>,
    /// The newtype of its `id`, for a resource.
    pub(super) id_type: Option<&'r TypePath>,
}

/// An object in place, whose name has been claimed.
pub(super) struct InlineType<'a> {
    pub(super) site: Site<'a>,
    pub(super) schema: &'a Schema,
    pub(super) path: TypePath,
    pub(super) owner: TypePath,
}

fn required(object: &ObjectType) -> HashSet<&str> {
    object.required.iter().map(String::as_str).collect()
}

impl<'a> Lowering<'a> {
    /// Returns the type of an object in place.
    pub(super) fn inline_type(&mut self, site: &Site<'a>, schema: &'a Schema, naming: &Naming) -> api::Type {
        let Some(name) = self.cx.name_or(site, &schema.schema_data.extensions, &naming.name) else {
            return broken::unknown();
        };
        let path = TypePath { module: naming.owner.module.clone(), name };
        if self.cx.claim_type(&path, site) {
            let (site, owner) = (site.clone(), naming.owner.clone());
            let inline = InlineType { site, schema, path: path.clone(), owner };
            // Named arrays and maps may lead from one to the next without end, so these are deferred.
            if naming.aliases > 0 {
                self.inline_types.push(inline);
            } else {
                self.define_inline(inline);
            }
        }
        api::Type::Named(path)
    }

    /// Returns the definition of a struct.
    pub(super) fn struct_type(
        &mut self,
        site: &Site<'a>,
        schema: &'a Schema,
        object: &'a ObjectType,
        path: TypePath,
        owner: TypePath,
        component: Option<&Component<'a>>,
    ) -> TypeDef {
        let before = self.cx.diagnostics.len();
        let tag = patterns::tag(object);
        if component.is_some_and(|component| component.resource.is_some()) {
            self.check_tag(site, object);
        }
        let id_type = component.and_then(registry::id_path);
        let (names, id) = (NameKind::Snake, id_type.as_ref());
        let parent = Parent { path: &path, owner: &owner, names, required: required(object), id_type: id };
        let mut members = Members::snake(Vec::new());
        let mut fields = Vec::new();
        for (wire, property) in &object.properties {
            let at = site.keys(&["properties", wire]);
            if wire == "object" && tag.is_some() {
                continue;
            }
            let Some(mut field) = self.property(&at, wire, property.into(), &parent) else { continue };
            if let (Some(envelope), "type") =
                (component.and_then(|component| self.envelopes.type_enum(component)), wire.as_str())
            {
                field.ty = api::Type::Named(envelope.clone());
            }
            if self.cx.claim(&mut members, &field.name, Claim::property(wire, at)) {
                fields.push(field);
            }
        }
        let at = site.key(ADDITIONAL);
        let additional = self.additional(&at, object, &parent).filter(|field| {
            let claim = Claim { what: format!("`{ADDITIONAL}`"), ..Claim::property(ADDITIONAL, at) };
            self.cx.claim(&mut members, &field.name, claim)
        });
        if let (Some(id_path), Some(component)) = (id_type.clone(), component) {
            self.define_id(site, object, id_path, component);
        }
        let resource = component
            .and_then(|component| component.resource)
            .map(|id| Box::new(Resource { id: id.to_owned(), id_type, wait: None, download: None, rows: None }));
        if self.cx.diagnostics.len() > before || self.cx.has_parse_error(site) {
            self.cx.break_type(&path);
        }
        let example = schema.schema_data.example.clone();
        let kind = TypeKind::Struct(Struct { tag, fields, additional: additional.map(Box::new), resource, example });
        let (doc, deprecated) = (self.cx.doc(&schema.schema_data), schema.schema_data.deprecated);
        TypeDef { doc, deprecated, ..self.cx.definition(site, path, owner, kind) }
    }

    /// Reports an `object` with several values: a resource's is its tag.
    fn check_tag(&mut self, site: &Site<'a>, object: &'a ObjectType) {
        let Some(ReferenceOr::Item(tag)) = object.properties.get("object") else { return };
        let SchemaKind::Type(Type::String(string)) = &tag.schema_kind else { return };
        if string.enumeration.len() > 1 {
            let at = site.keys(&["properties", "object", "enum"]);
            let message = "the `object` of a resource cannot have several values";
            let help = "list the value of this resource alone";
            self.cx.report(at.at_key(Code::UnsupportedConstruct, message, help));
        }
    }

    /// Returns the field or the variant of a property.
    pub(super) fn property(
        &mut self,
        at: &Site<'a>,
        wire: &str,
        property: SchemaOrRef<'a>,
        parent: &Parent<'_>,
    ) -> Option<Field> {
        let no_extensions = ext::Extensions::new();
        let data = property.schema().map(|schema| &schema.schema_data);
        let extensions = data.map_or(&no_extensions, |data| &data.extensions);
        // On a property with a type of its own, `x-rustName` names the type.
        let name = if property.schema().map(Form::of).is_some_and(Form::makes_type) {
            self.cx.derived_name(at, parent.names, wire)?
        } else {
            self.cx.name(at, extensions, parent.names, wire)?
        };
        let words = self.cx.derived_name(at, NameKind::UpperCamel, wire)?;
        let naming = Naming::new(parent.owner.clone(), names::extend(&parent.path.name, &words));
        let lowered = match parent.id_type.filter(|_| wire == "id") {
            // `nullable` has no effect here, which is reported with all such keywords.
            Some(path) => Lowered::new(api::Type::Named(path.clone())),
            None => self.schema(at, property, &naming),
        };
        let (ty, nullable, constraints) = lowered.field();
        if ty.holds_null() {
            self.deferred.nulls.push(NullInside { of: parent.path.clone(), site: at.clone() });
        }
        let field = Field {
            wire: wire.to_owned(),
            name,
            ty,
            required: parent.required.contains(wire),
            nullable,
            false_means_absent: ext::is_set(extensions, ext::FALSE_MEANS_ABSENT),
            doc: match property {
                SchemaOrRef::Schema(schema) => self.cx.doc(&schema.schema_data),
                SchemaOrRef::Reference(reference) => self.doc_of_reference(at, reference),
            },
            deprecated: data.is_some_and(|data| data.deprecated),
            default: data.and_then(|data| data.default.clone()),
            preset: extensions.get(ext::PRESET).cloned(),
            example: data.and_then(|data| data.example.clone()),
            constraints,
            origin: self.cx.origin(at),
        };
        self.check_absence(parent.path, &field, at, &at.parent().parent().key("required"));
        Some(field)
    }

    /// Returns the summary of what a field without a schema of its own refers to.
    fn doc_of_reference(&mut self, site: &Site<'a>, reference: &str) -> Doc {
        let component = self.registry.resolve(&mut self.cx, site, reference);
        let description = component.and_then(|component| component.schema.schema_data.description.as_deref());
        Doc { text: docs::summary(description.unwrap_or_default()), ..Doc::default() }
    }

    /// Returns the field for the members that the description does not name.
    fn additional(&mut self, at: &Site<'a>, object: &'a ObjectType, parent: &Parent<'_>) -> Option<Field> {
        let values = match object.additional_properties.as_ref()? {
            AdditionalProperties::Any(false) => return None,
            AdditionalProperties::Any(true) => None,
            AdditionalProperties::Schema(values) => {
                Some(self.property(at, ADDITIONAL, values.as_ref().into(), parent)?)
            }
        };
        let values = values.unwrap_or(Field {
            wire: ADDITIONAL.to_owned(),
            name: self.cx.derived_name(at, NameKind::Snake, ADDITIONAL)?,
            ty: api::Type::Json,
            required: true,
            nullable: false,
            false_means_absent: false,
            doc: Doc::default(),
            deprecated: false,
            default: None,
            preset: None,
            example: None,
            constraints: Constraints::new(),
            origin: self.cx.origin(at),
        });
        let values = self.not_option(values, at, parent);
        Some(Field { ty: api::Type::Map(Box::new(values.ty)), ..values })
    }

    /// Returns a field that is not an `Option`: a nullable one has a nullable type.
    pub(super) fn not_option(&mut self, field: Field, at: &Site<'a>, parent: &Parent<'_>) -> Field {
        let ty = if field.nullable { api::Type::Nullable(Box::new(field.ty)) } else { field.ty };
        if field.nullable {
            self.deferred.nulls.push(NullInside { of: parent.path.clone(), site: at.clone() });
        }
        Field { ty, required: true, nullable: false, ..field }
    }

    /// Returns the fields of a request body.
    pub(super) fn body_fields(
        &mut self,
        site: &Site<'a>,
        object: &'a ObjectType,
        request: &TypePath,
        owner: &TypePath,
    ) -> Vec<(Field, Site<'a>)> {
        let names = NameKind::Snake;
        let parent = Parent { path: request, owner, names, required: required(object), id_type: None };
        let mut fields = Vec::new();
        for (wire, property) in &object.properties {
            let at = site.keys(&["properties", wire]);
            if let Some(field) = self.property(&at, wire, property.into(), &parent) {
                fields.push((field, at));
            }
        }
        fields
    }

    fn define_id(&mut self, site: &Site<'a>, object: &'a ObjectType, path: TypePath, component: &Component<'a>) {
        let at = site.keys(&["properties", "id"]);
        if !self.cx.claim_type(&path, &at) {
            return;
        }
        let constants = match object.properties.get("id") {
            Some(ReferenceOr::Item(schema)) => enums::known_values(&mut self.cx, &at, &schema.schema_data.extensions),
            _ => Vec::new(),
        };
        let owner = component.path.clone();
        let doc = Doc { text: format!("The `id` of [`{}`] objects.", owner.name), ..Doc::default() };
        let kind = TypeKind::String(StringType { id_of: Some(owner.clone()), same_ids: None, constants });
        self.define(TypeDef { doc, ..self.cx.definition(&at, path, owner, kind) });
    }
}
