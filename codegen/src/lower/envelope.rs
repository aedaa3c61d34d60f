//! The envelopes of lists, recognised by the names of their properties.

use openapiv3::{ObjectType, ReferenceOr, Schema, SchemaKind, Type};

use super::extensions as ext;
use super::patterns::{self, Envelope};
use super::schema::Naming;
use super::site::Site;
use super::{Lowering, registry};
use crate::api;
use crate::diagnostic::Code;

impl<'a> Lowering<'a> {
    /// Returns the type of an envelope.
    pub(super) fn envelope(
        &mut self,
        site: &Site<'a>,
        object: &'a ObjectType,
        envelope: &Envelope<'a>,
        naming: &Naming,
    ) -> api::Type {
        for (name, property) in &object.properties {
            self.envelope_property(&site.keys(&["properties", name]), name, property);
        }
        match envelope {
            Envelope::List(data) => api::Type::List(Box::new(self.envelope_item(site, data, naming))),
            Envelope::Page(data) => api::Type::Page(Box::new(self.envelope_item(site, data, naming))),
        }
    }

    /// Reports a property of another type than in Stripe's envelopes, which the runtime reads.
    fn envelope_property(&mut self, site: &Site<'a>, name: &str, property: &ReferenceOr<Box<Schema>>) {
        let (expected, help) = match name {
            "object" => ("the tag `list`", "write `type: string` and `enum: [list]`"),
            "data" => ("an array", "write `type: array` and its `items`"),
            "has_more" => ("a boolean", "write `type: boolean`"),
            _ => ("a string", "write `type: string`"),
        };
        let fits = property.as_item().is_some_and(|schema| match name {
            "object" => patterns::single_value(schema).as_deref() == Some("list"),
            "data" => matches!(schema.schema_kind, SchemaKind::Type(Type::Array(_))),
            "has_more" => matches!(schema.schema_kind, SchemaKind::Type(Type::Boolean(_))),
            _ => patterns::is_string(schema),
        });
        if !fits && !self.cx.has_parse_error(site) {
            let message = format!("`{name}` of a list must be {expected}");
            let help = format!("{help}, or rename a property if this is not a list");
            self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
        }
    }

    fn envelope_item(&mut self, site: &Site<'a>, data: &'a ReferenceOr<Box<Schema>>, naming: &Naming) -> api::Type {
        let items_site = site.keys(&["properties", "data", "items"]);
        let items = data.as_item().and_then(|data| match &data.schema_kind {
            SchemaKind::Type(Type::Array(array)) => array.items.as_ref(),
            _ => None,
        });
        let Some(items) = items else { return api::Type::Json };
        let item = self.schema(&items_site, items.into(), naming);
        let item = item.not_null(&mut self.cx, "an item of a list");
        // `x-resourceId` on anything but an object is reported there.
        let is_resource = matches!(items, ReferenceOr::Reference { reference }
            if registry::follow(site.document, reference)
                .is_ok_and(|(_, schema)| schema.schema_data.extensions.contains_key(ext::RESOURCE_ID)));
        if !matches!(item, api::Type::Named(_) | api::Type::Json) && !self.cx.is_broken(&item) && !is_resource {
            let message = "the items of a list must be objects";
            let help = "write `items:` with a `$ref` to an object";
            self.cx.report(items_site.at_key(Code::UnsupportedConstruct, message, help));
        }
        item
    }
}
