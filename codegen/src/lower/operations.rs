//! Operations to request builders.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapiv3::{PathItem, ReferenceOr};

use super::context::Context;
use super::extensions::{self as ext, MethodType, StripeError, StripeOperation};
use super::methods::{self, Methods};
use super::names::{self, NameKind};
use super::parameters::Gathered;
use super::registry::{Component, Registry};
use super::schema::Naming;
use super::site::Site;
use super::{Lowering, docs, error_responses, link};
use crate::api::{self, Doc, ErrorCode, Generation, Listing, Method, ModulePath, Operation, Pagination, TypePath};
use crate::diagnostic::Code;
use crate::suggest;

/// The server when a description names none.
const DEFAULT_BASE_URL: &str = "https://api.stripe.com";

/// An entry of a resource's `x-stripeOperations`.
pub(super) struct Offer<'a> {
    pub(super) component: &'a Component<'a>,
    pub(super) method: String,
    lists: bool,
    pub(super) site: Site<'a>,
}

/// Entries of `x-stripeOperations` by HTTP method and path.
type Offers<'a> = HashMap<(String, String), Offer<'a>>;

/// What has been lowered.
struct Lowered<'a> {
    operations: BTreeMap<String, Operation>,
    /// Where each `operationId` is.
    sites: HashMap<String, Site<'a>>,
    methods: HashMap<TypePath, Methods<'a>>,
}

/// An operation of a description, with its path.
pub(super) struct Described<'r, 'a> {
    pub(super) site: &'r Site<'a>,
    pub(super) path: &'r str,
    pub(super) method: Method,
    pub(super) generation: Generation,
    pub(super) item: &'a PathItem,
    pub(super) operation: &'a openapiv3::Operation,
    /// The resource that offers it.
    pub(super) offer: Option<&'r Offer<'a>>,
}

impl<'a> Lowering<'a> {
    /// Lowers every operation of every document. Returns them with the methods of resources.
    pub(super) fn all_operations(&mut self) -> (BTreeMap<String, Operation>, HashMap<TypePath, Methods<'a>>) {
        let offers = offers(&mut self.cx, self.registry);
        let methods = Methods::of_events(self.envelopes);
        let mut lowered = Lowered { operations: BTreeMap::new(), sites: HashMap::new(), methods };
        let documents = self.cx.documents;
        for document in documents {
            let paths_site = Site::root(document).key("paths");
            let mut paths: Vec<_> = document.openapi.paths.paths.iter().collect();
            paths.sort_by_key(|(path, _)| path.as_str());
            for (path, item) in paths {
                let site = paths_site.key(path);
                match item {
                    ReferenceOr::Item(item) => self.path_item(&site, path, item, &offers, &mut lowered),
                    ReferenceOr::Reference { .. } => {
                        let message = "a path cannot be a `$ref`";
                        let help = "describe its operations in place";
                        self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
                    }
                }
            }
        }
        self.drain_worklist();
        check_offers(&mut self.cx, &offers);
        (lowered.operations, lowered.methods)
    }

    fn path_item(
        &mut self,
        site: &Site<'a>,
        path: &str,
        item: &'a PathItem,
        offers: &Offers<'a>,
        lowered: &mut Lowered<'a>,
    ) {
        for (name, operation) in item.iter() {
            let method = match name {
                "get" => Method::Get,
                "post" => Method::Post,
                "delete" => Method::Delete,
                _ => {
                    let message = format!("unsupported method `{name}`");
                    let help = "use `get`, `post` or `delete`";
                    self.cx.report(site.key(name).at_key(Code::UnsupportedConstruct, message, help));
                    continue;
                }
            };
            let at = site.key(name);
            let Some(generation) = generation_of_path(path) else {
                let message = format!("expected a path under `/v1/` or `/v2/`, found `{path}`");
                let help = "start it with `/v1/` or `/v2/`";
                self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
                return;
            };
            if let Some(c) = path.chars().find(|c| !may_be_in_path(*c)) {
                let message = format!("the path contains {c:?}, which is not valid in a URL");
                let help = "percent-encode it";
                self.cx.report(site.at_key(Code::UnsupportedConstruct, message, help));
                return;
            }
            let offer = offers.get(&(name.to_owned(), path.to_owned()));
            self.operation(&Described { site: &at, path, method, generation, item, operation, offer }, lowered);
        }
    }

