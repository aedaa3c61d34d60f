//! Recognises shapes: Stripe's list envelopes, range filters, expandable ids. By structure, never by prose.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, ObjectType, ReferenceOr, Schema, SchemaKind, Type};

use super::extensions as ext;

pub(super) type Properties = IndexMap<String, ReferenceOr<Box<Schema>>>;

/// Returns the properties of an object.
pub(super) fn properties(schema: &Schema) -> Option<&Properties> {
    object(schema).map(|object| &object.properties).filter(|properties| !properties.is_empty())
}

/// Returns a property of an object.
pub(super) fn property<'a>(schema: &'a Schema, name: &str) -> Option<&'a ReferenceOr<Box<Schema>>> {
    properties(schema)?.get(name)
}

/// Returns the type of an object.
pub(super) fn object(schema: &Schema) -> Option<&ObjectType> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => Some(object),
        _ => None,
    }
}

/// Whether a schema is composed of others: `allOf`, `anyOf`, `oneOf` or `not`.
pub(super) fn is_composed(schema: &Schema) -> bool {
    !matches!(schema.schema_kind, SchemaKind::Type(_) | SchemaKind::Any(_))
}

/// Returns the members of an `anyOf` or `oneOf`, and which of the two it is.
pub(super) fn alternatives(schema: &Schema) -> (&'static str, &[ReferenceOr<Schema>]) {
    match &schema.schema_kind {
        SchemaKind::AnyOf { any_of } => ("anyOf", any_of),
        SchemaKind::OneOf { one_of } => ("oneOf", one_of),
        _ => ("oneOf", &[]),
    }
}

/// Whether a component of this kind becomes a type with a name: objects with properties, exactly one of several, and strings.
pub(super) fn is_named_kind(kind: &SchemaKind) -> bool {
    match kind {
        SchemaKind::Type(Type::Object(object)) => is_struct(object) && envelope(object).is_none() && !is_range(object),
        SchemaKind::Type(Type::String(string)) => matches!(string.format, openapiv3::VariantOrUnknownOrEmpty::Empty),
        SchemaKind::OneOf { .. } => true,
        _ => false,
    }
}

/// Whether a `oneOf` describes objects of which exactly one is given: each has one property, which differs and is required.
pub(super) fn is_one_of(members: &[ReferenceOr<Schema>]) -> bool {
    let names: Option<HashSet<_>> = members.iter().map(|member| required_property(member.as_item()?)).collect();
    members.len() > 1 && names.is_some_and(|names| names.len() == members.len())
}

/// Returns the only property of an object, if it is required.
fn required_property(schema: &Schema) -> Option<&String> {
    let object = object(schema)?;
    let mut names = object.properties.keys();
    names.next().filter(|name| names.next().is_none() && object.required.contains(name))
}

/// Whether an object becomes a struct: it has properties, or no members are allowed.
pub(super) fn is_struct(object: &ObjectType) -> bool {
    let closed = matches!(object.additional_properties, Some(AdditionalProperties::Any(false)));
    !object.properties.is_empty() || closed
}

/// The envelope of a list.
pub(super) enum Envelope<'a> {
    /// v1: `object`, `data`, `has_more`, `url`.
    List(&'a ReferenceOr<Box<Schema>>),
    /// v2: `data`, `next_page_url`, `previous_page_url`.
    Page(&'a ReferenceOr<Box<Schema>>),
}

/// Recognises the envelope of a list by the names of its properties; returns the array inside of it.
pub(super) fn envelope(object: &ObjectType) -> Option<Envelope<'_>> {
    let data = object.properties.get("data")?;
    let has_exactly = |names: &[&str]| {
        object.properties.len() == names.len() && names.iter().all(|name| object.properties.contains_key(*name))
    };
    if has_exactly(&["object", "data", "has_more", "url"]) {
        Some(Envelope::List(data))
    } else if has_exactly(&["data", "next_page_url", "previous_page_url"]) {
        Some(Envelope::Page(data))
    } else {
        None
    }
}

/// Returns the value of the `object` property, unless it has several.
pub(super) fn tag(object: &ObjectType) -> Option<String> {
    single_value(object.properties.get("object")?.as_item()?)
}

/// Returns the values that a string lists, with their positions.
pub(super) fn values(schema: &Schema) -> impl Iterator<Item = (usize, &str)> {
    let values = match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => string.enumeration.as_slice(),
        _ => &[],
    };
    values.iter().enumerate().filter_map(|(index, value)| Some((index, value.as_deref()?)))
}

/// Whether a schema is a string of any kind.
pub(super) fn is_string(schema: &Schema) -> bool {
    matches!(schema.schema_kind, SchemaKind::Type(Type::String(_)))
}

/// Whether a schema is a string without another keyword that decides its type.
pub(super) fn is_plain_string(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => {
            matches!(string.format, openapiv3::VariantOrUnknownOrEmpty::Empty)
                && string.enumeration.is_empty()
                && !schema.schema_data.extensions.contains_key(ext::SECRET)
        }
        _ => false,
    }
}

/// Returns the value of an enum with one value.
pub(super) fn single_value(schema: &Schema) -> Option<String> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => match string.enumeration.as_slice() {
            [value] => value.clone(),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the bounds of a range filter: an object with some of `gt`, `gte`, `lt`, `lte`, and nothing else.
pub(super) fn range_bounds(schema: &Schema) -> Option<&Properties> {
    object(schema).filter(|object| is_range(object)).map(|object| &object.properties)
}

fn is_range(object: &ObjectType) -> bool {
    let is_bound = |name: &String| ["gt", "gte", "lt", "lte"].contains(&name.as_str());
    !object.properties.is_empty() && object.properties.keys().all(is_bound)
}

/// Recognises an `anyOf` of a range filter and the exact value; returns the index of the filter.
pub(super) fn range_or_exact(members: &[ReferenceOr<Schema>]) -> Option<usize> {
    let [first, second] = members else { return None };
    let is_range = |member: &ReferenceOr<Schema>| member.as_item().and_then(range_bounds).is_some();
    let is_scalar = |member: &ReferenceOr<Schema>| {
        let kind = member.as_item().map(|schema| &schema.schema_kind);
        matches!(kind, Some(SchemaKind::Type(Type::Integer(_) | Type::String(_))))
    };
    match (is_range(first), is_range(second)) {
        (true, false) if is_scalar(second) => Some(0),
        (false, true) if is_scalar(first) => Some(1),
        _ => None,
    }
}
