//! Ranges: their bounds, and the exact value beside them.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::values::formats;
use super::{Finder, remove, set};
use crate::dialect::grammar::{SchemaKind, schema_keywords};
use crate::edit;
use crate::pointer::Pointer;
use crate::published::fact::Value;
use crate::published::node::Node;
use crate::published::pairing::Group;
use crate::published::schema::{Form, Used, place, properties, property};

impl<'a> Finder<'_, 'a> {
    /// Compares a range as one: in the dialect, its bounds and its exact value have the same type and format.
    pub(super) fn range(&mut self, group: &Group<'a, Used<'a>>) {
        let Group { file, curated, .. } = group;
        let named = &curated.schema.named;
        let (Some(ours), Some(first)) = (Range::of(curated), curated_first(curated)) else { return };
        let agrees = |other: &Used<'a>| Range::of(other).is_some_and(|theirs| ours.is_like(&theirs));
        let Some(other) = group.differing(|other| agrees(&other.published)) else { return };
        let Some(theirs) = Range::of(&other.published) else { return };
        for keyword in ["type", "format"] {
            let value = |node: &Node<'a>| node.text(keyword).filter(|value| is_known(&first, keyword, value));
            let values: BTreeSet<_> = theirs.parts().map(|part| value(&part)).collect();
            match values.into_iter().collect::<Vec<_>>().as_slice() {
                [new] if *new != value(&first) => {
                    let edits = ours.parts().map(|part| match new {
                        Some(value) => set(part.pointer.join(keyword), edit::Value::text(*value)),
                        None => remove(part.pointer.join(keyword)),
                    });
                    let value = new.map_or(Value::Missing, |value| Value::Other(value.to_owned()));
                    let there = other.at(&theirs.bounds.pointer);
                    self.fact(*file, named.join(keyword), value, there, edits.collect());
                }
                [_] | [] => {}
                _ => {
                    let construct = format!("a range whose bounds do not have the same `{keyword}`");
                    self.foreign(&other.at(&theirs.bounds.pointer), construct);
                }
            }
        }
        for (pointer, keyword) in theirs.others() {
            self.foreign(&other.at(&pointer), format!("a range with `{keyword}`"));
        }
        for (name, bound) in properties(&ours.bounds) {
            if property(&theirs.bounds, name).is_none() {
                let there = other.at(&theirs.bounds.pointer.join("properties"));
                self.fact(*file, named.join(name), Value::Missing, there, vec![remove(bound.pointer)]);
            }
        }
        for (name, bound) in properties(&theirs.bounds) {
            if property(&ours.bounds, name).is_none() {
                let edits = vec![set(place(&ours.bounds.pointer, name), edit::Value::from(first.value))];
                self.fact(*file, named.join(name), Value::Exists, other.at(&bound.pointer), edits);
            }
        }
    }
}

fn curated_first<'a>(curated: &Used<'a>) -> Option<Node<'a>> {
    Range::of(curated)?.parts().next()
}

fn is_known(first: &Node<'_>, keyword: &str, value: &str) -> bool {
    keyword == "type" || formats(first).contains(&value)
}

/// The parts of a range.
struct Range<'a> {
    bounds: Node<'a>,
    exact: Option<Node<'a>>,
}

impl<'a> Range<'a> {
    fn of(used: &Used<'a>) -> Option<Self> {
        let Form::Range { bounds, exact } = &used.form else { return None };
        Some(Self { bounds: bounds.clone(), exact: exact.clone() })
    }

    fn parts(&self) -> impl Iterator<Item = Node<'a>> {
        let bounds = properties(&self.bounds).into_iter().map(|(_, bound)| bound);
        bounds.chain(self.exact.clone()).map(|part| part.resolved().unwrap_or(part))
    }

    /// Returns whether another range has the same bounds of the same type.
    fn is_like(&self, other: &Self) -> bool {
        let names = |range: &Self| properties(&range.bounds).into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>();
        let Some(first) = self.parts().next() else { return false };
        let same = |part: &Node<'a>, key: &str| {
            let value = |node: &Node<'a>| node.text(key).filter(|value| is_known(&first, key, value));
            value(part) == value(&first)
        };
        names(self) == names(other)
            && other.others().is_empty()
            && other.parts().all(|part| same(&part, "type") && same(&part, "format"))
    }

    /// Returns the keywords that a range does not have in the dialect, with their places.
    fn others(&self) -> Vec<(Pointer, &'a str)> {
        let is_no = |value: &Json| *value == Json::Bool(false) || value.as_array().is_some_and(Vec::is_empty);
        let unknown = |node: &Node<'a>, known: &dyn Fn(&str) -> bool| -> Vec<_> {
            let is_other = |key: &str, value: &Node<'a>| !known(key) && !key.starts_with("x-") && !is_no(value.value);
            let others = node.entries().filter(|(key, value)| is_other(key, value));
            others.map(|(key, value)| (value.pointer, key)).collect()
        };
        let is_common = |key: &str| ["type", "title", "description"].contains(&key);
        let of_bounds = unknown(&self.bounds, &|key| is_common(key) || key == "properties");
        let of_parts = self.parts().flat_map(|part| {
            let kind = SchemaKind::Typed(part.text("type").unwrap_or_default());
            let is_constraint = |key: &str| {
                let has = schema_keywords(kind).iter().any(|member| member.name == key);
                has && !["enum", "items", "properties"].contains(&key)
            };
            unknown(&part, &|key| is_common(key) || is_constraint(key))
        });
        of_bounds.into_iter().chain(of_parts).collect()
    }
}
