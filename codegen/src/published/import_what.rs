//! Finds what is to be imported in a published description.

use serde_json::Value as Json;

use super::Published;
use super::import::{ImportError, text};
use super::translate::{members, referenced_schema};
use crate::suggest;

/// The methods of operations.
const METHODS: [&str; 3] = ["get", "post", "delete"];

/// How many names are compared at a time to suggest one.
const COMPARED: usize = 500;

/// Something to import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item<'a> {
    Operation {
        method: &'a str,
        path: &'a str,
    },
    /// A schema, by its key.
    Schema(&'a str),
    /// An event, with the key of the schema that it is about.
    Event {
        kind: &'static str,
        name: &'a str,
        resource: &'a str,
    },
}

/// The kind of an event, its type, and the key of the schema that it is about.
pub(super) type Event<'a> = (&'static str, &'a str, &'a str);

/// Something to import, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found<'a> {
    pub(super) item: Item<'a>,
    /// Its path, or its id with slashes: `/v1/reporting/report_run`.
    pub(super) namespace: String,
    /// Whether it was requested by its own name.
    pub(super) is_named: bool,
}

impl<'a> Found<'a> {
    fn operation(method: &'a str, path: &'a str) -> Self {
        Self { item: Item::Operation { method, path }, namespace: path.to_owned(), is_named: true }
    }

    fn named(item: Item<'a>, id: &str) -> Self {
        let path = id.replace('.', "/");
        let has_generation = ["v1/", "v2/"].iter().any(|generation| path.starts_with(generation));
        let namespace = if has_generation { format!("/{path}") } else { format!("/v1/{path}") };
        Self { item, namespace, is_named: true }
    }

    /// Returns it in words.
    pub(super) fn words(&self) -> String {
        match &self.item {
            Item::Operation { method, path } => format!("`{} {path}`", method.to_uppercase()),
            Item::Schema(key) => format!("`{key}`"),
            Item::Event { name, .. } => format!("the event `{name}`"),
        }
    }

    fn is_in(&self, namespace: &str) -> bool {
        let rest = self.namespace.strip_prefix(namespace.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Finds what a name stands for: an operation, a resource, an event, or all of a namespace.
pub(super) fn find<'a>(published: &'a Published, name: &str) -> Result<Vec<Found<'a>>, ImportError> {
    let root = &published.root;
    // `/` would be the namespace of everything.
    if !name.contains(char::is_alphanumeric) {
        return Err(unknown(published, name));
    }
    let operations = operations(root);
    if let Some((method, path)) = name.trim().split_once(' ') {
        let is_it = |(other, other_path, _): &(&str, &str, &Json)| {
            other.eq_ignore_ascii_case(method) && template(other_path) == template(path.trim())
        };
        let found = operations.iter().find(|operation| is_it(operation));
        return found
            .map(|(method, path, _)| vec![Found::operation(method, path)])
            .ok_or_else(|| unknown(published, name));
    }
    if let Some((method, path, _)) = operations.iter().find(|(_, _, node)| text(node, "operationId") == Some(name)) {
        return Ok(vec![Found::operation(method, path)]);
    }
    let resources: Vec<_> = resources(root).collect();
    let events: Vec<_> = events(root).collect();
    let namespace = namespace(name);
    let exact: Vec<_> = resources.iter().filter(|(id, _)| *id == name).map(|(_, found)| found.clone()).collect();
    let event = events.iter().filter(|(other, _)| *other == name).map(|(_, found)| found.clone());
    let exact: Vec<_> = exact.into_iter().chain(event).collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let operations = operations.iter().map(|(method, path, _)| Found::operation(method, path));
    let others = resources.into_iter().chain(events).map(|(_, found)| found);
    let found = operations.chain(others).filter(|found| found.is_in(&namespace));
    let found: Vec<_> = found.map(|found| Found { is_named: false, ..found }).collect();
    if found.is_empty() { Err(unknown(published, name)) } else { Ok(found) }
}

/// Returns the path of a namespace: `v2.data`, `/v2/data`, or `reporting` of v1.
fn namespace(name: &str) -> String {
    if name.starts_with('/') {
        return name.to_owned();
    }
    let path = name.replace('.', "/");
    let has_generation = ["v1", "v2"].iter().any(|generation| path.split('/').next() == Some(generation));
    if has_generation { format!("/{path}") } else { format!("/v1/{path}") }
}

fn unknown(published: &Published, name: &str) -> ImportError {
    let root = &published.root;
    let operations = operations(root);
    let ids = operations.iter().filter_map(|(_, _, node)| text(node, "operationId").map(str::to_owned));
    let calls = operations.iter().map(|(method, path, _)| format!("{} {path}", method.to_uppercase()));
    let others = resources(root).map(|(id, _)| id.to_owned()).chain(events(root).map(|(id, _)| id.to_owned()));
    let names: Vec<_> = calls.chain(ids).chain(others).collect();
    let near = names.chunks(COMPARED).find_map(|names| suggest::did_you_mean(name, names));
    let help = near.unwrap_or_else(|| {
        "pass an operation (`\"GET /v1/…\"` or its `operationId`), a resource, an event type or a namespace (`v2.data`)".to_owned()
    });
    ImportError::new(format!("{} has no `{name}`", published.name), help)
}

/// Returns a path without the names of its parameters.
pub(super) fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn operations(root: &Json) -> Vec<(&str, &str, &Json)> {
    let paths = members(root, "paths");
    let found = paths.flat_map(|(path, item)| {
        members_of(item)
            .filter(|(method, _)| METHODS.contains(method))
            .map(move |(method, node)| (method, path.as_str(), node))
    });
    found.collect()
}

fn members_of(value: &Json) -> impl Iterator<Item = (&str, &Json)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn schemas(root: &Json) -> impl Iterator<Item = (&str, &Json)> {
    root.get("components").and_then(|components| components.get("schemas")).into_iter().flat_map(members_of)
}

fn resources(root: &Json) -> impl Iterator<Item = (&str, Found<'_>)> {
    schemas(root).filter_map(|(key, schema)| {
        let id = text(schema, "x-resourceId")?;
        // What has another shape has it for deleted objects.
        schema.pointer("/properties/object")?;
        Some((id, Found::named(Item::Schema(key), id)))
    })
}

/// Returns the events about the schemas that a resource is described by.
pub(super) fn events_of<'a>(root: &'a Json, is_wanted: impl Fn(&str) -> bool) -> Vec<Event<'a>> {
    let about = |(_, found): (&'a str, Found<'a>)| match found.item {
        Item::Event { kind, name, resource } if is_wanted(resource) => Some((kind, name, resource)),
        _ => None,
    };
    events(root).filter_map(about).collect()
}

fn events(root: &Json) -> impl Iterator<Item = (&str, Found<'_>)> {
    schemas(root).filter_map(move |(_, schema)| {
        let name = schema.get("x-stripeEvent").and_then(|event| text(event, "type"))?;
        let is_thin = text(schema.get("x-stripeEvent")?, "kind") == Some("thin");
        let resource = if is_thin {
            let id = schema.pointer("/properties/related_object/properties/type/enum/0")?.as_str()?;
            schemas(root).find(|(_, schema)| text(schema, "x-resourceId") == Some(id))?.0
        } else {
            let key = referenced_schema(schema.pointer("/properties/object/$ref")?.as_str()?)?;
            schemas(root).find(|(other, _)| *other == key)?.0
        };
        let kind = if is_thin { "thin" } else { "snapshot" };
        Some((name, Found::named(Item::Event { kind, name, resource }, name)))
    })
}
