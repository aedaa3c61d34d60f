//! Applies edits to a value.

use super::{Edit, EditError, EditKind, Value};
use crate::pointer::Pointer;

/// The changes of a value and of what is inside, collected from edits.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// What becomes of the value itself.
    itself: Itself,
    appended: Vec<Value>,
    /// The changes inside, by key or index, in the order of the edits.
    inside: Vec<(String, Self)>,
}

#[derive(Debug, Default)]
enum Itself {
    #[default]
    Kept,
    Set(Value),
    Removed,
}

impl Changes {
    pub(super) fn add(&mut self, edit: &Edit) {
        let mut at = self;
        for segment in edit.pointer.segments() {
            let index = at.inside.iter().position(|(key, _)| *key == segment).unwrap_or_else(|| {
                at.inside.push((segment, Self::default()));
                at.inside.len() - 1
            });
            // The index is of an entry that was found or added.
            let Some((_, next)) = at.inside.get_mut(index) else { return };
            at = next;
        }
        match &edit.kind {
            EditKind::Set(value) => *at = Self { itself: Itself::Set(value.clone()), ..Self::default() },
            EditKind::Append(value) => at.appended.push(value.clone()),
            EditKind::Remove => *at = Self { itself: Itself::Removed, ..Self::default() },
        }
    }

    /// Returns the value after the changes; `None` if it is missing then.
    pub(super) fn applied(&self, old: Option<&Value>, pointer: &Pointer) -> Result<Option<Value>, EditError> {
        let value = match (&self.itself, old) {
            (Itself::Removed, _) => None,
            (Itself::Set(value), _) => Some(value.clone()),
            (Itself::Kept, old) => old.cloned(),
        };
        let value = self.inside_applied(value, pointer)?;
        if self.appended.is_empty() {
            return Ok(value);
        }
        let mut items = match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(items)) => items,
            Some(_) => return Err(EditError::new(pointer, "not a list", "pass the place of a list")),
        };
        for item in &self.appended {
            if !contains(&items, item) {
                items.insert(place_in(&items, item), item.clone());
            }
        }
        Ok(Some(Value::List(items)))
    }

    fn inside_applied(&self, value: Option<Value>, pointer: &Pointer) -> Result<Option<Value>, EditError> {
        if self.inside.is_empty() {
            return Ok(value);
        }
        match value {
            Some(Value::List(items)) => self.items_applied(items, pointer).map(Some),
            Some(Value::Map(entries)) => self.entries_applied(entries, pointer).map(Some),
            None | Some(Value::Null) => {
                let value = self.entries_applied(Vec::new(), pointer)?;
                let is_empty = matches!(&value, Value::Map(entries) if entries.is_empty());
                Ok((!is_empty).then_some(value))
            }
            Some(_) => Err(EditError::new(pointer, "neither an object nor a list", "pass a place that exists")),
        }
    }

    fn entries_applied(&self, mut entries: Vec<(String, Value)>, pointer: &Pointer) -> Result<Value, EditError> {
        for (key, changes) in &self.inside {
            let at = entries.iter().position(|(other, _)| other == key);
            let old = at.and_then(|at| entries.get(at)).map(|(_, value)| value);
            let new = changes.applied(old, &pointer.join(key))?;
            match (at, new) {
                (Some(at), Some(new)) => {
                    if let Some((_, value)) = entries.get_mut(at) {
                        *value = new;
                    }
                }
                (Some(at), None) => drop(entries.remove(at)),
                (None, Some(new)) => entries.push((key.clone(), new)),
                (None, None) => {}
            }
        }
        Ok(Value::Map(entries))
    }

    fn items_applied(&self, items: Vec<Value>, pointer: &Pointer) -> Result<Value, EditError> {
        let mut items: Vec<_> = items.into_iter().map(Some).collect();
        for (key, changes) in &self.inside {
            let pointer = pointer.join(key);
            let item = key.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            let Some(item) = item else {
                return Err(EditError::new(&pointer, "the list has no such item", "pass the index of an item"));
            };
            *item = changes.applied(item.as_ref(), &pointer)?;
        }
        Ok(Value::List(items.into_iter().flatten().collect()))
    }
}

fn contains(items: &[Value], item: &Value) -> bool {
    items.iter().any(|other| other.is(item))
}

/// Returns the index at which an item is added: its place in a sorted list of strings, or the end.
fn place_in(items: &[Value], item: &Value) -> usize {
    let texts: Option<Vec<_>> = items.iter().map(Value::as_text).collect();
    match (texts, item) {
        (Some(texts), Value::Text(text)) if texts.is_sorted() => texts.partition_point(|other| *other < text.as_str()),
        _ => items.len(),
    }
}
