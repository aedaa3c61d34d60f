//! The answers of operations.

use openapiv3::{Operation, ReferenceOr, Response, Responses, StatusCode};

use super::Lowering;
use super::schema::Scope;
use super::site::Site;
use crate::api::{self};
use crate::diagnostic::Code;
use crate::parse::Document;

const JSON: &str = "application/json";

/// Every answer of every operation that is not a success.
pub(super) fn error_responses(document: &Document) -> Vec<&Response> {
    let mut found = Vec::new();
    for item in document.openapi.paths.paths.values() {
        let ReferenceOr::Item(item) = item else { continue };
        for (_, operation) in item.iter() {
            found.extend(error_responses_of(document, &operation.responses));
        }
    }
    found
}

/// The answers that are not a success; references to shared ones are followed where they lead somewhere.
pub(super) fn error_responses_of<'a>(document: &'a Document, responses: &'a Responses) -> Vec<&'a Response> {
    let coded = responses.responses.iter().filter(|(status, _)| !is_success(status)).map(|(_, response)| response);
    coded.chain(&responses.default).filter_map(|response| resolved(document, response)).collect()
}

fn resolved<'a>(document: &'a Document, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let key = super::registry::unescape(reference.strip_prefix("#/components/responses/")?);
            document.openapi.components.as_ref()?.responses.get(&key)?.as_item()
        }
    }
}

pub(super) fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

impl<'a> Lowering<'a> {
    /// The type that an operation answers with.
    pub(super) fn response(&mut self, site: &Site<'a>, operation: &'a Operation, scope: &Scope) -> Option<api::Type> {
        let responses_site = site.key("responses");
        self.check_response_references(&responses_site, &operation.responses, site.document);
        let successes: Vec<_> = operation.responses.responses.iter().filter(|(status, _)| is_success(status)).collect();
        let [(status, response)] = successes.as_slice() else {
            let mut diagnostic = responses_site.at_key(
                Code::UnsupportedConstruct,
                format!("an operation needs exactly one successful answer, and this one has {}", successes.len()),
            );
            diagnostic.help = Some("describe one answer with a status of 200 to 299".to_owned());
            self.report(diagnostic);
            return None;
        };
        let at = responses_site.key(&status.to_string());
        let response = resolved(site.document, response)?;
        let content_site = at.key("content");
        let Some(media) = response.content.get(JSON).filter(|_| response.content.len() == 1) else {
            let mut diagnostic = at
                .at_key(Code::UnsupportedConstruct, format!("an answer must have a content of `{JSON}` and no other"));
            diagnostic.help = Some(format!("write `content:` with `{JSON}:` and its `schema:` below"));
            self.report(diagnostic);
            return None;
        };
        let schema = media.schema.as_ref()?;
        let lowered = self.schema(&content_site.key(JSON).key("schema"), schema.into(), scope);
        Some(self.not_null(lowered, "a response"))
    }

    fn check_response_references(&mut self, site: &Site<'a>, responses: &'a Responses, document: &'a Document) {
        let coded = responses.responses.iter().map(|(status, response)| (status.to_string(), response));
        let default = responses.default.iter().map(|response| ("default".to_owned(), response));
        for (status, response) in coded.chain(default) {
            if let ReferenceOr::Reference { reference } = response
                && resolved(document, response).is_none()
                && !(reference.starts_with("#/components/responses/") && site.has_target(reference))
            {
                let components = document.openapi.components.iter();
                let known = components.flat_map(|components| components.responses.keys());
                let diagnostic = site.key(&status).bad_reference("response", reference, known.map(String::as_str));
                self.report(diagnostic);
            }
        }
    }
}
