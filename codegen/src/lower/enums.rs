//! Strings with listed values: enums, and string types with constants where there are too many values for an enum.

use std::collections::{HashMap, HashSet};

use openapiv3::{Schema, SchemaKind, Type};

use super::extensions::{self as ext, EnumKind, EnumValue, KnownValue, StripeEnum};
use super::names::NameKind;
use super::schema::Scope;
use super::site::Site;
use super::{Lowering, docs, names};
use crate::api::{self, Constant, Doc, Enum, EnumRole, Name, StringType, TypeDef, TypeKind, TypePath, Variant};
use crate::diagnostic::Code;

/// With more values than this, and nothing said by `x-stripeEnum`, a string gets constants: nobody matches on 600 time zones.
const MOST_VARIANTS: usize = 64;

impl<'a> Lowering<'a> {
    /// The type of a string whose values are listed in place.
    pub(super) fn inline_enum(&mut self, site: &Site<'a>, schema: &'a Schema, scope: &Scope) -> api::Type {
        let extensions = &schema.schema_data.extensions;
        let Some(name) = self.name_or(site, extensions, NameKind::UpperCamel, &scope.name) else {
            return api::Type::Json;
        };
        let path = TypePath { module: scope.owner.module.clone(), name };
        if self.claim_type(&path, site) {
            let def = self.string_type(site, schema, path.clone(), scope.owner.clone());
            self.define(def);
        }
        api::Type::Named(path)
    }

