//! Error codes and types, gathered from the error schemas into one enum of each per API generation.

use std::collections::BTreeMap;

use openapiv3::Schema;

use super::context::Context;
use super::extensions::{self as ext, EnumKind, StripeEnum, StripeError};
use super::members::{Claim, Given, Members};
use super::names;
use super::registry::{Component, Registry, Role, generation_of_key};
use super::site::Site;
use super::{enums, patterns};
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
    /// The error type of an error code.
    error_type: Option<String>,
    name: Option<Given<'a>>,
    /// How to name it.
    rename: &'static str,
}

/// Values by their wire names.
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

/// Returns `ErrorCode` and `ErrorType` of each generation that describes errors.
pub(super) fn types<'a>(cx: &mut Context<'a>, registry: &'a Registry<'a>) -> Vec<(TypePath, TypeDef)> {
    let mut components: Vec<_> = registry.iter().filter(|component| component.role == Role::ErrorBody).collect();
    // The order of the descriptions must not show.
    components.sort_by_key(|component| (cx.name_of(component.site.document), component.key));
    let mut types = Vec::new();
    for generation in [Generation::V1, Generation::V2] {
        let mut codes = Values::new(EnumRole::ErrorCode);
        let mut error_types = Values::new(EnumRole::ErrorType);
        for component in components.iter().filter(|component| generation_of_key(component.key) == generation) {
            gather(cx, registry, component, &mut codes, &mut error_types);
        }
        types.extend([codes, error_types].into_iter().filter_map(|values| define(cx, generation, values)));
    }
    types
}

/// Adds the codes and types of an error schema.
fn gather<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    component: &'a Component<'a>,
    codes: &mut Values<'a>,
    types: &mut Values<'a>,
) {
    let Component { site, schema, .. } = component;
    let declared_site = site.key(ext::STRIPE_ERROR);
    let declared = cx.extension::<StripeError>(site, &schema.schema_data.extensions, ext::STRIPE_ERROR);
    if let Some(error) = &declared {
        let doc = cx.doc(&schema.schema_data);
        let (site, doc_site) = (declared_site.key("code"), site.key("description"));
        let status = Some((error.status, declared_site.key("httpStatusCode")));
        let name = cx.name_on_schema(component);
        let error_type = error.error_type.clone();
        add(cx, codes, error.code.clone(), Found { site, doc, doc_site, status, error_type, name, rename: ON_SCHEMA });
    }
    if let Some(error_type) = declared.as_ref().and_then(|error| error.error_type.clone()) {
        let site = declared_site.key("type");
        let doc_site = site.clone();
        let found =
            Found { site, doc: Doc::default(), doc_site, status: None, error_type: None, name: None, rename: IN_ENUM };
        add(cx, types, error_type, found);
    }
    let Some(error) = patterns::property(schema, "error") else { return };
    let error_site = site.keys(&["properties", "error"]);
    let Some((error_site, error)) = registry.resolve_schema(cx, &error_site, error.into()) else { return };
    let Some(properties) = patterns::properties(error) else { return };
    let code = declared.as_ref().map(|error| error.code.as_str());
    let error_type = declared.as_ref().and_then(|error| error.error_type.as_deref());
    for (name, declared, values) in [("code", code, codes), ("type", error_type, types)] {
        let site = error_site.keys(&["properties", name]);
        let Some(property) = properties.get(name) else { continue };
        let Some((site, schema)) = registry.resolve_schema(cx, &site, property.into()) else { continue };
        if agrees(cx, &site, schema, declared.map(|declared| (declared, declared_site.key(name)))) {
            add_listed(cx, &site, schema, values);
        }
    }
}

/// Whether the values that a property lists contain the one in `x-stripeError`, if any; reports it if not.
fn agrees<'a>(cx: &mut Context<'a>, site: &Site<'a>, schema: &'a Schema, declared: Option<(&str, Site<'a>)>) -> bool {
    let Some((value, declared_site)) = declared else { return true };
    let listed: Vec<&str> = patterns::values(schema).map(|(_, listed)| listed).collect();
    if listed.is_empty() || listed.contains(&value) {
        return true;
    }
    let message = format!("`x-stripeError` has `{value}`, but the property lists {}", suggest::listed(listed));
    let help = "write the same value in both places";
    let diagnostic = site.key("enum").at_value(Code::Contradiction, message, help);
    cx.report(diagnostic.related(declared_site.related("the value in `x-stripeError`")));
    false
}

