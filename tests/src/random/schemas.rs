//! Schemas of every kind, for every place.

use serde_yaml::Value;

use super::Writer;
use super::components::Role;
use super::dialect::Place;
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
        matches!(self, Self::Struct | Self::Structure | Self::Object | Self::Anchored)
    }

    /// Whether it gets a type by being described where it stands.
    pub(super) fn makes_type(self) -> bool {
        matches!(self, Self::Enum | Self::Struct)
    }
}

impl Made {
    pub(super) fn new(schema: Object, sample: impl Into<Value>, form: Form) -> Self {
        Self { schema, sample: Some(sample.into()), form }
    }

    pub(super) fn is_reference(&self) -> bool {
        self.schema.has("$ref")
    }
}

/// The kinds of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Formatted,
    Secret,
    Id,
    Enum,
    Integer,
    Number,
    Flag,
    Array,
    Map,
    AnyMap,
    Struct,
    Reference,
    Anchored,
    Range,
    RangeOrExact,
    Expandable,
    Envelope,
    Any,
}

/// How often each kind is written, and how deep what stands inside of it may go.
const KINDS: &[(Kind, u32)] = &[
    (Kind::Text, 14),
    (Kind::Formatted, 12),
    (Kind::Secret, 4),
    (Kind::Id, 6),
    (Kind::Enum, 11),
    (Kind::Integer, 12),
    (Kind::Number, 5),
    (Kind::Flag, 6),
    (Kind::Array, 12),
    (Kind::Map, 7),
    (Kind::AnyMap, 3),
    (Kind::Struct, 7),
    (Kind::Reference, 16),
    (Kind::Anchored, 10),
    (Kind::Range, 3),
    (Kind::RangeOrExact, 3),
    (Kind::Expandable, 4),
    (Kind::Envelope, 3),
    (Kind::Any, 3),
];

/// How deep schemas stand inside of each other.
const DEPTH: u32 = 3;

impl Kind {
    fn suits(self, place: Place, depth: u32) -> bool {
        match self {
            Self::Text | Self::Reference | Self::Enum => true,
            Self::Id => place != Place::Response,
            _ if place == Place::Path => false,
            Self::Secret => place != Place::Response,
            Self::Envelope => place == Place::Property && depth < DEPTH,
            Self::Expandable if place == Place::Parameter => false,
            Self::Anchored | Self::RangeOrExact | Self::Expandable if place == Place::Alternative => false,
            Self::Array | Self::Map | Self::Struct => depth < DEPTH,
            _ => true,
        }
    }
}

impl Writer {
    /// Writes a schema for a place, with everything that may stand beside what makes it that schema.
    pub(super) fn schema(&mut self, place: Place, depth: u32) -> Made {
        let kinds: Vec<(Kind, u32)> = KINDS.iter().filter(|(kind, _)| kind.suits(place, depth)).copied().collect();
        let total: u32 = kinds.iter().map(|(_, weight)| weight).sum();
        loop {
            let mut at = self.rng.u32(..total);
            let kind = kinds.iter().find(|(_, weight)| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            });
            if let Some(made) = kind.and_then(|(kind, _)| self.of_kind(*kind, place, depth)) {
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

    fn of_kind(&mut self, kind: Kind, place: Place, depth: u32) -> Option<Made> {
        Some(match kind {
            Kind::Text => self.text(),
            Kind::Formatted => self.formatted(),
            Kind::Secret => self.secret(),
            Kind::Id => return self.id(),
            Kind::Enum => self.enumeration(),
            Kind::Integer => self.integer(),
            Kind::Number => self.number(),
            Kind::Flag => self.flag(),
            Kind::Array => self.array(depth),
            Kind::Map => self.map(depth),
            Kind::AnyMap => self.any_map(),
            Kind::Struct => self.structure(depth),
            Kind::Reference => return self.reference(place),
            Kind::Anchored => return self.anchored(depth),
            Kind::Range => self.range(),
            Kind::RangeOrExact => self.range_or_exact(),
            Kind::Expandable => return self.expandable(),
            Kind::Envelope => self.envelope(depth),
            Kind::Any => Made::new(Object::new(), "any", Form::Any),
        })
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
