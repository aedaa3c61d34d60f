//! Operations, as both sides have them.

use std::collections::HashMap;

use super::Published;
use super::node::Node;
use super::schema::{Used, property};
use crate::pointer::Pointer;

/// The methods that the dialect has.
const METHODS: [&str; 3] = ["get", "post", "delete"];

/// An operation.
#[derive(Debug, Clone)]
pub(super) struct Operation<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) node: Node<'a>,
    pub(super) parameters: Vec<Parameter<'a>>,
    /// The entries for parameters whose reference leads nowhere.
    pub(super) dangling: Vec<Node<'a>>,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub(super) struct Parameter<'a> {
    /// What it is paired by: where it is sent, and its name or, in the path, its position.
    pub(super) key: (&'a str, String),
    /// Where the operation lists it.
    pub(super) entry: Node<'a>,
    /// Where it is described: by the operation, by its path, or as a component.
    pub(super) described: Node<'a>,
    /// The same, at the place where it is compared.
    pub(super) node: Node<'a>,
}

impl<'a> Parameter<'a> {
    fn at(entry: Node<'a>, path: &str) -> Option<Self> {
        let node = entry.resolved()?;
        let (place, name) = (node.text("in")?, node.text("name")?);
        let position =
            || path.split('/').filter(|part| part.starts_with('{')).position(|part| part == format!("{{{name}}}"));
        let key = if place == "path" { position()?.to_string() } else { name.to_owned() };
        // A shared one already has a name: that of its component.
        let (entry, node) = match entry == node {
            true => (entry.called(name), node.called(name)),
            false => (entry.called(name), node),
        };
        Some(Self { key: (place, key), entry, described: node.clone(), node })
    }

    /// Returns the parameter at a place of the operation, which may share it with others: those need not agree.
    pub(super) fn of(&self, operation: &Operation<'a>) -> Self {
        if self.described.pointer.is_in(&operation.node.pointer) {
            return self.clone();
        }
        let list = |node: &Pointer| node.join("parameters");
        let place = list(&operation.node.pointer).join(&format!("{} {}", self.key.0, self.name()));
        let named = list(&operation.node.named).join(self.name());
        Self { node: self.node.clone().moved(place, named), ..self.clone() }
    }

    /// Returns whether other operations may have it as well.
    pub(super) fn is_shared(&self) -> bool {
        self.node.pointer != self.described.pointer
    }

    pub(super) fn name(&self) -> &'a str {
        self.node.text("name").unwrap_or_default()
    }

    pub(super) fn schema(&self) -> Option<Node<'a>> {
        self.node.key("schema")
    }
}

/// The error responses of an operation.
#[derive(Debug, Default)]
pub(super) struct Errors<'a> {
    /// The schemas with a code, by the code.
    pub(super) codes: Vec<(&'a str, Node<'a>)>,
    /// The others.
    pub(super) others: Vec<Node<'a>>,
    /// Those whose reference leads nowhere.
    pub(super) dangling: Vec<Node<'a>>,
}

impl<'a> Operation<'a> {
    /// Returns what it is paired by: the method and the path, whatever the names of the parameters in it.
    pub(super) fn key(&self) -> String {
        format!("{} {}", self.method, template(self.path))
    }

    /// Returns the operation as reports show it.
    pub(super) fn words(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    pub(super) fn parameter(&self, key: &(&str, String)) -> Option<&Parameter<'a>> {
        self.parameters.iter().find(|parameter| parameter.key == *key)
    }

    /// Returns the schema of the body, in the content type that the generation sends.
    pub(super) fn body(&self) -> Option<Node<'a>> {
        self.content()?.key("schema")
    }

    /// Returns the content of the body with the schema.
    pub(super) fn content(&self) -> Option<Node<'a>> {
        self.node.key("requestBody")?.resolved()?.keys(&["content", self.media()])
    }

    /// Returns the content type that the generation sends.
    pub(super) fn media(&self) -> &'static str {
        if self.path.starts_with("/v1/") { "application/x-www-form-urlencoded" } else { "application/json" }
    }

    /// Returns the schema of the successful response.
    pub(super) fn response(&self) -> Option<Node<'a>> {
        let mut successes = self.successes().into_iter();
        successes.find_map(|(_, response)| response.resolved()?.keys(&["content", "application/json", "schema"]))
    }

    /// Returns the successful responses by their status.
    pub(super) fn successes(&self) -> Vec<(&'a str, Node<'a>)> {
        let responses: Vec<_> = self.node.key("responses").iter().flat_map(Node::entries).collect();
        responses.into_iter().filter(|(status, _)| status.starts_with('2')).collect()
    }

    /// Returns the schemas of the responses to requests that fail.
    pub(super) fn errors(&self) -> Errors<'a> {
        let mut errors = Errors::default();
        let responses: Vec<_> = self.node.key("responses").iter().flat_map(Node::entries).collect();
        for (_, response) in responses.into_iter().filter(|(status, _)| !status.starts_with('2')) {
            let Some(found) = response.resolved() else {
                errors.dangling.push(response);
                continue;
            };
            let Some(written) = found.keys(&["content", "application/json", "schema"]) else { continue };
            let schema = written.resolved();
            let union = ["oneOf", "anyOf"].into_iter().find_map(|key| schema.as_ref()?.key(key));
            for written in union.map_or(vec![written], |union| union.items().collect()) {
                let Some(schema) = written.resolved() else {
                    errors.dangling.push(written);
                    continue;
                };
                match schema.key("x-stripeError").and_then(|error| error.text("code")) {
                    Some(code) => errors.codes.push((code, schema)),
                    None => errors.others.push(schema),
                }
            }
        }
        errors
    }

    /// Returns whether its body, if any, is an object without properties, as Stripe's description has it on a `get`.
    pub(super) fn has_empty_body(&self) -> bool {
        let schema = self.body().and_then(Used::at);
        schema.is_none_or(|used| used.schema.key("properties").is_none_or(|node| node.entries().next().is_none()))
    }
}

/// Returns a property of what an error response has under `error`.
pub(super) fn error_member<'a>(error: &Node<'a>, name: &str) -> Option<Node<'a>> {
    property(&Used::at(property(error, "error")?)?.schema, name)
}

/// Returns a path without the names of its parameters.
fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns the operations of a description.
pub(super) fn all<'a>(root: &Node<'a>) -> Vec<Operation<'a>> {
    let paths: Vec<_> = root.key("paths").iter().flat_map(Node::entries).collect();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let node = item.key(method)?;
            let shared = item.items_of("parameters").into_iter();
            let entries = shared.chain(node.items_of("parameters"));
            let (entries, dangling): (Vec<_>, Vec<_>) = entries.partition(|entry| entry.resolved().is_some());
            let parameters = entries.into_iter().filter_map(|entry| Parameter::at(entry, path)).collect();
            Some(Operation { method, path, node, parameters, dangling })
        })
    });
    operations.collect()
}

/// Returns the operations of a published description by their key.
pub(super) fn index(source: &Published) -> HashMap<String, Operation<'_>> {
    all(&Node::root(&source.root)).into_iter().map(|operation| (operation.key(), operation)).collect()
}
