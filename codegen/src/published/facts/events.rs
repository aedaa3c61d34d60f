//! Webhook events, by their type.

use std::collections::BTreeMap;

use super::{Finder, There, append, remove, set};
use crate::edit::{self, Edit};
use crate::pointer::Pointer;
use crate::published::event::{Event, all, schemas_with};
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::schema::RESOURCE_ID;

impl<'a> Finder<'_, 'a> {
    pub(super) fn events(&mut self) {
        let ours: Vec<Vec<Event<'a>>> = self.roots.iter().map(all).collect();
        let theirs: BTreeMap<&str, Vec<Event<'a>>> =
            self.choice.published.iter().map(|source| (source.name.as_str(), all(&Node::root(&source.root)))).collect();
        for (file, root) in self.roots.iter().enumerate() {
            let Some(order) = self.choice.order(file) else { continue };
            let resources = schemas_with(root, RESOURCE_ID);
            let events = || {
                order.iter().flat_map(|source| {
                    theirs.get(source.name.as_str()).into_iter().flatten().map(|event| (*source, event))
                })
            };
            for event in ours.get(file).into_iter().flatten() {
                let is_same = |other: &Event<'_>| other.name == event.name && other.kind == event.kind;
                let other = events().find(|(_, other)| is_same(other) && other.resource.is_some());
                if let Some((source, other)) = other.filter(|(_, other)| other.resource != event.resource) {
                    let about = resources.iter().find(|resource| resource.text(RESOURCE_ID) == other.resource);
                    let edits = about.map(|about| moved(event, about));
                    let there = There { source, pointer: other.node.pointer.clone() };
                    let value = Value::Other(other.resource.unwrap_or_default().to_owned());
                    self.fact(file, event.node.named.clone(), value, there, edits.unwrap_or_default());
                }
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
                let resource = resources.iter().find(|resource| resource.text(RESOURCE_ID) == event.resource);
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

/// Returns the edits that declare that an event is about another resource.
fn moved(event: &Event<'_>, about: &Node<'_>) -> Vec<Edit> {
    let place = &event.node.pointer;
    if place.component("schemas").is_none() {
        let list = about.pointer.join("x-events").join(event.kind);
        return vec![remove(place.clone()), append(list, edit::Value::from(event.node.value))];
    }
    let properties = place.join("properties");
    if event.kind == "thin" {
        let id = edit::Value::text(about.text(RESOURCE_ID).unwrap_or_default());
        let types = properties.join("related_object").join("properties").join("type").join("enum");
        return vec![set(types, edit::Value::List(vec![id]))];
    }
    let reference = edit::Value::map([("$ref", edit::Value::text(format!("#{}", about.pointer)))]);
    vec![set(properties.join("object"), reference)]
}
