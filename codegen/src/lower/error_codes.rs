//! Error codes and types, gathered from the error schemas into one enum of each per API generation.

use std::collections::BTreeMap;

use openapiv3::Schema;

use super::extensions::{self as ext, EnumKind, StripeEnum, StripeError};
use super::members::{Claim, Given, Members};
use super::names;
use super::registry::{Component, Role, generation_of_key};
use super::site::{SchemaOrRef, Site};
use super::{Lowering, patterns};
use crate::api::{Doc, Enum, EnumRole, Generation, ModulePath, TypeDef, TypeKind, TypePath, Variant};
use crate::diagnostic::Code;
use crate::suggest;

const ON_SCHEMA: &str = "with `x-rustName` on its schema";
const IN_ENUM: &str = "with `x-rustName` in `x-stripeEnum.values`";

/// A value found in an error schema.
struct Found<'a> {
    site: Site<'a>,
    doc: Doc,
    doc_site: Site<'a>,
    status: Option<(u16, Site<'a>)>,
    name: Option<Given<'a>>,
    /// How to name it.
    rename: &'static str,
}

/// Values by what they are on the wire.
struct Values<'a> {
    role: EnumRole,
    found: BTreeMap<String, Found<'a>>,
}

impl Values<'_> {
    fn new(role: EnumRole) -> Self {
        Self { role, found: BTreeMap::new() }
    }

    fn what(&self, wire: &str) -> String {
        match self.role {
            EnumRole::ErrorType => format!("the error type `{wire}`"),
            _ => format!("the error code `{wire}`"),
        }
    }
}

impl<'a> Lowering<'a> {
    /// Defines `ErrorCode` and `ErrorType` of each generation that describes errors.
    pub(super) fn error_codes(&mut self) {
        let mut components: Vec<_> =
            self.registry.iter().filter(|component| component.role == Role::ErrorBody).cloned().collect();
        // The order of the descriptions must not show.
        components.sort_by_key(|component| (self.name_of(component.site.document), component.key));
        for generation in [Generation::V1, Generation::V2] {
            let mut codes = Values::new(EnumRole::ErrorCode);
            let mut types = Values::new(EnumRole::ErrorType);
            for component in components.iter().filter(|component| generation_of_key(component.key) == generation) {
                self.gather(component, &mut codes, &mut types);
            }
            self.define_values(generation, codes);
            self.define_values(generation, types);
        }
    }

    fn gather(&mut self, component: &Component<'a>, codes: &mut Values<'a>, types: &mut Values<'a>) {
        let Component { site, schema, .. } = component;
        let declared_site = site.key(ext::STRIPE_ERROR);
        let declared = self.extension::<StripeError>(site, &schema.schema_data.extensions, ext::STRIPE_ERROR);
        if let Some(error) = &declared {
            let doc = self.doc(&schema.schema_data);
            let (site, doc_site) = (declared_site.key("code"), site.key("description"));
            let status = Some((error.status, declared_site.key("httpStatusCode")));
            let name = self.name_on_schema(component);
            self.add(codes, error.code.clone(), Found { site, doc, doc_site, status, name, rename: ON_SCHEMA });
        }
        if let Some(error_type) = declared.as_ref().and_then(|error| error.error_type.clone()) {
            let site = declared_site.key("type");
            let doc_site = site.clone();
            let found = Found { site, doc: Doc::default(), doc_site, status: None, name: None, rename: IN_ENUM };
            self.add(types, error_type, found);
        }
        let error = patterns::properties(schema).and_then(|properties| properties.get("error"));
        let Some(error) = error else { return };
        let error_site = site.keys(&["properties", "error"]);
        let Some((error_site, error)) = self.resolve_schema(&error_site, SchemaOrRef::from(error)) else { return };
        let Some(properties) = patterns::properties(error) else { return };
        let code = declared.as_ref().map(|error| error.code.as_str());
        let error_type = declared.as_ref().and_then(|error| error.error_type.as_deref());
        for (name, declared, values) in [("code", code, codes), ("type", error_type, types)] {
            let site = error_site.keys(&["properties", name]);
            let Some(property) = properties.get(name) else { continue };
            let Some((site, schema)) = self.resolve_schema(&site, property.into()) else { continue };
            if self.lists(&site, schema, declared.map(|declared| (declared, declared_site.key(name)))) {
                self.listed(&site, schema, values);
            }
        }
    }

