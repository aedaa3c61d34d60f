//! Edits the text of a description at JSON pointers.
//!
//! `changes` applies edits to the value of the text, `reconcile` changes the text to have that value, with as few lines as
//! possible. Comments and layout of everything else stay; `write` and `order` are the house style of what is new.

mod align;
mod changes;
mod flow;
mod order;
mod reconcile;
mod text;
mod value;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

pub use value::Value;

use self::changes::Changes;
use crate::parse;
use crate::pointer::Pointer;

/// A change of a description at a place.
///
/// The places of all edits are those of the text before any of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The place.
    pub pointer: Pointer,
    /// What changes there.
    pub kind: EditKind,
}

/// What an edit changes.
#[derive(Debug, Clone, PartialEq)]
pub enum EditKind {
    /// Sets the value at the place, and adds the key, and the objects around it, if they are missing. What both values have
    /// keeps its layout.
    Set(Value),
    /// Adds an item to the list at the place, unless the list has it. A sorted list of strings stays sorted.
    Append(Value),
    /// Removes the key or the item, with its comments.
    Remove,
}

/// An edit that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    /// The place of the edit.
    pub pointer: Pointer,
    /// Why it cannot be applied.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, message, help } = self;
        match pointer.as_str() {
            "" => write!(f, "{message}\nhelp: {help}"),
            place => write!(f, "{message}, at `{place}`\nhelp: {help}"),
        }
    }
}

impl std::error::Error for EditError {}

impl EditError {
    fn new(pointer: &Pointer, message: &str, help: &str) -> Self {
        Self { pointer: pointer.clone(), message: message.to_owned(), help: help.to_owned() }
    }
}

/// Applies edits to a description.
///
/// # Errors
///
/// The first edit that cannot be applied, or the first syntax error of the text.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    apply_after(text, edits, &BTreeMap::new())
}

/// Applies edits to a description, as [`apply`] does. `after` has the keys that new ones stand after, by the place of the new ones;
/// all others stand where the house order has them.
pub(crate) fn apply_after(text: &str, edits: &[Edit], after: &BTreeMap<Pointer, String>) -> Result<String, EditError> {
    let tree = parse::tree(text).map_err(|error| {
        let message = format!("{}:{}: {}", error.line, error.column, error.message);
        EditError::new(&Pointer::root(), &message, "fix the syntax first")
    })?;
    let mut changes = Changes::default();
    for edit in edits {
        changes.add(edit);
    }
    let old = Value::from(tree.root());
    let new = changes.applied(Some(&old), &Pointer::root())?;
    let new = new.unwrap_or(Value::Null);
    reconcile::reconcile(text, tree.root(), &new, after)
}
