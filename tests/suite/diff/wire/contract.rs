//! Reads what a description says about the wire: what each operation accepts, and what responses and events contain.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use stripe_reporting_codegen::Source;

use super::body::{Body, reachable};
use super::facts::{self, Facts};
use super::schema::is_tag;

/// What a description says about the wire.
#[derive(Default)]
pub(crate) struct Contract {
    /// By method, server and path. The body is an object with the parameters in the path, by position, and in the query, the form
    /// or the JSON body.
    pub(crate) requests: BTreeMap<String, Arc<Body>>,
    /// By operation, event type, kind of event, and component.
    pub(crate) responses: BTreeMap<String, Arc<Body>>,
    /// The components that only requests refer to.
    sent: BTreeSet<String>,
    /// The responses that are no operation's and no event's.
    unused: BTreeSet<String>,
    pub(super) request_facts: Facts,
    pub(super) response_facts: Facts,
}

/// Returns a component that nothing refers to and that is renamed: the only such component that is not on both sides.
pub(super) fn renamed<'a>(base: &'a Contract, head: &'a Contract) -> Option<(&'a String, &'a Arc<Body>)> {
    let only = |one: &'a Contract, other: &Contract| {
        let mut missing = one.unused.iter().filter(|name| !other.responses.contains_key(*name));
        missing.next().filter(|_| missing.next().is_none())
    };
    Some((only(base, head)?, &head.responses[only(head, base)?]))
}

/// Returns whether only requests refer to a component on one side, and only responses on the other.
pub(super) fn has_turned(base: &Contract, head: &Contract) -> bool {
    let turned = |one: &Contract, other: &Contract| one.sent.iter().any(|name| other.responses.contains_key(name));
    turned(base, head) || turned(head, base)
}

/// A file of a description.
struct File<'a> {
    document: &'a Value,
    components: &'a Map<String, Value>,
    /// The components that each kind of body refers to.
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
    errors: BTreeSet<String>,
}

impl Contract {
    pub(crate) fn read(sources: &[Source]) -> Self {
        let mut contract = Self::default();
        for source in sources {
            let mut document: Value = serde_yaml::from_str(&source.text).unwrap();
            complete(&mut document);
            contract.add(&document);
        }
        contract
    }

    fn add(&mut self, document: &Value) {
        let none = Map::new();
        let components = document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&none);
        let (sent, received, errors) = Default::default();
        let mut file = File { document, components, sent, received, errors };
        let server = document.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or("https://api.stripe.com");
        for (path, methods) in members(&document["paths"]) {
            for (method, operation) in members(methods) {
                self.operation(&mut file, server, (path, method), operation);
            }
        }
        for (name, schema) in components {
            self.event(&mut file, schema);
            self.envelope(&mut file, schema);
            facts::of_component(&mut self.response_facts, name, schema);
        }
        for (name, schema) in components {
            let reference = json!({"$ref": format!("#/components/schemas/{}", escaped(name))});
            let is_event = schema.get("x-stripeEvent").is_some();
            let is_error = schema.get("x-stripeError").is_some() || file.errors.contains(name);
            let (sent, received) = (file.sent.contains(name), file.received.contains(name));
            if sent {
                facts::defaults(&mut self.request_facts, name, schema);
            }
            if received || !(sent || is_event || is_error) {
                facts::defaults(&mut self.response_facts, name, schema);
                let name = format!("component {name}");
                self.unused.extend((!received).then(|| name.clone()));
                self.responses.insert(name, Body::of(&reference, components));
            } else if sent {
                self.sent.insert(format!("component {name}"));
            }
        }
    }

    fn operation<'a>(&mut self, file: &mut File<'a>, server: &str, (path, method): (&str, &str), operation: &'a Value) {
        let name = format!("{} {}{}", method.to_uppercase(), server.trim_end_matches('/'), positional(path));
        let request = request(file, path, operation);
        file.sent.extend(reachable(&request, file.components));
        facts::defaults(&mut self.request_facts, &name, &request);
        self.requests.insert(name.clone(), Body::of(&request, file.components));
        for (status, response) in members(&operation["responses"]) {
            let Some(response) = file.target(response) else { continue };
            let Some(schema) = response.pointer("/content/application~1json/schema") else { continue };
            let names = reachable(schema, file.components);
            if !status.starts_with('2') {
                file.errors.extend(names);
                continue;
            }
            file.received.extend(names);
            if let Some(pagination) = pagination(&request, schema) {
                self.response_facts.add(format!("the pagination of {name}"), pagination);
            }
            let id = operation["operationId"].as_str().unwrap_or_default();
            for name in
                [format!("response of {} {}", method.to_uppercase(), positional(path)), format!("response of {id}")]
            {
                self.responses.insert(name, Body::of(schema, file.components));
            }
        }
    }

    /// Adds the events that a component declares.
    fn event(&mut self, file: &mut File<'_>, schema: &Value) {
        let declared = schema.get("x-stripeEvent").map(|event| (event, event["kind"].as_str().unwrap_or("snapshot")));
        let declared = declared.map(|(event, kind)| (event, kind, schema.pointer("/properties/object").cloned()));
        let of_resource = ["snapshot", "thin"].into_iter().flat_map(|kind| {
            let events = schema.pointer(&format!("/x-events/{kind}")).and_then(Value::as_array);
            events.into_iter().flatten().map(move |event| (event, kind, Some(schema.clone())))
        });
        for (event, kind, object) in declared.into_iter().chain(of_resource) {
            let Some(name) = event["type"].as_str() else { continue };
            if let ("snapshot", Some(object)) = (kind, object) {
                file.received.extend(reachable(&object, file.components));
                self.responses.insert(format!("object of {name}"), Body::of(&object, file.components));
            }
        }
    }

    fn envelope(&mut self, file: &mut File<'_>, schema: &Value) {
        if let Some(kind) = schema["x-eventEnvelope"].as_str() {
            file.received.extend(reachable(schema, file.components));
            self.responses.insert(format!("{kind} event"), Body::of(schema, file.components));
        }
    }
}

