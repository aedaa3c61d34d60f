//! `oneOf` of objects with one property each, exactly one of which is given, to enums.

use std::collections::{HashMap, HashSet};

use openapiv3::{ReferenceOr, Schema};

use super::Lowering;
use super::members::{Claim, Members};
use super::names::NameKind;
use super::patterns;
use super::site::{SchemaOrRef, Site};
use super::structs::Parent;
use crate::api::{Field, OneOf, TypeDef, TypeKind, TypePath};
use crate::diagnostic::Code;

/// The one property of an entry, with its place.
struct Property<'a> {
    wire: &'a str,
    site: Site<'a>,
    schema: SchemaOrRef<'a>,
}

impl<'a> Lowering<'a> {
    /// Returns the definition of a type with a variant for each entry.
    pub(super) fn one_of_type(
        &mut self,
        site: &Site<'a>,
        schema: &'a Schema,
        entries: &'a [ReferenceOr<Schema>],
        path: TypePath,
        owner: TypePath,
    ) -> TypeDef {
        let before = self.cx.diagnostics.len();
        let mut variants = Vec::new();
        // Parsing removes entries with errors, so that the others are not where they seem to be.
        if !self.cx.has_parse_error(site) {
            let mut members = Members::variants_of_properties();
            for property in self.entries(&site.key("oneOf"), entries) {
                let Some(variant) = self.variant(&property, &path, &owner) else { continue };
                if self.cx.claim(&mut members, &variant.name, Claim::property(property.wire, property.site)) {
                    variants.push(variant);
                }
            }
        }
        if self.cx.diagnostics.len() > before || self.cx.has_parse_error(site) {
            self.cx.break_type(&path);
        }
        let kind = TypeKind::OneOf(OneOf { variants, unrecognized: None });
        let (doc, deprecated) = (self.cx.doc(&schema.schema_data), schema.schema_data.deprecated);
        TypeDef { doc, deprecated, ..self.cx.definition(site, path, owner, kind) }
    }

    fn variant(&mut self, property: &Property<'a>, path: &TypePath, owner: &TypePath) -> Option<Field> {
        let required = HashSet::from([property.wire]);
        let parent = Parent { path, owner, names: NameKind::UpperCamel, required, id_type: None };
        let field = self.property(&property.site, property.wire, property.schema, &parent)?;
        Some(self.not_option(field, &property.site, &parent))
    }

    /// Returns the properties of the entries; reports entries that are not objects with one property, which differs.
    fn entries(&mut self, site: &Site<'a>, entries: &'a [ReferenceOr<Schema>]) -> Vec<Property<'a>> {
        if entries.len() < 2 {
            let message = "`oneOf` has fewer than two entries";
            let help = "add an entry, or write the object itself instead of `oneOf`";
            self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
            return Vec::new();
        }
        let mut found: Vec<Property<'a>> = Vec::new();
        let mut seen: HashMap<&str, Site<'a>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let Some(property) = self.entry(&site.index(index), entry) else { continue };
            if let Some(first) = seen.get(property.wire) {
                let message = format!("two entries of `oneOf` have the property `{}`", property.wire.escape_debug());
                let diagnostic = property.site.at_key(Code::UnsupportedConstruct, message, "remove one of the two");
                self.cx.report(diagnostic.related(first.related("the other entry")));
                continue;
            }
            seen.insert(property.wire, property.site.clone());
            found.push(property);
        }
        found
    }

    /// Returns the property of an entry; reports an entry that is not an object with one required property.
    fn entry(&mut self, site: &Site<'a>, entry: &'a ReferenceOr<Schema>) -> Option<Property<'a>> {
        let help = "write `type: object` with one entry in `properties`, and list it in `required`";
        let unsupported = |site: &Site<'a>, message: String| site.at_value(Code::UnsupportedConstruct, message, help);
        let object = match entry {
            ReferenceOr::Item(schema) => patterns::object(schema),
            ReferenceOr::Reference { .. } => {
                let message = "an entry of `oneOf` cannot be a `$ref`".to_owned();
                self.cx.report(unsupported(site, message));
                return None;
            }
        };
        let mut properties = object.into_iter().flat_map(|object| &object.properties);
        let (Some(object), Some((wire, property)), None) = (object, properties.next(), properties.next()) else {
            let message = match object {
                Some(object) => {
                    format!("an entry of `oneOf` must have exactly one property, found {}", object.properties.len())
                }
                None => "an entry of `oneOf` must be an object".to_owned(),
            };
            self.cx.report(unsupported(site, message));
            return None;
        };
        let at = site.keys(&["properties", wire]);
        if !object.required.contains(wire) {
            let message = format!("the property `{}` of an entry of `oneOf` must be required", wire.escape_debug());
            let help = format!("add `required: [{}]` to the entry", wire.escape_debug());
            self.cx.report(at.at_key(Code::UnsupportedConstruct, message, help));
            return None;
        }
        Some(Property { wire, site: at, schema: property.into() })
    }
}
