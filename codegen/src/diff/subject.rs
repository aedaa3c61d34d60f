//! What changes are about, and what was found of them.

use super::pairing::Pair;
use super::{Change, Direction, Place, Rule};
use crate::api::{Operation, Origin, TypeDef};

/// What a change is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    pub(super) group: String,
    pub(super) base: Option<Place>,
    pub(super) head: Option<Place>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

/// A rule, and which way what has changed by it travels.
#[derive(Debug, Clone, Copy)]
pub(super) struct DirectedRule {
    pub(super) rule: &'static Rule,
    pub(super) direction: Direction,
}

impl From<&'static Rule> for DirectedRule {
    fn from(rule: &'static Rule) -> Self {
        Self { rule, direction: rule.direction }
    }
}

impl Changes {
    /// Tells of a change.
    pub(super) fn report(&mut self, rule: impl Into<DirectedRule>, subject: Subject, message: impl Into<String>) {
        let Subject { group, base, head } = subject;
        let DirectedRule { rule, direction } = rule.into();
        self.0.push(Change { rule, direction, group, message: message.into(), base, head });
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        self.0
    }
}

/// A place in a description as reports have it.
pub(super) fn place(item: impl ToString, origin: &Origin) -> Option<Place> {
    Some(Place { item: item.to_string(), file: origin.file.clone(), line: origin.line })
}

/// How users reach an operation: by the resource's method, or by the request.
pub(super) fn operation_item(operation: &Operation) -> String {
    match &operation.attachment {
        Some(attached) => format!("{}::{}", attached.resource, attached.method),
        None => operation.request.to_string(),
    }
}

/// The group of what concerns everything.
const WHOLE: &str = "the whole API";

impl Subject {
    /// What concerns everything, and where it is said.
    pub(super) fn whole(base: Option<Place>, head: Option<Place>) -> Self {
        Self { group: WHOLE.to_owned(), base, head }
    }

    pub(super) fn types(pair: Pair<'_, TypeDef>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(&pair.base.path, &pair.base.origin),
            head: place(&pair.head.path, &pair.head.origin),
        }
    }

    pub(super) fn operations(pair: Pair<'_, Operation>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(operation_item(pair.base), &pair.base.origin),
            head: place(operation_item(pair.head), &pair.head.origin),
        }
    }

    /// The requests of operations.
    pub(super) fn requests(pair: Pair<'_, Operation>) -> Self {
        Self {
            base: place(&pair.base.request, &pair.base.origin),
            head: place(&pair.head.request, &pair.head.origin),
            ..Self::operations(pair)
        }
    }

    /// A part of it, on the sides that have it.
    pub(super) fn part(&self, base: Option<(&dyn ToString, &Origin)>, head: Option<(&dyn ToString, &Origin)>) -> Self {
        let part = |whole: &Option<Place>, part: Option<(&dyn ToString, &Origin)>| {
            let (name, origin) = part?;
            let whole = whole.as_ref().map_or("", |place| place.item.as_str());
            place(format!("{whole}::{}", name.to_string()), origin)
        };
        Self { base: part(&self.base, base), head: part(&self.head, head), ..self.clone() }
    }

    /// The same, said elsewhere in the descriptions.
    pub(super) fn at(&self, base: &Origin, head: &Origin) -> Self {
        let mut moved = self.clone();
        for (place, origin) in [(&mut moved.base, base), (&mut moved.head, head)] {
            if let Some(place) = place {
                place.file.clone_from(&origin.file);
                place.line = origin.line;
            }
        }
        moved
    }

    /// Only what was.
    pub(super) fn removed(self) -> Self {
        Self { head: None, ..self }
    }

    /// Only what is.
    pub(super) fn added(self) -> Self {
        Self { base: None, ..self }
    }
}