    /// The definition of a string type, listed values or not.
    pub(super) fn string_type(
        &mut self,
        site: &Site<'a>,
        schema: &'a Schema,
        path: TypePath,
        owner: TypePath,
    ) -> TypeDef {
        let values: Vec<(&str, usize)> = match &schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                let values = string.enumeration.iter().enumerate();
                values.filter_map(|(index, value)| Some((value.as_deref()?, index))).collect()
            }
            _ => Vec::new(),
        };
        let extensions = &schema.schema_data.extensions;
        let said: Option<StripeEnum> = self.extension(site, extensions, ext::STRIPE_ENUM);
        let kind = if values.is_empty() {
            let constants = self.known_values(site, extensions);
            TypeKind::String(StringType { id_of: None, constants })
        } else if said.is_none() && values.len() > MOST_VARIANTS {
            let constants = self.constants(site, &values);
            TypeKind::String(StringType { id_of: None, constants })
        } else {
            let bypasses = extensions.get(ext::BYPASS_VALIDATION).and_then(serde_json::Value::as_bool) == Some(true);
            let closed = said.as_ref().map_or(!bypasses, |said| said.kind == EnumKind::Closed);
            let variants = self.variants(site, &values, said.map(|said| said.values).unwrap_or_default());
            TypeKind::Enum(Enum { variants, closed, keeps_unrecognized: true, role: EnumRole::Value })
        };
        TypeDef {
            path,
            owner,
            doc: self.doc(&schema.schema_data),
            deprecated: schema.schema_data.deprecated,
            in_requests: false,
            in_responses: false,
            kind,
            origin: self.origin(site),
        }
    }

    fn variants(&mut self, site: &Site<'a>, values: &[(&str, usize)], said: Vec<EnumValue>) -> Vec<Variant> {
        let list = site.key("enum");
        let said_site = site.keys(&[ext::STRIPE_ENUM, "values"]);
        let said: HashMap<String, (usize, EnumValue)> =
            said.into_iter().enumerate().map(|(index, value)| (value.value.clone(), (index, value))).collect();
        let listed: HashSet<&str> = values.iter().map(|(wire, _)| *wire).collect();
        for (index, value) in said.values() {
            if !listed.contains(value.value.as_str()) {
                self.report(said_site.index(*index).at_value(
                    Code::MalformedExtension,
                    format!("`{}` is described here but not listed in `enum`", value.value),
                ));
            }
        }
        let mut taken = Taken::default();
        let mut variants = Vec::new();
        for (wire, index) in values {
            let at = list.index(*index);
            let about = said.get(*wire);
            let name = match about.and_then(|(index, value)| Some((index, value.rust_name.as_deref()?))) {
                Some((index, name)) => {
                    self.given_name(&said_site.index(*index).key(ext::RUST_NAME), NameKind::UpperCamel, name)
                }
                None if wire.is_empty() => self.derived_name(&at, NameKind::UpperCamel, "Empty"),
                None => self.derived_name(&at, NameKind::UpperCamel, wire),
            };
            let Some(name) = name else { continue };
            if !self.take(&mut taken, &name, wire, &at) {
                continue;
            }
            let doc = about.map(|(_, value)| docs::clean(&value.description)).unwrap_or_default();
            let doc = Doc { text: doc, reference: None };
            variants.push(Variant { wire: (*wire).to_owned(), name, doc, status: None, origin: self.origin(&at) });
        }
        variants
    }

    fn constants(&mut self, site: &Site<'a>, values: &[(&str, usize)]) -> Vec<Constant> {
        let mut taken = Taken::default();
        let mut constants = Vec::new();
        for (wire, index) in values {
            let at = site.key("enum").index(*index);
            let Some(name) = self.derived_name(&at, NameKind::Shouty, wire) else { continue };
            if self.take(&mut taken, &name, wire, &at) {
                constants.push(Constant {
                    wire: (*wire).to_owned(),
                    name,
                    doc: Doc::default(),
                    origin: self.origin(&at),
                });
            }
        }
        constants
    }

    /// The constants that `x-knownValues` asks for.
    pub(super) fn known_values(&mut self, site: &Site<'a>, extensions: &'a ext::Extensions) -> Vec<Constant> {
        let known: Vec<KnownValue> = self.extension(site, extensions, ext::KNOWN_VALUES).unwrap_or_default();
        let mut taken = Taken::default();
        let mut constants = Vec::new();
        for (index, known) in known.into_iter().enumerate() {
            let at = site.key(ext::KNOWN_VALUES).index(index);
            let (wire, name, description) = match known {
                KnownValue::Value(value) => (value, None, String::new()),
                KnownValue::Described { value, name, description } => (value, name, description),
            };
            let name = match name {
                Some(name) => self.given_name(&at.key("name"), NameKind::Shouty, &name),
                None => self.derived_name(&at, NameKind::Shouty, &wire),
            };
            let Some(name) = name else { continue };
            if self.take(&mut taken, &name, &wire, &at) {
                let doc = Doc { text: docs::clean(&description), reference: None };
                constants.push(Constant { wire, name, doc, origin: self.origin(&at) });
            }
        }
        constants
    }

    /// Takes a name among the values of one type; says so when it is taken.
    fn take(&mut self, taken: &mut Taken<'a>, name: &Name, wire: &str, site: &Site<'a>) -> bool {
        if *name == names::unrecognized() {
            let mut diagnostic = site.at_value(
                Code::EnumValueCollision,
                format!("the value `{wire}` would be called `{name}`, as the variant for unknown values is"),
            );
            diagnostic.help = Some("name it with `x-rustName` in `x-stripeEnum.values`".to_owned());
            self.report(diagnostic);
            return false;
        }
        let Some((other_wire, other)) = taken.names.insert(name.clone(), (wire.to_owned(), site.clone())) else {
            return true;
        };
        let message = if other_wire == wire {
            format!("the value `{wire}` is listed twice")
        } else {
            format!("the values `{other_wire}` and `{wire}` would both be called `{name}`")
        };
        let mut diagnostic = site.at_value(Code::EnumValueCollision, message);
        diagnostic.related.push(crate::diagnostic::Related {
            location: other.value_location(),
            text: format!("`{other_wire}` is listed here"),
        });
        diagnostic.help =
            (other_wire != wire).then(|| "name one of them with `x-rustName` in `x-stripeEnum.values`".to_owned());
        self.report(diagnostic);
        false
    }
}

/// The names taken among the values of one type.
#[derive(Default)]
struct Taken<'a> {
    names: HashMap<Name, (String, Site<'a>)>,
}
