//! Types as texts that are equal where a type is the same: in Rust, or on the wire.

use crate::api::{Api, TimeFormat, Type, TypeKind, TypePath};

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

/// What of a type shows on the wire, where no type is inside of another: its kind of JSON, and how that is written.
pub(super) fn wire(ty: &Type, api: &Api, name: &impl Fn(&TypePath) -> String) -> (&'static str, String) {
    let inner = |ty: &Type| {
        let (json, rest) = wire(ty, api, name);
        format!("{json} {rest}")
    };
    match ty {
        Type::Boolean => ("boolean", String::new()),
        Type::Integer => ("integer", String::new()),
        Type::IntegerString => ("string", "int64".to_owned()),
        Type::Float => ("number", String::new()),
        Type::String | Type::Decimal | Type::Currency | Type::Secret => ("string", String::new()),
        Type::Timestamp(TimeFormat::UnixSeconds) => ("integer", "unix-time".to_owned()),
        Type::Timestamp(TimeFormat::Rfc3339) => ("string", "date-time".to_owned()),
        Type::Json => ("any value", String::new()),
        Type::Named(path) | Type::Boxed(path) => match api.types.get(path).map(|def| &def.kind) {
            Some(TypeKind::Struct(_)) | None => ("object", name(path)),
            Some(TypeKind::Enum(_)) => ("string", name(path)),
            Some(TypeKind::String(_)) => ("string", String::new()),
        },
        Type::Array(ty) => ("array", inner(ty)),
        Type::Map(ty) => ("map", inner(ty)),
        Type::List(ty) => ("list", inner(ty)),
        Type::Page(ty) => ("page", inner(ty)),
        Type::RangeQuery(ty) => ("range", inner(ty)),
        Type::RangeOrExact(ty) => ("range or value", inner(ty)),
        Type::Expandable { id, object } => ("id or object", format!("{} or {}", inner(id), inner(object))),
    }
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
            if same(base_id, head_id) { innermost(base, head, same) } else { innermost(base_id, head_id, same) }
        }
        _ => (base, head),
    }
}
