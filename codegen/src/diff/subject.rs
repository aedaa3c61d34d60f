//! The items that changes are about, with their places in both descriptions.

use super::Place;
use super::pairing::{Member, Pair};
use crate::api::{Operation, Origin, TypeDef};

/// The item that a change is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    pub(super) group: String,
    pub(super) base: Option<Place>,
    pub(super) head: Option<Place>,
}

/// A place in a description, for an item.
pub(super) fn place(item: impl ToString, origin: &Origin) -> Option<Place> {
    Some(Place {
        item: item.to_string(),
        file: origin.file.clone(),
        line: origin.line,
        pointer: origin.pointer.clone(),
    })
}

/// The resource's method for an operation, or its request.
pub(super) fn operation_item(operation: &Operation) -> String {
    match &operation.attachment {
        Some(attached) => format!("{}::{}", attached.resource, attached.method),
        None => operation.request.to_string(),
    }
}

/// The group of changes that concern no single resource.
const WHOLE: &str = "the whole API";

impl Subject {
    /// The whole API.
    pub(super) fn whole(base: Option<Place>, head: Option<Place>) -> Self {
        Self { group: WHOLE.to_owned(), base, head }
    }

    pub(super) fn of_type(pair: Pair<'_, TypeDef>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(&pair.base.path, &pair.base.origin),
            head: place(&pair.head.path, &pair.head.origin),
        }
    }

    pub(super) fn of_operation(pair: Pair<'_, Operation>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(operation_item(pair.base), &pair.base.origin),
            head: place(operation_item(pair.head), &pair.head.origin),
        }
    }

    pub(super) fn of_request(pair: Pair<'_, Operation>) -> Self {
        Self {
            base: place(&pair.base.request, &pair.base.origin),
            head: place(&pair.head.request, &pair.head.origin),
            ..Self::of_operation(pair)
        }
    }

    /// A member that is on both sides.
    pub(super) fn member<T: Member + ?Sized>(&self, pair: Pair<'_, T>) -> Self {
        let side = |whole: &Option<Place>, member: &T| {
            let whole = whole.as_ref().map_or("", |place| place.item.as_str());
            place(format!("{whole}::{}", member.name()), member.origin())
        };
        Self { group: self.group.clone(), base: side(&self.base, pair.base), head: side(&self.head, pair.head) }
    }

    /// A member that only the base has.
    pub(super) fn removed_member<T: Member + ?Sized>(&self, member: &T) -> Self {
        self.member(Pair { base: member, head: member }).removed()
    }

    /// A member that only the head has.
    pub(super) fn added_member<T: Member + ?Sized>(&self, member: &T) -> Self {
        self.member(Pair { base: member, head: member }).added()
    }

    /// The same item, at other places of the descriptions.
    pub(super) fn at(mut self, base: &Origin, head: &Origin) -> Self {
        for (place, origin) in [(&mut self.base, base), (&mut self.head, head)] {
            if let Some(place) = place {
                place.file.clone_from(&origin.file);
                place.line = origin.line;
                place.pointer.clone_from(&origin.pointer);
            }
        }
        self
    }

    /// The item on the base's side only.
    pub(super) fn removed(self) -> Self {
        Self { head: None, ..self }
    }

    /// The item on the head's side only.
    pub(super) fn added(self) -> Self {
        Self { base: None, ..self }
    }
}
