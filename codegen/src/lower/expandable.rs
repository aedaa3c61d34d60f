//! Ids that a request can ask to be replaced by the object.

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
    /// The type of an `anyOf` with `x-expansionResources`.
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
            if self.was_misread(site) {
                return broken::unknown();
            }
            return self.unsupported(site, "anyOf", "an expandable field of other than one kind of object");
        };
        self.check_id(&members_site, members);
        let Some(component) = self.resolve(&members_site.index(*index), reference) else { return broken::unknown() };
        self.check_expansion(site, schema, reference);
        let id = registry::id_path(&component).map_or(api::Type::String, api::Type::Named);
        let (object, _) = self.reference(&members_site.index(*index), reference, naming).field();
        api::Type::Expandable { id: Box::new(id), object: Box::new(object) }
    }

    /// What is not the object is its id: one string.
    fn check_id(&mut self, site: &Site<'a>, members: &'a [ReferenceOr<Schema>]) {
        let others = members.iter().enumerate().filter_map(|(index, member)| Some((index, member.as_item()?)));
        let others: Vec<_> = others.collect();
        let wrong = match others.as_slice() {
            [(_, id)] if patterns::is_string(id) => return,
            [(index, _)] | [_, (index, _), ..] => site.index(*index),
            [] => site.clone(),
        };
        if self.was_misread(site) {
            return;
        }
        let message = "an expandable field is one string, the id, or one reference";
        let mut diagnostic = wrong.at_value(Code::UnsupportedConstruct, message);
        diagnostic.help = Some("write `anyOf:` with `type: string` and the `$ref`".to_owned());
        self.report(diagnostic);
    }

    /// The extension repeats the reference.
    fn check_expansion(&mut self, site: &Site<'a>, schema: &'a Schema, reference: &str) {
        let extensions = &schema.schema_data.extensions;
        let Some(declared) = self.extension::<ExpansionResources>(site, extensions, ext::EXPANSION_RESOURCES) else {
            return;
        };
        let declared: BTreeSet<_> = declared.one_of.iter().map(|resource| resource.reference.as_str()).collect();
        if declared != BTreeSet::from([reference]) {
            let message = "`x-expansionResources` and `anyOf` have different references";
            let at = site.keys(&[ext::EXPANSION_RESOURCES, "oneOf"]);
            let mut diagnostic = at.at_key(Code::MalformedExtension, message);
            diagnostic.related.push(site.key("anyOf").related("the `anyOf`"));
            diagnostic.help = Some(format!("write `- $ref: '{reference}'` and no other entry"));
            self.report(diagnostic);
        }
    }
}