    fn operation(&mut self, described: &Described<'_, 'a>, lowered: &mut Lowered<'a>) {
        let before = self.cx.diagnostics.len();
        let operation = self.lowered_operation(described, lowered);
        let is_broken = operation.as_ref().is_none_or(|found| found.types().any(|ty| self.cx.is_broken(ty)));
        if let Some(offer) = described.offer
            && (is_broken || self.cx.diagnostics.len() > before || self.cx.has_parse_error(described.site))
        {
            self.cx.break_operations(offer.component);
        }
        lowered.operations.extend(operation.map(|operation| (operation.id.clone(), operation)));
    }

    fn lowered_operation(&mut self, described: &Described<'_, 'a>, lowered: &mut Lowered<'a>) -> Option<Operation> {
        let &Described { site, path, method, generation, operation, offer, .. } = described;
        let id = operation_id(&mut self.cx, &mut lowered.sites, site, operation)?;
        // The name of the request contains the name of the resource.
        if offer.is_some_and(|offer| !offer.component.has_name) {
            return None;
        }
        let request = request_path(&mut self.cx, described, &id)?;
        if !self.cx.claim_type(&request, site) {
            return None;
        }
        let owner = offer.map_or(request.clone(), |offer| offer.component.path.clone());
        let Gathered { parameters, encoding } = self.parameters(described, &request, &owner);
        let naming = Naming::new(owner.clone(), names::extend(&request.name, &names::fixed("Response")));
        let response = self.response(site, operation, &naming);
        let listing = listing(&response, &parameters);
        let attachment = offer.and_then(|offer| methods::attach(&mut self.cx, &mut lowered.methods, offer, &id));
        let openapi = &site.document.openapi;
        let servers = openapi.servers.first().map(|server| server.url.trim_end_matches('/').to_owned());
        Some(Operation {
            id,
            method,
            path: path.to_owned(),
            generation,
            stripe_version: openapi.info.version.clone(),
            base_url: servers.unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
            request,
            owner,
            attachment,
            parameters,
            encoding,
            response,
            listing,
            errors: known_errors(&mut self.cx, self.registry, site, operation),
            doc: operation_doc(operation),
            deprecated: operation.deprecated,
            origin: self.cx.origin(site),
        })
    }
}

fn operation_id<'a>(
    cx: &mut Context<'a>,
    known: &mut HashMap<String, Site<'a>>,
    site: &Site<'a>,
    operation: &openapiv3::Operation,
) -> Option<String> {
    let Some(id) = operation.operation_id.as_ref().filter(|id| !id.is_empty()) else {
        let message = "this operation has no `operationId`";
        let help = "add `operationId:` with a name that no other operation has";
        cx.report(site.at_key(Code::MissingOperationId, message, help));
        return None;
    };
    let at = site.key("operationId");
    if let Some(other) = known.insert(id.clone(), at.clone()) {
        let message = format!("the `operationId` `{id}` is used twice");
        let diagnostic = at.at_value(Code::DuplicateOperationId, message, "give one of the two another `operationId`");
        cx.report(diagnostic.related(other.related("the other operation")));
        return None;
    }
    Some(id.clone())
}

/// Returns the path of the request struct: `CreateReportRun`, `ListReportRuns`, or the `operationId` where no resource offers it.
fn request_path<'a>(cx: &mut Context<'a>, described: &Described<'_, 'a>, id: &str) -> Option<TypePath> {
    let &Described { site, path, generation, operation, offer, .. } = described;
    let words = match offer {
        None => id.to_owned(),
        Some(offer) if offer.lists => {
            let collection = path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{')).unwrap_or(path);
            format!("{}_{collection}", offer.method)
        }
        Some(offer) => format!("{}_{}", offer.method, offer.component.path.name),
    };
    let name = cx.name(site, &operation.extensions, NameKind::UpperCamel, &words)?;
    let module = match offer {
        Some(offer) => offer.component.path.module.clone(),
        None => ModulePath(vec![names::fixed(generation.module())]),
    };
    Some(TypePath { module, name })
}

/// Returns the facts about a list, except for its cursor: the item's type may not have been lowered yet.
fn listing(response: &api::Type, parameters: &[api::Parameter]) -> Option<Listing> {
    let has_cursor = parameters.iter().any(|parameter| parameter.field.wire == "starting_after");
    let (item, pagination) = match response {
        api::Type::List(item) if has_cursor => (item, Pagination::Cursor),
        api::Type::List(item) => (item, Pagination::SinglePage),
        api::Type::Page(item) => (item, Pagination::PageUrl),
        _ => return None,
    };
    let limit = parameters.iter().find(|parameter| parameter.field.wire == "limit");
    let max_page_size = limit.and_then(api::Parameter::maximum);
    Some(Listing { item: item.as_ref().clone(), pagination, cursor: None, max_page_size })
}

/// Returns the error codes in an operation's error responses.
fn known_errors<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    site: &Site<'a>,
    operation: &'a openapiv3::Operation,
) -> Vec<ErrorCode> {
    let mut seen = BTreeSet::new();
    let mut errors = Vec::new();
    for (site, reference) in cx.files().error_references(site, &operation.responses) {
        let Some(component) = error_responses::resolve(cx, registry, &site, reference) else { continue };
        let extensions = &component.schema.schema_data.extensions;
        let Some(error) = cx.extension::<StripeError>(&component.site, extensions, ext::STRIPE_ERROR) else { continue };
        if seen.insert(error.code.clone()) {
            let doc = cx.doc(&component.schema.schema_data);
            errors.push(ErrorCode { code: error.code, status: error.status, doc });
        }
    }
    errors.sort_by(|a, b| (a.status, &a.code).cmp(&(b.status, &b.code)));
    errors
}

