//! Webhook events, as both sides declare them.

use super::node::Node;
use super::schema::{Used, property};

const EXTENSION: &str = "x-stripeEvent";

/// The kinds of events, each with its key in `x-events`.
pub(super) const KINDS: [&str; 2] = ["snapshot", "thin"];

/// An event.
pub(super) struct Event<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    /// The `x-resourceId` of the object that it is about.
    pub(super) resource: Option<&'a str>,
    pub(super) node: Node<'a>,
}

/// Returns the events of a description, however they are declared.
pub(super) fn all<'a>(root: &Node<'a>) -> Vec<Event<'a>> {
    let declared = schemas_with(root, "x-events").into_iter().flat_map(|resource| {
        let id = resource.text("x-resourceId");
        let events = KINDS.into_iter().flat_map(move |kind| {
            let entries = resource.key("x-events").map(|events| events.items_of(kind)).unwrap_or_default();
            let events = entries.into_iter().filter_map(move |node| {
                let name = node.text("type")?;
                Some(Event { kind, name, resource: id, node: node.called(name) })
            });
            events.collect::<Vec<_>>()
        });
        events.collect::<Vec<_>>()
    });
    let published = schemas_with(root, EXTENSION).into_iter().filter_map(|node| {
        let event = node.key(EXTENSION)?;
        let kind = event.text("kind").unwrap_or("snapshot");
        let resource = match kind {
            "thin" => property(&property(&node, "related_object")?.resolved()?, "type")
                .and_then(|name| name.texts("enum").next()),
            _ => property(&node, "object").and_then(Used::at).and_then(|used| used.schema.text("x-resourceId")),
        };
        Some(Event { kind, name: event.text("type")?, resource, node })
    });
    declared.chain(published).collect()
}

/// Returns the component schemas with an extension.
pub(super) fn schemas_with<'a>(root: &Node<'a>, extension: &str) -> Vec<Node<'a>> {
    let schemas = root.keys(&["components", "schemas"]);
    let schemas = schemas.iter().flat_map(Node::entries).map(|(_, schema)| schema);
    schemas.filter(|schema| schema.value.get(extension).is_some()).collect()
}
