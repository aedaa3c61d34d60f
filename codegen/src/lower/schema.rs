//! Schemas to types.

use openapiv3::{
    AdditionalProperties, ArrayType, IntegerFormat, ObjectType, ReferenceOr, Schema, SchemaKind, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty as Format,
};

use super::Lowering;
use super::broken;
use super::extensions::{self as ext, References};
use super::lowered::Lowered;
use super::patterns;
use super::registry::{self, Role};
use super::site::{SchemaOrRef, Site};
use crate::api::{self, Name, TimeFormat, TypePath};
use crate::diagnostic::Code;

/// What a schema is read for: whose source file new types go to, and what to call them.
#[derive(Clone)]
pub(super) struct Naming {
    pub(super) owner: TypePath,
    pub(super) name: Name,
    /// Components that stand for their content, being read around this one.
    pub(super) aliases: usize,
    /// Schemas without a name of their own, being read around this one.
    pub(super) depth: usize,
}

impl Naming {
    pub(super) fn new(owner: TypePath, name: Name) -> Self {
        Self { owner, name, aliases: 0, depth: 0 }
    }
}

/// How deep arrays, maps and the like may stand inside of each other, which may be described in several places.
const MAX_NESTED: usize = 64;

/// What messages call an alternative.
pub(super) const MEMBER: &str = "a member of `anyOf`";

/// Aliases (named arrays and maps) that may stand inside of each other.
const MAX_ALIASES: usize = 32;

