//! The error responses of operations. Only their references may lead into another description: several files share the errors of
//! one generation.

use std::collections::HashSet;

use openapiv3::{ReferenceOr, Response, Responses};

use super::context::Context;
use super::patterns;
use super::registry::{self, Component, Registry};
use super::response;
use super::site::{SchemaOrRef, Site, Target};
use crate::diagnostic::Code;
use crate::location::FileId;
use crate::parse::Document;
use crate::pointer::Pointer;
use crate::source::{Source, base_name};
use crate::suggest;

/// Why a reference does not lead into a description.
enum WrongFile<'a> {
    /// No description has the name.
    Unknown,
    /// Several descriptions have it.
    Ambiguous(Vec<&'a str>),
    /// The description could not be parsed, which has been reported.
    Unread,
}

/// The descriptions by name.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    sources: &'a [Source],
    documents: &'a [Document],
}

impl<'a> Files<'a> {
    /// Returns the target of a reference, whose description is known by its base name.
    fn target<'r>(self, site: &Site<'a>, reference: &'r str) -> Result<Target<'a, 'r>, WrongFile<'a>> {
        let end = reference.find('#').unwrap_or_default();
        let (file, path) = reference.split_at_checked(end).unwrap_or(("", reference));
        if file.is_empty() {
            return Ok(Target::local(site.document, reference));
        }
        let name = file.strip_prefix("./").unwrap_or(file);
        let sources = self.sources.iter().enumerate();
        let found: Vec<_> = sources.filter(|(_, source)| base_name(&source.name) == name).collect();
        match found.as_slice() {
            [] => Err(WrongFile::Unknown),
            [(index, _)] => {
                let document = self.documents.iter().find(|document| document.file == FileId(*index));
                document.map(|document| Target { document, file, path }).ok_or(WrongFile::Unread)
            }
            several => Err(WrongFile::Ambiguous(several.iter().map(|(_, source)| source.name.as_str()).collect())),
        }
    }

    /// Returns the description that the reference of an error leads into, and the place in it.
    pub(super) fn followed(self, site: &Site<'a>, reference: &str) -> Option<(FileId, Pointer)> {
        let target = self.target(site, reference).ok()?;
        Some((target.document.file, Pointer::from_reference(target.path)?))
    }

    /// Returns the keys of the schemas that error responses consist of.
    pub(super) fn error_bodies(self) -> HashSet<(FileId, &'a str)> {
        let mut keys = HashSet::new();
        for document in self.documents {
            for (path, item) in &document.openapi.paths.paths {
                let ReferenceOr::Item(item) = item else { continue };
                let site = Site::root(document).keys(&["paths", path]);
                for (method, operation) in item.iter() {
                    for (site, reference) in self.error_references(&site.key(method), &operation.responses) {
                        let Ok(Target { document, path, .. }) = self.target(&site, reference) else { continue };
                        let Ok((key, schema)) = registry::follow(document, path) else { continue };
                        keys.insert((document.file, key));
                        // The schema of the property `error` belongs to the error, unless something else refers to it.
                        if let Some(ReferenceOr::Reference { reference }) = patterns::property(schema, "error")
                            && let Ok((key, _)) = registry::follow(document, reference)
                        {
                            keys.insert((document.file, key));
                        }
                    }
                }
            }
        }
        keys
    }

    /// Returns the references to schemas in the error responses of an operation, with their places.
    pub(super) fn error_references(self, operation: &Site<'a>, responses: &'a Responses) -> Vec<(Site<'a>, &'a str)> {
        let mut found = Vec::new();
        for (site, response) in error_responses(operation, responses) {
            let Some((site, response)) = self.error_response(&site, response) else { continue };
            for (kind, media) in &response.content {
                let site = site.keys(&["content", kind, "schema"]);
                match media.schema.as_ref().map(SchemaOrRef::from) {
                    Some(SchemaOrRef::Reference(reference)) => found.push((site, reference)),
                    Some(SchemaOrRef::Schema(schema)) => {
                        let (keyword, members) = patterns::alternatives(schema);
                        let site = site.key(keyword);
                        let members = members.iter().enumerate();
                        found.extend(members.filter_map(|(index, member)| match member {
                            ReferenceOr::Reference { reference } => Some((site.index(index), reference.as_str())),
                            ReferenceOr::Item(_) => None,
                        }));
                    }
                    None => {}
                }
            }
        }
        found
    }

    /// Returns an error response, or the shared one that it refers to, with its place.
    fn error_response(self, site: &Site<'a>, response: &'a ReferenceOr<Response>) -> Option<(Site<'a>, &'a Response)> {
        match response {
            ReferenceOr::Item(response) => Some((site.clone(), response)),
            ReferenceOr::Reference { reference } => self.target(site, reference).ok()?.response(),
        }
    }
}

impl<'a> Context<'a> {
    /// Returns the descriptions by name.
    pub(super) fn files(&self) -> Files<'a> {
        Files { sources: self.sources, documents: self.documents }
    }

    /// Returns the target of the reference of an error; reports a file that is not a description.
    fn error_target<'r>(&mut self, site: &Site<'a>, reference: &'r str) -> Option<Target<'a, 'r>> {
        let wrong = match self.files().target(site, reference) {
            Ok(target) => return Some(target),
            Err(wrong) => wrong,
        };
        let file = reference.split('#').next().unwrap_or_default();
        let (message, help) = match wrong {
            WrongFile::Unread => return None,
            WrongFile::Unknown => {
                let known = || self.sources.iter().map(|source| base_name(&source.name));
                let others = || format!("refer to one of the descriptions: {}", suggest::listed(known()));
                let help = suggest::did_you_mean(file, known()).unwrap_or_else(others);
                (format!("no description is named `{file}`"), help)
            }
            WrongFile::Ambiguous(names) => {
                let message = format!("several descriptions are named `{file}`: {}", suggest::listed(names));
                (message, "rename one of the files".to_owned())
            }
        };
        self.report(site.key("$ref").at_value(Code::UnresolvedReference, message, help));
        None
    }

    /// Reports references of error responses that lead to no response.
    pub(super) fn check_error_responses(&mut self, operation: &Site<'a>, responses: &'a Responses) {
        for (site, response) in error_responses(operation, responses) {
            if let ReferenceOr::Reference { reference } = response
                && let Some(target) = self.error_target(&site, reference)
            {
                self.check_response(&site, &target);
            }
        }
    }

    /// Reports a reference that leads to no response.
    pub(super) fn check_response(&mut self, site: &Site<'a>, target: &Target<'a, '_>) {
        // A response with an error has been reported.
        let exists = target.path.starts_with("#/components/responses/") && target.exists();
        if target.response().is_none() && !exists {
            let components = target.document.openapi.components.iter();
            let known = components.flat_map(|components| components.responses.keys());
            let diagnostic = site.bad_reference("response", target, known.map(String::as_str));
            self.report(diagnostic);
        }
    }
}

/// Follows the reference of an error response to its schema; reports one that leads to no schema.
pub(super) fn resolve<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    site: &Site<'a>,
    reference: &str,
) -> Option<&'a Component<'a>> {
    let target = cx.error_target(site, reference)?;
    registry.resolve_target(cx, site, &target)
}

/// Returns the responses other than successes, with their places.
fn error_responses<'a>(
    operation: &Site<'a>,
    responses: &'a Responses,
) -> impl Iterator<Item = (Site<'a>, &'a ReferenceOr<Response>)> {
    let all = response::all(operation, responses);
    all.filter(|(_, _, is_success)| !is_success).map(|(site, response, _)| (site, response))
}