/// Adds the values that a property lists.
fn add_listed<'a>(cx: &mut Context<'a>, site: &Site<'a>, schema: &'a Schema, values: &mut Values<'a>) {
    let declared: Option<StripeEnum> = cx.extension(site, &schema.schema_data.extensions, ext::STRIPE_ENUM);
    if declared.as_ref().is_some_and(|declared| declared.kind == EnumKind::Closed) {
        let at = site.keys(&[ext::STRIPE_ENUM, "kind"]);
        let message = "the codes and types of errors cannot be closed";
        cx.report(at.at_value(Code::MalformedExtension, message, "write `kind: open`"));
    }
    let listed: Vec<_> = patterns::values(schema).map(|(index, value)| (value, index)).collect();
    if listed.is_empty() {
        return;
    }
    let described = declared.map(|declared| declared.values).unwrap_or_default();
    let mut described = enums::described_values(cx, site, &listed, described);
    for (value, index) in listed {
        let site = site.key("enum").index(index);
        let (text, doc_site, name) = match described.remove(value) {
            Some(about) => (about.text, about.site.key("description"), about.rust_name),
            None => (String::new(), site.clone(), None),
        };
        let doc = Doc { text, ..Doc::default() };
        let found = Found { site, doc, doc_site, status: None, error_type: None, name, rename: IN_ENUM };
        add(cx, values, value.to_owned(), found);
    }
}

/// Adds a value, or merges it with the same value of another schema; reports what the two contradict each other in.
fn add<'a>(cx: &mut Context<'a>, values: &mut Values<'a>, wire: String, found: Found<'a>) {
    let what = values.what(&wire).escape_debug().to_string();
    let Some(known) = values.found.get_mut(&wire) else {
        values.found.insert(wire, found);
        return;
    };
    if let (Some((one, one_site)), Some((other, site))) = (&known.status, &found.status)
        && one != other
    {
        let message = format!("{what} has the status {other} here and {one} elsewhere");
        let diagnostic = site.at_value(Code::Contradiction, message, "write the same status in both places");
        cx.report(diagnostic.related(one_site.related("the other status")));
    }
    known.status = known.status.take().or(found.status);
    if let (Some(one), Some(other)) = (&known.name, &found.name)
        && one.name != other.name
    {
        let message = format!("{what} is named `{}` here and `{}` elsewhere", other.name, one.name);
        let help = "write the same name in both places, or in one of them only";
        let diagnostic = other.site.at_value(Code::Contradiction, message, help);
        cx.report(diagnostic.related(one.site.related("the other name")));
    }
    known.error_type = known.error_type.take().or(found.error_type);
    known.name = known.name.take().or(found.name);
    if known.doc.text.is_empty() {
        known.doc.text = found.doc.text;
        known.doc_site = found.doc_site;
    } else if !found.doc.text.is_empty() && known.doc.text != found.doc.text {
        let message = format!("{what} has a different description elsewhere");
        let help = "write the same description in both places, or in one of them only";
        let diagnostic = found.doc_site.at_key(Code::Contradiction, message, help);
        cx.report(diagnostic.related(known.doc_site.related("the other description")));
    }
    known.doc.reference = known.doc.reference.take().or(found.doc.reference);
}

/// Returns the enum of a generation's values; `None` if it has no values.
fn define<'a>(cx: &mut Context<'a>, generation: Generation, values: Values<'a>) -> Option<(TypePath, TypeDef)> {
    let (name, text) = match values.role {
        EnumRole::ErrorType => ("ErrorType", "The type of an error."),
        _ => ("ErrorCode", "The code of an error."),
    };
    let path = TypePath { module: ModulePath(vec![names::fixed(generation.module())]), name: names::fixed(name) };
    let site = values.found.values().next()?.site.clone();
    if !cx.claim_type(&path, &site) {
        return None;
    }
    let mut members = Members::variants();
    let mut variants = Vec::new();
    for (wire, found) in &values.found {
        let claim = Claim { what: values.what(wire), site: found.site.clone(), rename: found.rename };
        let Some(name) = cx.member(&mut members, wire, found.name.as_ref(), claim) else { continue };
        let (doc, origin) = (found.doc.clone(), cx.origin(&found.site));
        let status = found.status.as_ref().map(|(status, _)| *status);
        let error_type = found.error_type.clone();
        variants.push(Variant { wire: wire.clone(), name, doc, status, error_type, origin });
    }
    let kind = TypeKind::Enum(Enum { variants, closed: false, unrecognized: None, role: values.role });
    let doc = Doc { text: text.to_owned(), ..Doc::default() };
    Some((path.clone(), TypeDef { doc, ..cx.definition(&site, path.clone(), path, kind) }))
}
