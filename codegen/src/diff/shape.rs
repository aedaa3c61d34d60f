//! What two types share: in Rust, or on the wire.

use std::collections::{BTreeSet, HashSet};

use super::comparison::Comparison;
use super::pairing::{Pair, Paired};
use crate::api::{Api, Enum, Field, Struct, TimeFormat, Type, TypeDef, TypeKind, TypePath};

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

/// The way of values: from the types that they are written as to the types that they are read as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    /// From the head to the base, or the other way around.
    from_head: bool,
    /// Whether readers ignore properties that they do not know.
    is_open: bool,
}

impl Flow {
    /// From clients of the base to a server of the head, which rejects unknown properties.
    pub(super) const REQUEST: Self = Self { from_head: false, is_open: false };
    /// From a server of the head to clients of the base.
    pub(super) const RESPONSE: Self = Self { from_head: true, is_open: true };

    /// With the sides swapped.
    pub(super) fn reversed(self) -> Self {
        Self { from_head: !self.from_head, ..self }
    }
}

/// Whether two types have the same values on the wire, whatever their names in Rust.
pub(super) fn is_same_on_the_wire<'a>(comparison: &Comparison<'a>, base: &'a Type, head: &'a Type) -> bool {
    let flows = |flow| is_readable(comparison, flow, base, head);
    flows(Flow::REQUEST) && flows(Flow::REQUEST.reversed())
}

/// Whether all values of one type can be read as the other, whatever their names in Rust.
pub(super) fn is_readable<'a>(comparison: &Comparison<'a>, flow: Flow, base: &'a Type, head: &'a Type) -> bool {
    let mut pending = vec![if flow.from_head { (head, base) } else { (base, head) }];
    // Types may contain themselves.
    let mut visited = HashSet::new();
    while let Some((written, read)) = pending.pop() {
        let parts = match (written, read) {
            (Type::Named(written) | Type::Boxed(written), Type::Named(read) | Type::Boxed(read)) => {
                let (base, head) = if flow.from_head { (read, written) } else { (written, read) };
                // Changes in a type that is on both sides are reported for that type.
                if comparison.is_kept(base, head) || !visited.insert((base, head)) {
                    continue;
                }
                parts_of_types(comparison, flow, written, read)
            }
            _ => parts(comparison, flow, written, read),
        };
        match parts {
            Some(parts) => pending.extend(parts),
            None => return false,
        }
    }
    true
}

/// The parts of two types that are still to be compared; `None` if some value cannot be read.
type Parts<'a> = Option<Vec<(&'a Type, &'a Type)>>;

fn parts<'a>(comparison: &Comparison<'a>, flow: Flow, written: &'a Type, read: &'a Type) -> Parts<'a> {
    let readable = |is_readable: bool| is_readable.then(Vec::new);
    let [writer, reader] = apis(comparison, flow);
    let kind = |api: &'a Api, path: &TypePath| api.types.get(path).map(|def| &def.kind);
    let is_object = |path| matches!(kind(writer, path), Some(TypeKind::Struct(_) | TypeKind::OneOf(_)));
    if let Some(inside) = inside(written, read) {
        return Some(inside);
    }
    match (written, read) {
        (_, Type::Json) => readable(true),
        (Type::RangeQuery(written), Type::RangeOrExact(read) | Type::Map(read)) => Some(vec![(written, read)]),
        (written, Type::Nullable(read) | Type::RangeOrExact(read)) => Some(vec![(written, read)]),
        (Type::Named(path) | Type::Boxed(path), Type::Expandable { object, .. }) if is_object(path) => {
            Some(vec![(written, object)])
        }
        (written, Type::Expandable { id, .. }) => Some(vec![(written, id)]),
        (Type::Named(path) | Type::Boxed(path), Type::Map(values)) => match kind(writer, path)? {
            TypeKind::Struct(definition) => values_of(definition, values),
            _ => None,
        },
        (Type::Map(values), Type::Named(path) | Type::Boxed(path)) => match kind(reader, path)? {
            TypeKind::Struct(definition) if flow.is_open => fields_of(values, definition),
            _ => None,
        },
        (Type::Named(path) | Type::Boxed(path), read) => readable(is_text(read) && !is_object(path)),
        (written, Type::Named(path) | Type::Boxed(path)) => {
            readable(is_in_string(written) && reader.types.get(path).is_some_and(is_any_text))
        }
        (written, Type::Float) => readable(is_whole(written) || written == read),
        (written, read) if is_text(read) => readable(is_in_string(written)),
        // A sign is not readable as an unsigned integer.
        (Type::Integer, Type::Unsigned) | (Type::IntegerString, Type::UnsignedString) => None,
        (written, read) => readable(
            written == read || [is_whole, is_whole_text].iter().any(|is_alike| is_alike(written) && is_alike(read)),
        ),
    }
}

