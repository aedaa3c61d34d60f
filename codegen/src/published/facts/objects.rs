//! Objects: their properties, which of them are required, and other members.

use serde_json::Value as Json;

use super::{Finder, There, append, remove, remove_text, set};
use crate::edit::{self, Edit};
use crate::pointer::Pointer;
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::pairing::{Counterpart, Group};
use crate::published::schema::{Form, RESOURCE_ID, Used, place, properties, property};
use crate::published::translate::Direction;

/// How the content of a body in the form of v1 ends.
const FORM: &str = "/application~1x-www-form-urlencoded/schema";

type Objects<'a> = Group<'a, Used<'a>>;

impl<'a> Finder<'_, 'a> {
    pub(super) fn object(&mut self, group: &Objects<'a>) {
        self.constraints(group);
        let Group { file, curated, counterparts } = group;
        let schema = &curated.schema;
        for (name, ours) in properties(schema) {
            let has = |other: &Counterpart<'a, Used<'a>>| property(&other.published.schema, name).is_some();
            let having: Vec<_> = counterparts.iter().filter(|other| has(other)).collect();
            match group.differing(has) {
                Some(other) => {
                    let edits = removed(schema, name);
                    let there = other.at(&other.published.schema.pointer.join("properties"));
                    self.fact(*file, ours.named, Value::Missing, there, edits);
                }
                _ => self.required(*file, schema, name, &having),
            }
        }
        let mut seen = Vec::new();
        for other in counterparts {
            for (name, theirs) in properties(&other.published.schema) {
                if property(schema, name).is_none() && !seen.contains(&name) {
                    seen.push(name);
                    self.new_property(*file, schema, name, other, &theirs);
                }
            }
        }
        self.additional(group);
        self.resource(group);
    }

    fn new_property(
        &mut self,
        file: usize,
        schema: &Node<'a>,
        name: &str,
        other: &Counterpart<'a, Used<'a>>,
        theirs: &Node<'a>,
    ) {
        let adopted = self.adopter.schema(file, other.source, theirs, other.direction);
        let is_required = other.published.schema.lists("required", name);
        let pointer = schema.pointer.clone();
        self.exists(file, place(&schema.named, name), other.at(&theirs.pointer), adopted, |value| {
            let required = is_required.then(|| append(pointer.join("required"), edit::Value::text(name)));
            let encoding = encoding(&pointer, name, &value);
            let property = set(place(&pointer, name), value);
            [property].into_iter().chain(required).chain(encoding).collect()
        });
    }

    fn required(&mut self, file: usize, schema: &Node<'a>, name: &str, having: &[&Counterpart<'a, Used<'a>>]) {
        let ours = schema.lists("required", name);
        let requires = |other: &Counterpart<'a, Used<'a>>| other.published.schema.lists("required", name);
        let is_nullable = |other: &Counterpart<'a, Used<'a>>| {
            property(&other.published.schema, name).and_then(Used::at).is_some_and(|used| used.nullable)
        };
        let pointer = schema.named.join("required").join(name);
        let sent = || having.iter().filter(|other| other.direction == Direction::Request);
        let received = || having.iter().filter(|other| other.direction == Direction::Response);
        let stricter = sent().find(|other| requires(other)).filter(|_| !ours);
        if let Some(other) = stricter {
            // A required property has no default.
            let default = schema.keys(&["properties", name, "default"]).map(|default| remove(default.pointer));
            let required = append(schema.pointer.join("required"), edit::Value::text(name));
            let edits = [required].into_iter().chain(default).collect();
            self.fact(file, pointer, Value::Exists, other.at(&other.published.schema.pointer), edits);
            return;
        }
        // A nullable property is an `Option` in any case, and v1 lists none in `required`.
        let all_optional = |mut others: Box<dyn Iterator<Item = &&Counterpart<'a, Used<'a>>> + '_>| {
            others.all(|other| !requires(other) && !is_nullable(other))
        };
        let weaker = [
            sent().next().filter(|_| all_optional(Box::new(sent()))),
            received().next().filter(|_| all_optional(Box::new(received()))),
        ];
        if let Some(other) = weaker.into_iter().flatten().next().filter(|_| ours) {
            let edits = remove_text(schema, "required", name).into_iter().collect();
            self.fact(file, pointer, Value::Missing, other.at(&other.published.schema.pointer), edits);
        }
    }

    /// Compares members without a name of their own: an object that takes them here and not there is more open.
    fn additional(&mut self, group: &Objects<'a>) {
        let Group { file, curated, counterparts } = group;
        let theirs = |node: &Node<'a>| {
            node.key("additionalProperties")
                .filter(|values| values.value.is_object() || *values.value == Json::Bool(true))
        };
        if theirs(&curated.schema).is_some() {
            return;
        }
        let found = counterparts.iter().find_map(|other| Some((other, theirs(&other.published.schema)?)));
        if let Some((other, values)) = found {
            let adopted = self.adopter.schema(*file, other.source, &values, other.direction);
            let (named, pointer) = (curated.schema.named.join("additionalProperties"), &curated.schema.pointer);
            self.exists(*file, named, other.at(&values.pointer), adopted, |value| {
                vec![set(pointer.join("additionalProperties"), value)]
            });
        }
    }

    fn resource(&mut self, group: &Objects<'a>) {
        let Group { file, curated, counterparts } = group;
        let ours = curated.schema.text(RESOURCE_ID);
        let theirs = |other: &Counterpart<'a, Used<'a>>| other.published.schema.text(RESOURCE_ID);
        if counterparts.iter().any(|other| theirs(other) == ours) {
            return;
        }
        let comparable = |other: &&Counterpart<'a, Used<'a>>| self.has_extension(other.source, RESOURCE_ID);
        let Some(other) = counterparts.iter().find(comparable) else { return };
        let place = curated.schema.pointer.join(RESOURCE_ID);
        let (value, edit) = match theirs(other) {
            Some(id) => (Value::Other(id.to_owned()), set(place, edit::Value::text(id))),
            None => (Value::Missing, remove(place)),
        };
        self.fact(
            *file,
            curated.schema.named.join(RESOURCE_ID),
            value,
            other.at(&other.published.schema.pointer),
            vec![edit],
        );
    }

    /// Compares the alternatives of an object with exactly one of several properties.
    pub(super) fn one_of(&mut self, group: &Objects<'a>) {
        let Group { file, curated, counterparts } = group;
        let name = |entry: &Node<'a>| properties(entry).first().map(|(name, _)| *name);
        let entries = |used: &Used<'a>| match &used.form {
            Form::OneOf(entries) => entries.iter().filter_map(|entry| Some((name(entry)?, entry.clone()))).collect(),
            _ => Vec::new(),
        };
        let ours: Vec<(&str, Node<'a>)> = entries(curated);
        let Some(other) = counterparts.first() else { return };
        let theirs = entries(&other.published);
        let has = |entries: &[(&str, Node<'a>)], name: &str| entries.iter().any(|(other, _)| *other == name);
        let list = curated.schema.named.join("oneOf");
        for (name, entry) in ours.iter().filter(|(name, _)| !has(&theirs, name)) {
            let there = other.at(&other.published.schema.pointer);
            self.fact(*file, list.join(name), Value::Missing, there, vec![remove(entry.pointer.clone())]);
        }
        for (name, entry) in theirs.iter().filter(|(name, _)| !has(&ours, name)) {
            let adopted = self.adopter.schema(*file, other.source, entry, other.direction);
            let there = There { source: other.source, pointer: entry.pointer.clone() };
            let pointer = curated.schema.pointer.join("oneOf");
            self.exists(*file, list.join(name), there, adopted, |value| vec![append(pointer, entry_of(value))]);
        }
    }
}

/// Returns an entry of `oneOf`, which has no keywords but these.
fn entry_of(value: edit::Value) -> edit::Value {
    match value {
        edit::Value::Map(members) => {
            let allowed = ["type", "required", "properties"];
            edit::Value::Map(members.into_iter().filter(|(key, _)| allowed.contains(&key.as_str())).collect())
        }
        other => other,
    }
}

/// Returns the edits that remove a property.
fn removed(schema: &Node<'_>, name: &str) -> Vec<Edit> {
    let encoding = schema.pointer.parent().join("encoding").join(name);
    let is_encoded = schema.pointer.as_str().ends_with(FORM) && !is_plain(property(schema, name).as_ref());
    let property = remove(place(&schema.pointer, name));
    let required = remove_text(schema, "required", name);
    [property].into_iter().chain(required).chain(is_encoded.then(|| remove(encoding))).collect()
}

/// Returns the edit that adds the encoding of a property of a form, which arrays and objects need.
fn encoding(schema: &Pointer, name: &str, value: &edit::Value) -> Option<Edit> {
    let scalars = ["string", "integer", "number", "boolean"];
    let is_scalar = matches!(value.get("type"), Some(edit::Value::Text(kind)) if scalars.contains(&kind.as_str()));
    let style = edit::Value::map([("style", edit::Value::text("deepObject")), ("explode", edit::Value::Flag(true))]);
    let is_form = schema.as_str().ends_with(FORM);
    (is_form && !is_scalar).then(|| set(schema.parent().join("encoding").join(name), style))
}

fn is_plain(property: Option<&Node<'_>>) -> bool {
    let used = property.cloned().and_then(Used::at);
    used.is_none_or(|used| matches!(used.form, Form::String | Form::Integer | Form::Number | Form::Boolean))
}
