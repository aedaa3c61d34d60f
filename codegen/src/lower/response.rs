//! The responses of operations.

use openapiv3::{Operation, ReferenceOr, Response, Responses, StatusCode};

use super::schema::Naming;
use super::site::{Site, Target};
use super::{Lowering, broken};
use crate::api;
use crate::diagnostic::Code;

const JSON: &str = "application/json";

/// Whether a response with this status is a success.
fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

/// Returns the responses of an operation with their places, and whether each is a success.
pub(super) fn all<'a>(
    operation: &Site<'a>,
    responses: &'a Responses,
) -> impl Iterator<Item = (Site<'a>, &'a ReferenceOr<Response>, bool)> {
    let site = operation.key("responses");
    let coded = responses.responses.iter();
    let coded = coded.map(|(status, response)| (status.to_string(), response, is_success(status)));
    let default = responses.default.iter().map(|response| ("default".to_owned(), response, false));
    coded.chain(default).map(move |(status, response, is_success)| (site.key(&status), response, is_success))
}

/// Whether a response can be of a type. Only a field can say how a timestamp or an integer is written.
fn can_be_response(ty: &api::Type) -> bool {
    let mut encoded = false;
    ty.walk(&mut |ty| {
        encoded |= matches!(ty, api::Type::Timestamp(_) | api::Type::IntegerString | api::Type::UnsignedString)
    });
    match ty {
        api::Type::Array(_) | api::Type::Map(_) => !encoded,
        api::Type::Named(_) | api::Type::List(_) | api::Type::Page(_) | api::Type::Json => true,
        _ => false,
    }
}

impl<'a> Lowering<'a> {
    /// Returns the type of an operation's response; unknown where it has an error, which is reported.
    pub(super) fn response(&mut self, site: &Site<'a>, operation: &'a Operation, naming: &Naming) -> api::Type {
        self.success(site, operation, naming).unwrap_or_else(broken::unknown)
    }

    fn success(&mut self, site: &Site<'a>, operation: &'a Operation, naming: &Naming) -> Option<api::Type> {
        let responses_site = site.key("responses");
        self.cx.check_error_responses(site, &operation.responses);
        let successes: Vec<_> = operation.responses.responses.iter().filter(|(status, _)| is_success(status)).collect();
        let [(status, response)] = successes.as_slice() else {
            if self.cx.has_parse_error(site) {
                return None;
            }
            let message = format!("expected one successful response, found {}", successes.len());
            let help = "describe one response with a status of 200 to 299";
            self.cx.report(responses_site.at_key(Code::UnsupportedConstruct, message, help));
            return None;
        };
        let at = responses_site.key(&status.to_string());
        let (at, response) = match response {
            ReferenceOr::Item(response) => (at, response),
            ReferenceOr::Reference { reference } => {
                let target = Target::local(site.document, reference);
                self.cx.check_response(&at, &target);
                target.response()?
            }
        };
        if self.cx.has_parse_error(&at) && !response.content.contains_key(JSON) {
            return None;
        }
        let content_site = at.key("content");
        let Some(media) = response.content.get(JSON).filter(|_| response.content.len() == 1) else {
            let message = format!("the content of a response must be `{JSON}` alone");
            let help = format!("write `content:` with `{JSON}:` and its `schema:`");
            self.cx.report(at.at_key(Code::UnsupportedConstruct, message, help));
            return None;
        };
        let schema = media.schema.as_ref()?;
        let schema_site = content_site.key(JSON).key("schema");
        let lowered = self.schema(&schema_site, schema.into(), naming);
        let ty = lowered.not_null(&mut self.cx, "a response");
        // A schema in place other than a collection is checked by its place.
        let is_checked_here = schema.as_item().is_none() || matches!(ty, api::Type::Array(_) | api::Type::Map(_));
        if is_checked_here && !can_be_response(&ty) {
            let message = "unsupported response type";
            let help = "describe an object with a property of this type";
            self.cx.report(schema_site.at_key(Code::UnsupportedConstruct, message, help));
        }
        Some(ty)
    }
}