/// Returns the methods that resources offer.
fn offers<'a>(cx: &mut Context<'a>, registry: &'a Registry<'a>) -> Offers<'a> {
    let mut offers = Offers::new();
    for component in registry.iter() {
        let extensions = &component.schema.schema_data.extensions;
        let list: Option<Vec<StripeOperation>> = cx.extension(&component.site, extensions, ext::STRIPE_OPERATIONS);
        for (index, offered) in list.unwrap_or_default().into_iter().enumerate() {
            let site = component.site.key(ext::STRIPE_OPERATIONS).index(index);
            let key = (offered.operation.to_ascii_lowercase(), offered.path);
            let lists = offered.method_type == Some(MethodType::List) || offered.method_name == "list";
            let offer = Offer { component, method: offered.method_name, lists, site: site.clone() };
            if let Some(other) = offers.insert(key, offer) {
                let message = "this operation is already a method";
                let diagnostic = site.at_value(Code::NameCollision, message, "remove one of the two");
                cx.report(diagnostic.related(other.site.related("the other method")));
            }
        }
    }
    offers
}

/// Reports methods without an operation.
fn check_offers<'a>(cx: &mut Context<'a>, offers: &Offers<'a>) {
    let documents = cx.documents;
    let paths = || documents.iter().flat_map(|document| &document.openapi.paths.paths);
    for ((method, path), offer) in offers {
        let items = paths().filter(|(name, _)| *name == path).filter_map(|(_, item)| item.as_item());
        let methods: Vec<&str> = items.flat_map(|item| item.iter().map(|(name, _)| name)).collect();
        if methods.contains(&method.as_str()) {
            continue;
        }
        cx.break_operations(offer.component);
        let (path_shown, method) = (path.escape_debug(), method.escape_debug());
        let is_described = paths().any(|(name, _)| name == path);
        let (key, message) = match is_described {
            false => ("path", format!("the path `{path_shown}` is not described")),
            true => ("operation", format!("the path `{path_shown}` has no operation `{method}`")),
        };
        let help = match methods.as_slice() {
            [] if is_described => None,
            [] => suggest::did_you_mean(path, paths().map(|(path, _)| path)),
            methods => Some(format!("use {}", suggest::listed(methods.iter().copied()))),
        };
        let help = help.unwrap_or_else(|| "describe it under `paths`, or remove the entry".to_owned());
        cx.report(offer.site.key(key).at_value(Code::UnknownOperation, message, help));
    }
}

/// Whether a character is valid in the path of a URL, or in its template.
fn may_be_in_path(c: char) -> bool {
    // The names of parameters are replaced.
    c.is_alphanumeric() || "-._~!$&'()*+,;=:@%/{}".contains(c)
}

/// Returns the generation of a path.
fn generation_of_path(path: &str) -> Option<Generation> {
    match path.split('/').nth(1) {
        Some("v1") => Some(Generation::V1),
        Some("v2") => Some(Generation::V2),
        _ => None,
    }
}

fn operation_doc(operation: &openapiv3::Operation) -> Doc {
    let parts = [&operation.summary, &operation.description];
    let text: Vec<_> =
        parts.into_iter().flatten().map(|part| docs::clean(part)).filter(|part| !part.is_empty()).collect();
    let reference = operation.external_docs.as_ref().map(link);
    Doc { text: text.join("\n\n"), reference, replaced_by: None }
}
