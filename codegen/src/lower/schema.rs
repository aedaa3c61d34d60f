//! Schemas to types.

use openapiv3::{
    AdditionalProperties, ArrayType, IntegerFormat, IntegerType, ObjectType, ReferenceOr, Schema, SchemaKind,
    StringFormat, StringType, Type, VariantOrUnknownOrEmpty as Format,
};

use super::broken;
use super::extensions as ext;
use super::lowered::Lowered;
use super::patterns;
use super::registry::Role;
use super::site::{SchemaOrRef, Site};
use super::{Lowering, constraints};
use crate::api::{self, Constraints, Name, TimeFormat, TypePath};
use crate::diagnostic::Code;

/// How the types inside a schema are named, and whose source file they go to.
#[derive(Clone)]
pub(super) struct Naming {
    pub(super) owner: TypePath,
    pub(super) name: Name,
    /// The aliases that have been followed to this schema.
    pub(super) aliases: usize,
    /// The schemas in place around this one.
    pub(super) depth: usize,
}

impl Naming {
    pub(super) fn new(owner: TypePath, name: Name) -> Self {
        Self { owner, name, aliases: 0, depth: 0 }
    }
}

/// How deep arrays, maps and the like are nested at most, across references.
const MAX_NESTED: usize = 64;

/// The name of an alternative in messages.
pub(super) const MEMBER: &str = "a member of `anyOf`";

/// How deep aliases (named arrays and maps) are nested at most.
const MAX_ALIASES: usize = 32;

