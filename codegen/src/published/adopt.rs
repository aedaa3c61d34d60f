//! Takes parts of a published description over, under the names that the curated description has for their components.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Published;
use super::event::schemas_with;
use super::import_target::is_same;
use super::node::Node;
use super::operation::Operation;
use super::pairing::Pairing;
use super::schema::{RESOURCE_ID, Used};
use super::translate::{Direction, Inexpressible, Translated, Translator};
use crate::edit::{self, Edit, EditKind};
use crate::pointer::Pointer;

/// A part of a published description, as the curated one would have it.
#[derive(Debug, Default)]
pub(super) struct Adopted {
    /// The part; `None` if the dialect cannot express it.
    pub(super) value: Option<edit::Value>,
    /// The edits that add the components that it needs.
    pub(super) components: Vec<Edit>,
    /// What the dialect cannot express.
    pub(super) lost: Vec<Inexpressible>,
}

/// Translates parts of published descriptions.
pub(super) struct Adopter<'s, 'a> {
    roots: &'s [Node<'a>],
    /// The curated component for each published one that has a counterpart, by file and published description.
    names: BTreeMap<(usize, String, Pointer), String>,
    resources: &'s HashSet<&'a str>,
    /// The curated component for each resource, by file.
    keys: BTreeMap<(usize, &'a str), String>,
    /// The curated component for each error code, by file.
    errors: BTreeMap<(usize, &'a str), String>,
}

impl<'s, 'a> Adopter<'s, 'a> {
    pub(super) fn new(roots: &'s [Node<'a>], pairing: &'s Pairing<'a>) -> Self {
        let mut names = BTreeMap::new();
        for group in pairing.schemas.values() {
            let Some(name) = group.curated.schema.pointer.component("schemas") else { continue };
            for other in &group.counterparts {
                let key = (group.file, other.source.name.clone(), other.published.schema.pointer.clone());
                names.entry(key).or_insert_with(|| name.clone());
            }
        }
        let keys = roots.iter().enumerate().flat_map(|(file, root)| {
            let schemas = schemas_with(root, RESOURCE_ID).into_iter();
            schemas.filter_map(move |schema| {
                Some(((file, schema.text(RESOURCE_ID)?), schema.pointer.component("schemas")?))
            })
        });
        let errors = roots.iter().enumerate().flat_map(|(file, root)| {
            let schemas = schemas_with(root, "x-stripeError").into_iter();
            schemas.filter_map(move |schema| {
                let code = schema.key("x-stripeError")?.text("code")?;
                Some(((file, code), schema.pointer.component("schemas")?))
            })
        });
        Self { roots, names, resources: &pairing.resources, keys: keys.collect(), errors: errors.collect() }
    }

    /// Takes a schema over.
    pub(super) fn schema(&self, file: usize, source: &Published, node: &Node<'_>, direction: Direction) -> Adopted {
        self.adopt(file, source, direction, |translator| translator.schema(&node.pointer, direction))
    }

    /// Takes a parameter over: one that operations share, if it says the same.
    pub(super) fn parameter(&self, file: usize, source: &Published, node: &Node<'_>) -> Adopted {
        let adopted = self.adopt(file, source, Direction::Request, |translator| translator.parameter(&node.pointer));
        let shared = self.roots.get(file).and_then(|root| root.keys(&["components", "parameters"]));
        let shared: Vec<_> = shared.iter().flat_map(Node::entries).collect();
        let is_it = |value: &edit::Value| shared.iter().filter(|(_, shared)| is_same(shared.value, value)).collect();
        let found: Vec<_> = adopted.value.as_ref().map(is_it).unwrap_or_default();
        match found.as_slice() {
            [(_, shared)] => {
                let reference = edit::Value::text(format!("#{}", shared.pointer));
                Adopted { value: Some(edit::Value::map([("$ref", reference)])), ..adopted }
            }
            _ => adopted,
        }
    }

    /// Takes the body of an operation over.
    pub(super) fn body(&self, file: usize, source: &Published, operation: &Operation<'_>) -> Adopted {
        let errors = edit::Value::Map(Vec::new());
        let mut adopted = self.adopt(file, source, Direction::Request, |translator| {
            translator.operation(&operation.node.pointer, &errors)
        });
        adopted.value = adopted.value.and_then(|operation| operation.get("requestBody").cloned());
        adopted
    }

    /// Takes the schema of an error over, as a reference to it.
    pub(super) fn error(&self, file: usize, source: &Published, code: &str, schema: &Node<'_>) -> Adopted {
        let reference =
            |name: &str| edit::Value::map([("$ref", edit::Value::text(format!("#/components/schemas/{name}")))]);
        if let Some(name) = self.errors.get(&(file, code)) {
            return Adopted { value: Some(reference(name)), ..Adopted::default() };
        }
        self.adopt(file, source, Direction::Response, |translator| {
            let value = (translator.component)(&schema.pointer).map(|name| reference(&name));
            Translated { value, needs: vec![schema.pointer.clone()], lost: Vec::new() }
        })
    }

    fn adopt(
        &self,
        file: usize,
        source: &Published,
        direction: Direction,
        translate: impl FnOnce(&Translator<'_>) -> Translated,
    ) -> Adopted {
        let known = self.roots.get(file).and_then(|root| root.keys(&["components", "schemas"]));
        let new = RefCell::new(BTreeSet::new());
        let component = |pointer: &Pointer| {
            if let Some(name) = self.names.get(&(file, source.name.clone(), pointer.clone())) {
                return Some(name.clone());
            }
            let schema = Node::root(&source.root).at(pointer);
            let id = schema.as_ref().and_then(|schema| schema.text(RESOURCE_ID));
            let by_id = id.and_then(|id| self.keys.get(&(file, id))).cloned();
            let name = by_id.or_else(|| pointer.component("schemas"))?;
            let Some(own) = known.as_ref().and_then(|known| known.key(&name)) else {
                new.borrow_mut().insert(pointer.clone());
                return Some(name);
            };
            let (own, other) = (Used::at(own)?, Used::at(schema?)?);
            own.is_like(&other, self.resources).then_some(name)
        };
        let has_resource = |id: &str| self.resources.contains(id);
        let translator = Translator { root: &source.root, component: &component, has_resource: &has_resource };
        let Translated { value, needs, mut lost } = translate(&translator);
        let (mut rest, mut seen, mut components) = (needs, HashSet::new(), Vec::new());
        while let Some(pointer) = rest.pop() {
            let Some(name) = component(&pointer) else { continue };
            let is_new = new.borrow().contains(&pointer);
            if !is_new || !seen.insert(pointer.clone()) {
                continue;
            }
            let Translated { value, needs, lost: more } = translator.schema(&pointer, direction);
            lost.extend(more);
            rest.extend(needs);
            let place = Pointer::root().join("components").join("schemas").join(&name);
            components.extend(value.map(|value| Edit { pointer: place, kind: EditKind::Set(value) }));
        }
        Adopted { value, components, lost }
    }

    /// Returns references to the error schemas without a code that an operation documents.
    pub(super) fn generic_errors(&self, operation: &Node<'_>) -> Vec<edit::Value> {
        let response = operation.keys(&["responses", "default"]).and_then(|response| response.resolved());
        let schema = response.and_then(|response| response.keys(&["content", "application/json", "schema"]));
        schema.into_iter().map(|schema| edit::Value::from(schema.value)).collect()
    }
}
