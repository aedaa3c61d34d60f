//! The description that examples of changes start from, `fixtures/diff/_little.yaml`, and merge patches of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a fixture that is not valid is a failed test"
)]

use std::sync::LazyLock;

use serde_yaml::Value;

use crate::Fixture;

static LITTLE: LazyLock<Value> = LazyLock::new(|| {
    let little = Fixture::all("diff").into_iter().find(|fixture| fixture.name == "_little").unwrap();
    serde_yaml::from_str(&little.text).unwrap()
});

/// Returns the description with edits.
///
/// # Panics
///
/// Panics if an edit does not fit the description.
pub fn edited<'a>(edits: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut description = LITTLE.clone();
    edits.into_iter().for_each(|edit| merge(&mut description, &expanded(edit)));
    description
}

/// Expands `schemas` at the top of an edit to `components.schemas`.
fn expanded(edit: &Value) -> Value {
    let Value::Mapping(mut edit) = edit.clone() else { return edit.clone() };
    if let Some(schemas) = edit.remove("schemas") {
        let components = serde_yaml::Mapping::from_iter([("schemas".into(), schemas)]);
        edit.insert("components".into(), components.into());
    }
    Value::Mapping(edit)
}

/// Merges an edit as RFC 7396 does: null removes. In a sequence, a mapping from positions changes single items.
///
/// # Panics
///
/// Panics if what an edit removes is missing.
pub fn merge(target: &mut Value, edit: &Value) {
    match (target, edit) {
        (Value::Mapping(target), Value::Mapping(edit)) => {
            for (key, edit) in edit {
                if edit.is_null() {
                    assert!(target.shift_remove(key).is_some(), "there is no {key:?} to remove");
                } else {
                    merge(target.entry(key.clone()).or_insert(Value::Null), edit);
                }
            }
        }
        (Value::Sequence(target), Value::Mapping(edit)) => {
            for (at, edit) in edit {
                let at = usize::try_from(at.as_u64().expect("a position")).unwrap();
                if edit.is_null() {
                    target.remove(at);
                } else if at == target.len() {
                    target.push(edit.clone());
                } else {
                    merge(&mut target[at], edit);
                }
            }
        }
        (target, Value::Mapping(edit)) if target.is_null() => {
            *target = Value::Mapping(serde_yaml::Mapping::new());
            merge(target, &Value::Mapping(edit.clone()));
        }
        (target, edit) => *target = edit.clone(),
    }
}
