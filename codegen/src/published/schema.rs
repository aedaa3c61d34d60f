//! Schemas as they are compared: without references and wrappers, in one form on both sides.

use std::collections::HashSet;

use serde_json::Value;

use super::node::Node;
use crate::pointer::Pointer;

/// Where a schema is used, and the schema: that of a property, an item, a parameter.
#[derive(Debug, Clone)]
pub(super) struct Used<'a> {
    /// The place, which may have a reference, or `anyOf` around it.
    pub(super) site: Node<'a>,
    /// The schema itself.
    pub(super) schema: Node<'a>,
    pub(super) nullable: bool,
    pub(super) form: Form<'a>,
}

/// What a schema describes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form<'a> {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    /// An object with properties.
    Object,
    /// The envelope of a list.
    List,
    /// An object with free keys.
    Map,
    /// An object of which nothing else is said.
    Bare,
    /// Bounds, and possibly an exact value beside them.
    Range {
        bounds: Node<'a>,
        exact: Option<Node<'a>>,
    },
    /// An id, or one of these objects, as `anyOf` has them.
    Expandable(Vec<Node<'a>>),
    /// Objects of one property each.
    OneOf(Vec<Node<'a>>),
    Any,
    /// A construct that the dialect does not have, in words.
    Foreign(String),
}

/// The extension with the id of a resource.
pub(super) const RESOURCE_ID: &str = "x-resourceId";

/// How many wrappers are looked through: more are a cycle.
const MAX_WRAPPERS: usize = 32;

const BOUNDS: [&str; 4] = ["gt", "gte", "lt", "lte"];

impl<'a> Used<'a> {
    /// Looks through references and wrappers; `None` if they lead nowhere.
    pub(super) fn at(site: Node<'a>) -> Option<Self> {
        let mut schema = site.resolved()?;
        let mut nullable = schema.flag("nullable");
        for _ in 0..MAX_WRAPPERS {
            let Some(only) = wrapped(&schema) else {
                let form = Form::of(&schema);
                return Some(Self { site, schema, nullable, form });
            };
            schema = only.resolved()?;
            nullable |= schema.flag("nullable");
        }
        None
    }

    /// Returns whether a published schema describes the same kind of value, whatever is inside: not another of these resources.
    pub(super) fn is_like(&self, other: &Self, resources: &HashSet<&str>) -> bool {
        let resource = |used: &Self| used.schema.text(RESOURCE_ID).filter(|id| resources.contains(id));
        let is_other = resource(self).zip(resource(other)).is_some_and(|(ours, theirs)| ours != theirs);
        self.form.is_like(&other.form) && !is_other
    }

    /// Returns whether it is written as a reference, beside which nothing stands.
    pub(super) fn is_reference(&self) -> bool {
        self.site.text("$ref").is_some()
    }

    /// Returns the type in short words, as reports show it.
    pub(super) fn words(&self) -> String {
        match &self.form {
            Form::String => "string".to_owned(),
            Form::Integer => "integer".to_owned(),
            Form::Number => "number".to_owned(),
            Form::Boolean => "boolean".to_owned(),
            Form::Array => "array".to_owned(),
            Form::Object => self.schema.text(RESOURCE_ID).map_or_else(|| "object".to_owned(), str::to_owned),
            Form::List => "list".to_owned(),
            Form::Map => "map".to_owned(),
            Form::Bare => "any object".to_owned(),
            Form::Range { exact: None, .. } => "range".to_owned(),
            Form::Range { exact: Some(_), .. } => "range or exact value".to_owned(),
            Form::Expandable(_) => "expandable id".to_owned(),
            Form::OneOf(_) => "one of several properties".to_owned(),
            Form::Any => "any JSON".to_owned(),
            Form::Foreign(words) => words.clone(),
        }
    }
}

/// Returns the only entry of a list of alternatives, apart from the empty string by which requests clear a value.
fn wrapped<'a>(schema: &Node<'a>) -> Option<Node<'a>> {
    let list = ["anyOf", "oneOf", "allOf"].into_iter().find_map(|key| schema.key(key))?;
    let mut entries = list.items().filter(|entry| !clears(entry));
    entries.next().filter(|_| entries.next().is_none() && schema.value.get("properties").is_none())
}