    /// Whether the values that a property lists have the one that is said of the schema, if any; reports it if not.
    fn lists(&mut self, site: &Site<'a>, schema: &'a Schema, declared: Option<(&str, Site<'a>)>) -> bool {
        let Some((value, declared_site)) = declared else { return true };
        let listed: Vec<&str> = patterns::values(schema).map(|(_, listed)| listed).collect();
        if listed.is_empty() || listed.contains(&value) {
            return true;
        }
        let message = format!("the values are {}, but `x-stripeError` has `{value}`", suggest::listed(listed));
        let diagnostic = site.key("enum").at_value(Code::Contradiction, message);
        self.contradiction(
            diagnostic,
            declared_site.related("the value of the schema"),
            "write the same value in both places",
        );
        false
    }

    /// Adds the values that a property lists.
    fn listed(&mut self, site: &Site<'a>, schema: &'a Schema, values: &mut Values<'a>) {
        let declared: Option<StripeEnum> = self.extension(site, &schema.schema_data.extensions, ext::STRIPE_ENUM);
        if declared.as_ref().is_some_and(|declared| declared.kind == EnumKind::Closed) {
            let at = site.keys(&[ext::STRIPE_ENUM, "kind"]);
            let mut diagnostic =
                at.at_value(Code::MalformedExtension, "the codes and types of errors are never closed");
            diagnostic.help = Some("write `kind: open`".to_owned());
            self.report(diagnostic);
        }
        let listed: Vec<_> = patterns::values(schema).map(|(index, value)| (value, index)).collect();
        if listed.is_empty() {
            return;
        }
        let mut declared =
            self.described_values(site, &listed, declared.map(|declared| declared.values).unwrap_or_default());
        for (value, index) in listed {
            let site = site.key("enum").index(index);
            let (text, doc_site, name) = match declared.remove(value) {
                Some(about) => (about.text, about.site.key("description"), about.rust_name),
                None => (String::new(), site.clone(), None),
            };
            let doc = Doc { text, reference: None };
            let found = Found { site, doc, doc_site, status: None, name, rename: IN_ENUM };
            self.add(values, value.to_owned(), found);
        }
    }

    /// The same value may be found in several schemas: what each says of it comes together, unless they contradict.
    fn add(&mut self, values: &mut Values<'a>, wire: String, found: Found<'a>) {
        let what = values.what(&wire).escape_debug().to_string();
        let Some(known) = values.found.get_mut(&wire) else {
            values.found.insert(wire, found);
            return;
        };
        if let (Some((one, one_site)), Some((other, site))) = (&known.status, &found.status)
            && one != other
        {
            let message = format!("{what} comes with status {other} here and {one} elsewhere");
            let diagnostic = site.at_value(Code::Contradiction, message);
            self.contradiction(
                diagnostic,
                one_site.related("the other status"),
                "write the same status in both places",
            );
        }
        known.status = known.status.take().or(found.status);
        known.name = self.same_name(known.name.take(), found.name, &what);
        if known.doc.text.is_empty() {
            known.doc.text = found.doc.text;
            known.doc_site = found.doc_site;
        } else if !found.doc.text.is_empty() && known.doc.text != found.doc.text {
            let message = format!("{what} has another description here than elsewhere");
            let diagnostic = found.doc_site.at_key(Code::Contradiction, message);
            let help = "write the same description in both places, or in one of them only";
            self.contradiction(diagnostic, known.doc_site.related("the other description"), help);
        }
        known.doc.reference = known.doc.reference.take().or(found.doc.reference);
    }

    fn define_values(&mut self, generation: Generation, values: Values<'a>) {
        let Some(first) = values.found.values().next() else { return };
        let (name, text) = match values.role {
            EnumRole::ErrorType => ("ErrorType", "The `type` of an error: its broad kind."),
            _ => ("ErrorCode", "The `code` of an error: what went wrong."),
        };
        let path = TypePath { module: ModulePath(vec![names::fixed(generation.module())]), name: names::fixed(name) };
        let site = first.site.clone();
        if !self.claim_type(&path, &site) {
            return;
        }
        let mut members = Members::variants();
        let mut variants = Vec::new();
        for (wire, found) in &values.found {
            let claim = Claim { what: values.what(wire), site: found.site.clone(), rename: found.rename };
            let Some(name) = self.member(&mut members, wire, found.name.as_ref(), claim) else { continue };
            let (doc, origin) = (found.doc.clone(), self.origin(&found.site));
            let status = found.status.as_ref().map(|(status, _)| *status);
            variants.push(Variant { wire: wire.clone(), name, doc, status, origin });
        }
        let role = values.role;
        let def = TypeDef {
            owner: path.clone(),
            path,
            doc: Doc { text: text.to_owned(), reference: None },
            deprecated: false,
            in_requests: false,
            in_responses: true,
            kind: TypeKind::Enum(Enum { variants, closed: false, unrecognized: Some(names::unrecognized()), role }),
            origin: self.origin(&site),
        };
        self.define(def);
    }
}
