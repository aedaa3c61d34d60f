//! Webhook events.

use super::{Doc, FieldPath, Name, Origin, TypePath};

/// The events that share an envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct EventSet {
    /// What the envelope contains.
    pub kind: EventKind,
    /// The struct of the whole event.
    pub envelope: TypePath,
    /// The enum of the event types.
    pub type_enum: TypePath,
    /// The enum of what the events may be about. Snapshot events without any type have none.
    pub subject_enum: Option<TypePath>,
    /// The variant of both enums for events of other types.
    pub unrecognized: Name,
    /// The value of the envelope's `object`.
    pub object: String,
    /// The API version that the envelope is described for.
    pub stripe_version: String,
    /// The field with the type.
    pub type_field: Name,
    /// The event's own id, unless it is optional.
    pub id: Option<FieldPath>,
    /// Snapshot events: the field with the object. Thin events: the field that names it.
    pub subject: FieldPath,
    /// Thin events: the fields of the subject that name the object.
    pub related: Option<RelatedFields>,
    /// The field with the account that the event happened in.
    pub context: Option<FieldPath>,
    /// The events, sorted by type.
    pub types: Vec<EventType>,
}

/// What an event contains of the object that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// All of it, as it was when the event happened (v1).
    Snapshot,
    /// Only its id, type and URL (v2).
    Thin,
}

/// A type of event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventType {
    /// The type on the wire.
    pub wire: String,
    /// The name of its variants.
    pub name: Name,
    /// The resource that it is about.
    pub resource: TypePath,
    /// The resource's `x-resourceId`.
    pub resource_id: String,
    /// Thin events: the name of the variant for the resource.
    pub resource_name: Name,
    /// The API version that the resource is described for.
    pub stripe_version: String,
    /// Documentation.
    pub doc: Doc,
    /// Where it is described.
    pub origin: Origin,
}

/// The fields of a thin event's related object.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedFields {
    /// Its id, optional: singletons have none.
    pub id: FieldPath,
    /// Its `x-resourceId`.
    pub type_name: Name,
    /// The path to retrieve it from.
    pub url: Name,
}