impl<'a> Lowering<'a> {
    /// The type of a schema; unknown where it has an error, which is reported.
    pub(super) fn schema(&mut self, site: &Site<'a>, schema: SchemaOrRef<'a>, naming: &Naming) -> Lowered<'a> {
        match schema {
            SchemaOrRef::Schema(schema) if naming.depth < MAX_NESTED => {
                let naming = Naming { depth: naming.depth + 1, ..naming.clone() };
                self.inline_schema(site, schema, &naming).with(schema, site)
            }
            SchemaOrRef::Schema(schema) => {
                let message = format!("arrays and maps are nested more than {MAX_NESTED} deep");
                self.report(site.at_key(Code::TooDeep, message));
                Lowered::new(broken::unknown()).with(schema, site)
            }
            SchemaOrRef::Reference(reference) => self.reference(site, reference, naming).through(site),
        }
    }

    pub(super) fn reference(&mut self, site: &Site<'a>, reference: &str, naming: &Naming) -> Lowered<'a> {
        let Some(component) = self.resolve(site, reference) else {
            return Lowered::new(broken::unknown());
        };
        if component.role == Role::Alias || !patterns::is_named_kind(&component.schema.schema_kind) {
            if naming.aliases >= MAX_ALIASES {
                self.report(site.key("$ref").at_value(
                    Code::ReferenceCycle,
                    format!(
                        "`{reference}` leads back to itself, or through more than {MAX_ALIASES} named arrays and maps"
                    ),
                ));
                return Lowered::new(broken::unknown());
            }
            // What is described inside is called after the component: one type, wherever and however often it is used.
            let (owner, name) = (component.path.clone(), component.path.name.clone());
            let inner = Naming { owner, name, aliases: naming.aliases + 1, depth: naming.depth };
            let lowered = self.inline_schema(&component.site, component.schema, &inner);
            return lowered.with(component.schema, &component.site);
        }
        if component.role != Role::Model {
            self.demand(&component);
        }
        Lowered::new(api::Type::Named(component.path)).with(component.schema, &component.site)
    }

    /// The type of a schema without its own `nullable`.
    fn inline_schema(&mut self, site: &Site<'a>, schema: &'a Schema, naming: &Naming) -> Lowered<'a> {
        if self.is_misread(site, schema) {
            return Lowered::new(broken::unknown());
        }
        let ty = match &schema.schema_kind {
            SchemaKind::Type(Type::Boolean(_)) => api::Type::Boolean,
            SchemaKind::Type(Type::Number(_)) => api::Type::Float,
            SchemaKind::Type(Type::Integer(integer)) => self.integer(site, &integer.format),
            SchemaKind::Type(Type::String(string)) => self.string(site, schema, string, naming),
            SchemaKind::Type(Type::Array(array)) => api::Type::Array(Box::new(self.items(site, array, naming))),
            SchemaKind::Type(Type::Object(object)) => self.object(site, schema, object, naming),
            SchemaKind::AnyOf { any_of } => return self.any_of(site, schema, any_of, naming),
            SchemaKind::Any(any) if any.properties.is_empty() => api::Type::Json,
            SchemaKind::OneOf { .. } => self.unsupported(site, "oneOf", "`oneOf` outside of error responses"),
            SchemaKind::AllOf { .. } => self.unsupported(site, "allOf", "`allOf`"),
            SchemaKind::Not { .. } => self.unsupported(site, "not", "`not`"),
            SchemaKind::Any(_) => self.unsupported(site, "properties", "`properties` without `type: object`"),
        };
        Lowered::new(ty)
    }

    /// Whether an error in the text hides what a schema is. What others are made of is known by itself.
    pub(super) fn is_misread(&self, site: &Site<'a>, schema: &Schema) -> bool {
        let parent = Site { document: site.document, pointer: site.pointer.parent() };
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => !patterns::is_struct(object) && self.was_misread(site),
            SchemaKind::Type(Type::Array(_)) => false,
            // A string with listed values is one whatever they are.
            SchemaKind::Type(Type::String(_)) => self.was_misread_beside(site, "enum") || self.was_misread_at(&parent),
            SchemaKind::AnyOf { any_of } => any_of.len() != 1 && self.was_misread(site),
            // One that is missing is read as `{}`.
            SchemaKind::Any(_) if !site.document.exists(&site.pointer) => true,
            _ => self.was_misread(site) || self.was_misread_at(&parent),
        }
    }

    pub(super) fn unsupported(&mut self, site: &Site<'a>, key: &str, what: &str) -> api::Type {
        let mut diagnostic =
            site.key(key).at_key(Code::UnsupportedConstruct, format!("{what} is not part of the dialect"));
        diagnostic.help = Some("spec/README.md lists what is".to_owned());
        self.report(diagnostic);
        broken::unknown()
    }

    fn integer(&mut self, site: &Site<'a>, format: &Format<IntegerFormat>) -> api::Type {
        match format {
            Format::Empty | Format::Item(IntegerFormat::Int32 | IntegerFormat::Int64) => api::Type::Integer,
            Format::Unknown(name) if name == "unix-time" => api::Type::Timestamp(TimeFormat::UnixSeconds),
            Format::Unknown(_) => self.unknown_format(site),
        }
    }

    fn string(&mut self, site: &Site<'a>, schema: &'a Schema, string: &'a StringType, naming: &Naming) -> api::Type {
        let extensions = &schema.schema_data.extensions;
        if extensions.get(ext::SECRET).and_then(serde_json::Value::as_bool) == Some(true) {
            return api::Type::Secret;
        }
        if let Some(id_type) = self.referenced_id(site, extensions, ext::STRIPE_PROPERTY) {
            return id_type;
        }
        match &string.format {
            Format::Empty if string.enumeration.iter().any(Option::is_some) => self.inline_enum(site, schema, naming),
            Format::Empty => api::Type::String,
            Format::Item(StringFormat::DateTime) => api::Type::Timestamp(TimeFormat::Rfc3339),
            Format::Unknown(name) => match name.as_str() {
                "int64" => api::Type::IntegerString,
                "currency" => api::Type::Currency,
                "decimal" => api::Type::Decimal,
                _ => self.unknown_format(site),
            },
            Format::Item(_) => self.unknown_format(site),
        }
    }

    fn unknown_format(&mut self, site: &Site<'a>) -> api::Type {
        self.report(site.key("format").at_value(Code::UnknownFormat, "this format is not part of the dialect"));
        broken::unknown()
    }

    /// The id type that `x-stripeProperty` or `x-stripeParam` asks for.
    pub(super) fn referenced_id(
        &mut self,
        site: &Site<'a>,
        extensions: &ext::Extensions,
        key: &str,
    ) -> Option<api::Type> {
        let References { referenced_resource: resource } = self.extension(site, extensions, key)?;
        let component = self.registry.resource(&resource);
        if let Some(path) = component.and_then(registry::id_path) {
            return Some(api::Type::Named(path));
        }
        let is_broken = match component {
            Some(component) => {
                let id = patterns::properties(component.schema).and_then(|properties| properties.get("id")?.as_item());
                let is_composed = id.is_some_and(|id| patterns::is_composed(id));
                is_composed || self.was_misread(&component.site) || self.is_broken_path(&component.path)
            }
            None => self.broken.hides_resources || self.registry.has_resource(&resource),
        };
        if !is_broken {
            self.unknown_resource(&site.keys(&[key, "referenced_resource"]), &resource);
        }
        Some(broken::unknown())
    }

    /// Reports a value that should be the `x-resourceId` of a resource with an id.
    pub(super) fn unknown_resource(&mut self, site: &Site<'a>, resource: &str) {
        let near = crate::suggest::nearest(resource, self.registry.resource_ids().map(str::to_owned));
        let message = format!("no schema with an `id` has the `x-resourceId` `{resource}`");
        let mut diagnostic = site.at_value(Code::UnknownResource, message);
        diagnostic.help = Some(match near.filter(|near| near != resource) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "add `x-resourceId` to the schema of the resource, and a property `id` of `type: string`".to_owned()
            }
        });
        self.report(diagnostic);
    }

    fn items(&mut self, site: &Site<'a>, array: &'a ArrayType, naming: &Naming) -> api::Type {
        match &array.items {
            Some(items) => self.schema(&site.key("items"), items.into(), naming).item(),
            None => api::Type::Json,
        }
    }

    fn object(&mut self, site: &Site<'a>, schema: &'a Schema, object: &'a ObjectType, naming: &Naming) -> api::Type {
        if let Some(envelope) = patterns::envelope(object) {
            return self.envelope(site, object, &envelope, naming);
        }
        if let Some(bounds) = patterns::range_bounds(schema) {
            return self.range(&site.key("properties"), bounds, naming);
        }
        if patterns::is_struct(object) {
            return self.inline_struct(site, schema, object, naming);
        }
        match &object.additional_properties {
            Some(AdditionalProperties::Schema(values)) => {
                let values_site = site.key("additionalProperties");
                api::Type::Map(Box::new(self.schema(&values_site, values.as_ref().into(), naming).item()))
            }
            _ => api::Type::Map(Box::new(api::Type::Json)),
        }
    }

    fn range(&mut self, site: &Site<'a>, bounds: &'a patterns::Properties, naming: &Naming) -> api::Type {
        let mut found = None;
        for (name, bound) in bounds {
            let at = site.key(name);
            let bound = self.schema(&at, bound.into(), naming);
            let ty = self.not_null(bound, "a bound of a range");
            let known = found.get_or_insert_with(|| ty.clone());
            if *known != ty {
                let differ = !ty.named().iter().chain(&known.named()).any(|path| self.is_broken_path(path));
                *known = broken::unknown();
                if !differ {
                    continue;
                }
                let mut diagnostic =
                    at.at_key(Code::UnsupportedConstruct, "the bounds of a range differ in type or format");
                diagnostic.help = Some("give `gt`, `gte`, `lt`, `lte` the same `type` and `format`".to_owned());
                self.report(diagnostic);
            }
        }
        api::Type::RangeQuery(Box::new(found.unwrap_or(api::Type::Json)))
    }

    fn any_of(
        &mut self,
        site: &Site<'a>,
        schema: &'a Schema,
        members: &'a [ReferenceOr<Schema>],
        naming: &Naming,
    ) -> Lowered<'a> {
        let members_site = site.key("anyOf");
        let ty = if schema.schema_data.extensions.contains_key(ext::EXPANSION_RESOURCES) {
            self.expandable(site, schema, members, naming)
        } else if let Some(range) = patterns::range_or_exact(members) {
            self.range_or_exact(&members_site, members, range, naming)
        } else if let [only] = members {
            return self.schema(&members_site.index(0), only.into(), naming);
        } else {
            self.unsupported(site, "anyOf", "`anyOf` of several types")
        };
        Lowered::new(ty)
    }

    fn range_or_exact(
        &mut self,
        site: &Site<'a>,
        members: &'a [ReferenceOr<Schema>],
        range: usize,
        naming: &Naming,
    ) -> api::Type {
        let types = [range, 1 - range].map(|index| {
            let member = self.schema(&site.index(index), members.get(index)?.into(), naming);
            Some(self.not_null(member, MEMBER))
        });
        let [Some(range), Some(exact)] = types else { return api::Type::Json };
        if range == api::Type::RangeQuery(Box::new(exact.clone())) {
            return api::Type::RangeOrExact(Box::new(exact));
        }
        if self.is_broken(&range) || self.is_broken(&exact) {
            return broken::unknown();
        }
        let mut diagnostic =
            site.at_key(Code::UnsupportedConstruct, "the bounds and the single value differ in type or format");
        diagnostic.help = Some("give `gt`, `gte`, `lt`, `lte` and the value the same `type` and `format`".to_owned());
        self.report(diagnostic);
        broken::unknown()
    }
}
