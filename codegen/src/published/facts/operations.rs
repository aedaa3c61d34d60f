//! Operations, and their parameters and bodies.

use super::{Finder, There, append, remove, set};
use crate::edit;
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::operation::{Operation, Parameter};
use crate::published::pairing::{Counterpart, Group, OperationPair, Pairing};
use crate::published::schema::{Form, Used};

impl<'a> Finder<'_, 'a> {
    /// Compares the server that requests go to.
    pub(super) fn servers(&mut self) {
        let url = |root: &Node<'a>| root.items_of("servers").first().and_then(|server| server.key("url"));
        for (file, root) in self.roots.iter().enumerate() {
            let Some(source) = self.choice.first(file) else { continue };
            let (Some(ours), Some(theirs)) = (url(root), url(&Node::root(&source.root))) else { continue };
            let text = |url: &Node<'a>| url.value.as_str().unwrap_or_default().trim_end_matches('/');
            if text(&ours) != text(&theirs) {
                let edits = vec![set(ours.pointer.clone(), edit::Value::text(text(&theirs)))];
                let there = There { source, pointer: theirs.pointer.clone() };
                self.fact(file, ours.named, Value::Other(text(&theirs).to_owned()), there, edits);
            }
        }
    }

    pub(super) fn operations(&mut self, pairing: &Pairing<'a>) {
        for (file, operation) in &pairing.missing {
            self.missing_operation(*file, operation);
        }
        for pair in &pairing.operations {
            self.parameters(pairing, pair);
            self.body(pair);
            let OperationPair { file, source, curated, published } = pair;
            let there = There { source, pointer: published.node.pointer.clone() };
            let place = curated.node.named.join("deprecated");
            match (curated.node.flag("deprecated"), published.node.flag("deprecated")) {
                (false, true) => {
                    let edits = vec![set(curated.node.pointer.join("deprecated"), edit::Value::Flag(true))];
                    self.fact(*file, place, Value::Other("true".to_owned()), there, edits);
                }
                (true, false) => {
                    let edits = vec![remove(curated.node.pointer.join("deprecated"))];
                    self.fact(*file, place, Value::Missing, there, edits);
                }
                _ => {}
            }
        }
    }

    fn missing_operation(&mut self, file: usize, operation: &Operation<'a>) {
        let Some(source) = self.choice.first(file) else { return };
        let there = There { source, pointer: crate::pointer::Pointer::root().join("paths") };
        let path = operation.node.pointer.parent();
        let has_others = self.roots.get(file).is_some_and(|root| {
            let item = root.keys(&["paths", operation.path]);
            item.is_some_and(|item| item.entries().any(|(key, _)| key != operation.method && key != "parameters"))
        });
        let mut edits = vec![remove(if has_others { operation.node.pointer.clone() } else { path })];
        // The methods that make its request go with it.
        let schemas = self.roots.get(file).and_then(|root| root.keys(&["components", "schemas"]));
        for (_, schema) in schemas.iter().flat_map(Node::entries) {
            let methods = schema.items_of("x-stripeOperations");
            let is_it = |method: &&Node<'_>| {
                method.text("path") == Some(operation.path) && method.text("operation") == Some(operation.method)
            };
            let own: Vec<_> = methods.iter().filter(is_it).collect();
            if own.len() == methods.len() && !methods.is_empty() {
                edits.push(remove(schema.pointer.join("x-stripeOperations")));
            } else {
                edits.extend(own.into_iter().map(|method| remove(method.pointer.clone())));
            }
        }
        self.fact(file, operation.node.named.clone(), Value::Missing, there, edits);
    }

    fn parameters(&mut self, pairing: &Pairing<'a>, pair: &OperationPair<'a>) {
        let OperationPair { file, source, curated, published } = pair;
        for parameter in curated.parameters.iter().filter(|parameter| published.parameter(&parameter.key).is_none()) {
            let there = There { source, pointer: published.node.pointer.join("parameters") };
            // A path lists it once for all its operations.
            let is_listed_there = |other: &&OperationPair<'a>| {
                other.file == *file && other.curated.parameters.iter().any(|other| other.entry == parameter.entry)
            };
            let mut sharing = pairing.operations.iter().filter(is_listed_there);
            if sharing.clone().any(|other| other.published.parameter(&parameter.key).is_some()) {
                let construct = format!("no `{}`, which other operations of the path have", parameter.name());
                self.foreign(&there, construct);
                continue;
            }
            if sharing.next().is_some_and(|first| first.curated.node != curated.node) {
                continue;
            }
            let edits = vec![remove(parameter.entry.pointer.clone())];
            self.fact(*file, parameter.entry.named.clone(), Value::Missing, there, edits);
        }
        // Headers and cookies are options of every request.
        let is_sent = |parameter: &&Parameter<'a>| ["path", "query"].contains(&parameter.key.0);
        let new = published.parameters.iter().filter(is_sent);
        for parameter in new.filter(|parameter| curated.parameter(&parameter.key).is_none()) {
            let adopted = self.adopter.parameter(*file, source, &parameter.node);
            let there = There { source, pointer: parameter.node.pointer.clone() };
            let place = curated.node.named.join("parameters").join(parameter.name());
            let list = curated.node.pointer.join("parameters");
            self.exists(*file, place, there, adopted, |value| vec![append(list, value)]);
        }
    }

    /// Compares whether there is a body at all; what is in it is compared as any object.
    fn body(&mut self, pair: &OperationPair<'a>) {
        let OperationPair { file, source, curated, published } = pair;
        let place = curated.node.named.join("requestBody");
        let there = There { source, pointer: published.node.pointer.join("requestBody") };
        match (curated.body(), published.body()) {
            // Another content type is no missing body.
            (Some(_), None) if !curated.has_empty_body() && published.node.key("requestBody").is_none() => {
                let edits = vec![remove(curated.node.pointer.join("requestBody"))];
                self.fact(*file, place, Value::Missing, there, edits);
            }
            (None, Some(_)) if !published.has_empty_body() => {
                let adopted = self.adopter.body(*file, source, published);
                let pointer = curated.node.pointer.join("requestBody");
                self.exists(*file, place, there, adopted, |value| vec![set(pointer, value)]);
            }
            _ => {}
        }
    }

    /// Compares a parameter: whether it is required, and how it is serialized.
    pub(super) fn parameter(&mut self, group: &Group<'a, Parameter<'a>>) {
        let Group { file, curated, counterparts } = group;
        let node = &curated.node;
        let Some(first) = counterparts.first() else { return };
        let requires = |other: &&Counterpart<'a, Parameter<'a>>| other.published.node.flag("required");
        let (ours, stricter) = (node.flag("required"), counterparts.iter().find(requires));
        let place = node.named.join("required");
        match (ours, stricter) {
            (false, Some(other)) => {
                // A required parameter has no default.
                let default = node.keys(&["schema", "default"]).map(|default| remove(default.pointer));
                let required = set(node.pointer.join("required"), edit::Value::Flag(true));
                let edits = [required].into_iter().chain(default).collect();
                self.fact(
                    *file,
                    place,
                    Value::Other("true".to_owned()),
                    other.at(&other.published.node.pointer),
                    edits,
                );
            }
            (true, None) => {
                let edits = vec![remove(node.pointer.join("required"))];
                self.fact(*file, place, Value::Missing, first.at(&first.published.node.pointer), edits);
            }
            _ => {}
        }
        let deprecating = counterparts.iter().find(|other| other.published.node.flag("deprecated"));
        match (node.flag("deprecated"), deprecating) {
            (false, Some(other)) => {
                let edits = vec![set(node.pointer.join("deprecated"), edit::Value::Flag(true))];
                let there = other.at(&other.published.node.pointer);
                self.fact(*file, node.named.join("deprecated"), Value::Other("true".to_owned()), there, edits);
            }
            (true, None) => {
                let edits = vec![remove(node.pointer.join("deprecated"))];
                let there = first.at(&first.published.node.pointer);
                self.fact(*file, node.named.join("deprecated"), Value::Missing, there, edits);
            }
            _ => {}
        }
        let has_style =
            |used: Used<'_>| matches!(used.form, Form::Array | Form::Map | Form::Object | Form::Range { .. });
        if curated.schema().and_then(Used::at).is_some_and(has_style) {
            let style = |parameter: &Parameter<'a>| parameter.node.text("style").unwrap_or("form");
            if !counterparts.iter().any(|other| style(&other.published) == style(curated)) {
                let value = style(&first.published);
                let edits = vec![set(node.pointer.join("style"), edit::Value::text(value))];
                let there = first.at(&first.published.node.pointer);
                self.fact(*file, node.named.join("style"), Value::Other(value.to_owned()), there, edits);
            }
        }
    }
}
