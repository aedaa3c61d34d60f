//! Expandable fields: ids that Stripe replaces with the object when a request expands them.

use std::collections::BTreeSet;

use openapiv3::{ReferenceOr, Schema};

use super::Lowering;
use super::broken;
use super::extensions::{self as ext, ExpansionResources};
use super::patterns;
use super::registry;
use super::schema::{MEMBER, Naming};
use super::site::Site;
use crate::api;
use crate::diagnostic::Code;

impl<'a> Lowering<'a> {
    /// Returns the type of an `anyOf` with `x-expansionResources`.
    pub(super) fn expandable(
        &mut self,
        site: &Site<'a>,
        schema: &'a Schema,
        members: &'a [ReferenceOr<Schema>],
        naming: &Naming,
    ) -> api::Type {
        let members_site = site.key("anyOf");
        for (index, member) in members.iter().enumerate() {
            self.refuse_null(&members_site.index(index), member.into(), MEMBER);
        }
        let references = members.iter().enumerate().filter_map(|(index, member)| match member {
            ReferenceOr::Reference { reference } => Some((index, reference.as_str())),
            ReferenceOr::Item(_) => None,
        });
        let references: Vec<_> = references.collect();
        let [(index, reference)] = references.as_slice() else {
            if self.cx.has_parse_error(site) {
                return broken::unknown();
            }
            return self.unsupported(site, "anyOf", "an expandable field of several kinds of objects");
        };
        self.check_id(&members_site, members);
        let Some(component) = self.registry.resolve(&mut self.cx, &members_site.index(*index), reference) else {
            return broken::unknown();
        };
        self.check_expansion(site, schema, reference);
        let id = registry::id_path(component).map_or(api::Type::String, api::Type::Named);
        let (object, ..) = self.reference(&members_site.index(*index), reference, naming).field();
        api::Type::Expandable { id: Box::new(id), object: Box::new(object) }
    }

    /// Reports an `anyOf` without exactly one string, the id.
    fn check_id(&mut self, site: &Site<'a>, members: &'a [ReferenceOr<Schema>]) {
        let others = members.iter().enumerate().filter_map(|(index, member)| Some((index, member.as_item()?)));
        let others: Vec<_> = others.collect();
        let wrong = match others.as_slice() {
            [(_, id)] if patterns::is_string(id) => return,
            [(index, _)] | [_, (index, _), ..] => site.index(*index),
            [] => site.clone(),
        };
        if self.cx.has_parse_error(site) {
            return;
        }
        let message = "an expandable field must be an id or one object";
        let help = "write `anyOf:` with `type: string` and the `$ref`";
        self.cx.report(wrong.at_value(Code::UnsupportedConstruct, message, help));
    }

    /// Reports an extension that does not repeat the reference.
    fn check_expansion(&mut self, site: &Site<'a>, schema: &'a Schema, reference: &str) {
        let extensions = &schema.schema_data.extensions;
        let Some(declared) = self.cx.extension::<ExpansionResources>(site, extensions, ext::EXPANSION_RESOURCES) else {
            return;
        };
        let declared: BTreeSet<_> = declared.one_of.iter().map(|resource| resource.reference.as_str()).collect();
        if declared != BTreeSet::from([reference]) {
            let message = "`x-expansionResources` and `anyOf` have different references";
            let help = format!("write `- $ref: '{reference}'` alone");
            let at = site.keys(&[ext::EXPANSION_RESOURCES, "oneOf"]);
            let diagnostic = at.at_key(Code::MalformedExtension, message, help);
            self.cx.report(diagnostic.related(site.key("anyOf").related("the `anyOf`")));
        }
    }
}
