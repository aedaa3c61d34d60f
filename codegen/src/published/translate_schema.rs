//! Translates schemas.

use serde_json::Value as Json;

use super::translate::{Direction, Work, facts, is_true, members, referenced_schema, schema_place};
use super::translate_errors::is_error;
use super::translate_objects::{is_range, same_type};
use crate::edit::Value;
use crate::pointer::Pointer;

/// How many schemas may be around one that is written in place.
const MAX_DEPTH: usize = 24;

/// The greatest number of values that are described one by one.
const MAX_DESCRIBED: usize = 64;

/// The formats of the dialect.
const FORMATS: &[(&str, &str)] = &[
    ("string", "date-time"),
    ("string", "int64"),
    ("string", "uint64"),
    ("string", "currency"),
    ("string", "decimal"),
    ("integer", "unix-time"),
];

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It becomes a field, which has a description and may be null.
    Property,
    /// The items of an array, or the values of a map: they may be null in responses.
    Item,
    /// It becomes a type with a description.
    Component,
    /// A parameter, a body, a response, a bound: neither described nor null.
    Unnamed,
}

impl Work<'_> {
    /// Translates a schema under `components.schemas`.
    pub(super) fn component(&mut self, node: &Json, at: &Pointer) -> Option<Value> {
        if is_error(node) {
            return self.error(node, at);
        }
        let Value::Map(mut entries) = self.schema(node, at, Direction::Response, Place::Component)? else {
            return None;
        };
        entries.extend(facts(node, &["x-resourceId", "x-stableId"], Json::is_string));
        let resource = node
            .get("x-stripeResource")
            .map(|resource| facts(resource, &["class_name", "in_package"], Json::is_string));
        if let Some(resource) = resource.filter(|resource| resource.iter().any(|(key, _)| key == "class_name")) {
            entries.push(("x-stripeResource".to_owned(), Value::Map(resource)));
        }
        Some(Value::Map(entries))
    }

    /// Translates a schema at a place; `None` if the dialect cannot express it.
    pub(super) fn schema(&mut self, node: &Json, at: &Pointer, direction: Direction, place: Place) -> Option<Value> {
        if self.depth > MAX_DEPTH {
            self.lose(at, format!("schemas that are nested more than {MAX_DEPTH} deep"));
            return None;
        }
        self.depth += 1;
        let value = self.any_schema(node, at, direction, place);
        self.depth -= 1;
        value
    }

    fn any_schema(&mut self, node: &Json, at: &Pointer, direction: Direction, place: Place) -> Option<Value> {
        if let Some(reference) = node.get("$ref").and_then(Json::as_str) {
            let reference = self.reference(reference, at, direction, place)?;
            if reference.get("$ref").is_none() {
                return Some(reference);
            }
            // Null has a meaning where something refers to the schema, and its place does not show there.
            let is_field = matches!(place, Place::Property | Place::Item);
            let common =
                if is_field && self.is_nullable(node) { self.common(node, at, direction, place) } else { Vec::new() };
            return Some(nullable_reference(reference, common));
        }
        for keyword in ["allOf", "not"] {
            if node.get(keyword).is_some() {
                self.lose(at, format!("`{keyword}`"));
                return None;
            }
        }
        if let Some(entries) = node.get("anyOf").and_then(Json::as_array) {
            return self.any_of(node, entries, at, direction, place);
        }
        if let Some(entries) = node.get("oneOf").and_then(Json::as_array) {
            return self.one_of(node, entries, at, direction, place);
        }
        match node.get("type").and_then(Json::as_str) {
            Some("object") => self.object(node, at, direction, place),
            Some("array") => self.array(node, at, direction, place),
            Some(name @ ("string" | "integer" | "number" | "boolean")) => {
                Some(self.scalar(node, name, at, direction, place))
            }
            Some(name) => {
                self.lose(at, format!("the type `{name}`"));
                None
            }
            None if node.get("properties").is_some() => self.object(node, at, direction, place),
            None => Some(Value::Map(self.common(node, at, direction, place))),
        }
    }

    /// Returns what every schema has at its place.
    pub(super) fn common(
        &mut self,
        node: &Json,
        at: &Pointer,
        direction: Direction,
        place: Place,
    ) -> Vec<(String, Value)> {
        let mut entries = Vec::new();
        if self.is_nullable(node) {
            match (place, direction) {
                (Place::Property, _) | (Place::Item, Direction::Response) => {
                    entries.push(("nullable".to_owned(), Value::Flag(true)));
                }
                (Place::Item, Direction::Request) => self.lose(at, "items that are null in a request"),
                // Null has a meaning where something refers to the schema.
                (Place::Component | Place::Unnamed, _) => {}
            }
        }
        if matches!(place, Place::Property | Place::Component) {
            entries.extend(facts(node, &["deprecated"], is_true));
            entries.push(("description".to_owned(), Value::text("")));
        }
        entries
    }

    /// Returns whether a value may be null, by its schema or by the one that this refers to.
    fn is_nullable(&self, node: &Json) -> bool {
        let mut node = node;
        for _ in 0..MAX_DEPTH {
            if node.get("nullable").is_some_and(is_true) {
                return true;
            }
            let only =
                node.get("anyOf").and_then(Json::as_array).and_then(|entries| <&[Json; 1]>::try_from(&**entries).ok());
            let reference = only.map_or(node, |[only]| only).get("$ref").and_then(Json::as_str);
            let target = reference.and_then(referenced_schema).map(|key| schema_place(&key));
            let Some(next) = target.and_then(|target| self.translator.root.pointer(target.as_str())) else {
                return false;
            };
            node = next;
        }
        false
    }

    fn reference(&mut self, reference: &str, at: &Pointer, direction: Direction, place: Place) -> Option<Value> {
        let target = referenced_schema(reference).and_then(|key| {
            let target = self.translator.root.pointer(schema_place(&key).as_str())?;
            Some((key, target))
        });
        let Some((key, target)) = target else {
            self.lose(at, format!("a reference to `{reference}`, which does not exist"));
            return None;
        };
        let target_at = schema_place(&key);
        if (self.translator.component)(&target_at).is_none() {
            if self.open.contains(&target_at) {
                self.lose(at, format!("a reference to `{key}`, which contains itself"));
                return None;
            }
            self.open.push(target_at.clone());
            let value = self.schema(target, &target_at, direction, place);
            self.open.pop();
            return value;
        }
        // Objects are expressible, without some of their properties; others are tried.
        let is_object = members(target, "properties").next().is_some();
        if !is_object {
            let found = (self.needs.len(), self.lost.len());
            let value = self.schema(target, &target_at, Direction::Response, Place::Component);
            let why = self.lost.drain(found.1..).next().map(|lost| lost.construct);
            self.needs.truncate(found.0);
            if value.is_none() {
                self.lose(at, format!("a reference to `{key}`: {}", why.unwrap_or_default()));
                return None;
            }
        }
        self.need(&target_at)
    }

    fn any_of(
        &mut self,
        node: &Json,
        entries: &[Json],
        at: &Pointer,
        direction: Direction,
        place: Place,
    ) -> Option<Value> {
        let entry_at = |index: usize| at.join("anyOf").index(index);
        // An empty string clears a value, which requests of this project do not do.
        let is_empty_text = |entry: &Json| entry.get("enum").is_some_and(|values| *values == serde_json::json!([""]));
        let kept: Vec<_> = entries.iter().enumerate().filter(|(_, entry)| !is_empty_text(entry)).collect();
        if kept.len() < entries.len() {
            self.lose(at, "an empty string, which clears the value");
        }
        match kept.as_slice() {
            [(index, only)] if only.get("$ref").is_none() => {
                let mut inner = (*only).clone();
                if let (Some(inner), Some(true)) = (inner.as_object_mut(), node.get("nullable").and_then(Json::as_bool))
                {
                    inner.insert("nullable".to_owned(), true.into());
                }
                self.schema(&inner, &entry_at(*index), direction, place)
            }
            [(index, only)] => {
                let reference = self.schema(only, &entry_at(*index), direction, Place::Unnamed)?;
                let common = self.common(node, at, direction, place);
                Some(nullable_reference(reference, common))
            }
            [(_, id), (index, object)] if node.get("x-expansionResources").is_some() && is_plain_text(id) => {
                let reference = self.schema(object, &entry_at(*index), direction, Place::Unnamed)?;
                let mut common = self.common(node, at, direction, place);
                let id = Value::map([("type", Value::text("string"))]);
                common.push(("anyOf".to_owned(), Value::List(vec![id, reference.clone()])));
                common.push(("x-expansionResources".to_owned(), Value::map([("oneOf", Value::List(vec![reference]))])));
                Some(Value::Map(common))
            }
            [(first, range), (second, exact)] if is_range(range) && same_type(range, exact) => {
                let range = self.schema(range, &entry_at(*first), direction, Place::Unnamed)?;
                let exact = self.schema(exact, &entry_at(*second), direction, Place::Unnamed)?;
                let mut common = self.common(node, at, direction, place);
                common.push(("anyOf".to_owned(), Value::List(vec![range, exact])));
                Some(Value::Map(common))
            }
            _ => {
                self.lose(at, format!("a union of {} schemas", kept.len()));
                None
            }
        }
    }

    /// Translates objects exactly one of which is given.
    fn one_of(
        &mut self,
        node: &Json,
        entries: &[Json],
        at: &Pointer,
        direction: Direction,
        place: Place,
    ) -> Option<Value> {
        let found: Option<Vec<_>> = entries.iter().map(only_property).collect();
        let Some(found) = found.filter(|found| found.len() > 1) else {
            self.lose(at, format!("a union of {} schemas", entries.len()));
            return None;
        };
        let mut values = Vec::new();
        for (index, (name, schema)) in found.into_iter().enumerate() {
            let at = at.join("oneOf").index(index).join("properties").join(name);
            let property = self.schema(schema, &at, direction, Place::Property)?;
            values.push(Value::map([
                ("type", Value::text("object")),
                ("required", Value::List(vec![Value::text(name)])),
                ("properties", Value::map([(name, property)])),
            ]));
        }
        let mut common = self.common(node, at, direction, place);
        common.push(("oneOf".to_owned(), Value::List(values)));
        Some(Value::Map(common))
    }

    fn array(&mut self, node: &Json, at: &Pointer, direction: Direction, place: Place) -> Option<Value> {
        let items = match node.get("items") {
            Some(items) => self.schema(items, &at.join("items"), direction, Place::Item)?,
            None => Value::Map(Vec::new()),
        };
        let mut entries = vec![("type".to_owned(), Value::text("array"))];
        entries.extend(self.common(node, at, direction, place));
        entries.push(("items".to_owned(), items));
        Some(Value::Map(entries))
    }

    fn scalar(&mut self, node: &Json, name: &str, at: &Pointer, direction: Direction, place: Place) -> Value {
        let mut entries = vec![("type".to_owned(), Value::text(name))];
        let format = node.get("format").and_then(Json::as_str);
        let values = self.values(node, name, at);
        match format {
            // What a value of an enum contains is known.
            Some(_) if !values.is_empty() => {}
            Some(format) if FORMATS.contains(&(name, format)) => {
                entries.push(("format".to_owned(), Value::text(format)))
            }
            // The size of integers is no fact about their values.
            Some("int32" | "int64" | "float" | "double") | None => {}
            Some(format) => self.lose(at, format!("the format `{format}`")),
        }
        if name == "integer" {
            entries.extend(facts(node, &["minimum", "maximum"], Json::is_i64));
        }
        if direction == Direction::Request && place != Place::Item && values.is_empty() {
            entries.extend(facts(node, &["default"], |value| is_of_type(value, name)));
        }
        entries.extend(self.common(node, at, direction, place));
        let is_plain = name == "string" && values.is_empty() && !entries.iter().any(|(key, _)| key == "format");
        if is_plain && matches!(place, Place::Property | Place::Item) {
            let resource = self.referenced_resource(node, "x-stripeProperty");
            entries.extend(resource.map(|resource| ("x-stripeProperty".to_owned(), resource)));
        }
        if !values.is_empty() {
            let described = values.len() <= MAX_DESCRIBED;
            let listed = values.iter().map(|value| Value::text(*value)).collect();
            entries.push(("enum".to_owned(), Value::List(listed)));
            if described {
                entries.push(("x-stripeEnum".to_owned(), described_values(node, &values, direction)));
            }
        }
        Value::Map(entries)
    }

    /// Returns the values of an enum.
    pub(super) fn values<'j>(&mut self, node: &'j Json, name: &str, at: &Pointer) -> Vec<&'j str> {
        let values = node.get("enum").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        if name != "string" {
            if !values.is_empty() {
                self.lose(at, format!("an `enum` of the type `{name}`"));
            }
            return Vec::new();
        }
        let mut found: Vec<&str> = Vec::new();
        for value in values.iter().filter_map(Json::as_str).filter(|value| !value.is_empty()) {
            if !found.contains(&value) {
                found.push(value);
            }
        }
        if values.contains(&Json::String(String::new())) {
            self.lose(at, "an empty value of an enum");
        }
        found
    }
}

