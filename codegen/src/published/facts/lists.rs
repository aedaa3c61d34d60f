//! The envelopes of lists, which the dialect fixes.

use super::Finder;
use crate::pointer::Pointer;
use crate::published::node::Node;
use crate::published::pairing::Group;
use crate::published::schema::{Used, properties, property};

impl<'a> Finder<'_, 'a> {
    pub(super) fn list(&mut self, group: &Group<'a, Used<'a>>) {
        let ours = &group.curated.schema;
        let Some(other) = group.differing(|other| differences(ours, &other.published.schema).is_empty()) else {
            return;
        };
        for (pointer, construct) in differences(ours, &other.published.schema) {
            self.foreign(&other.at(&pointer), construct);
        }
    }
}

/// Returns how a published list differs from the form that the dialect has, with the places.
fn differences(ours: &Node<'_>, theirs: &Node<'_>) -> Vec<(Pointer, String)> {
    let mut found = Vec::new();
    for (name, member) in properties(ours) {
        let Some(other) = property(theirs, name) else {
            found.push((theirs.pointer.join("properties"), format!("a list without `{name}`")));
            continue;
        };
        let (Some(own), Some(used)) = (Used::at(member), Used::at(other.clone())) else {
            found.push((other.pointer, format!("`{name}` of a list with a reference that leads nowhere")));
            continue;
        };
        let values = |used: &Used<'_>| used.schema.value.get("enum").cloned();
        if std::mem::discriminant(&own.form) != std::mem::discriminant(&used.form) {
            found.push((other.pointer, format!("`{name}` of a list that is: {}", used.words())));
        } else if values(&own) != values(&used) {
            found.push((other.pointer.join("enum"), format!("other values of `{name}` of a list")));
        } else if used.site.flag("deprecated") {
            found.push((other.pointer.join("deprecated"), format!("`{name}` of a list that is deprecated")));
        } else if used.nullable && !own.nullable {
            found.push((other.pointer.join("nullable"), format!("`{name}` of a list that may be null")));
        }
    }
    for (name, other) in properties(theirs) {
        if property(ours, name).is_none() {
            found.push((other.pointer, format!("`{name}` of a list")));
        }
    }
    found
}
