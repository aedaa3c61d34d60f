//! Translates parts of a published description into the dialect, without their sentences.
//!
//! Facts go in, values come out, with an empty `description` wherever one is to be written. What the dialect cannot express is
//! listed with its place and left out.

use serde_json::Value as Json;

use super::node::Node;
use super::schema::{Form, Used};
use super::translate_objects::tag;
use super::translate_schema::Place;
use crate::edit::Value;
use crate::pointer::Pointer;

/// A part of a published description in the dialect.
#[derive(Debug, Default)]
pub(super) struct Translated {
    /// The part; `None` if the dialect cannot express it at all.
    pub(super) value: Option<Value>,
    /// The places of the published schemas that it refers to.
    pub(super) needs: Vec<Pointer>,
    /// What the dialect cannot express.
    pub(super) lost: Vec<Inexpressible>,
}

/// Something that the dialect cannot express, and that is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inexpressible {
    /// The place in the published description.
    pub pointer: Pointer,
    /// What it is, such as `a union of 3 schemas`.
    pub construct: String,
}

/// Whether a schema is sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// What translating needs to know.
pub(super) struct Translator<'p> {
    /// The published description.
    pub(super) root: &'p Json,
    /// Returns the key under `components.schemas` that the curated description has, or will have, for the schema at a place;
    /// `None` if another schema has it, so that this one is written in place.
    pub(super) component: &'p dyn Fn(&Pointer) -> Option<String>,
    /// Returns whether a resource is described: ids of others are strings.
    pub(super) has_resource: &'p dyn Fn(&str) -> bool,
}

impl Translator<'_> {
    /// Translates the schema at a place: a component or a property.
    pub(super) fn schema(&self, at: &Pointer, direction: Direction) -> Translated {
        let is_component = at.component("schemas").is_some();
        let name = at.segments().last().unwrap_or_default();
        self.run(at, |work, node| match tag(&name, node) {
            _ if is_component => work.component(node, at),
            Some(tag) => Some(tag),
            None => work.schema(node, at, direction, Place::Property),
        })
    }

    /// Translates the parameter at a place.
    pub(super) fn parameter(&self, at: &Pointer) -> Translated {
        self.run(at, |work, node| work.parameter(node, at))
    }

    /// Translates the operation at a place, except for its error responses: `errors` are written in their place, by status.
    pub(super) fn operation(&self, at: &Pointer, errors: &Value) -> Translated {
        self.run(at, |work, node| work.operation(node, at, errors))
    }

    /// Translates the error responses of the operation at a place, by status.
    pub(super) fn errors(&self, at: &Pointer) -> Translated {
        self.run(at, |work, node| Some(work.errors(node, at)))
    }

    fn run(&self, at: &Pointer, translate: impl FnOnce(&mut Work<'_>, &Json) -> Option<Value>) -> Translated {
        let mut work = Work { translator: self, needs: Vec::new(), lost: Vec::new(), depth: 0, open: Vec::new() };
        let value = self.root.pointer(at.as_str()).and_then(|node| translate(&mut work, node));
        Translated { value, needs: work.needs, lost: work.lost }
    }
}

/// Returns the place of a schema with a name.
pub(super) fn schema_place(key: &str) -> Pointer {
    Pointer::root().join("components").join("schemas").join(key)
}

/// What is collected while a part is translated.
pub(super) struct Work<'t> {
    pub(super) translator: &'t Translator<'t>,
    pub(super) needs: Vec<Pointer>,
    pub(super) lost: Vec<Inexpressible>,
    /// How many schemas are around the one that is translated.
    pub(super) depth: usize,
    /// The places of the components that are written in place.
    pub(super) open: Vec<Pointer>,
}

