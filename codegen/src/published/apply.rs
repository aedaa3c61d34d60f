//! Applies edits to a description in memory, without its layout: what is compared is read again anyway.

use serde_json::Value;

use crate::edit::{self, Edit, EditKind};
use crate::pointer::Pointer;

/// Applies edits to a value. As in a text, their places are those before any of them.
pub(super) fn apply(root: &mut Value, edits: &[&Edit]) {
    let is_removal = |edit: &&&Edit| edit.kind == EditKind::Remove;
    for edit in edits.iter().filter(|edit| !is_removal(edit)) {
        match &edit.kind {
            EditKind::Set(value) => {
                if let Some(place) = reach(root, &edit.pointer) {
                    *place = json(value);
                }
            }
            EditKind::Append(item) => {
                let item = json(item);
                match reach(root, &edit.pointer) {
                    Some(Value::Array(items)) if items.contains(&item) => {}
                    Some(Value::Array(items)) => items.push(item),
                    Some(other) => *other = Value::Array(vec![item]),
                    None => {}
                }
            }
            EditKind::Remove => {}
        }
    }
    // The last items of a list first, so that the indices of the others stay.
    let mut removals: Vec<_> = edits.iter().filter(is_removal).map(|edit| &edit.pointer).collect();
    removals.sort_by_key(|pointer| pointer.segments().map(|key| (key.len(), key)).collect::<Vec<_>>());
    removals.dedup();
    for pointer in removals.into_iter().rev() {
        remove(root, pointer);
    }
}

/// Removes what is at a place, if it exists.
pub(super) fn remove(root: &mut Value, pointer: &Pointer) {
    let key = pointer.segments().last().unwrap_or_default();
    match root.pointer_mut(pointer.parent().as_str()) {
        Some(Value::Object(members)) => drop(members.remove(&key)),
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Returns the value at a place, which is added with the objects around it if it is missing.
fn reach<'v>(root: &'v mut Value, pointer: &Pointer) -> Option<&'v mut Value> {
    if root.pointer(pointer.as_str()).is_none() {
        let around = reach(root, &pointer.parent())?;
        if around.is_null() {
            *around = Value::Object(serde_json::Map::new());
        }
        around.as_object_mut()?.insert(pointer.segments().last()?, Value::Null);
    }
    root.pointer_mut(pointer.as_str())
}

fn json(value: &edit::Value) -> Value {
    match value {
        edit::Value::Null => Value::Null,
        edit::Value::Flag(flag) => Value::Bool(*flag),
        edit::Value::Number(number) => Value::Number(number.clone()),
        edit::Value::Text(text) => Value::String(text.clone()),
        edit::Value::List(items) => items.iter().map(json).collect(),
        // What is still to be written is documentation that neither side has.
        edit::Value::Map(members) => members
            .iter()
            .filter(|(key, value)| key != "description" || *value != edit::Value::Text(String::new()))
            .map(|(key, value)| (key.clone(), json(value)))
            .collect(),
    }
}
