//! Operations to request builders.

use std::collections::{BTreeSet, HashMap};

use openapiv3::{PathItem, ReferenceOr};

use super::extensions::{self as ext, StripeError, StripeOperation};
use super::members::{Claim, Members};
use super::names::{self, NameKind};
use super::parameters::Gathered;
use super::registry::Component;
use super::schema::Naming;
use super::site::Site;
use super::{Lowering, docs, link, structs};
use crate::api::{
    self, Attachment, Doc, ErrorCode, Field, Generation, Listing, Method, ModulePath, Operation, Pagination, TypeDef,
    TypeKind, TypePath,
};
use crate::diagnostic::Code;
use crate::suggest;

/// The server when a description names none.
const DEFAULT_BASE_URL: &str = "https://api.stripe.com";

/// The methods of a resource, apart from the setters of its properties.
pub(super) struct Methods<'a> {
    names: Members<'a>,
    /// The operations that they make requests of.
    pub(super) operations: Vec<String>,
}

/// What `x-stripeOperations` of a resource says of an operation.
#[derive(Clone)]
pub(super) struct Offer<'a> {
    pub(super) component: Component<'a>,
    pub(super) method: String,
    lists: bool,
    pub(super) site: Site<'a>,
}

/// An operation as it is described, and what stands around it.
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
    /// Lowers every operation of every document.
    pub(super) fn all_operations(&mut self) {
        let offers = self.offers();
        let documents = self.documents;
        for document in documents {
            let paths_site = Site::root(document).key("paths");
            let mut paths: Vec<_> = document.openapi.paths.paths.iter().collect();
            paths.sort_by_key(|(path, _)| path.as_str());
            for (path, item) in paths {
                let site = paths_site.key(path);
                match item {
                    ReferenceOr::Item(item) => self.path_item(&site, path, item, &offers),
                    ReferenceOr::Reference { .. } => {
                        self.report(site.at_key(Code::UnsupportedConstruct, "a path can't be a `$ref`"));
                    }
                }
            }
        }
        self.drain_worklist();
        self.check_serialization();
        self.check_offers(&offers);
    }

    /// The methods that resources offer, by HTTP method and path.
    fn offers(&mut self) -> HashMap<(String, String), Offer<'a>> {
        let mut offers: HashMap<(String, String), Offer<'a>> = HashMap::new();
        let components: Vec<_> = self.registry.iter().cloned().collect();
        for component in components {
            let extensions = &component.schema.schema_data.extensions;
            let list: Vec<StripeOperation> =
                self.extension(&component.site, extensions, ext::STRIPE_OPERATIONS).unwrap_or_default();
            for (index, offered) in list.into_iter().enumerate() {
                let site = component.site.key(ext::STRIPE_OPERATIONS).index(index);
                let key = (offered.operation.to_ascii_lowercase(), offered.path);
                let lists = offered.method_type == "list" || offered.method_name == "list";
                let offer =
                    Offer { component: component.clone(), method: offered.method_name, lists, site: site.clone() };
                if let Some(other) = offers.insert(key, offer) {
                    let mut diagnostic = site.at_value(Code::NameCollision, "this operation is offered twice");
                    diagnostic.related.push(other.site.related("it is offered here already"));
                    self.report(diagnostic);
                }
            }
        }
        offers
    }

    /// Every method leads to an operation.
    fn check_offers(&mut self, offers: &HashMap<(String, String), Offer<'a>>) {
        let documents = self.documents;
        let paths = || documents.iter().flat_map(|document| &document.openapi.paths.paths);
        for ((method, path), offer) in offers {
            let items = paths().filter(|(name, _)| *name == path).filter_map(|(_, item)| item.as_item());
            let methods: Vec<&str> = items.flat_map(|item| item.iter().map(|(name, _)| name)).collect();
            if methods.contains(&method.as_str()) {
                continue;
            }
            self.break_operations(&offer.component);
            let mut diagnostic = if methods.is_empty() {
                let message = format!("no operation is described for the path `{}`", path.escape_debug());
                offer.site.key("path").at_value(Code::UnknownOperation, message)
            } else {
                let message = format!("`{}` has no operation `{}`", path.escape_debug(), method.escape_debug());
                offer.site.key("operation").at_value(Code::UnknownOperation, message)
            };
            let near = suggest::nearest(path, paths().map(|(path, _)| path.clone()));
            diagnostic.help = Some(match near {
                _ if !methods.is_empty() => format!("it has {}", suggest::listed(methods)),
                Some(near) => format!("did you mean `{near}`?"),
                None => "describe it under `paths`, or leave the entry out".to_owned(),
            });
            self.report(diagnostic);
        }
    }

    fn path_item(
        &mut self,
        site: &Site<'a>,
        path: &str,
        item: &'a PathItem,
        offers: &HashMap<(String, String), Offer<'a>>,
    ) {
        for (name, operation) in item.iter() {
            let method = match name {
                "get" => Method::Get,
                "post" => Method::Post,
                "delete" => Method::Delete,
                _ => {
                    let mut diagnostic = site
                        .key(name)
                        .at_key(Code::UnsupportedConstruct, format!("the method `{name}` is not part of the dialect"));
                    diagnostic.help = Some("Stripe's API uses `get`, `post` and `delete`".to_owned());
                    self.report(diagnostic);
                    continue;
                }
            };
            let at = site.key(name);
            let Some(generation) = generation_of_path(path) else {
                let mut diagnostic = site.at_key(
                    Code::UnsupportedConstruct,
                    format!("the path `{path}` belongs to no generation of the API"),
                );
                diagnostic.help = Some("a path starts with `/v1/` or `/v2/`".to_owned());
                self.report(diagnostic);
                return;
            };
            if let Some(c) = path.chars().find(|c| !may_be_in_path(*c)) {
                let mut diagnostic =
                    site.at_key(Code::UnsupportedConstruct, format!("the path has {c:?} in it, which no URL can have"));
                diagnostic.help = Some("write it percent-encoded".to_owned());
                self.report(diagnostic);
                return;
            }
            let offer = offers.get(&(name.to_owned(), path.to_owned()));
            self.operation(&Described { site: &at, path, method, generation, item, operation, offer });
        }
    }

    fn operation(&mut self, described: &Described<'_, 'a>) {
        let before = self.diagnostics.len();
        let lowered = self.lowered_operation(described);
        let is_broken = lowered.as_ref().is_none_or(|operation| {
            let parameters = operation.parameters.iter().map(|parameter| &parameter.field.ty);
            parameters.chain([&operation.response]).any(|ty| self.is_broken(ty))
        });
        if let Some(offer) = described.offer
            && (is_broken || self.diagnostics.len() > before || self.was_misread(described.site))
        {
            self.break_operations(&offer.component);
        }
        self.operations.extend(lowered.map(|operation| (operation.id.clone(), operation)));
    }

    fn lowered_operation(&mut self, described: &Described<'_, 'a>) -> Option<Operation> {
        let &Described { site, path, method, generation, operation, offer, .. } = described;
        let id = self.operation_id(site, operation)?;
        // Nothing can be called after a type that has no name of its own.
        if offer.is_some_and(|offer| !offer.component.has_name) {
            return None;
        }
        let request = self.request_path(described, &id)?;
        if !self.claim_type(&request, site) {
            return None;
        }
        let owner = offer.map_or(request.clone(), |offer| offer.component.path.clone());
        let Gathered { parameters, encoding } = self.parameters(described, &request, &owner);
        let naming = Naming::new(owner.clone(), names::extend(&request.name, &names::fixed("Response")));
        let response = self.response(site, operation, &naming);
        let listing = Self::listing(&response, &parameters);
        let attachment = offer.and_then(|offer| self.attachment(offer, &id));
        let openapi = &site.document.openapi;
        let servers = openapi.servers.first().map(|server| server.url.trim_end_matches('/').to_owned());
        let lowered = Operation {
            id: id.clone(),
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
            errors: self.known_errors(site, operation),
            doc: operation_doc(operation),
            deprecated: operation.deprecated,
            origin: self.origin(site),
        };
        Some(lowered)
    }

    /// The method by which a resource offers the operation.
    fn attachment(&mut self, offer: &Offer<'a>, operation: &str) -> Option<Attachment> {
        let resource = offer.component.path.clone();
        let mut methods = self.methods_of(&resource);
        let claim = Claim {
            what: format!("the method `{}`", offer.method),
            site: offer.site.key("method_name"),
            rename: "by another `method_name` in `x-stripeOperations`",
        };
        let method = self.member(&mut methods.names, &offer.method, None, claim);
        methods.operations.push(operation.to_owned());
        self.methods.insert(resource.clone(), methods);
        Some(Attachment { resource, method: method? })
    }

    /// Takes the methods that a resource is known to have.
    fn methods_of(&mut self, resource: &TypePath) -> Methods<'a> {
        let of_events = self.event_methods(resource).iter().map(|name| (names::fixed(name), "a method of events"));
        let new = || Methods { names: Members::snake(of_events.collect()), operations: Vec::new() };
        self.methods.remove(resource).unwrap_or_else(new)
    }

    /// Claims the names of setters, once it is known which types requests carry.
    pub(super) fn claim_setters(&mut self) {
        let has_methods = |path: &TypePath| self.methods.contains_key(path) || !self.event_methods(path).is_empty();
        let sent = self.types.values().filter(|def| def.in_requests && has_methods(&def.path));
        let setters = |def: &TypeDef| match &def.kind {
            TypeKind::Struct(definition) => {
                let optional = definition.fields.iter().filter(|field| field.is_option());
                let optional = optional.map(|field| (field.clone(), vec!["properties".to_owned(), field.wire.clone()]));
                let additional = definition.additional.iter();
                let additional = additional.map(|field| (Field::clone(field), vec![structs::ADDITIONAL.to_owned()]));
                optional.chain(additional).collect()
            }
            TypeKind::Enum(_) | TypeKind::String(_) => Vec::new(),
        };
        let resources: Vec<_> = sent.map(|def| (def.path.clone(), setters(def))).collect();
        for (path, setters) in resources {
            let Some(site) = self.claims.get(&path).cloned() else { continue };
            let mut methods = self.methods_of(&path);
            for (field, keys) in &setters {
                let at = keys.iter().fold(site.clone(), |site, key| site.key(key));
                let property = Claim::property(&field.wire, at);
                let claim = Claim { what: format!("the setter of `{}`", field.wire), ..property };
                self.claim(&mut methods.names, &field.name, claim);
            }
        }
    }

    fn operation_id(&mut self, site: &Site<'a>, operation: &openapiv3::Operation) -> Option<String> {
        let Some(id) = operation.operation_id.as_ref().filter(|id| !id.is_empty()) else {
            let mut diagnostic = site.at_key(Code::MissingOperationId, "this operation has no `operationId`");
            diagnostic.help = Some("add `operationId:` with a name that no other operation has".to_owned());
            self.report(diagnostic);
            return None;
        };
        let at = site.key("operationId");
        if let Some(other) = self.operation_sites.insert(id.clone(), at.clone()) {
            let mut diagnostic =
                at.at_value(Code::DuplicateOperationId, format!("`{id}` is already the id of an operation"));
            diagnostic.related.push(other.related("the other operation"));
            self.report(diagnostic);
            return None;
        }
        Some(id.clone())
    }

    /// What the request struct is called: `CreateReportRun`, `ListReportRuns`, or the operation's id where no resource offers it.
    fn request_path(&mut self, described: &Described<'_, 'a>, id: &str) -> Option<TypePath> {
        let &Described { site, path, generation, operation, offer, .. } = described;
        let words = match offer {
            None => id.to_owned(),
            Some(offer) if offer.lists => {
                let collection =
                    path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{')).unwrap_or(path);
                format!("{}_{collection}", offer.method)
            }
            Some(offer) => format!("{}_{}", offer.method, offer.component.path.name),
        };
        let name = self.name(site, &operation.extensions, NameKind::UpperCamel, &words)?;
        let module = match offer {
            Some(offer) => offer.component.path.module.clone(),
            None => ModulePath(vec![names::fixed(generation.module())]),
        };
        Some(TypePath { module, name })
    }

    /// The facts about a list, except for its cursor: the item's type may not have been lowered yet.
    fn listing(response: &api::Type, parameters: &[api::Parameter]) -> Option<Listing> {
        let has_cursor = parameters.iter().any(|parameter| parameter.field.wire == "starting_after");
        let (item, pagination) = match response {
            api::Type::List(item) if has_cursor => (item, Pagination::Cursor),
            api::Type::List(item) => (item, Pagination::SinglePage),
            api::Type::Page(item) => (item, Pagination::PageUrl),
            _ => return None,
        };
        let limit = parameters.iter().find(|parameter| parameter.field.wire == "limit");
        let max_page_size = limit.and_then(|limit| u32::try_from(limit.maximum?).ok());
        Some(Listing { item: item.as_ref().clone(), pagination, cursor: None, max_page_size })
    }

    /// The error codes in an operation's error responses.
    fn known_errors(&mut self, site: &Site<'a>, operation: &'a openapiv3::Operation) -> Vec<ErrorCode> {
        let mut seen = BTreeSet::new();
        let mut errors = Vec::new();
        for (site, reference) in self.error_references(site, &operation.responses) {
            let Some(component) = self.resolve_error(&site, reference) else { continue };
            let extensions = &component.schema.schema_data.extensions;
            let Some(error) = self.extension::<StripeError>(&component.site, extensions, ext::STRIPE_ERROR) else {
                continue;
            };
            if seen.insert(error.code.clone()) {
                let doc = self.doc(&component.schema.schema_data);
                errors.push(ErrorCode { code: error.code, status: error.status, doc });
            }
        }
        errors.sort_by(|a, b| (a.status, &a.code).cmp(&(b.status, &b.code)));
        errors
    }
}

/// Whether the path of a URL, or its template, may have a character.
fn may_be_in_path(c: char) -> bool {
    // What names a parameter is replaced.
    c.is_alphanumeric() || "-._~!$&'()*+,;=:@%/{}".contains(c)
}

/// The generation that a path belongs to.
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
    Doc { text: text.join("\n\n"), reference: operation.external_docs.as_ref().map(link) }
}
