//! What of types is the same: in Rust, or on the wire.

use std::collections::{BTreeSet, HashSet};

use super::comparison::Comparison;
use super::pairing::{Pair, Paired};
use crate::api::{Api, Enum, TimeFormat, Type, TypeKind, TypePath};

/// The type as Rust has it, with paths written by `name`.
pub(super) fn rust(ty: &Type, name: &impl Fn(&TypePath) -> String) -> String {
    let inner = |ty: &Type| rust(ty, name);
    match ty {
        Type::Boolean => "bool".to_owned(),
        Type::Integer | Type::IntegerString => "i64".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::String | Type::Decimal => "String".to_owned(),
        Type::Currency => "Currency".to_owned(),
        Type::Secret => "Secret".to_owned(),
        Type::Timestamp(_) => "Timestamp".to_owned(),
        Type::Json => "Value".to_owned(),
        Type::Named(path) => name(path),
        Type::Boxed(path) => format!("Box<{}>", name(path)),
        Type::Array(ty) => format!("Vec<{}>", inner(ty)),
        Type::Map(ty) => format!("BTreeMap<String, {}>", inner(ty)),
        Type::List(ty) => format!("List<{}>", inner(ty)),
        Type::Page(ty) => format!("Page<{}>", inner(ty)),
        Type::RangeQuery(ty) => format!("RangeQuery<{}>", inner(ty)),
        Type::RangeOrExact(ty) => format!("RangeOrExact<{}>", inner(ty)),
        Type::Expandable { id, object } => format!("Expandable<{}, {}>", inner(id), inner(object)),
    }
}

/// The kind of JSON that a plain value is.
pub(super) fn json(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Boolean => Some("boolean"),
        Type::Integer | Type::Timestamp(TimeFormat::UnixSeconds) => Some("integer"),
        Type::Float => Some("number"),
        Type::String | Type::Decimal | Type::Currency | Type::Secret => Some("string"),
        Type::IntegerString | Type::Timestamp(TimeFormat::Rfc3339) => Some("string"),
        _ => None,
    }
}

/// Compares what of types shows on the wire, whatever they are called in Rust.
pub(super) struct OnTheWire<'c, 'a> {
    comparison: &'c Comparison<'a>,
    /// Structs that are being compared: they may contain themselves.
    begun: HashSet<(&'a TypePath, &'a TypePath)>,
}

impl<'c, 'a> OnTheWire<'c, 'a> {
    pub(super) fn new(comparison: &'c Comparison<'a>) -> Self {
        Self { comparison, begun: HashSet::new() }
    }

    /// Whether the same values stand for both, written the same.
    pub(super) fn is_same(&mut self, base: &Type, head: &Type) -> bool {
        match (base, head) {
            (Type::Array(base), Type::Array(head))
            | (Type::Map(base), Type::Map(head))
            | (Type::List(base), Type::List(head))
            | (Type::Page(base), Type::Page(head))
            | (Type::RangeQuery(base), Type::RangeQuery(head))
            | (Type::RangeOrExact(base), Type::RangeOrExact(head)) => self.is_same(base, head),
            (Type::Expandable { id: base_id, object: base }, Type::Expandable { id: head_id, object: head }) => {
                self.is_same(base_id, head_id) && self.is_same(base, head)
            }
            (Type::Named(base) | Type::Boxed(base), Type::Named(head) | Type::Boxed(head)) => {
                self.is_same_named(base, head)
            }
            (Type::Named(named), plain) => is_any_string(self.comparison.sides.base, named) && is_text(plain),
            (plain, Type::Named(named)) => is_any_string(self.comparison.sides.head, named) && is_text(plain),
            (base, head) => base == head || (is_text(base) && is_text(head)) || (is_whole(base) && is_whole(head)),
        }
    }

    fn is_same_named(&mut self, base: &TypePath, head: &TypePath) -> bool {
        // What has changed in a type that is on both sides is told of that type.
        if self.comparison.is_kept(base, head) {
            return true;
        }
        let Pair { base: base_api, head: head_api } = self.comparison.sides;
        let (Some((base, old)), Some((head, new))) =
            (base_api.types.get_key_value(base), head_api.types.get_key_value(head))
        else {
            return false;
        };
        match (&old.kind, &new.kind) {
            (TypeKind::String(_), TypeKind::String(_)) => true,
            (TypeKind::Enum(old), TypeKind::Enum(new)) => {
                let values = |definition: &'a Enum| -> BTreeSet<&str> {
                    definition.variants.iter().map(|variant| variant.wire.as_str()).collect()
                };
                old.closed == new.closed && values(old) == values(new)
            }
            (TypeKind::Struct(old), TypeKind::Struct(new)) => {
                if !self.begun.insert((base, head)) {
                    return true;
                }
                let fields = Paired::new(&old.fields, &new.fields).by(|field| Some(&field.wire));
                old.tag == new.tag
                    && fields.removed.is_empty()
                    && fields.added.is_empty()
                    && fields.kept.iter().all(|pair| {
                        (pair.base.required, pair.base.nullable) == (pair.head.required, pair.head.nullable)
                            && self.is_same(&pair.base.ty, &pair.head.ty)
                    })
            }
            _ => false,
        }
    }
}

/// Whether a type is written as plain text, of any content.
fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Decimal | Type::Currency | Type::Secret)
}

/// Whether a type is written as a whole number, of any size.
fn is_whole(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Timestamp(TimeFormat::UnixSeconds))
}

/// Whether a type takes any text, if it has names for some.
fn is_any_string(api: &Api, path: &TypePath) -> bool {
    api.types.get(path).is_some_and(|def| match &def.kind {
        TypeKind::String(_) => true,
        TypeKind::Enum(definition) => !definition.closed,
        TypeKind::Struct(_) => false,
    })
}

/// The innermost place where two types differ: arrays of ids and arrays of strings differ in what they hold.
pub(super) fn innermost<'a>(
    base: &'a Type,
    head: &'a Type,
    same: &impl Fn(&Type, &Type) -> bool,
) -> (&'a Type, &'a Type) {
    match (base, head) {
        (Type::Array(base), Type::Array(head))
        | (Type::Map(base), Type::Map(head))
        | (Type::List(base), Type::List(head))
        | (Type::Page(base), Type::Page(head))
        | (Type::RangeQuery(base), Type::RangeQuery(head))
        | (Type::RangeOrExact(base), Type::RangeOrExact(head)) => innermost(base, head, same),
        (Type::Expandable { id: base_id, object: base }, Type::Expandable { id: head_id, object: head }) => {
            if same(base, head) { innermost(base_id, head_id, same) } else { innermost(base, head, same) }
        }
        _ => (base, head),
    }
}
