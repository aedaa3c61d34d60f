//! What two types share: in Rust, or on the wire.

use std::collections::{BTreeSet, HashSet};

use super::comparison::Comparison;
use super::pairing::{Pair, Paired};
use crate::api::{Enum, TimeFormat, Type, TypeDef, TypeKind, TypePath};

/// The type in Rust, with paths written by `name`.
pub(super) fn rust(ty: &Type, name: &impl Fn(&TypePath) -> String) -> String {
    let inner = |ty: &Type| rust(ty, name);
    match ty {
        Type::Boolean => "bool".to_owned(),
        Type::Integer | Type::IntegerString => "i64".to_owned(),
        Type::Unsigned | Type::UnsignedString => "u64".to_owned(),
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
        Type::Nullable(ty) => format!("Option<{}>", inner(ty)),
        Type::List(ty) => format!("List<{}>", inner(ty)),
        Type::Page(ty) => format!("Page<{}>", inner(ty)),
        Type::RangeQuery(ty) => format!("RangeQuery<{}>", inner(ty)),
        Type::RangeOrExact(ty) => format!("RangeOrExact<{}>", inner(ty)),
        Type::Expandable { id, object } => format!("Expandable<{}, {}>", inner(id), inner(object)),
    }
}

/// The JSON type of a scalar.
pub(super) fn json(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Boolean => Some("boolean"),
        Type::Integer | Type::Unsigned | Type::Timestamp(TimeFormat::UnixSeconds) => Some("integer"),
        Type::Float => Some("number"),
        Type::String | Type::Decimal | Type::Currency | Type::Secret => Some("string"),
        Type::IntegerString | Type::UnsignedString | Type::Timestamp(TimeFormat::Rfc3339) => Some("string"),
        _ => None,
    }
}

/// Whether two types have the same values on the wire, whatever their names in Rust.
pub(super) fn is_same_on_the_wire<'a>(comparison: &Comparison<'a>, base: &'a Type, head: &'a Type) -> bool {
    let Pair { base: base_api, head: head_api } = comparison.sides;
    let mut pending = vec![(base, head)];
    // Types may contain themselves.
    let mut visited = HashSet::new();
    while let Some((base, head)) = pending.pop() {
        if let Some(inside) = inside(base, head) {
            pending.extend(inside);
            continue;
        }
        let is_same = match (base, head) {
            (Type::Named(base) | Type::Boxed(base), Type::Named(head) | Type::Boxed(head)) => {
                // Changes in a type that is on both sides are reported for that type.
                comparison.is_kept(base, head)
                    || !visited.insert((base, head))
                    || base_api.types.get(base).zip(head_api.types.get(head)).is_some_and(|(base, head)| {
                        let fields = same_kind_on_the_wire(base, head);
                        fields.map(|fields| pending.extend(fields)).is_some()
                    })
            }
            (Type::Named(named), plain) => base_api.types.get(named).is_some_and(is_any_text) && is_text(plain),
            (plain, Type::Named(named)) => head_api.types.get(named).is_some_and(is_any_text) && is_text(plain),
            (base, head) => {
                base == head
                    || [is_text, is_whole, is_whole_text].iter().any(|is_alike| is_alike(base) && is_alike(head))
            }
        };
        if !is_same {
            return false;
        }
    }
    true
}

/// The parts of two types that are still to be compared; `None` if the types already differ.
fn same_kind_on_the_wire<'a>(base: &'a TypeDef, head: &'a TypeDef) -> Option<Vec<(&'a Type, &'a Type)>> {
    match (&base.kind, &head.kind) {
        _ if is_any_text(base) && is_any_text(head) => Some(Vec::new()),
        (TypeKind::Enum(old), TypeKind::Enum(new)) => {
            let values = |definition: &'a Enum| -> BTreeSet<&str> {
                definition.variants.iter().map(|variant| variant.wire.as_str()).collect()
            };
            (old.closed == new.closed && values(old) == values(new)).then(Vec::new)
        }
        (TypeKind::Struct(old), TypeKind::Struct(new)) => {
            let fields = Paired::new(&old.fields, &new.fields).by(|field| Some(&field.wire));
            let is_same = old.tag == new.tag
                && old.additional.is_some() == new.additional.is_some()
                && fields.removed.is_empty()
                && fields.added.is_empty()
                && fields
                    .kept
                    .iter()
                    .all(|pair| (pair.base.required, pair.base.nullable) == (pair.head.required, pair.head.nullable));
            let additional = old.additional.iter().zip(&new.additional).map(|(base, head)| (&base.ty, &head.ty));
            let inside = fields.kept.iter().map(|pair| pair.map(|field| &field.ty)).chain(additional);
            is_same.then(|| inside.collect())
        }
        (TypeKind::OneOf(old), TypeKind::OneOf(new)) => {
            let variants = Paired::new(&old.variants, &new.variants).by(|variant| Some(&variant.wire));
            let is_same = variants.removed.is_empty() && variants.added.is_empty();
            is_same.then(|| variants.kept.iter().map(|pair| pair.map(|variant| &variant.ty)).collect())
        }
        _ => None,
    }
}

/// The types inside of two types, if both have the same constructor.
fn inside<'a>(base: &'a Type, head: &'a Type) -> Option<Vec<(&'a Type, &'a Type)>> {
    match (base, head) {
        (Type::Array(base), Type::Array(head))
        | (Type::Map(base), Type::Map(head))
        | (Type::Nullable(base), Type::Nullable(head))
        | (Type::List(base), Type::List(head))
        | (Type::Page(base), Type::Page(head))
        | (Type::RangeQuery(base), Type::RangeQuery(head))
        | (Type::RangeOrExact(base), Type::RangeOrExact(head)) => Some(vec![(base, head)]),
        (Type::Expandable { id: base_id, object: base }, Type::Expandable { id: head_id, object: head }) => {
            Some(vec![(base, head), (base_id, head_id)])
        }
        _ => None,
    }
}

/// Whether a type is serialized as a string with any content.
fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Decimal | Type::Currency | Type::Secret)
}

/// Whether a type is serialized as an integer of any size.
fn is_whole(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Unsigned | Type::Timestamp(TimeFormat::UnixSeconds))
}

/// Whether a type is written as a whole number in a string.
fn is_whole_text(ty: &Type) -> bool {
    matches!(ty, Type::IntegerString | Type::UnsignedString)
}

/// Whether a type accepts any string, even if some values have names.
fn is_any_text(def: &TypeDef) -> bool {
    match &def.kind {
        TypeKind::String(_) => true,
        TypeKind::Enum(definition) => !definition.closed,
        TypeKind::Struct(_) | TypeKind::OneOf(_) => false,
    }
}

/// The innermost types that differ: arrays of ids and arrays of strings differ in their items.
pub(super) fn innermost<'a>(
    (mut base, mut head): (&'a Type, &'a Type),
    is_same: impl Fn(&Type, &Type) -> bool,
) -> (&'a Type, &'a Type) {
    while let Some(inside) = inside(base, head)
        && let Some(different) = inside.into_iter().find(|(base, head)| !is_same(base, head))
    {
        (base, head) = different;
    }
    (base, head)
}
