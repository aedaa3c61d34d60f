//! Webhook events, by their type.

use std::collections::BTreeMap;

use super::{Finder, There, append, remove};
use crate::edit;
use crate::pointer::Pointer;
use crate::published::event::{Event, all, schemas_with};
use crate::published::fact::Value;
use crate::published::node::Node;

impl<'a> Finder<'_, 'a> {
    pub(super) fn events(&mut self) {
        let ours: Vec<Vec<Event<'a>>> = self.roots.iter().map(all).collect();
        let theirs: BTreeMap<&str, Vec<Event<'a>>> =
            self.choice.published.iter().map(|source| (source.name.as_str(), all(&Node::root(&source.root)))).collect();
        for (file, root) in self.roots.iter().enumerate() {
            let Some(order) = self.choice.order(file) else { continue };
            let resources = schemas_with(root, "x-resourceId");
            let events = || {
                order.iter().flat_map(|source| {
                    theirs.get(source.name.as_str()).into_iter().flatten().map(|event| (*source, event))
                })
            };
            for event in ours.get(file).into_iter().flatten() {
                let is_same = |other: &Event<'_>| other.name == event.name && other.kind == event.kind;
                let source = order.iter().find(|source| {
                    theirs
                        .get(source.name.as_str())
                        .is_some_and(|events| events.iter().any(|other| other.kind == event.kind))
                });
                if let Some(source) = source.filter(|_| !events().any(|(_, other)| is_same(other))) {
                    let there = There { source, pointer: Pointer::root().join("components").join("schemas") };
                    self.fact(
                        file,
                        event.node.named.clone(),
                        Value::Missing,
                        there,
                        vec![remove(event.node.pointer.clone())],
                    );
                }
            }
            let mut seen = Vec::new();
            for (source, event) in events() {
                let is_known = ours.iter().flatten().any(|own| own.name == event.name && own.kind == event.kind);
                let resource = resources.iter().find(|resource| resource.text("x-resourceId") == event.resource);
                let Some(resource) = resource.filter(|_| !is_known && !seen.contains(&(event.kind, event.name))) else {
                    continue;
                };
                seen.push((event.kind, event.name));
                let entry =
                    edit::Value::map([("type", edit::Value::text(event.name)), ("description", edit::Value::text(""))]);
                let list = resource.pointer.join("x-events").join(event.kind);
                let there = There { source, pointer: event.node.pointer.clone() };
                let place = resource.named.join("x-events").join(event.kind).join(event.name);
                self.fact(file, place, Value::Exists, there, vec![append(list, entry)]);
            }
        }
    }
}
