//! Descriptions that are still to be written.

use serde_json::Value as Json;

use crate::edit::{self, Edit, EditKind, Value};
use crate::parse;
use crate::pointer::Pointer;
use crate::source::Source;

/// Returns a description in which each sentence that is to be written has a text, so that it can be read. Lines stay.
pub(super) fn described(source: &Source) -> Source {
    let mut edits = Vec::new();
    if let Ok(tree) = parse::tree(&source.text) {
        let text = || EditKind::Set(Value::text("Still to be written."));
        edits.extend(empty(&tree.value(), &Pointer::root()).into_iter().map(|pointer| Edit { pointer, kind: text() }));
    }
    match edits.as_slice() {
        [] => source.clone(),
        _ => {
            let text = edit::apply(&source.text, &edits).unwrap_or_else(|_| source.text.clone());
            Source { name: source.name.clone(), text }
        }
    }
}

/// Returns the places in a value at which a description is to be written.
pub(super) fn empty(value: &Json, pointer: &Pointer) -> Vec<Pointer> {
    match value {
        Json::Object(entries) => {
            let inside = entries.iter().flat_map(|(key, value)| match (key.as_str(), value.as_str()) {
                ("description", Some("")) => vec![pointer.join(key)],
                _ => empty(value, &pointer.join(key)),
            });
            inside.collect()
        }
        Json::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| empty(item, &pointer.index(index))).collect()
        }
        _ => Vec::new(),
    }
}
