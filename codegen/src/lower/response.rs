//! The answers of operations.

use openapiv3::{Operation, ReferenceOr, StatusCode};

use super::schema::Naming;
use super::site::{Site, Target};
use super::{Lowering, broken};
use crate::api;
use crate::diagnostic::Code;

const JSON: &str = "application/json";

/// Whether a response with this status is a success.
pub(super) fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

/// Whether a response can be of a type. The wire has times and integers in strings in a form that only a field can say.
fn can_be_response(ty: &api::Type) -> bool {
    let mut encoded = false;
    ty.walk(&mut |ty| encoded |= matches!(ty, api::Type::Timestamp(_) | api::Type::IntegerString));
    match ty {
        api::Type::Array(_) | api::Type::Map(_) => !encoded,
        api::Type::Named(_) | api::Type::List(_) | api::Type::Page(_) | api::Type::Json => true,
        _ => false,
    }
}

impl<'a> Lowering<'a> {
    /// The type that an operation answers with; unknown where it has an error, which is reported.
    pub(super) fn response(&mut self, site: &Site<'a>, operation: &'a Operation, naming: &Naming) -> api::Type {
        self.success(site, operation, naming).unwrap_or_else(broken::unknown)
    }

    fn success(&mut self, site: &Site<'a>, operation: &'a Operation, naming: &Naming) -> Option<api::Type> {
        let responses_site = site.key("responses");
        self.check_error_responses(site, &operation.responses);
        let successes: Vec<_> = operation.responses.responses.iter().filter(|(status, _)| is_success(status)).collect();
        let [(status, response)] = successes.as_slice() else {
            if self.was_misread(site) {
                return None;
            }
            let mut diagnostic = responses_site.at_key(
                Code::UnsupportedConstruct,
                format!("an operation needs exactly one successful answer, and this one has {}", successes.len()),
            );
            diagnostic.help = Some("describe one answer with a status of 200 to 299".to_owned());
            self.report(diagnostic);
            return None;
        };
        let at = responses_site.key(&status.to_string());
        let (at, response) = match response {
            ReferenceOr::Item(response) => (at, response),
            ReferenceOr::Reference { reference } => {
                let target = Target::local(site.document, reference);
                self.check_response(&at, &target);
                target.response()?
            }
        };
        if self.was_misread(&at) && !response.content.contains_key(JSON) {
            return None;
        }
        let content_site = at.key("content");
        let Some(media) = response.content.get(JSON).filter(|_| response.content.len() == 1) else {
            let mut diagnostic = at
                .at_key(Code::UnsupportedConstruct, format!("an answer must have a content of `{JSON}` and no other"));
            diagnostic.help = Some(format!("write `content:` with `{JSON}:` and its `schema:` below"));
            self.report(diagnostic);
            return None;
        };
        let schema = media.schema.as_ref()?;
        let schema_site = content_site.key(JSON).key("schema");
        let lowered = self.schema(&schema_site, schema.into(), naming);
        let ty = self.not_null(lowered, "a response");
        // What stands in place and is no collection is checked by its place.
        let is_checked_here = schema.as_item().is_none() || matches!(ty, api::Type::Array(_) | api::Type::Map(_));
        if is_checked_here && !can_be_response(&ty) {
            let message = "a response cannot be this type, or a collection of it";
            let mut diagnostic = schema_site.at_key(Code::UnsupportedConstruct, message);
            diagnostic.help = Some("describe an object with a property of that type".to_owned());
            self.report(diagnostic);
        }
        Some(ty)
    }
}
