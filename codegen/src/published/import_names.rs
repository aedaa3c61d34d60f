//! The names, methods and shared errors of what is imported.

use heck::ToUpperCamelCase;
use serde_json::Value as Json;

use super::import::text;
use super::import_target::Target;
use super::translate::{facts, members, referenced_schema};
use super::{Published, translate::schema_place};
use crate::edit::Value;
use crate::pointer::Pointer;

/// Returns the id of the resource at a published place.
pub(super) fn resource<'j>(root: &'j Json, at: &Pointer) -> Option<&'j str> {
    text(root.pointer(at.as_str())?, "x-resourceId")
}

/// Returns the module of a resource: the published one, or that of its id.
pub(super) fn package(schema: &Json) -> Option<String> {
    let published = schema.get("x-stripeResource").and_then(|resource| text(resource, "in_package"));
    let of_id = || text(schema, "x-resourceId").map(package_of);
    published.map(str::to_owned).or_else(of_id)
}

fn package_of(id: &str) -> String {
    let id = id.strip_prefix(DELETED).unwrap_or(id);
    if is_v2(id) {
        return id.rsplit_once('.').map(|(package, _)| package.to_owned()).unwrap_or_default();
    }
    let mut parts: Vec<_> = id.split('.').map(|part| part.to_upper_camel_case()).collect();
    parts.pop();
    parts.join(".")
}

/// The prefix of ids of what remains of a deleted object.
const DELETED: &str = "deleted_";

fn is_v2(key: &str) -> bool {
    key.starts_with("v2.")
}

/// Adds the name of the type, unless it follows from the key.
pub(super) fn name(entries: &mut Vec<(String, Value)>, key: &str, package: Option<&str>) {
    let has = |name: &str| entries.iter().any(|(key, _)| key == name);
    let is_type = has("properties") || has("enum") || has("oneOf");
    if is_v2(key) || has("x-stripeResource") || has("x-stripeError") || !is_type {
        return;
    }
    let package = package.unwrap_or_default();
    let last = key.rsplit('.').next().unwrap_or(key).trim_start_matches(DELETED).to_upper_camel_case();
    // A name that begins with the one of its module does not repeat it.
    let prefix = package.replace('.', "").to_owned();
    let name =
        last.strip_prefix(&prefix).filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())).unwrap_or(&last);
    if !has("x-resourceId") && package.is_empty() && !key.contains('.') {
        return;
    }
    let deleted = if key.starts_with(DELETED) { "Deleted" } else { "" };
    let name = format!("{deleted}{name}");
    let resource = Value::map([("class_name", Value::text(name)), ("in_package", Value::text(package))]);
    entries.push(("x-stripeResource".to_owned(), resource));
}

/// Returns the methods of a resource among operations: those that are published, or those that its responses suggest.
pub(super) fn methods(published: &Published, at: &Pointer, operations: &[(&str, &str)]) -> Vec<Value> {
    let schema = published.root.pointer(at.as_str());
    let own = schema.and_then(|schema| schema.get("x-stripeOperations")?.as_array());
    if let Some(own) = own {
        let is_imported = |operation: &&Json| {
            let call = text(operation, "operation").zip(text(operation, "path"));
            call.is_some_and(|call| operations.contains(&call))
        };
        let members = ["method_name", "method_type", "operation", "path"];
        let method = |operation: &Json| Value::Map(facts(operation, &members, Json::is_string));
        return own.iter().filter(is_imported).map(method).collect();
    }
    let suggested = operations.iter().filter_map(|(method, path)| {
        let response = published
            .root
            .get("paths")?
            .get(*path)?
            .get(*method)?
            .pointer("/responses/200/content/application~1json/schema")?;
        let items = response.pointer("/properties/data/items");
        let reference = items.unwrap_or(response).get("$ref")?.as_str()?;
        if schema_place(&referenced_schema(reference)?) != *at {
            return None;
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        let id = schema.and_then(|schema| text(schema, "x-resourceId")).unwrap_or_default();
        let is_collection = last.starts_with(id.rsplit('.').next().unwrap_or_default());
        // There is one of them for each object around it.
        let is_single = id.ends_with(&format!("_{last}"));
        let (name, kind) = match (*method, items.is_some()) {
            ("get", true) => ("list", "list"),
            ("get", ..) if last.starts_with('{') || is_single => ("retrieve", "retrieve"),
            ("post", ..) if last.starts_with('{') || is_single => ("update", "update"),
            ("delete", ..) => ("delete", "delete"),
            ("post", ..) if is_collection => ("create", "create"),
            _ => (last, "custom"),
        };
        Some(Value::map([
            ("method_name", Value::text(name)),
            ("method_type", Value::text(kind)),
            ("operation", Value::text(*method)),
            ("path", Value::text(*path)),
        ]))
    });
    // A list of the same objects elsewhere is no method of theirs.
    let mut methods: Vec<Value> = Vec::new();
    for method in suggested {
        if !methods.iter().any(|other| other.get("method_name") == method.get("method_name")) {
            methods.push(method);
        }
    }
    methods
}

/// Replaces error responses, and the schemas in them, by those that the descriptions of the generation share.
pub(super) fn shared_errors(curated: &[Target<'_>], file: usize, errors: Value) -> Value {
    let Value::Map(errors) = errors else { return errors };
    let shared = errors.into_iter().map(|(status, response)| {
        let schema =
            response.get("content").and_then(|content| content.get("application/json")?.get("schema")).cloned();
        let response = match schema.as_ref().and_then(|schema| schema.get("$ref")) {
            Some(Value::Text(reference)) => shared_response(curated, file, reference).unwrap_or(response),
            _ => elsewhere(curated, file, response),
        };
        (status, response)
    });
    Value::Map(shared.collect())
}

/// Returns the reference to a response that has nothing but the schema.
fn shared_response(curated: &[Target<'_>], file: usize, reference: &str) -> Option<Value> {
    let own = curated.get(file).into_iter().map(|own| (own, String::new()));
    let others = curated.iter().enumerate().filter(|(index, _)| *index != file);
    let others = others.map(|(_, other)| (other, other.base_name().to_owned()));
    own.chain(others).find_map(|(curated, prefix)| {
        let mut responses =
            curated.root.get("components").into_iter().flat_map(|components| members(components, "responses"));
        let is_it = |response: &Json| {
            response.pointer("/content/application~1json/schema/$ref").and_then(Json::as_str) == Some(reference)
        };
        let (key, _) = responses.find(|(_, response)| is_it(response))?;
        let place = Pointer::root().join("components").join("responses").join(key);
        Some(Value::map([("$ref", Value::text(format!("{prefix}#{place}")))]))
    })
}

/// Refers to the schemas in a response that another file describes.
fn elsewhere(curated: &[Target<'_>], file: usize, response: Value) -> Value {
    match response {
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, elsewhere(curated, file, value))).collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(|item| elsewhere(curated, file, item)).collect()),
        Value::Text(reference) if reference.starts_with("#/components/schemas/") => {
            let has = |curated: &Target<'_>| curated.root.pointer(reference.trim_start_matches('#')).is_some();
            let is_own = curated.get(file).is_some_and(has);
            let other = curated.iter().find(|other| has(other)).filter(|_| !is_own);
            Value::Text(other.map_or(reference.clone(), |other| format!("{}{reference}", other.base_name())))
        }
        value => value,
    }
}