fn clears(entry: &Node<'_>) -> bool {
    entry.value.get("enum").and_then(Value::as_array).is_some_and(|values| *values == [Value::String(String::new())])
}

impl<'a> Form<'a> {
    fn of(schema: &Node<'a>) -> Self {
        if let Some(key) = ["allOf", "not"].into_iter().find(|key| schema.value.get(key).is_some()) {
            return Self::Foreign(format!("`{key}`"));
        }
        let alternatives = ["anyOf", "oneOf"].into_iter().find_map(|key| schema.key(key));
        if let Some(list) = alternatives {
            return Self::of_alternatives(&list);
        }
        let has = |key| schema.value.get(key).is_some();
        match schema.text("type") {
            Some("string") => Self::String,
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            Some("array") => Self::Array,
            Some("object") => Self::of_object(schema),
            Some(other) => Self::Foreign(format!("the type `{other}`")),
            None if has("type") => Self::Foreign("a list of types".to_owned()),
            None if has("properties") => Self::of_object(schema),
            None if has("items") => Self::Array,
            None if has("enum") => Self::String,
            None => Self::Any,
        }
    }

    fn of_object(schema: &Node<'a>) -> Self {
        let mut names = schema.key("properties").into_iter().flat_map(|node| node.entries().collect::<Vec<_>>());
        let is_closed = schema.value.get("additionalProperties") == Some(&Value::Bool(false));
        match names.next() {
            None if is_closed => Self::Object,
            None if schema.value.get("additionalProperties").is_none() => Self::Bare,
            None => Self::Map,
            Some((first, _)) if BOUNDS.contains(&first) && names.all(|(name, _)| BOUNDS.contains(&name)) => {
                Self::Range { bounds: schema.clone(), exact: None }
            }
            Some(_) if is_list(schema) => Self::List,
            Some(_) => Self::Object,
        }
    }

    fn of_alternatives(list: &Node<'a>) -> Self {
        let written: Vec<_> = list.items().collect();
        let entries: Vec<_> = written.iter().filter_map(Node::resolved).collect();
        let is_object = |entry: &&Node<'_>| entry.resolved().is_some_and(|entry| entry.text("type") == Some("object"));
        let one_property = |entry: &Node<'_>| {
            let properties = entry.value.get("properties").and_then(Value::as_object);
            properties.is_some_and(|properties| properties.len() == 1) && entry.texts("required").count() == 1
        };
        if let [first, second] = entries.as_slice()
            && first.text("type") == Some("object")
            && let Self::Range { bounds, exact: None } = Self::of_object(first)
        {
            return Self::Range { bounds, exact: Some(second.clone()) };
        }
        let (objects, others): (Vec<_>, Vec<_>) = written.iter().partition(is_object);
        match others.as_slice() {
            [id] if id.text("type") == Some("string") && !objects.is_empty() => {
                Self::Expandable(objects.into_iter().cloned().collect())
            }
            [] if entries.len() > 1
                && list.pointer.as_str().ends_with("/oneOf")
                && entries.iter().all(one_property) =>
            {
                Self::OneOf(entries)
            }
            _ => Self::Foreign(format!("a union of {} schemas", written.len())),
        }
    }

    /// Returns whether a published form describes the same kind of value, whatever is inside.
    fn is_like(&self, other: &Self) -> bool {
        use std::mem::discriminant;
        match (self, other) {
            (Self::Object | Self::Map, Self::Bare) => true,
            (Self::Range { exact, .. }, Self::Range { exact: other, .. }) => exact.is_some() == other.is_some(),
            _ => discriminant(self) == discriminant(other),
        }
    }
}

/// Returns whether a schema is the envelope of a list, whose properties the dialect fixes.
fn is_list(schema: &Node<'_>) -> bool {
    let has = |name| property(schema, name).is_some();
    has("data") && (has("has_more") || has("next_page_url"))
}

/// Returns a property of an object, by its name.
pub(super) fn property<'a>(object: &Node<'a>, name: &str) -> Option<Node<'a>> {
    object.keys(&["properties", name])
}

/// Returns the properties of an object.
pub(super) fn properties<'a>(object: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    object.key("properties").iter().flat_map(Node::entries).collect()
}

/// Returns the place of a property that an object may lack.
pub(super) fn place(object: &Pointer, name: &str) -> Pointer {
    object.join("properties").join(name)
}
