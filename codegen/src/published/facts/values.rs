//! Strings, numbers, arrays: formats, values, constraints.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Finder, append, remove, remove_text, set};
use crate::dialect::grammar::{SchemaKind, schema_keywords};
use crate::dialect::shape::Shape;
use crate::edit;
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::pairing::{Counterpart, Group};
use crate::published::schema::{Form, Used};
use crate::published::translate::Direction;

type Values<'a> = Group<'a, Used<'a>>;

impl<'a> Finder<'_, 'a> {
    pub(super) fn value(&mut self, group: &Values<'a>) {
        self.format(group);
        self.constraints(group);
        if group.curated.form == Form::String {
            self.values(group);
        }
    }

    pub(super) fn map(&mut self, group: &Values<'a>) {
        self.constraints(group);
        let ours = group.curated.schema.value.get("additionalProperties").filter(|values| values.is_object());
        let is_typed = |node: &Node<'_>| node.value.get("additionalProperties").is_some_and(Json::is_object);
        let theirs = group.counterparts.iter().find(|other| !is_typed(&other.published.schema));
        let is_typed = group.counterparts.iter().any(|other| is_typed(&other.published.schema));
        if let (Some(_), false, Some(other)) = (ours, is_typed, theirs) {
            let place = &group.curated.schema;
            let edits = vec![set(place.pointer.join("additionalProperties"), edit::Value::Flag(true))];
            let there = other.at(&other.published.schema.pointer);
            self.fact(
                group.file,
                place.named.join("additionalProperties"),
                Value::Other("any JSON".to_owned()),
                there,
                edits,
            );
        }
    }

    fn format(&mut self, group: &Values<'a>) {
        let Group { file, curated, counterparts } = group;
        let ours = curated.schema.text("format");
        let known = formats(&curated.schema);
        let theirs = |other: &Counterpart<'a, Used<'a>>| {
            let format = other.published.schema.text("format")?;
            known.iter().copied().find(|known| *known == format)
        };
        // The sign is the project's own: Stripe calls both `int64`.
        let on_the_wire = |format: &'a str| if format == "uint64" { "int64" } else { format };
        let agrees = |other: &Counterpart<'a, Used<'a>>| theirs(other).map(on_the_wire) == ours.map(on_the_wire);
        let Some(differing) = group.differing(agrees) else { return };
        let is_known = |other: &&Counterpart<'a, Used<'a>>| {
            theirs(other).is_some() || ours.is_some_and(|format| self.has_format(other.source, format))
        };
        let mut of_direction = counterparts.iter().filter(|other| other.direction == differing.direction);
        let Some(other) = of_direction.find(is_known) else { return };
        let place = curated.schema.pointer.join("format");
        let (value, edit) = match theirs(other) {
            Some(format) => (Value::Other(format.to_owned()), set(place, edit::Value::text(format))),
            None => (Value::Missing, remove(place)),
        };
        let there = other.at(&other.published.schema.pointer);
        self.fact(*file, curated.schema.named.join("format"), value, there, vec![edit]);
    }

    /// Compares the constraints that the curated schema has: one that only the published one has is not promised here.
    pub(super) fn constraints(&mut self, group: &Values<'a>) {
        let Group { file, curated, counterparts } = group;
        for keyword in constraints(&curated.schema) {
            let Some(ours) = curated.schema.value.get(keyword) else { continue };
            let theirs = |other: &Counterpart<'a, Used<'a>>| other.published.schema.value.get(keyword);
            let agrees = |other: &Counterpart<'a, Used<'a>>| theirs(other).is_some_and(|value| is_same(value, ours));
            let Some(first) = group.differing(agrees) else { continue };
            let of_direction = counterparts.iter().filter(|other| other.direction == first.direction);
            let other = of_direction.into_iter().find(|other| theirs(other).is_some()).unwrap_or(first);
            let place = curated.schema.pointer.join(keyword);
            let (value, edit) = match theirs(other) {
                Some(value) => (Value::Other(words(value)), set(place, edit::Value::from(value))),
                None => (Value::Missing, remove(place)),
            };
            self.fact(
                *file,
                curated.schema.named.join(keyword),
                value,
                other.at(&other.published.schema.pointer),
                vec![edit],
            );
        }
    }

    /// Compares the values of an enum. A string here and an enum in a response there is more open, so it is no fact.
    fn values(&mut self, group: &Values<'a>) {
        let Group { file, curated, counterparts } = group;
        let schema = &curated.schema;
        let with_values = || counterparts.iter().filter(|other| other.published.schema.value.get("enum").is_some());
        if schema.value.get("enum").is_none() {
            let is_strict = |other: &&Counterpart<'a, Used<'a>>| {
                other.direction == Direction::Request && !is_open(&other.published.schema)
            };
            let strict = with_values().find(is_strict);
            let takes_all = |other: &Counterpart<'a, Used<'a>>| other.published.schema.value.get("enum").is_none();
            if let Some(other) = strict.filter(|_| !counterparts.iter().any(takes_all)) {
                let values =
                    other.published.schema.value.get("enum").map(edit::Value::from).unwrap_or(edit::Value::Null);
                let edits = vec![set(schema.pointer.join("enum"), values)];
                self.fact(
                    *file,
                    schema.named.join("enum"),
                    Value::Exists,
                    other.at(&other.published.schema.pointer),
                    edits,
                );
            }
            return;
        }
        let place = schema.named.join("enum");
        let Some(first) = with_values().next() else {
            let Some(other) = counterparts.first() else { return };
            let mut keywords = vec!["enum", "x-stripeEnum", "x-stripeBypassValidation"];
            // On a string, it would be the name of the field.
            keywords.extend((curated.site == *schema).then_some("x-rustName"));
            let edits = keywords.into_iter().filter(|key| schema.value.get(key).is_some());
            let edits = edits.map(|key| remove(schema.pointer.join(key))).collect();
            return self.fact(*file, place, Value::Missing, other.at(&other.published.schema.pointer), edits);
        };
        let ours: BTreeSet<&str> = schema.texts("enum").collect();
        let mut theirs = BTreeSet::new();
        for other in with_values() {
            for value in other.published.schema.texts("enum") {
                // Requests clear a value by the empty string.
                let is_new = !value.is_empty() && theirs.insert(value) && !ours.contains(value);
                if is_new {
                    let edits = vec![append(schema.pointer.join("enum"), edit::Value::text(value))];
                    let there = other.at(&other.published.schema.pointer.join("enum"));
                    self.fact(*file, place.join(value), Value::Exists, there, edits);
                }
            }
        }
        for value in ours.difference(&theirs) {
            let documented =
                schema.key("x-stripeEnum").map(|documented| documented.items_of("values")).unwrap_or_default();
            let documented = documented.iter().find(|entry| entry.text("value") == Some(value));
            let edits = remove_text(schema, "enum", value).into_iter();
            let edits = edits.chain(documented.map(|entry| remove(entry.pointer.clone()))).collect();
            let there = first.at(&first.published.schema.pointer.join("enum"));
            self.fact(*file, place.join(value), Value::Missing, there, edits);
        }
        let opening = with_values().find(|other| is_open(&other.published.schema));
        if let Some(other) = opening.filter(|_| !is_open(schema)) {
            let (keys, value) = match schema.value.get("x-stripeEnum") {
                Some(_) => (schema.pointer.join("x-stripeEnum").join("kind"), edit::Value::text("open")),
                None => (schema.pointer.join("x-stripeBypassValidation"), edit::Value::Flag(true)),
            };
            let there = other.at(&other.published.schema.pointer);
            let place = schema.named.join("x-stripeEnum").join("kind");
            self.fact(*file, place, Value::Other("open".to_owned()), there, vec![set(keys, value)]);
        }
    }
}