impl Work<'_> {
    pub(super) fn lose(&mut self, at: &Pointer, construct: impl Into<String>) {
        self.lost.push(Inexpressible { pointer: at.clone(), construct: construct.into() });
    }

    fn operation(&mut self, node: &Json, at: &Pointer, errors: &Value) -> Option<Value> {
        let method = at.segments().last().unwrap_or_default();
        if !["get", "post", "delete"].contains(&method.as_str()) {
            self.lose(at, format!("the method `{method}`"));
            return None;
        }
        if node.get("operationId").and_then(Json::as_str).is_none() {
            self.lose(at, "an operation without `operationId`");
            return None;
        }
        let mut entries = facts(node, &["operationId", "x-stableId"], Json::is_string);
        entries.extend(facts(node, &["deprecated", "x-stripeNotPublic"], is_true));
        entries.push(("description".to_owned(), Value::text("")));
        let parameters = self.parameters(at);
        if !has_parameters_of_path(at, &parameters) {
            self.lose(&at.join("parameters"), "parameters that differ from those in the path");
            return None;
        }
        if !parameters.is_empty() {
            entries.push(("parameters".to_owned(), Value::List(parameters)));
        }
        if let Some(body) = self.request_body(node.get("requestBody"), &at.join("requestBody"))? {
            entries.push(("requestBody".to_owned(), body));
        }
        let successes: Vec<_> = members(node, "responses").filter(|(status, _)| status.starts_with('2')).collect();
        let [(status, success)] = successes.as_slice() else {
            self.lose(&at.join("responses"), format!("{} successful responses", successes.len()));
            return None;
        };
        let success = self.success(success, &at.join("responses").join(status))?;
        let errors = if let Value::Map(errors) = errors { errors.as_slice() } else { &[] };
        let responses = [((*status).clone(), success)].into_iter().chain(errors.iter().cloned());
        entries.push(("responses".to_owned(), Value::Map(responses.collect())));
        Some(Value::Map(entries))
    }

    /// Translates the parameters of an operation, and those of its path that it does not replace.
    fn parameters(&mut self, operation: &Pointer) -> Vec<Value> {
        let root = self.translator.root;
        let mut found: Vec<Node<'_>> = Vec::new();
        for at in [operation.clone(), operation.parent()] {
            let listed = Node::root(root).at(&at).map(|node| node.items_of("parameters")).unwrap_or_default();
            for parameter in listed.iter().filter_map(Node::resolved) {
                let is_same =
                    |other: &Node<'_>| ["name", "in"].iter().all(|key| other.text(key) == parameter.text(key));
                if at == *operation || !found.iter().any(is_same) {
                    found.push(parameter);
                }
            }
        }
        found.iter().filter_map(|node| self.parameter(node.value, &node.pointer)).collect()
    }

    fn parameter(&mut self, node: &Json, at: &Pointer) -> Option<Value> {
        let place = node.get("in").and_then(Json::as_str).unwrap_or_default();
        if !["path", "query"].contains(&place) || !node.get("name").is_some_and(Json::is_string) {
            self.lose(at, format!("a parameter in `{place}`"));
            return None;
        }
        let schema = self.schema(node.get("schema")?, &at.join("schema"), Direction::Request, Place::Unnamed)?;
        let mut entries = facts(node, &["name", "in"], Json::is_string);
        entries.extend(facts(node, &["required", "deprecated"], is_true));
        let style = match place {
            "path" => "simple",
            _ if self.is_scalar(&at.join("schema")) => "form",
            _ => "deepObject",
        };
        entries.push(("style".to_owned(), Value::text(style)));
        if style == "deepObject" {
            entries.push(("explode".to_owned(), Value::Flag(true)));
        }
        entries.push(("description".to_owned(), Value::text("")));
        if let Some(resource) = self.referenced_resource(node, "x-stripeParam") {
            entries.push(("x-stripeParam".to_owned(), resource));
        }
        entries.push(("schema".to_owned(), schema));
        Some(Value::Map(entries))
    }

    /// Translates a body; `None` if it cannot be expressed, `Some(None)` if nothing is sent.
    fn request_body(&mut self, node: Option<&Json>, at: &Pointer) -> Option<Option<Value>> {
        let Some(node) = node else { return Some(None) };
        let contents: Vec<_> = members(node, "content").collect();
        let [(content_type, content)] = contents.as_slice() else {
            self.lose(at, "a body with several content types");
            return None;
        };
        if !["application/json", "application/x-www-form-urlencoded"].contains(&content_type.as_str()) {
            self.lose(at, format!("a body of the type `{content_type}`"));
            return None;
        }
        let at = at.join("content").join(content_type).join("schema");
        let schema = content.get("schema")?;
        if schema.get("$ref").is_none() && members(schema, "properties").next().is_none() {
            return Some(None);
        }
        let schema = self.schema(schema, &at, Direction::Request, Place::Unnamed)?;
        let is_required =
            schema.get("required").is_some() || node.get("required").and_then(Json::as_bool) == Some(true);
        let mut entries = Vec::new();
        if *content_type == "application/x-www-form-urlencoded" {
            let encoding = self.encoding(&schema, &at);
            entries.extend((!encoding.is_empty()).then(|| ("encoding".to_owned(), Value::Map(encoding))));
        }
        entries.push(("schema".to_owned(), schema));
        let content = Value::map([((*content_type).clone(), Value::Map(entries))]);
        Some(Some(Value::map([("required", Value::Flag(is_required)), ("content", content)])))
    }

    fn success(&mut self, node: &Json, at: &Pointer) -> Option<Value> {
        let at = at.join("content").join("application/json").join("schema");
        let Some(schema) = node.pointer("/content/application~1json/schema") else {
            self.lose(&at, "a response that is not JSON");
            return None;
        };
        let schema = self.schema(schema, &at, Direction::Response, Place::Unnamed)?;
        Some(response("The response.", schema))
    }

    /// Returns how the properties of a form at a place are serialized that are not scalars.
    fn encoding(&self, form: &Value, at: &Pointer) -> Vec<(String, Value)> {
        let Some(Value::Map(properties)) = form.get("properties") else { return Vec::new() };
        let deep = || Value::map([("style", Value::text("deepObject")), ("explode", Value::Flag(true))]);
        let names = properties.iter().map(|(name, _)| name);
        let nested = names.filter(|name| !self.is_scalar(&at.join("properties").join(name)));
        nested.map(|name| (name.clone(), deep())).collect()
    }

    /// Returns whether a value is serialized as text, whatever refers to its schema.
    fn is_scalar(&self, at: &Pointer) -> bool {
        let used = Node::root(self.translator.root).at(at).and_then(Used::at);
        let is_scalar = |form| matches!(form, Form::String | Form::Integer | Form::Number | Form::Boolean);
        used.is_some_and(|used| is_scalar(used.form))
    }

    /// Returns a reference to a schema, and remembers that it is needed; `None` if it has no key.
    pub(super) fn need(&mut self, place: &Pointer) -> Option<Value> {
        let name = (self.translator.component)(place)?;
        if !self.needs.contains(place) {
            self.needs.push(place.clone());
        }
        Some(Value::map([("$ref", Value::text(format!("#{}", schema_place(&name))))]))
    }

    /// Returns the value of an extension that names a resource, if it is described.
    pub(super) fn referenced_resource(&self, node: &Json, extension: &str) -> Option<Value> {
        let referenced = node.get(extension)?.get("referenced_resource")?;
        let reference = referenced.get("$ref").and_then(Json::as_str).and_then(referenced_schema);
        let by_reference = || {
            let schema = self.translator.root.pointer(schema_place(&reference?).as_str())?;
            schema.get("x-resourceId").and_then(Json::as_str)
        };
        let resource = referenced.as_str().or_else(by_reference)?;
        let is_described = (self.translator.has_resource)(resource);
        is_described.then(|| Value::map([("referenced_resource", Value::text(resource))]))
    }
}