/// The parts of an object that is read as a map.
fn values_of<'a>(written: &'a Struct, values: &'a Type) -> Parts<'a> {
    let holds_null = matches!(values, Type::Nullable(_) | Type::Json);
    if written.fields.iter().any(|field| field.nullable && !holds_null) {
        return None;
    }
    let tag = written.tag.iter().map(|_| (&Type::String, values));
    let additional = written.additional.iter().filter_map(|field| match &field.ty {
        Type::Map(written) => Some((written.as_ref(), values)),
        _ => None,
    });
    Some(written.fields.iter().map(|field| (&field.ty, values)).chain(tag).chain(additional).collect())
}

/// The parts of a map that is read as an object: any property may be in it, with any value.
fn fields_of<'a>(values: &'a Type, read: &'a Struct) -> Parts<'a> {
    let is_optional = read.tag.is_none() && read.fields.iter().all(|field| !field.required);
    let written = |field: &Field| match values {
        Type::Nullable(values) if field.nullable => values,
        values => values,
    };
    let additional = read.additional.iter().filter_map(|field| match &field.ty {
        Type::Map(read) => Some((values, read.as_ref())),
        _ => None,
    });
    is_optional.then(|| read.fields.iter().map(|field| (written(field), &field.ty)).chain(additional).collect())
}

/// The descriptions of the writer and of the reader.
fn apis<'a>(comparison: &Comparison<'a>, flow: Flow) -> [&'a Api; 2] {
    let Pair { base, head } = comparison.sides;
    if flow.from_head { [head, base] } else { [base, head] }
}

fn parts_of_types<'a>(comparison: &Comparison<'a>, flow: Flow, written: &TypePath, read: &TypePath) -> Parts<'a> {
    let [writer, reader] = apis(comparison, flow);
    let (written, read) = (writer.types.get(written)?, reader.types.get(read)?);
    match (&written.kind, &read.kind) {
        (TypeKind::String(_) | TypeKind::Enum(_), _) if is_any_text(read) => Some(Vec::new()),
        (TypeKind::Enum(written), TypeKind::Enum(read)) => {
            let values = |definition: &'a Enum| -> BTreeSet<&str> {
                definition.variants.iter().map(|variant| variant.wire.as_str()).collect()
            };
            (written.closed && values(written).is_subset(&values(read))).then(Vec::new)
        }
        (TypeKind::Struct(written), TypeKind::Struct(read)) => parts_of_objects(flow, written, read),
        (TypeKind::OneOf(written), TypeKind::OneOf(read)) => {
            let variants = Paired::new(&written.variants, &read.variants).by(|variant| Some(&variant.wire));
            let parts = || variants.kept.iter().map(|pair| pair.map(|variant| &variant.ty)).collect();
            variants.removed.is_empty().then(parts)
        }
        // Each value has one of the properties.
        (TypeKind::OneOf(written), TypeKind::Struct(read)) => {
            let fields = Paired::new(&written.variants, &read.fields).by(|field| Some(&field.wire));
            let is_readable = flow.is_open && read.tag.is_none() && read.fields.iter().all(|field| !field.required);
            is_readable.then(|| fields.kept.iter().map(|pair| pair.map(|field| &field.ty)).collect())
        }
        _ => None,
    }
}

/// The type of additional properties, unless it is any.
pub(super) fn values(definition: &Struct) -> Option<&Type> {
    match &definition.additional.as_ref()?.ty {
        Type::Map(values) if **values != Type::Json => Some(values),
        _ => None,
    }
}

fn parts_of_objects<'a>(flow: Flow, written: &'a Struct, read: &'a Struct) -> Parts<'a> {
    // Of a pair, the base is the writer.
    let fields = Paired::new(&written.fields, &read.fields).by(|field| Some(&field.wire));
    let is_readable = |Pair { base: written, head: read }: &Pair<'_, Field>| {
        (written.required || !read.required)
            && (read.nullable || !written.nullable)
            && (read.false_means_absent || !written.false_means_absent)
    };
    let accepts_unknown = flow.is_open || read.additional.is_some();
    let is_readable = (written.tag == read.tag || (read.tag.is_none() && accepts_unknown))
        && (fields.removed.is_empty() || accepts_unknown)
        && (written.additional.is_none() || accepts_unknown)
        && fields.added.iter().all(|field| !field.required)
        && fields.kept.iter().all(is_readable);
    let additional = written.additional.iter().zip(&read.additional).map(|(written, read)| (&written.ty, &read.ty));
    // What only one side describes is one of the other side's additional properties.
    let unknown = fields.removed.iter().filter_map(|field| Some((&field.ty, values(read)?)));
    let described = fields.added.iter().filter_map(|field| Some((values(written)?, &field.ty)));
    let kept = fields.kept.iter().map(|pair| pair.map(|field| &field.ty));
    let parts = || kept.chain(additional).chain(unknown).chain(described).collect();
    is_readable.then(parts)
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

/// Whether a type is serialized as a string.
fn is_in_string(ty: &Type) -> bool {
    json(ty) == Some("string")
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