/// Returns a reference with what stands beside it, or alone.
fn nullable_reference(reference: Value, mut beside: Vec<(String, Value)>) -> Value {
    if beside.is_empty() {
        return reference;
    }
    beside.push(("anyOf".to_owned(), Value::List(vec![reference])));
    Value::Map(beside)
}

fn described_values(node: &Json, values: &[&str], direction: Direction) -> Value {
    let published = node.pointer("/x-stripeEnum/kind").and_then(Json::as_str);
    let is_open = node.get("x-stripeBypassValidation") == Some(&Json::Bool(true)) || published == Some("open");
    // A value that is added to a response must not break decoding, whatever is published.
    let kind = if direction == Direction::Response || is_open { "open" } else { "closed" };
    let describe = |value: &&str| Value::map([("value", Value::text(*value)), ("description", Value::text(""))]);
    let values = values.iter().map(describe).collect();
    Value::map([("kind", Value::text(kind)), ("values", Value::List(values))])
}

/// Returns whether a value is of a type.
fn is_of_type(value: &Json, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        _ => value.is_boolean(),
    }
}

fn is_plain_text(node: &Json) -> bool {
    node.get("type").and_then(Json::as_str) == Some("string")
        && node.get("enum").is_none()
        && node.get("format").is_none()
}

/// Returns the only property of an object, if it is required.
fn only_property(node: &Json) -> Option<(&str, &Json)> {
    let mut properties = members(node, "properties");
    let (name, schema) = properties.next()?;
    let required = node.get("required")?.as_array()?;
    let is_only = properties.next().is_none() && required.iter().any(|other| other.as_str() == Some(name));
    is_only.then_some((name, schema))
}
