//! Made-up answers: a value of every model, with every field.

use serde_json::{Map, Value, json};
use stripe_reporting_codegen::api::{Api, Field, TimeFormat, Type, TypeKind, TypePath};

/// How deep objects go before an optional one is left out; objects may contain themselves.
const DEPTH: usize = 6;

/// A value of a model with everything in it.
#[must_use]
pub fn full(api: &Api, path: &TypePath) -> Value {
    named(api, path, DEPTH)
}

/// A place inside of a sample.
#[derive(Debug, Clone)]
pub struct Place {
    /// JSON pointer.
    pub pointer: String,
    /// What stands there.
    pub kind: PlaceKind,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// A field that may be missing or null.
    Optional,
    /// A field that must be there.
    Required,
    /// A value of an enum.
    Enum,
}

/// The places in a sample that tests change.
#[must_use]
pub fn places(api: &Api, path: &TypePath) -> Vec<Place> {
    let mut places = Vec::new();
    walk(api, &Type::Named(path.clone()), &full(api, path), String::new(), &mut places);
    places
}

fn walk(api: &Api, ty: &Type, value: &Value, at: String, places: &mut Vec<Place>) {
    match ty {
        Type::Named(path) | Type::Boxed(path) => match api.types.get(path).map(|def| &def.kind) {
            Some(TypeKind::Enum(_)) => places.push(Place { pointer: at, kind: PlaceKind::Enum }),
            Some(TypeKind::Struct(definition)) => {
                for field in &definition.fields {
                    let pointer = format!("{at}/{}", field.wire);
                    if let Some(value) = value.get(&field.wire) {
                        let optional = !field.required || field.nullable;
                        let kind = if optional { PlaceKind::Optional } else { PlaceKind::Required };
                        places.push(Place { pointer: pointer.clone(), kind });
                        walk(api, &field.ty, value, pointer, places);
                    }
                }
            }
            _ => {}
        },
        Type::Array(inner) => {
            if let Some(value) = value.get(0) {
                walk(api, inner, value, format!("{at}/0"), places);
            }
        }
        Type::Map(inner) => {
            if let Some(value) = value.get("key") {
                walk(api, inner, value, format!("{at}/key"), places);
            }
        }
        Type::Nullable(inner) => walk(api, inner, value, at, places),
        Type::List(inner) | Type::Page(inner) => {
            if let Some(value) = value.get("data").and_then(|data| data.get(0)) {
                walk(api, inner, value, format!("{at}/data/0"), places);
            }
        }
        Type::Expandable { object, .. } if value.is_object() => walk(api, object, value, at, places),
        _ => {}
    }
}

fn named(api: &Api, path: &TypePath, depth: usize) -> Value {
    match api.types.get(path).map(|def| &def.kind) {
        Some(TypeKind::Enum(definition)) => json!(definition.variants.first().map_or("", |variant| &variant.wire)),
        Some(TypeKind::Struct(definition)) => {
            let mut object = Map::new();
            if let Some(tag) = &definition.tag {
                object.insert("object".to_owned(), json!(tag));
            }
            for field in &definition.fields {
                if depth > 0 || field.required {
                    object.insert(field.wire.clone(), sample(api, &field.ty, depth.saturating_sub(1)));
                }
            }
            if let Some(Field { ty: Type::Map(values), .. }) = definition.additional.as_deref() {
                object.insert("member_of_tomorrow".to_owned(), sample(api, values, depth.saturating_sub(1)));
            }
            Value::Object(object)
        }
        Some(TypeKind::String(_)) | None => json!("text_123"),
    }
}

fn sample(api: &Api, ty: &Type, depth: usize) -> Value {
    match ty {
        Type::Boolean => json!(true),
        Type::Integer => json!(7),
        Type::IntegerString => json!("9007199254740993"),
        Type::Float => json!(1.5),
        Type::String => json!("text"),
        Type::Decimal => json!("0.10"),
        Type::Currency => json!("usd"),
        Type::Secret => json!("https://files.example.com/a?signature=b"),
        Type::Timestamp(TimeFormat::UnixSeconds) => json!(1_680_000_000),
        Type::Timestamp(TimeFormat::Rfc3339) => json!("2025-08-26T21:53:30.446396574Z"),
        Type::Json => json!({"any": [1, null, "value"]}),
        Type::Named(path) | Type::Boxed(path) => named(api, path, depth),
        Type::Array(inner) if matches!(**inner, Type::Nullable(_)) => json!([sample(api, inner, depth), null]),
        Type::Array(inner) => json!([sample(api, inner, depth)]),
        Type::Map(inner) if matches!(**inner, Type::Nullable(_)) => {
            json!({"key": sample(api, inner, depth), "null": null})
        }
        Type::Map(inner) => json!({"key": sample(api, inner, depth)}),
        Type::Nullable(inner) => sample(api, inner, depth),
        Type::List(inner) => {
            json!({"object": "list", "data": [sample(api, inner, depth)], "has_more": false, "url": "/v1/things"})
        }
        Type::Page(inner) => {
            json!({"data": [sample(api, inner, depth)], "next_page_url": null, "previous_page_url": null})
        }
        Type::RangeQuery(inner) | Type::RangeOrExact(inner) => json!({"gte": sample(api, inner, depth)}),
        Type::Expandable { id, object } => sample(api, if depth > 1 { object } else { id }, depth),
    }
}
