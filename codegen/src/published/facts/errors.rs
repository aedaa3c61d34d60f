//! Error codes: which an operation documents, and the status and the type of each.

use super::{Finder, There, append, remove, set};
use crate::edit;
use crate::pointer::Pointer;
use crate::published::event::schemas_with;
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::pairing::{OperationPair, Pairing};

const EXTENSION: &str = "x-stripeError";

impl<'a> Finder<'_, 'a> {
    pub(super) fn errors(&mut self, pairing: &Pairing<'a>) {
        for pair in &pairing.operations {
            self.documented(pair);
        }
        for (file, root) in self.roots.iter().enumerate() {
            let Some(order) = self.choice.order(file) else { continue };
            for ours in schemas_with(root, EXTENSION) {
                let Some(code) = code(&ours) else { continue };
                let theirs = order.iter().find_map(|source| {
                    let found = schemas_with(&Node::root(&source.root), EXTENSION).into_iter();
                    found.into_iter().find(|theirs| self::code(theirs) == Some(code)).map(|theirs| (*source, theirs))
                });
                // Of codes that no operation documents, only those that both have are compared.
                if let Some((source, theirs)) = theirs {
                    self.error(file, &ours, source, &theirs);
                }
            }
        }
    }

    fn error(&mut self, file: usize, ours: &Node<'a>, source: &'a crate::published::Published, theirs: &Node<'a>) {
        let (Some(ours), Some(theirs)) = (ours.key(EXTENSION), theirs.key(EXTENSION)) else { return };
        for keyword in ["httpStatusCode", "type"] {
            let (old, new) = (ours.value.get(keyword), theirs.value.get(keyword));
            if old == new {
                continue;
            }
            let there = There { source, pointer: theirs.pointer.clone() };
            let place = ours.pointer.join(keyword);
            let (value, edit) = match new {
                Some(new) => {
                    let words = new.as_str().map_or_else(|| new.to_string(), str::to_owned);
                    (Value::Other(words), set(place, edit::Value::from(new)))
                }
                None => (Value::Missing, remove(place)),
            };
            self.fact(file, ours.named.join(keyword), value, there, vec![edit]);
        }
    }

    /// Compares the codes that an operation documents.
    fn documented(&mut self, pair: &OperationPair<'a>) {
        let OperationPair { file, source, curated, published } = pair;
        if !self.has_extension(source, EXTENSION) {
            return;
        }
        let (ours, theirs) = (curated.errors(), published.errors());
        let place = curated.node.named.join("responses").join("default");
        let there = There { source, pointer: published.node.pointer.join("responses") };
        for (code, schema) in ours.codes.iter().filter(|(code, _)| !theirs.codes.iter().any(|(other, _)| other == code))
        {
            let edits = references(&curated.node, &format!("#{}", schema.pointer)).into_iter().map(remove).collect();
            self.fact(*file, place.join(code), Value::Missing, there.clone(), edits);
        }
        for (code, schema) in theirs.codes.iter().filter(|(code, _)| !ours.codes.iter().any(|(other, _)| other == code))
        {
            let union = curated.node.keys(&["responses", "default", "content", "application/json", "schema", "oneOf"]);
            let adopted = self.adopter.error(*file, source, code, schema);
            let there = There { source, pointer: schema.pointer.clone() };
            match union {
                Some(union) => {
                    self.exists(*file, place.join(code), there, adopted, |value| vec![append(union.pointer, value)])
                }
                None => {
                    let pointer = curated.node.pointer.join("responses").join("default");
                    let generic = self.adopter.generic_errors(&curated.node);
                    self.exists(*file, place.join(code), there, adopted, |value| {
                        vec![set(pointer, response(value, generic))]
                    });
                }
            }
        }
    }
}

/// Returns an error response with several schemas.
fn response(code: edit::Value, generic: Vec<edit::Value>) -> edit::Value {
    let schemas = [code].into_iter().chain(generic).collect();
    let schema = edit::Value::map([("oneOf", edit::Value::List(schemas))]);
    let content = edit::Value::map([("application/json", edit::Value::map([("schema", schema)]))]);
    edit::Value::map([("description", edit::Value::text("The request failed.")), ("content", content)])
}

fn code<'a>(schema: &Node<'a>) -> Option<&'a str> {
    schema.key(EXTENSION)?.text("code")
}

/// Returns the places of the references to a component in the responses of an operation; of a whole response, if it has no other.
fn references(operation: &Node<'_>, reference: &str) -> Vec<Pointer> {
    let responses: Vec<_> = operation.key("responses").iter().flat_map(Node::entries).collect();
    let is_it = |node: &Node<'_>| node.text("$ref") == Some(reference);
    let places = responses.into_iter().filter_map(|(_, response)| {
        let schema = response.keys(&["content", "application/json", "schema"])?;
        let entries = schema.items_of("oneOf");
        match entries.iter().find(|entry| is_it(entry)) {
            Some(entry) if entries.len() > 1 => Some(entry.pointer.clone()),
            Some(_) => Some(response.pointer),
            None => is_it(&schema).then_some(response.pointer),
        }
    });
    places.collect()
}
