//! Webhook events, by their type.

use std::collections::BTreeMap;

use super::{Finder, There, append, remove, set};
use crate::edit::{self, Edit};
use crate::pointer::Pointer;
use crate::published::event::{Event, KINDS, all, schemas_with};
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::pairing::Pairing;
use crate::published::schema::RESOURCE_ID;

impl<'a> Finder<'_, 'a> {
    pub(super) fn events(&mut self, pairing: &Pairing<'a>) {
        let ours: Vec<Vec<Event<'a>>> = self.roots.iter().map(all).collect();
        let theirs: BTreeMap<&str, Vec<Event<'a>>> =
            self.choice.published.iter().map(|source| (source.name.as_str(), all(&Node::root(&source.root)))).collect();
        for (file, root) in self.roots.iter().enumerate() {
            let Some(order) = self.choice.order(file) else { continue };
            let resources = schemas_with(root, RESOURCE_ID);
            let has_counterpart = |envelope: &Node<'a>| {
                let uses = pairing.uses.get(&(file, envelope.pointer.clone()));
                uses.is_some() || pairing.dangling.iter().any(|(place, ..)| *place == (file, envelope.pointer.clone()))
            };
            for envelope in schemas_with(root, "x-eventEnvelope").iter().filter(|envelope| !has_counterpart(envelope)) {
                let source = order.iter().find(|source| self.has_extension(source, RESOURCE_ID));
                if let (Some(id), Some(source)) = (envelope.text(RESOURCE_ID), source) {
                    let there = There { source, pointer: Pointer::root().join("components").join("schemas") };
                    self.foreign(&there, format!("no schema with the `{RESOURCE_ID}` `{id}`"));
                }
            }
            // Of each kind, the nearest description with events has all.
            let nearest = |kind: &str| {
                order.iter().copied().find_map(|source| {
                    let events = theirs.get(source.name.as_str())?;
                    events.iter().any(|event| event.kind == kind).then_some((source, events))
                })
            };
            let events = || {
                KINDS.into_iter().filter_map(|kind| Some((kind, nearest(kind)?))).flat_map(
                    |(kind, (source, events))| {
                        events.iter().filter(move |event| event.kind == kind).map(move |event| (source, event))
                    },
                )
            };
            for event in ours.get(file).into_iter().flatten() {
                let is_same = |other: &Event<'_>| other.name == event.name && other.kind == event.kind;
                let other = events().find(|(_, other)| is_same(other));
                if let Some((source, other)) =
                    other.filter(|(_, other)| other.resource.is_none() && event.resource.is_some())
                {
                    let there = There { source, pointer: other.node.pointer.clone() };
                    self.foreign(&there, "an event about no resource".to_owned());
                }
                let other = other.filter(|(_, other)| other.resource.is_some());
                if let Some((source, other)) = other.filter(|(_, other)| other.resource != event.resource) {
                    let about = resources.iter().find(|resource| resource.text(RESOURCE_ID) == other.resource);
                    let edits = about.map(|about| moved(event, about));
                    let there = There { source, pointer: other.node.pointer.clone() };
                    let value = Value::Other(other.resource.unwrap_or_default().to_owned());
                    self.fact(file, event.node.named.clone(), value, there, edits.unwrap_or_default());
                }
                if let Some((source, _)) = nearest(event.kind).filter(|_| !events().any(|(_, other)| is_same(other))) {
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