/// Returns whether Stripe may add values to an enum.
fn is_open(schema: &Node<'_>) -> bool {
    let kind = schema.key("x-stripeEnum");
    schema.flag("x-stripeBypassValidation") || kind.is_some_and(|declared| declared.text("kind") == Some("open"))
}

/// Returns the formats that the dialect has for the type of a schema.
pub(super) fn formats(schema: &Node<'_>) -> &'static [&'static str] {
    let kind = SchemaKind::Typed(schema.text("type").unwrap_or_default());
    let format = schema_keywords(kind).iter().find(|member| member.name == "format");
    match format.map(|member| &member.shape) {
        Some(Shape::Choice(formats)) => formats,
        _ => &[],
    }
}

/// Returns the keywords of a schema that constrain its values beyond the type.
fn constraints(schema: &Node<'_>) -> impl Iterator<Item = &'static str> {
    let kind = SchemaKind::Typed(schema.text("type").unwrap_or_default());
    let is_constraint =
        |shape: &Shape| matches!(shape, Shape::Flag | Shape::Count | Shape::Integer | Shape::Number | Shape::Text);
    schema_keywords(kind)
        .iter()
        .filter(move |member| member.compared && is_constraint(&member.shape))
        .map(|member| member.name)
}

pub(super) fn is_same(one: &Json, other: &Json) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}

/// Returns a value as reports show it.
fn words(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
