//! Strings with listed values: enums, or string types with constants when the values are too many for an enum.

use std::collections::{HashMap, HashSet};

use openapiv3::Schema;

use super::context::Context;
use super::extensions::{self as ext, EnumKind, EnumValue, KnownValue, StripeEnum};
use super::members::{Claim, Given, Members};
use super::schema::Naming;
use super::site::Site;
use super::{Lowering, broken, docs, patterns};
use crate::api::{self, Constant, Doc, Enum, EnumRole, StringType, TypeDef, TypeKind, TypePath, Variant};
use crate::diagnostic::Code;

/// A string with more values, and without `x-stripeEnum`, gets constants: nobody matches on 600 time zones.
const MOST_VARIANTS: usize = 64;

/// What `x-stripeEnum` says of a value.
pub(super) struct DescribedValue<'a> {
    pub(super) site: Site<'a>,
    pub(super) text: String,
    pub(super) rust_name: Option<Given<'a>>,
}

impl<'a> Lowering<'a> {
    /// Returns the type of a string with listed values in place.
    pub(super) fn inline_enum(&mut self, site: &Site<'a>, schema: &'a Schema, naming: &Naming) -> api::Type {
        let extensions = &schema.schema_data.extensions;
        let Some(name) = self.cx.name_or(site, extensions, &naming.name) else {
            return broken::unknown();
        };
        let path = TypePath { module: naming.owner.module.clone(), name };
        if self.cx.claim_type(&path, site) {
            let def = string_type(&mut self.cx, site, schema, path.clone(), naming.owner.clone());
            self.define(def);
        }
        api::Type::Named(path)
    }
}

/// Returns the definition of a string type, with listed values or without.
pub(super) fn string_type<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    schema: &'a Schema,
    path: TypePath,
    owner: TypePath,
) -> TypeDef {
    let before = cx.diagnostics.len();
    let values: Vec<_> = patterns::values(schema).map(|(index, value)| (value, index)).collect();
    let extensions = &schema.schema_data.extensions;
    let declared: Option<StripeEnum> = cx.extension(site, extensions, ext::STRIPE_ENUM);
    let kind = if values.is_empty() {
        let constants = known_values(cx, site, extensions);
        TypeKind::String(StringType { id_of: None, same_ids: None, constants })
    } else if declared.is_none() && values.len() > MOST_VARIANTS {
        let constants = constants(cx, site, &values);
        TypeKind::String(StringType { id_of: None, same_ids: None, constants })
    } else {
        let bypasses = ext::is_set(extensions, ext::BYPASS_VALIDATION);
        let closed = declared.as_ref().map_or(!bypasses, |declared| declared.kind == EnumKind::Closed);
        let variants = variants(cx, site, &values, declared.map(|declared| declared.values).unwrap_or_default());
        TypeKind::Enum(Enum { variants, closed, unrecognized: None, role: EnumRole::Value })
    };
    if cx.diagnostics.len() > before || cx.has_parse_error(site) {
        cx.break_type(&path);
    }
    let (doc, deprecated) = (cx.doc(&schema.schema_data), schema.schema_data.deprecated);
    TypeDef { doc, deprecated, ..cx.definition(site, path, owner, kind) }
}

fn variants<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    values: &[(&str, usize)],
    declared: Vec<EnumValue>,
) -> Vec<Variant> {
    let declared = described_values(cx, site, values, declared);
    let values = values.iter().map(|(wire, index)| {
        let about = declared.get(*wire);
        let (text, given) = about.map(|about| (about.text.clone(), about.rust_name.clone())).unwrap_or_default();
        Value { wire: (*wire).to_owned(), site: site.key("enum").index(*index), text, given }
    });
    let variant =
        |Constant { wire, name, doc, origin }| Variant { wire, name, doc, status: None, error_type: None, origin };
    let rename = "with `x-rustName` in `x-stripeEnum.values`";
    named(cx, Members::variants(), values, rename).into_iter().map(variant).collect()
}

/// A value to be named.
struct Value<'a> {
    wire: String,
    site: Site<'a>,
    text: String,
    given: Option<Given<'a>>,
}

/// Names values; leaves out those whose name is not valid or taken, which is reported.
fn named<'a>(
    cx: &mut Context<'a>,
    mut members: Members<'a>,
    values: impl IntoIterator<Item = Value<'a>>,
    rename: &'static str,
) -> Vec<Constant> {
    let constants = values.into_iter().filter_map(|Value { wire, site, text, given }| {
        let claim = Claim { what: format!("the value `{wire}`"), site: site.clone(), rename };
        let name = cx.member(&mut members, &wire, given.as_ref(), claim)?;
        Some(Constant { wire, name, doc: Doc { text, ..Doc::default() }, origin: cx.origin(&site) })
    });
    constants.collect()
}

/// Returns what `x-stripeEnum` says of the values; reports those that `enum` does not list.
pub(super) fn described_values<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    values: &[(&str, usize)],
    declared: Vec<EnumValue>,
) -> HashMap<String, DescribedValue<'a>> {
    let list = site.keys(&[ext::STRIPE_ENUM, "values"]);
    let listed: HashSet<&str> = values.iter().map(|(wire, _)| *wire).collect();
    let mut described: HashMap<String, DescribedValue<'a>> = HashMap::new();
    for (index, EnumValue { value, description, rust_name }) in declared.into_iter().enumerate() {
        let at = list.index(index);
        if !listed.contains(value.as_str()) && cx.has_parse_error(&site.key("enum")) {
            continue;
        }
        if !listed.contains(value.as_str()) {
            let message = format!("`{value}` is described here but not listed in `enum`");
            let help = "rename it to a value of `enum`, add it to `enum`, or remove its description";
            cx.report(at.at_value(Code::MalformedExtension, message, help));
            cx.break_values(site);
        } else {
            let rust_name = rust_name.map(|name| Given { name, site: at.key(ext::RUST_NAME) });
            let text = docs::clean(&description);
            described.insert(value, DescribedValue { site: at, text, rust_name });
        }
    }
    described
}

fn constants<'a>(cx: &mut Context<'a>, site: &Site<'a>, values: &[(&str, usize)]) -> Vec<Constant> {
    let values = values.iter().map(|(wire, index)| {
        let site = site.key("enum").index(*index);
        Value { wire: (*wire).to_owned(), site, text: String::new(), given: None }
    });
    named(cx, Members::constants(), values, "by its `name`, with `x-knownValues` instead of `enum`")
}

/// Returns the constants of `x-knownValues`.
pub(super) fn known_values<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    extensions: &'a ext::Extensions,
) -> Vec<Constant> {
    let known: Vec<KnownValue> = cx.extension(site, extensions, ext::KNOWN_VALUES).unwrap_or_default();
    let values = known.into_iter().enumerate().map(|(index, known)| {
        let site = site.key(ext::KNOWN_VALUES).index(index);
        let (wire, name, description) = match known {
            KnownValue::Value(value) => (value, None, String::new()),
            KnownValue::Described(known) => (known.value, known.name, known.description),
        };
        let given = name.map(|name| Given { name, site: site.key("name") });
        Value { wire, site, text: docs::clean(&description), given }
    });
    named(cx, Members::constants(), values, "by its `name` in `x-knownValues`")
}
