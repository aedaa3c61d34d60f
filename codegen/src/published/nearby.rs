//! What published descriptions have beside what is covered: operations, resources and events of the same namespaces.

use std::collections::BTreeSet;

use super::choice::Choice;
use super::event;
use super::node::Node;
use super::operation::{self, Operation};
use super::schema::property;
use crate::pointer::Pointer;

/// Something that only a published description has, in a namespace that is covered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearby {
    /// The namespace, such as `/v2/data`.
    pub namespace: String,
    /// What it is: `operation`, `resource` or `event`.
    pub kind: &'static str,
    /// The method and the path, the `x-resourceId`, or the type of the event.
    pub name: String,
    /// The published description.
    pub published: String,
    /// The place in it.
    pub pointer: Pointer,
}

/// Finds what is new nearby.
pub(super) fn find<'a>(roots: &[Node<'a>], choice: &Choice<'a>) -> Vec<Nearby> {
    let covered: Vec<Operation<'a>> = roots.iter().flat_map(operation::all).collect();
    let known: BTreeSet<String> = covered.iter().map(Operation::key).collect();
    let paths: BTreeSet<String> = covered.iter().map(|operation| namespace(operation.path)).collect();
    let resources: BTreeSet<&str> = roots.iter().flat_map(resources).map(|(id, _)| id).collect();
    let own_events: BTreeSet<&str> = roots.iter().flat_map(event::all).map(|event| event.name).collect();
    let mut found: BTreeSet<Nearby> = BTreeSet::new();
    let mut seen: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for source in choice.used() {
        let root = Node::root(&source.root);
        let mut add = |namespace: Option<String>, kind: &'static str, name: String, pointer: &Pointer| {
            if let Some(namespace) = namespace
                && seen.insert((kind, name.clone()))
            {
                let (published, pointer) = (source.name.clone(), pointer.clone());
                found.insert(Nearby { namespace, kind, name, published, pointer });
            }
        };
        for operation in operation::all(&root).iter().filter(|operation| !known.contains(&operation.key())) {
            let around = paths.iter().filter(|path| is_in(operation.path, path)).max_by_key(|path| path.len());
            add(around.cloned(), "operation", operation.words(), &operation.node.pointer);
        }
        for (id, schema) in resources_of(&root).filter(|(id, _)| !resources.contains(id)) {
            add(dotted(&paths, id), "resource", id.to_owned(), &schema.pointer);
        }
        for event in event::all(&root).iter().filter(|event| !own_events.contains(event.name)) {
            // Those of resources that are covered are part of the drift.
            let is_covered = event.resource.is_some_and(|id| resources.contains(id));
            let namespace = dotted(&paths, event.name).filter(|_| !is_covered);
            add(namespace, "event", event.name.to_owned(), &event.node.pointer);
        }
    }
    found.into_iter().collect()
}

/// Returns the namespace of a path: the folder of its collection, or the collection itself if it is in none.
fn namespace(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').skip(1).take_while(|part| !part.starts_with('{')).collect();
    let count = parts.len().saturating_sub(1).max(2);
    parts.iter().take(count).map(|part| format!("/{part}")).collect()
}

fn is_in(path: &str, namespace: &str) -> bool {
    path.strip_prefix(namespace).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the namespace of an id or an event type with dots: those of v1 have no generation.
fn dotted(paths: &BTreeSet<String>, name: &str) -> Option<String> {
    let path = format!("/{}", name.replace('.', "/"));
    let spellings = [path.clone(), format!("/v1{path}")];
    let around = paths.iter().filter(|namespace| spellings.iter().any(|path| is_in(path, namespace)));
    around.max_by_key(|namespace| namespace.len()).cloned()
}

fn resources<'a>(root: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    resources_of(root).collect()
}

fn resources_of<'a>(root: &Node<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let schemas: Vec<_> = root.keys(&["components", "schemas"]).iter().flat_map(Node::entries).collect();
    let is_resource = |schema: &Node<'a>| property(schema, "object").is_some();
    schemas
        .into_iter()
        .filter_map(move |(_, schema)| Some((schema.text("x-resourceId").filter(|_| is_resource(&schema))?, schema)))
}
