//! Schemas of every kind, for every place.

use serde_yaml::Value;

use super::Writer;
use super::components::Role;
use super::dialect::Place::{self, Alternative, Parameter, Path, Property, Response};
use super::object::{Object, list};

/// A schema that has been written.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) schema: Object,
    /// A value that it describes, if one is known.
    pub(super) sample: Option<Value>,
    pub(super) form: Form,
}

/// What a schema becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text of any type.
    Text,
    /// A text whose values are listed in place.
    Enum,
    /// A number, a flag, a time.
    Scalar,
    /// An object that is described in place and becomes a struct.
    Struct,
    /// An array, a map, a range, an envelope: an object on the wire that gets no type of its own.
    Structure,
    /// An object of which one property is given, described in place.
    OneOf,
    /// A struct that is described elsewhere.
    Object,
    /// A type that is described inside of an `anyOf`.
    Anchored,
    /// Any JSON.
    Any,
}

impl Form {
    /// Whether a form or a query needs brackets for it.
    pub(super) fn is_deep(self) -> bool {
        matches!(self, Self::Struct | Self::OneOf | Self::Structure | Self::Object | Self::Anchored)
    }

    /// Whether it gets a type by being described where it stands.
    pub(super) fn makes_type(self) -> bool {
        matches!(self, Self::Enum | Self::Struct | Self::OneOf)
    }
}

impl Made {
    pub(super) fn new(schema: Object, sample: impl Into<Value>, form: Form) -> Self {
        Self { schema, sample: Some(sample.into()), form }
    }

    /// A schema of any JSON.
    pub(super) fn any() -> Self {
        Self::new(Object::new(), "any", Form::Any)
    }

    pub(super) fn is_reference(&self) -> bool {
        self.schema.has("$ref")
    }
}

/// Whether a kind of schema may stand at a place, in this depth.
type Suits = fn(Place, u32) -> bool;

/// Writes a schema of a kind for a place, in this depth.
type Write = fn(&mut Writer, Place, u32) -> Option<Made>;

/// How often each kind of schema is written, where, and by what.
const KINDS: &[(u32, Suits, Write)] = &[
    (14, |_, _| true, |writer, _, _| Some(writer.text())),
    (12, |place, _| place != Path, |writer, _, _| Some(writer.formatted())),
    (4, |place, _| !matches!(place, Path | Response), |writer, _, _| Some(writer.secret())),
    (6, |place, _| place != Response, |writer, _, _| writer.id()),
    (11, |_, _| true, |writer, _, _| Some(writer.enumeration())),
    (12, |place, _| place != Path, |writer, _, _| Some(writer.integer())),
    (5, |place, _| place != Path, |writer, _, _| Some(writer.number())),
    (6, |place, _| place != Path, |writer, _, _| Some(writer.flag())),
    (12, |place, depth| place != Path && depth < DEPTH, |writer, _, depth| Some(writer.array(depth))),
    (7, |place, depth| place != Path && depth < DEPTH, |writer, _, depth| Some(writer.map(depth))),
    (3, |place, _| place != Path, |writer, _, _| Some(writer.any_map())),
    (7, |place, depth| place != Path && depth < DEPTH, |writer, _, depth| Some(writer.structure(depth))),
    (4, |place, depth| place != Path && depth < DEPTH, |writer, _, depth| Some(writer.one_of(depth))),
    (16, |_, _| true, |writer, place, _| writer.reference(place)),
    (10, |place, _| !matches!(place, Path | Alternative), |writer, _, depth| writer.anchored(depth)),
    (3, |place, _| place != Path, |writer, _, _| Some(writer.range())),
    (3, |place, _| !matches!(place, Path | Alternative), |writer, _, _| Some(writer.range_or_exact())),
    (4, |place, _| !matches!(place, Path | Alternative | Parameter), |writer, _, _| writer.expandable()),
    (3, |place, depth| place == Property && depth < DEPTH, |writer, _, depth| Some(writer.envelope(depth))),
    (3, |place, _| place != Path, |_, _, _| Some(Made::any())),
];

/// How deep schemas stand inside of each other.
const DEPTH: u32 = 3;

impl Writer {
    /// Writes a schema for a place, with everything that may stand beside what makes it that schema.
    pub(super) fn schema(&mut self, place: Place, depth: u32) -> Made {
        let kinds: Vec<_> = KINDS.iter().filter(|(_, suits, _)| suits(place, depth)).collect();
        let total: u32 = kinds.iter().map(|(weight, ..)| weight).sum();
        loop {
            let mut at = self.rng.u32(..total);
            let kind = kinds.iter().find(|(weight, ..)| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            });
            if let Some(made) = kind.and_then(|(.., write)| write(self, place, depth)) {
                return self.annotated(place, made);
            }
        }
    }

    /// Adds what any schema may have; a reference stands by itself.
    pub(super) fn annotated(&mut self, place: Place, mut made: Made) -> Made {
        if !made.is_reference() {
            self.annotate(place, made.form, &mut made.schema, made.sample.as_ref());
        }
        made
    }

    /// Writes a reference to a component that suits a place.
    pub(super) fn reference(&mut self, place: Place) -> Option<Made> {
        let suits = |role: Role| match place {
            Place::Path => role == Role::Text,
            _ => true,
        };
        let targets: Vec<usize> = (0..self.components.len())
            .filter(|index| {
                let component = &self.components[*index];
                // What is written already can't lead back to what is being written.
                suits(component.role)
                    && (component.role != Role::Alias || component.is_written())
                    && !(self.is_sent && component.holds_null)
            })
            .collect();
        let component = &self.components[*self.rng.choice(&targets)?];
        let schema = Object::reference("schemas", &component.key);
        Some(Made { schema, sample: component.sample.clone(), form: component.form })
    }

    /// Writes a reference that something else can be said beside.
    pub(super) fn anchored(&mut self, depth: u32) -> Option<Made> {
        let target = if depth < DEPTH && self.chance(50) {
            self.schema(Place::Alternative, depth + 1)
        } else {
            self.reference(Place::Alternative)?
        };
        let form = match target.form {
            Form::Struct => Form::Anchored,
            Form::Enum => Form::Text,
            Form::OneOf => Form::Structure,
            form => form,
        };
        Some(Made { schema: Object::new().with("anyOf", list([target.schema])), form, ..target })
    }

    /// Writes a schema of an id that can be expanded to the object.
    pub(super) fn expandable(&mut self) -> Option<Made> {
        let target = self.reference_to_object()?;
        let mut id = self.text().schema;
        self.annotate(Place::ExpandableId, Form::Text, &mut id, None);
        let mut members = [id, target.clone()];
        self.rng.shuffle(&mut members);
        let schema = Object::new()
            .with("anyOf", list(members))
            .with("x-expansionResources", Object::new().with("oneOf", list([target])));
        Some(Made::new(schema, "id_123", Form::Text))
    }
}