/// Returns a response with a schema.
pub(super) fn response(description: &str, schema: Value) -> Value {
    let content = Value::map([("application/json", Value::map([("schema", schema)]))]);
    Value::map([("description", Value::text(description)), ("content", content)])
}

/// Returns whether an operation has exactly the parameters that its path names.
fn has_parameters_of_path(at: &Pointer, parameters: &[Value]) -> bool {
    let path = at.segments().nth(1).unwrap_or_default();
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let is_in_path = |parameter: &&Value| parameter.get("in") == Some(&Value::text("path"));
    let given = parameters.iter().filter(is_in_path);
    let mut named: Vec<_> = named.map(Value::text).collect();
    for parameter in given {
        let name = named.iter().position(|name| Some(name) == parameter.get("name"));
        match name.filter(|_| parameter.get("required") == Some(&Value::Flag(true))) {
            Some(name) => drop(named.remove(name)),
            None => return false,
        }
    }
    named.is_empty()
}

/// Returns the members that are taken over as they are, if they are of this kind.
pub(super) fn facts(node: &Json, names: &[&str], fits: impl Fn(&Json) -> bool) -> Vec<(String, Value)> {
    let found = names.iter().filter_map(|name| Some(((*name).to_owned(), node.get(*name)?)));
    found.filter(|(_, value)| fits(value)).map(|(name, value)| (name, Value::from(value))).collect()
}

/// Returns whether a value is `true`.
pub(super) fn is_true(value: &Json) -> bool {
    *value == Json::Bool(true)
}

/// Returns the members of an object inside.
pub(super) fn members<'j>(node: &'j Json, name: &str) -> impl Iterator<Item = (&'j String, &'j Json)> {
    node.get(name).and_then(Json::as_object).into_iter().flatten()
}

/// Returns the key of the schema that a reference names.
pub(super) fn referenced_schema(reference: &str) -> Option<String> {
    Pointer::from_reference(reference)?.component("schemas")
}
