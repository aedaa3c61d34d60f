//! Finds the form of a schema.

use openapiv3::{Schema, SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty as Format};

use super::patterns;
pub(super) use crate::dialect::place::{Form, Place, Subject};

impl Form {
    /// Returns the form of a schema.
    pub(super) fn of(schema: &Schema) -> Self {
        match &schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => match &string.format {
                Format::Empty if string.enumeration.is_empty() => Self::Text,
                Format::Empty => Self::Enum,
                Format::Item(StringFormat::DateTime | _) | Format::Unknown(_) => Self::Formatted,
            },
            SchemaKind::Type(Type::Integer(_)) => Self::Integer,
            SchemaKind::Type(Type::Number(_)) => Self::Number,
            SchemaKind::Type(Type::Boolean(_)) => Self::Boolean,
            SchemaKind::Type(Type::Array(_)) => Self::Array,
            SchemaKind::Type(Type::Object(object)) if patterns::envelope(object).is_some() => Self::List,
            SchemaKind::Type(Type::Object(_)) if patterns::range_bounds(schema).is_some() => Self::Range,
            SchemaKind::Type(Type::Object(object)) if patterns::is_struct(object) => Self::Struct,
            SchemaKind::Type(Type::Object(_)) => Self::Map,
            SchemaKind::AnyOf { .. } => Self::AnyOf,
            SchemaKind::OneOf { .. } => Self::OneOf,
            _ => Self::Any,
        }
    }
}
