//! What published descriptions have within what is covered, and the dialect cannot express.

use super::values::formats;
use super::{Finder, There};
use crate::dialect::grammar::{Kind, SchemaKind, TYPES, schema_keywords};
use crate::pointer::Pointer;
use crate::published::node::Node;
use crate::published::operation::{Operation, error_member};
use crate::published::pairing::{Counterpart, OperationPair, Pairing};
use crate::published::schema::{Form, Used};

/// The formats that say how large a number is, which is no fact about its values.
const SIZES: [&str; 4] = ["int32", "int64", "float", "double"];

/// The type of JSON.
const JSON: &str = "application/json";

impl<'a> Finder<'_, 'a> {
    /// Lists what the dialect cannot express of operations that are covered, and references that lead nowhere.
    pub(super) fn inexpressible(&mut self, pairing: &Pairing<'a>) {
        for (_, source, node) in &pairing.dangling {
            let there = There { source, pointer: node.pointer.clone() };
            self.foreign(&there, dangling(node));
        }
        for pair in &pairing.operations {
            let OperationPair { source, curated, published, .. } = pair;
            let mut found = Vec::new();
            self.server(pair, &mut found);
            parameters(published, &mut found);
            contents(curated, published, &mut found);
            success(curated, published, &mut found);
            errors(curated, published, &mut found);
            keywords(&published.node, Kind::Operation, &["servers"], &mut found);
            for (pointer, construct) in found {
                self.foreign(&There { source, pointer }, construct);
            }
        }
    }

    /// Lists servers of an operation, or of its path, that are not that of the description.
    fn server(&self, pair: &OperationPair<'a>, found: &mut Vec<(Pointer, String)>) {
        let root = Node::root(&pair.source.root);
        let url = |node: &Node<'a>| node.items_of("servers").first().and_then(|server| server.text("url"));
        let common = url(&root).map(|url| url.trim_end_matches('/'));
        if common.is_none() {
            found.push((Pointer::root(), "a description without a server".to_owned()));
        }
        let item = root.at(&pair.published.node.pointer.parent());
        for node in item.iter().chain([&pair.published.node]) {
            if let Some(own) = url(node).filter(|own| Some(own.trim_end_matches('/')) != common) {
                found.push((node.pointer.join("servers"), format!("a server of its own, `{own}`")));
            }
        }
    }

    /// Lists keywords of a published schema that the dialect does not have.
    pub(super) fn keywords(&mut self, other: &Counterpart<'a, Used<'a>>) {
        let schema = &other.published.schema;
        let mut found = Vec::new();
        let kinds = TYPES.iter().map(|name| SchemaKind::Typed(name)).chain([SchemaKind::AnyOf, SchemaKind::OneOf]);
        let known: Vec<&str> = kinds.flat_map(schema_keywords).map(|member| member.name).collect();
        keywords(schema, Kind::Schema, &known, &mut found);
        if matches!(other.published.form, Form::Integer | Form::Number | Form::Boolean)
            && schema.value.get("enum").is_some()
        {
            found.push((schema.pointer.join("enum"), format!("an `enum` of the type `{}`", other.published.words())));
        }
        if other.published.form == Form::Array && schema.value.get("items").is_none() {
            found.push((schema.pointer.clone(), "an array without `items`".to_owned()));
        }
        if let Some(format) =
            schema.text("format").filter(|format| !formats(schema).contains(format) && !SIZES.contains(format))
        {
            found.push((schema.pointer.join("format"), format!("the format `{format}`")));
        }
        for (pointer, construct) in found {
            self.foreign(&other.at(&pointer), construct);
        }
    }
}

/// Lists errors of an operation whose schema leads nowhere, or has no code or type where the curated one has.
fn errors(curated: &Operation<'_>, published: &Operation<'_>, found: &mut Vec<(Pointer, String)>) {
    let (ours, theirs) = (curated.errors(), published.errors());
    found.extend(theirs.dangling.iter().map(|node| (node.pointer.clone(), dangling(node))));
    if ours.others.len() > theirs.others.len() && theirs.dangling.is_empty() {
        found.push((published.node.pointer.join("responses"), "errors without a code that are missing".to_owned()));
    }
    for (ours, theirs) in ours.others.iter().zip(&theirs.others) {
        for name in ["code", "type"] {
            if error_member(ours, name).is_some() && error_member(theirs, name).is_none() {
                found.push((theirs.pointer.clone(), format!("an error without `{name}`")));
            }
        }
    }
}

