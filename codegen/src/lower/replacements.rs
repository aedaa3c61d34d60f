//! What replaces an operation or a resource: `x-replacedBy`, which becomes part of its documentation.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Operation as Described;

use super::context::Context;
use super::extensions::{self as ext, Extensions};
use super::registry::Registry;
use super::site::Site;
use super::{Types, facts};
use crate::api::{Operation, TypePath};
use crate::diagnostic::{Code, Diagnostic};
use crate::suggest;

/// The kinds of items that can be replaced, each by one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operation,
    Resource,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Operation => "an operation",
            Self::Resource => "a resource",
        }
    }
}

/// The items of one kind, by `operationId` or `x-resourceId`.
struct Items<'a> {
    kind: Kind,
    known: BTreeSet<&'a str>,
    /// Whether an item may be missing in `known`, since it has an error.
    hides_some: bool,
    /// What replaces an item, with the place of its `x-replacedBy`.
    replaced: BTreeMap<&'a str, (&'a str, Site<'a>)>,
}

/// Lowers every `x-replacedBy`, once all types and operations are known.
pub(super) fn lower<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    types: &mut Types,
    operations: &mut BTreeMap<String, Operation>,
) {
    let (of_operations, of_resources) = (described_operations(cx), resources(cx, registry));
    of_operations.check(cx, &of_resources);
    of_resources.check(cx, &of_operations);
    for (id, (target, _)) in &of_operations.replaced {
        let request = operations.get(*target).map(|target| target.request.clone());
        if let Some(operation) = operations.get_mut(*id) {
            operation.doc.replaced_by = request;
        }
    }
    let path = |id: &str| -> Option<&TypePath> { registry.resource(id).map(|component| &component.path) };
    for (id, (target, _)) in &of_resources.replaced {
        if let Some(def) = path(id).and_then(|path| types.get_mut(path)) {
            def.doc.replaced_by = path(target).cloned();
        }
    }
}

fn described_operations<'a>(cx: &Context<'a>) -> Items<'a> {
    let (known, replaced) = (BTreeSet::new(), BTreeMap::new());
    let mut items = Items { kind: Kind::Operation, known, hides_some: false, replaced };
    for document in cx.documents {
        let site = Site::root(document).key("paths");
        items.hides_some |= cx.has_parse_error(&site);
        for (path, item) in &document.openapi.paths.paths {
            for (method, operation) in item.as_item().into_iter().flat_map(|item| item.iter()) {
                let Described { operation_id, extensions, .. } = operation;
                match operation_id.as_deref().filter(|id| !id.is_empty()) {
                    Some(id) => items.add(id, extensions, &site.keys(&[path, method])),
                    None => items.hides_some = true,
                }
            }
        }
    }
    items
}

fn resources<'a>(cx: &mut Context<'a>, registry: &'a Registry<'a>) -> Items<'a> {
    let known = registry.resource_ids().collect();
    let mut items = Items { kind: Kind::Resource, known, hides_some: false, replaced: BTreeMap::new() };
    for component in registry.iter() {
        let extensions = &component.schema.schema_data.extensions;
        if extensions.contains_key(ext::REPLACED_BY)
            && let Some(id) = facts::resource(cx, component, ext::REPLACED_BY)
        {
            items.add(id, extensions, &component.site);
        }
    }
    items.hides_some = cx.broken.hides_resources;
    items
}

impl<'a> Items<'a> {
    fn add(&mut self, id: &'a str, extensions: &'a Extensions, site: &Site<'a>) {
        self.known.insert(id);
        if let Some(target) = extensions.get(ext::REPLACED_BY).and_then(|target| target.as_str()) {
            self.replaced.insert(id, (target, site.key(ext::REPLACED_BY)));
        }
    }

    /// Reports targets that are not items of this kind, and items that are replaced by themselves.
    fn check(&self, cx: &mut Context<'a>, others: &Items<'a>) {
        for (id, (target, site)) in &self.replaced {
            if !self.known.contains(target) {
                if !self.hides_some {
                    cx.report(self.unknown(target, site, others));
                }
                continue;
            }
            let chain = self.chain(id);
            // Each cycle is reported once, at the first of its items.
            if chain.last() == Some(id) && chain.iter().all(|other| id <= other) {
                cx.report(self.cycle(id, site, &chain));
            }
        }
    }

    /// Returns what replaces an item, what replaces that, and so on, up to the item itself or one that is seen twice.
    fn chain(&self, id: &'a str) -> Vec<&'a str> {
        let mut chain = Vec::new();
        let mut last = id;
        while let Some((next, _)) = self.replaced.get(last) {
            if chain.contains(next) {
                break;
            }
            chain.push(next);
            last = next;
        }
        chain
    }

    fn unknown(&self, target: &str, site: &Site<'a>, others: &Items<'a>) -> Diagnostic {
        let (code, id, what) = match self.kind {
            Kind::Operation => (Code::UnknownOperation, "operationId", "operation"),
            Kind::Resource => (Code::UnknownResource, "x-resourceId", "resource"),
        };
        let shown = target.escape_debug();
        if others.known.contains(target) {
            let (expected, found) = (self.kind.name(), others.kind.name());
            let message = format!("{expected} cannot be replaced by {found}, `{shown}`");
            return site.at_value(code, message, format!("write the `{id}` of {expected}"));
        }
        let help = suggest::did_you_mean(target, self.known.iter().copied())
            .unwrap_or_else(|| format!("write the `{id}` of {} in any of the files", self.kind.name()));
        site.at_value(code, format!("unknown {what} `{shown}`"), help)
    }

    fn cycle(&self, id: &str, site: &Site<'a>, chain: &[&str]) -> Diagnostic {
        let others: Vec<_> = chain.iter().copied().filter(|other| *other != id).collect();
        let id = id.escape_debug();
        let (message, help) = match others.as_slice() {
            [] => (format!("`{id}` is replaced by itself"), "name what replaces it, or remove `x-replacedBy`"),
            _ => {
                let message =
                    format!("`{id}` is replaced by itself through {}", suggest::listed(others.iter().copied()));
                (message, "remove `x-replacedBy` from the newest")
            }
        };
        let related = others.iter().filter_map(|other| {
            let (target, site) = self.replaced.get(other)?;
            Some(site.related(format!("`{}` is replaced by `{}`", other.escape_debug(), target.escape_debug())))
        });
        related.fold(site.at_value(Code::ReferenceCycle, message, help), Diagnostic::related)
    }
}
