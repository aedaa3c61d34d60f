//! How two types differ: in Rust, on the wire, or only in their description.

use super::comparison::Comparison;
use super::pairing::Pair;
use super::shape;
use crate::api::{Api, Field, Type, TypeKind, TypePath};

/// A difference between two types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// Unrelated types.
    Type,
    /// The same kind of JSON in another format, with another Rust type.
    Format,
    /// The same Rust type, serialized differently.
    Encoding,
    /// The same in Rust and on the wire.
    Description,
    /// A string becomes an id type.
    IdAdded,
    /// An id type becomes a string.
    IdRemoved,
    /// An id becomes that of another resource.
    IdChanged,
    /// A string becomes a secret.
    SecretAdded,
    /// A secret becomes a string.
    SecretRemoved,
    /// Items of an array or values of a map become nullable.
    ItemsNullable,
    /// Items of an array or values of a map are no longer nullable.
    ItemsNotNull,
    /// The same type, moved into a `Box` or out of one.
    Boxing,
    /// Another Rust type for the same values on the wire.
    Rust,
}

impl Difference {
    /// Returns how the types of a field differ.
    pub(super) fn of<'a>(comparison: &Comparison<'a>, field: Pair<'a, Field>) -> Option<Self> {
        let (base, head) = field.map(|field| &field.ty);
        if comparison.is_same(base, head) {
            return None;
        }
        let (base, head) = shape::innermost((base, head), |base, head| comparison.is_same(base, head));
        match (base, head) {
            (base, Type::Nullable(head)) if comparison.is_same(base, head) => return Some(Self::ItemsNullable),
            (Type::Nullable(base), head) if comparison.is_same(base, head) => return Some(Self::ItemsNotNull),
            _ => {}
        }
        let in_head = |path: &TypePath| comparison.head_name(path).to_string();
        let as_it_is = |path: &TypePath| path.to_string();
        let same_in_rust = shape::rust(base, &in_head) == shape::rust(head, &as_it_is);
        let same_on_the_wire = shape::is_same_on_the_wire(comparison, base, head);
        Some(match (same_in_rust, same_on_the_wire) {
            (true, true) => Self::Description,
            (true, false) => Self::Encoding,
            (false, true) => Self::same_on_the_wire(comparison, base, head),
            (false, false) if shape::json(base).is_some() && shape::json(base) == shape::json(head) => Self::Format,
            (false, false) => Self::Type,
        })
    }

    fn same_on_the_wire(comparison: &Comparison<'_>, base: &Type, head: &Type) -> Self {
        let sides = comparison.sides;
        match (base, head) {
            (Type::Secret, _) => Self::SecretRemoved,
            (_, Type::Secret) => Self::SecretAdded,
            (Type::Boxed(old), Type::Named(new)) | (Type::Named(old), Type::Boxed(new))
                if comparison.is_kept(old, new) =>
            {
                Self::Boxing
            }
            _ => match (is_id(base, sides.base), is_id(head, sides.head)) {
                (true, true) => Self::IdChanged,
                (false, true) => Self::IdAdded,
                (true, false) => Self::IdRemoved,
                (false, false) => Self::Rust,
            },
        }
    }
}

fn is_id(ty: &Type, api: &Api) -> bool {
    let Type::Named(path) = ty else { return false };
    match api.types.get(path).map(|def| &def.kind) {
        Some(TypeKind::String(definition)) => definition.id_of.is_some(),
        _ => false,
    }
}
