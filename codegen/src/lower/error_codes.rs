//! Error codes and types, gathered from the error schemas into one enum of each per API generation.

use std::collections::{BTreeMap, HashMap};

use openapiv3::{ReferenceOr, Schema};

use super::extensions::{self as ext, StripeEnum, StripeError};
use super::names::{self, NameKind};
use super::registry::{Component, Role, generation_of_key};
use super::site::{SchemaOrRef, Site};
use super::{Lowering, docs, patterns};
use crate::api::{Doc, Enum, EnumRole, Generation, ModulePath, Name, Origin, TypeDef, TypeKind, TypePath, Variant};
use crate::diagnostic::{Code, Related};

/// A value found in an error schema.
struct Found<'a> {
    site: Site<'a>,
    doc: Doc,
    status: Option<u16>,
}

/// Values by what they are on the wire.
type Values<'a> = BTreeMap<String, Found<'a>>;

impl<'a> Lowering<'a> {
    /// Defines `ErrorCode` and `ErrorType` of each generation that describes errors.
    pub(super) fn error_codes(&mut self) {
        for generation in [Generation::V1, Generation::V2] {
            let components: Vec<_> = self
                .registry
                .iter()
                .filter(|component| component.role == Role::ErrorBody && generation_of_key(component.key) == generation)
                .cloned()
                .collect();
            let mut codes = Values::new();
            let mut types = Values::new();
            for component in &components {
                self.gather(component, &mut codes, &mut types);
            }
            self.define_values(generation, EnumRole::ErrorCode, codes);
            self.define_values(generation, EnumRole::ErrorType, types);
        }
    }

    fn gather(&mut self, component: &Component<'a>, codes: &mut Values<'a>, types: &mut Values<'a>) {
        let extensions = &component.schema.schema_data.extensions;
        let doc = self.doc(&component.schema.schema_data);
        if let Some(error) = self.extension::<StripeError>(&component.site, extensions, ext::STRIPE_ERROR) {
            let site = component.site.keys(&[ext::STRIPE_ERROR, "code"]);
            let found = Found { site, doc, status: Some(error.status) };
            self.add(codes, error.code, found);
            if let Some(error_type) = error.error_type {
                let site = component.site.keys(&[ext::STRIPE_ERROR, "type"]);
                self.add(types, error_type, Found { site, doc: Doc::default(), status: None });
            }
        }
        let error = patterns::properties(component.schema).and_then(|properties| properties.get("error"));
        let Some(error) = error else { return };
        let error_site = component.site.keys(&["properties", "error"]);
        let Some((error_site, error)) = self.resolve_schema(&error_site, SchemaOrRef::from(error)) else { return };
        let Some(properties) = patterns::properties(error) else { return };
        for (name, values) in [("code", codes), ("type", types)] {
            if let Some(ReferenceOr::Item(schema)) = properties.get(name) {
                self.listed(&error_site.keys(&["properties", name]), schema, values);
            }
        }
    }

    /// Adds the values that a property lists.
    fn listed(&mut self, site: &Site<'a>, schema: &'a Schema, values: &mut Values<'a>) {
        let openapiv3::SchemaKind::Type(openapiv3::Type::String(string)) = &schema.schema_kind else { return };
        let said: Option<StripeEnum> = self.extension(site, &schema.schema_data.extensions, ext::STRIPE_ENUM);
        let said: HashMap<String, String> =
            said.into_iter().flat_map(|said| said.values).map(|value| (value.value, value.description)).collect();
        for (index, value) in string.enumeration.iter().enumerate() {
            let Some(value) = value else { continue };
            let text = said.get(value).map(|text| docs::clean(text)).unwrap_or_default();
            let found = Found { site: site.key("enum").index(index), doc: Doc { text, reference: None }, status: None };
            self.add(values, value.clone(), found);
        }
    }

    /// The same value may be found in several schemas: what each says of it comes together, unless they contradict.
    fn add(&mut self, values: &mut Values<'a>, wire: String, found: Found<'a>) {
        let Some(known) = values.get_mut(&wire) else {
            values.insert(wire, found);
            return;
        };
        if let (Some(one), Some(other)) = (known.status, found.status)
            && one != other
        {
            let mut diagnostic = found.site.at_value(
                Code::EnumValueCollision,
                format!("`{wire}` comes with status {other} here and {one} elsewhere"),
            );
            diagnostic
                .related
                .push(Related { location: known.site.value_location(), text: format!("status {one} here") });
            self.report(diagnostic);
            return;
        }
        known.status = known.status.or(found.status);
        if known.doc.text.is_empty() {
            known.doc = found.doc;
        }
    }

    fn define_values(&mut self, generation: Generation, role: EnumRole, values: Values<'a>) {
        let Some(first) = values.values().next() else { return };
        let (name, text) = match role {
            EnumRole::ErrorType => ("ErrorType", "The `type` of an error: its broad kind."),
            _ => ("ErrorCode", "The `code` of an error: what went wrong."),
        };
        let path = TypePath { module: ModulePath(vec![names::fixed(generation.module())]), name: names::fixed(name) };
        let site = first.site.clone();
        if !self.claim_type(&path, &site) {
            return;
        }
        let mut taken: HashMap<Name, (String, Site<'a>)> = HashMap::new();
        let mut variants = Vec::new();
        for (wire, found) in values {
            let Some(name) = self.derived_name(&found.site, NameKind::UpperCamel, &wire) else { continue };
            if let Some((other_wire, other)) = taken.insert(name.clone(), (wire.clone(), found.site.clone())) {
                let mut diagnostic = found.site.at_value(
                    Code::EnumValueCollision,
                    format!("`{other_wire}` and `{wire}` would both be called `{name}`"),
                );
                diagnostic.related.push(Related {
                    location: other.value_location(),
                    text: format!("`{other_wire}` is described here"),
                });
                self.report(diagnostic);
                continue;
            }
            let origin: Origin = self.origin(&found.site);
            variants.push(Variant { wire, name, doc: found.doc, status: found.status, origin });
        }
        let def = TypeDef {
            owner: path.clone(),
            path,
            doc: Doc { text: text.to_owned(), reference: None },
            deprecated: false,
            in_requests: false,
            in_responses: true,
            kind: TypeKind::Enum(Enum { variants, closed: false, keeps_unrecognized: true, role }),
            origin: self.origin(&site),
        };
        self.define(def);
    }
}