/// Lists the keys of an object that are neither keywords of the dialect nor extensions.
fn keywords(node: &Node<'_>, kind: Kind, others: &[&str], found: &mut Vec<(Pointer, String)>) {
    let is_known = |key: &str| kind.keywords().iter().any(|member| member.name == key) || others.contains(&key);
    let unknown = node.entries().filter(|(key, _)| !is_known(key) && !key.starts_with("x-"));
    found.extend(unknown.map(|(key, value)| (value.pointer, format!("`{key}`"))));
}

fn dangling(node: &Node<'_>) -> String {
    match node.text("$ref") {
        Some(reference) => format!("a reference to `{reference}`, which leads nowhere"),
        None => "a schema that contains only itself".to_owned(),
    }
}

fn parameters(published: &Operation<'_>, found: &mut Vec<(Pointer, String)>) {
    for entry in &published.dangling {
        found.push((entry.pointer.clone(), dangling(entry)));
    }
    for parameter in &published.parameters {
        let place = parameter.key.0;
        if !["path", "query"].contains(&place) {
            found.push((parameter.node.pointer.clone(), format!("a parameter in `{place}`")));
        } else if parameter.schema().is_none() {
            found.push((parameter.node.pointer.clone(), "a parameter without `schema`".to_owned()));
        }
        let style = |key: &str| parameter.node.value.get(key);
        let is_split = style("style").is_some_and(|style| style == "deepObject")
            && style("explode").is_some_and(|value| value == false);
        if is_split {
            found.push((parameter.node.pointer.join("explode"), "`explode: false` of a `deepObject`".to_owned()));
        }
    }
}

/// Lists content types of the body besides the one that the generation sends, and how it is serialized, if it is a form.
fn contents(curated: &Operation<'_>, published: &Operation<'_>, found: &mut Vec<(Pointer, String)>) {
    let Some(written) = published.node.key("requestBody") else { return };
    let Some(body) = written.resolved() else {
        found.push((written.pointer.clone(), dangling(&written)));
        return;
    };
    let types: Vec<_> = body.key("content").iter().flat_map(Node::entries).collect();
    let known = published.media();
    for (name, content) in types.iter().filter(|(name, _)| *name != known) {
        found.push((content.pointer.clone(), format!("a body of the type `{name}`")));
    }
    if types.iter().all(|(_, content)| content.key("schema").is_none()) {
        found.push((body.pointer, "a body without a schema".to_owned()));
    }
    let (Some(ours), Some(theirs)) = (curated.content(), published.content()) else { return };
    let style = |content: &Node<'_>, name: &str| {
        let encoding = content.keys(&["encoding", name]);
        encoding.and_then(|encoding| encoding.text("style")).unwrap_or("form").to_owned()
    };
    let is_split = |content: &Node<'_>, name: &str| {
        content.keys(&["encoding", name, "explode"]).is_some_and(|explode| *explode.value == false)
    };
    let properties =
        theirs.key("schema").and_then(Used::at).map(|used| crate::published::schema::properties(&used.schema));
    let names = ours.key("encoding").iter().flat_map(Node::entries).map(|(name, _)| name).collect::<Vec<_>>();
    for (name, _) in properties.into_iter().flatten().filter(|(name, _)| names.contains(name)) {
        if style(&theirs, name) != style(&ours, name) || is_split(&theirs, name) != is_split(&ours, name) {
            found.push((theirs.pointer.clone(), format!("`{name}` with another `encoding`")));
        }
    }
}

/// Lists what the successful responses have besides one of the same status with JSON.
fn success(curated: &Operation<'_>, published: &Operation<'_>, found: &mut Vec<(Pointer, String)>) {
    let (ours, theirs) = (curated.successes(), published.successes());
    if theirs.len() != 1 {
        let construct = format!("{} successful responses", theirs.len());
        found.push((published.node.pointer.join("responses"), construct));
    }
    for (status, written) in theirs {
        let Some(response) = written.resolved() else {
            found.push((written.pointer.clone(), dangling(&written)));
            continue;
        };
        if ours.len() == 1 && !ours.iter().any(|(other, _)| *other == status) {
            found.push((written.pointer.clone(), format!("a response with the status `{status}`")));
        }
        let types: Vec<_> = response.key("content").iter().flat_map(Node::entries).collect();
        for (name, content) in types.iter().filter(|(name, _)| *name != JSON) {
            found.push((content.pointer.clone(), format!("a response of the type `{name}`")));
        }
        if response.keys(&["content", JSON, "schema"]).is_none() {
            found.push((response.pointer, "a response without a schema of JSON".to_owned()));
        }
    }
}
