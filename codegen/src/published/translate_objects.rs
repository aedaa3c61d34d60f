//! Translates objects: structs, maps, ranges and lists.

use serde_json::Value as Json;

use super::translate::{Direction, Work, members};
use super::translate_schema::Place;
use crate::edit::Value;
use crate::pointer::Pointer;

/// The bounds of ranges.
pub(super) const BOUNDS: [&str; 4] = ["gt", "gte", "lt", "lte"];

/// The properties of lists, in the order in which they are written.
const ENVELOPES: [&[&str]; 2] =
    [&["object", "data", "has_more", "url"], &["data", "next_page_url", "previous_page_url"]];

impl Work<'_> {
    /// Translates an object.
    pub(super) fn object(&mut self, node: &Json, at: &Pointer, direction: Direction, place: Place) -> Option<Value> {
        let mut entries = vec![("type".to_owned(), Value::text("object"))];
        if let Some(names) = envelope(node) {
            let is_property = place == Place::Property;
            entries.extend(if is_property { self.common(node, at, direction, place) } else { Vec::new() });
            let (required, properties) = self.list(node, names, at)?;
            entries.extend([("required".to_owned(), required), ("properties".to_owned(), properties)]);
            return Some(Value::Map(entries));
        }
        let bounds = is_range(node);
        let is_closed = node.get("additionalProperties") == Some(&Json::Bool(false));
        let mut properties = Vec::new();
        for (name, schema) in in_order(node) {
            let at = at.join("properties").join(name);
            let property = match tag(name, schema) {
                Some(tag) => Some(tag),
                None if bounds => self.schema(schema, &at, direction, Place::Unnamed),
                None => self.schema(schema, &at, direction, Place::Property),
            };
            // Whatever refers to a resource does so by its id.
            let is_id = name == "id" && place == Place::Component && node.get("x-resourceId").is_some();
            let property = property.map(|property| if is_id { self.without_null(property, &at) } else { property });
            properties.extend(property.map(|property| (name.clone(), property)));
        }
        let has_place = !bounds || place != Place::Unnamed;
        entries.extend(if has_place { self.common(node, at, direction, place) } else { Vec::new() });
        let additional = match node.get("additionalProperties") {
            Some(schema @ Json::Object(keys)) if !keys.is_empty() => {
                Some(self.schema(schema, &at.join("additionalProperties"), direction, Place::Item))
            }
            Some(Json::Object(_) | Json::Bool(true)) => Some(Some(Value::Flag(true))),
            _ if properties.is_empty() && !is_closed => Some(Some(Value::Flag(true))),
            _ => None,
        };
        match additional {
            // Without its values, a map says nothing.
            Some(None) if properties.is_empty() => return None,
            Some(additional) => {
                entries.extend(additional.map(|additional| ("additionalProperties".to_owned(), additional)));
            }
            None if properties.is_empty() => entries.push(("additionalProperties".to_owned(), Value::Flag(true))),
            None => {}
        }
        if !properties.is_empty() {
            let is_present = |name: &str| properties.iter().any(|(other, _)| other == name);
            let required = node.get("required").and_then(Json::as_array).into_iter().flatten();
            let mut required: Vec<_> = required.filter_map(Json::as_str).filter(|name| is_present(name)).collect();
            required.sort_unstable();
            required.dedup();
            if !required.is_empty() && !bounds {
                let required = required.into_iter().map(Value::text).collect();
                entries.push(("required".to_owned(), Value::List(required)));
            }
            entries.push(("properties".to_owned(), Value::Map(properties)));
        }
        Some(Value::Map(entries))
    }

    fn without_null(&mut self, value: Value, at: &Pointer) -> Value {
        let Value::Map(mut entries) = value else { return value };
        let count = entries.len();
        entries.retain(|(key, _)| key != "nullable");
        if entries.len() < count {
            self.lose(at, "the id of a resource that is null");
        }
        Value::Map(entries)
    }

    fn list(&mut self, node: &Json, names: &[&str], at: &Pointer) -> Option<(Value, Value)> {
        let items = node.pointer("/properties/data/items")?;
        let items_at = at.join("properties").join("data").join("items");
        let items = self.schema(items, &items_at, Direction::Response, Place::Unnamed)?;
        let text = || Value::map([("type", Value::text("string"))]);
        let properties = names.iter().map(|name| {
            let schema = match *name {
                "object" => {
                    Value::map([("type", Value::text("string")), ("enum", Value::List(vec![Value::text("list")]))])
                }
                "data" => Value::map([("type", Value::text("array")), ("items", items.clone())]),
                "has_more" => Value::map([("type", Value::text("boolean"))]),
                "url" => text(),
                _ => Value::map([("type", Value::text("string")), ("nullable", Value::Flag(true))]),
            };
            (*name, schema)
        });
        let properties = Value::map(properties.collect::<Vec<_>>());
        let mut required = names.to_vec();
        required.sort_unstable();
        Some((Value::List(required.into_iter().map(Value::text).collect()), properties))
    }
}

/// Returns the properties of an object: `id` and `object` first.
fn in_order(node: &Json) -> Vec<(&String, &Json)> {
    let mut properties: Vec<_> = members(node, "properties").collect();
    properties.sort_by_key(|(name, _)| (*name != "id", *name != "object"));
    properties
}

/// Returns a property `object` with one value.
pub(super) fn tag(name: &str, schema: &Json) -> Option<Value> {
    let values = schema.get("enum")?.as_array()?;
    let [value] = values.as_slice() else { return None };
    let value = Value::text(value.as_str()?);
    (name == "object").then(|| Value::map([("type", Value::text("string")), ("enum", Value::List(vec![value]))]))
}

/// Returns the names of the properties of a list, if the object is one.
fn envelope(node: &Json) -> Option<&'static [&'static str]> {
    let properties = node.get("properties")?.as_object()?;
    node.pointer("/properties/data/items")?;
    let is_envelope =
        |names: &&&[&str]| names.len() == properties.len() && names.iter().all(|name| properties.contains_key(*name));
    ENVELOPES.iter().find(is_envelope).copied()
}

/// Returns whether an object is a range.
pub(super) fn is_range(node: &Json) -> bool {
    let mut names = members(node, "properties").map(|(name, _)| name.as_str()).peekable();
    names.peek().is_some() && names.all(|name| BOUNDS.contains(&name))
}

/// Returns whether the bounds of a range have the type and the format of its exact value.
pub(super) fn same_type(range: &Json, exact: &Json) -> bool {
    let same = |bound: &Json, name: &str| bound.get(name) == exact.get(name);
    members(range, "properties").all(|(_, bound)| same(bound, "type") && same(bound, "format"))
}