impl<'a> File<'a> {
    /// Returns what a reference refers to, in this file.
    fn target(&self, value: &'a Value) -> Option<&'a Value> {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#')?),
            None => Some(value),
        }
    }
}

/// The schema of the parameters of an operation.
fn request<'a>(file: &File<'a>, path: &str, operation: &'a Value) -> Value {
    let (mut in_path, mut in_query) = (Object::default(), Object::default());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let Some(parameter) = file.target(parameter) else { continue };
        let name = parameter["name"].as_str().unwrap_or_default();
        let segment = path.split('/').position(|segment| segment == format!("{{{name}}}"));
        match (parameter["in"].as_str(), segment) {
            (Some("path"), Some(segment)) => in_path.add(&segment.to_string(), parameter["schema"].clone(), true),
            _ => in_query.add(name, parameter["schema"].clone(), parameter["required"] == true),
        }
    }
    let mut whole = Object::default();
    whole.add_object("path", in_path.schema());
    whole.add_object("query", in_query.schema());
    for (content, media) in members(&operation["requestBody"]["content"]) {
        let mut body = file.target(&media["schema"]).cloned().unwrap_or_default();
        // These are ignored here.
        for keyword in ["minProperties", "maxProperties"] {
            body.as_object_mut().map(|body| body.remove(keyword));
        }
        whole.add_object(content, body);
    }
    whole.schema()
}

/// The schema of an object.
#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
}

impl Object {
    fn add(&mut self, name: &str, schema: Value, is_required: bool) {
        self.properties.insert(name.to_owned(), schema);
        self.required.extend(is_required.then(|| name.to_owned()));
    }

    /// Adds an object, which may be missing if it may be empty. One that is always empty is left out.
    fn add_object(&mut self, name: &str, schema: Value) {
        let has = |keyword: &str| members(&schema[keyword]).next().is_some() || schema[keyword].get(0).is_some();
        if has("properties") {
            let is_required = has("required");
            self.add(name, schema, is_required);
        }
    }

    fn schema(self) -> Value {
        json!({"type": "object", "properties": self.properties, "required": self.required})
    }
}

/// How the next page is requested, of a list.
fn pagination(request: &Value, response: &Value) -> Option<Value> {
    let has = |name: &str| response["properties"].get(name).is_some();
    let has_cursor = request.pointer("/properties/query/properties/starting_after").is_some();
    match (has("next_page_url"), has("has_more"), has_cursor) {
        (true, ..) => Some(json!("a URL")),
        (_, true, true) => Some(json!("a cursor")),
        (_, true, false) => Some(json!("none")),
        _ => None,
    }
}

/// The members of an object.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// A path without the names of its parameters.
fn positional(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The name of the component that a reference refers to.
pub(super) fn component(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Completes what the dialect implies: `required` and `nullable` in the envelope of a list, a tag that is always written, and
/// `additionalProperties` of an object without anything else.
fn complete(value: &mut Value) {
    if let Value::Array(items) = value {
        items.iter_mut().for_each(complete);
    }
    let Value::Object(schema) = value else { return };
    schema.values_mut().for_each(complete);
    if schema.get("type").is_none_or(|kind| kind != "object") {
        return;
    }
    let properties = schema.get("properties").map(members).into_iter().flatten();
    let names: BTreeSet<&str> = properties.map(|(name, _)| name).collect();
    let has_tag = schema.get("properties").is_some_and(|properties| is_tag(&properties["object"]));
    let v2 = ["data", "next_page_url", "previous_page_url"];
    let (is_v1, is_v2) = (names.iter().eq(&["data", "has_more", "object", "url"]), names.iter().eq(&v2));
    if names.is_empty() && schema.get("additionalProperties").is_none() {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
    if is_v1 {
        schema.insert("required".to_owned(), json!(["data", "has_more", "object", "url"]));
    } else if is_v2 {
        schema.insert("required".to_owned(), json!(["data"]));
    } else if has_tag && let Some(required) = schema.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        required.retain(|name| name != "object");
        required.push(json!("object"));
    }
    if is_v2 {
        for name in &v2[1..] {
            schema["properties"][name] = json!({"type": "string", "nullable": true});
        }
    }
}