impl<'a> Lowering<'a> {
    /// Returns the type of a schema; unknown where it has an error, which is reported.
    pub(super) fn schema(&mut self, site: &Site<'a>, schema: SchemaOrRef<'a>, naming: &Naming) -> Lowered<'a> {
        match schema {
            SchemaOrRef::Schema(schema) if naming.depth < MAX_NESTED => {
                let naming = Naming { depth: naming.depth + 1, ..naming.clone() };
                self.inline_schema(site, schema, &naming).with(schema, site).constrained(Some(schema))
            }
            SchemaOrRef::Schema(schema) => {
                let message = format!("arrays and maps are nested more than {MAX_NESTED} deep");
                let help = "describe a struct in between, or any JSON with `type: object`";
                self.cx.report(site.at_key(Code::TooDeep, message, help));
                Lowered::new(broken::unknown()).with(schema, site)
            }
            SchemaOrRef::Reference(reference) => self.reference(site, reference, naming).through(site),
        }
    }

    pub(super) fn reference(&mut self, site: &Site<'a>, reference: &str, naming: &Naming) -> Lowered<'a> {
        let Some(component) = self.registry.resolve(&mut self.cx, site, reference) else {
            return Lowered::new(broken::unknown());
        };
        if component.role == Role::Alias || !patterns::is_named_kind(&component.schema.schema_kind) {
            if naming.aliases >= MAX_ALIASES {
                let message =
                    format!("`{reference}` refers to itself, or leads through more than {MAX_ALIASES} arrays and maps");
                let help = "refer to an object with `properties` in between";
                self.cx.report(site.key("$ref").at_value(Code::ReferenceCycle, message, help));
                return Lowered::new(broken::unknown());
            }
            // Types inside are named after the component, so that each is one type, however often the component is used.
            let (owner, name) = (component.path.clone(), component.path.name.clone());
            let inner = Naming { owner, name, aliases: naming.aliases + 1, depth: naming.depth };
            let lowered = self.inline_schema(&component.site, component.schema, &inner);
            return lowered.with(component.schema, &component.site).constrained(Some(component.schema));
        }
        if component.role != Role::Model {
            self.make_model(component);
        }
        Lowered::new(api::Type::Named(component.path.clone())).with(component.schema, &component.site)
    }

    /// Returns the type of a schema without its own `nullable`.
    fn inline_schema(&mut self, site: &Site<'a>, schema: &'a Schema, naming: &Naming) -> Lowered<'a> {
        if self.is_unparsed(site, schema) {
            return Lowered::new(broken::unknown());
        }
        let ty = match &schema.schema_kind {
            SchemaKind::Type(Type::Boolean(_)) => api::Type::Boolean,
            SchemaKind::Type(Type::Number(_)) => api::Type::Float,
            SchemaKind::Type(Type::Integer(integer)) => self.integer(site, integer),
            SchemaKind::Type(Type::String(string)) => self.string(site, schema, string, naming),
            SchemaKind::Type(Type::Array(array)) => return self.array(site, array, naming),
            SchemaKind::Type(Type::Object(object)) => return self.object(site, schema, object, naming),
            SchemaKind::AnyOf { any_of } => return self.any_of(site, schema, any_of, naming),
            SchemaKind::Any(any) if any.properties.is_empty() => api::Type::Json,
            SchemaKind::OneOf { .. } => self.inline_type(site, schema, naming),
            SchemaKind::AllOf { .. } => self.unsupported(site, "allOf", "`allOf`"),
            SchemaKind::Not { .. } => self.unsupported(site, "not", "`not`"),
            SchemaKind::Any(_) => self.unsupported(site, "properties", "`properties` without `type: object`"),
        };
        Lowered::new(ty)
    }

    /// Whether a parse error hides the type of a schema. The schemas inside of it are known by themselves.
    pub(super) fn is_unparsed(&self, site: &Site<'a>, schema: &Schema) -> bool {
        let parent = site.parent();
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => !patterns::is_struct(object) && self.cx.has_parse_error(site),
            SchemaKind::Type(Type::Array(_)) => false,
            // A string with listed values is one, whatever they are.
            SchemaKind::Type(Type::String(_)) => {
                self.cx.has_parse_error_beside(site, "enum") || self.cx.has_parse_error_at(&parent)
            }
            SchemaKind::AnyOf { any_of } => any_of.len() != 1 && self.cx.has_parse_error(site),
            // A missing schema is parsed as `{}`.
            SchemaKind::Any(_) if !site.document.exists(&site.pointer) => true,
            _ => self.cx.has_parse_error(site) || self.cx.has_parse_error_at(&parent),
        }
    }

    pub(super) fn unsupported(&mut self, site: &Site<'a>, key: &str, what: &str) -> api::Type {
        let message = format!("{what} is not part of the dialect");
        let help = "use a construct that `spec/README.md` lists";
        self.cx.report(site.key(key).at_key(Code::UnsupportedConstruct, message, help));
        broken::unknown()
    }

    fn integer(&mut self, site: &Site<'a>, integer: &IntegerType) -> api::Type {
        match &integer.format {
            Format::Empty | Format::Item(IntegerFormat::Int32 | IntegerFormat::Int64) => match integer.minimum {
                Some(0..) => api::Type::Unsigned,
                _ => api::Type::Integer,
            },
            Format::Unknown(name) if name == "unix-time" => api::Type::Timestamp(TimeFormat::UnixSeconds),
            Format::Unknown(_) => self.unknown_format(site),
        }
    }

    fn string(&mut self, site: &Site<'a>, schema: &'a Schema, string: &'a StringType, naming: &Naming) -> api::Type {
        let extensions = &schema.schema_data.extensions;
        if ext::is_set(extensions, ext::SECRET) {
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
                "uint64" => api::Type::UnsignedString,
                "currency" => api::Type::Currency,
                "decimal" => api::Type::Decimal,
                _ => self.unknown_format(site),
            },
            Format::Item(_) => self.unknown_format(site),
        }
    }

    fn unknown_format(&mut self, site: &Site<'a>) -> api::Type {
        let message = "this `format` is not part of the dialect";
        let help = "use a format that `spec/README.md` lists";
        self.cx.report(site.key("format").at_value(Code::UnknownFormat, message, help));
        broken::unknown()
    }

    fn array(&mut self, site: &Site<'a>, array: &'a ArrayType, naming: &Naming) -> Lowered<'a> {
        let items = match &array.items {
            Some(items) => self.schema(&site.key("items"), items.into(), naming),
            None => Lowered::new(api::Type::Json),
        };
        items.inside("items", api::Type::Array)
    }

    fn object(&mut self, site: &Site<'a>, schema: &'a Schema, object: &'a ObjectType, naming: &Naming) -> Lowered<'a> {
        if let Some(envelope) = patterns::envelope(object) {
            return Lowered::new(self.envelope(site, object, &envelope, naming));
        }
        if let Some(bounds) = patterns::range_bounds(schema) {
            return self.range(&site.key("properties"), bounds, naming);
        }
        if patterns::is_struct(object) {
            return Lowered::new(self.inline_type(site, schema, naming));
        }
        let values = match &object.additional_properties {
            Some(AdditionalProperties::Schema(values)) => {
                self.schema(&site.key("additionalProperties"), values.as_ref().into(), naming)
            }
            _ => Lowered::new(api::Type::Json),
        };
        values.inside("additionalProperties", api::Type::Map)
    }

    fn range(&mut self, site: &Site<'a>, bounds: &'a patterns::Properties, naming: &Naming) -> Lowered<'a> {
        let mut found = None;
        let mut constraints = Constraints::new();
        for (name, bound) in bounds {
            let at = site.key(name);
            let mut bound = self.schema(&at, bound.into(), naming);
            constraints.insert(name.clone(), serde_json::Value::Bool(true));
            constraints.extend(constraints::under(name, bound.take_constraints()));
            let ty = bound.not_null(&mut self.cx, "a bound of a range");
            let known = found.get_or_insert_with(|| ty.clone());
            if *known != ty {
                let differ = !ty.named().iter().chain(&known.named()).any(|path| self.cx.is_broken_path(path));
                *known = broken::unknown();
                if !differ {
                    continue;
                }
                let message = "the bounds of a range differ in `type` or `format`";
                let help = "give `gt`, `gte`, `lt`, `lte` the same `type` and `format`";
                self.cx.report(at.at_key(Code::UnsupportedConstruct, message, help));
            }
        }
        let ty = api::Type::RangeQuery(Box::new(found.unwrap_or(api::Type::Json)));
        Lowered::new(ty).with_constraints(constraints)
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
            return self.range_or_exact(&members_site, members, range, naming);
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
    ) -> Lowered<'a> {
        let types = [range, 1 - range].map(|index| {
            let mut member = self.schema(&site.index(index), members.get(index)?.into(), naming);
            let constraints = member.take_constraints();
            Some((member.not_null(&mut self.cx, MEMBER), constraints))
        });
        let [Some((range, bounds)), Some((exact, constraints))] = types else {
            return Lowered::new(api::Type::Json);
        };
        if range == api::Type::RangeQuery(Box::new(exact.clone())) {
            let lowered = Lowered::new(api::Type::RangeOrExact(Box::new(exact)));
            return lowered.with_constraints(bounds).with_constraints(constraints);
        }
        if self.cx.is_broken(&range) || self.cx.is_broken(&exact) {
            return Lowered::new(broken::unknown());
        }
        let message = "the range and the exact value differ in `type` or `format`";
        let help = "give `gt`, `gte`, `lt`, `lte` and the exact value the same `type` and `format`";
        self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
        Lowered::new(broken::unknown())
    }
}
