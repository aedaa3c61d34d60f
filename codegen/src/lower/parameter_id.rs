//! Parameters that are ids: by `x-stripeParam`, or by their place in the operation of a resource.

use openapiv3::{ParameterData, ReferenceOr, Schema};

use super::extensions as ext;
use super::operations::Described;
use super::registry;
use super::site::Site;
use super::{Lowering, patterns};
use crate::api::{self, Place};
use crate::diagnostic::Code;

impl<'a> Lowering<'a> {
    /// Returns the id type of a parameter that is an id; reports one whose schema is not a plain string.
    pub(super) fn parameter_id(
        &mut self,
        site: &Site<'a>,
        data: &ParameterData,
        schema: &'a ReferenceOr<Schema>,
        place: Place,
        described: &Described<'_, 'a>,
    ) -> Option<api::Type> {
        let (id, reason) = match self.referenced_id(site, &data.extensions, ext::STRIPE_PARAM) {
            Some(id) => (id, site.key(ext::STRIPE_PARAM)),
            None => implied_id(data, place, described)?,
        };
        let schema_site = site.key("schema");
        let is_unparsed = schema.as_item().is_some_and(|schema| self.is_unparsed(&schema_site, schema));
        if !is_unparsed && !schema.as_item().is_some_and(patterns::is_plain_string) {
            let name = data.name.escape_debug();
            let at = deciding_key(&site.key("schema"));
            let message = format!("`{name}` is an id, so its schema must be a plain string");
            let help = "write `schema:` with `type: string` alone";
            self.cx.report(
                at.at_key(Code::UnsupportedConstruct, message, help).related(reason.related("this makes it an id")),
            );
        }
        Some(id)
    }
}

/// Returns the type of an implied id: the resource's own at the end of its path, or a cursor of its list.
fn implied_id<'a>(data: &ParameterData, place: Place, described: &Described<'_, 'a>) -> Option<(api::Type, Site<'a>)> {
    let offer = described.offer?;
    let implied = match place {
        Place::Path => described.path.ends_with(&format!("/{{{}}}", data.name)),
        Place::Payload => ["starting_after", "ending_before"].contains(&data.name.as_str()),
    };
    let id = registry::id_path(offer.component).filter(|_| implied)?;
    Some((api::Type::Named(id), offer.site.clone()))
}

/// Returns the keyword that makes a schema something else than a plain string.
fn deciding_key<'a>(schema: &Site<'a>) -> Site<'a> {
    let keys = ["$ref", "anyOf", "format", "enum", ext::SECRET, "type"];
    let found = keys.into_iter().map(|key| schema.key(key)).find(|at| at.document.exists(&at.pointer));
    found.unwrap_or_else(|| schema.clone())
}
