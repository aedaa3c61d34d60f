//! Translates parts of a published description into the dialect, without their sentences.
//!
//! Facts go in, values in the house style come out. What the dialect cannot express is listed with its place and left out.

use serde_json::Value as Json;

use crate::edit::Value;
use crate::pointer::Pointer;

/// A part of a published description in the dialect.
#[derive(Debug, Default)]
pub(super) struct Translated {
    /// The part; `None` if the dialect cannot express it at all.
    pub(super) value: Option<Value>,
    /// The places of the published components that it refers to, by the names of [`Names`].
    pub(super) needs: Vec<Pointer>,
    /// What the dialect cannot express.
    pub(super) lost: Vec<Inexpressible>,
}

/// Something that the dialect cannot express, and that is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inexpressible {
    /// The place in the published description.
    pub pointer: Pointer,
    /// What it is, such as `a union of 3 schemas`.
    pub construct: String,
}

/// Whether a schema is sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// What translating needs to know.
pub(super) struct Translator<'p> {
    /// The published description.
    pub(super) root: &'p Json,
    /// Returns the name that the curated description has, or will have, for the component at a published place.
    pub(super) component: &'p dyn Fn(&Pointer) -> String,
    /// Whether the curated descriptions have a resource of this id: ids of others are strings.
    pub(super) has_resource: &'p dyn Fn(&str) -> bool,
}

impl Translator<'_> {
    /// Translates the schema at a place: of a property, an item, a parameter, or a component.
    pub(super) fn schema(&self, _at: &Pointer, _direction: Direction) -> Translated {
        Translated::default()
    }

    /// Translates the parameter at a place.
    pub(super) fn parameter(&self, _at: &Pointer) -> Translated {
        Translated::default()
    }

    /// Translates the operation at a place. Error responses are `errors`, as the curated description has them.
    pub(super) fn operation(&self, _at: &Pointer, _errors: &Value) -> Translated {
        Translated::default()
    }
}
