//! The places inside of full examples that tests change.

use serde_json::Value;
use stripe_reporting_codegen::api::{Api, Type, TypeKind, TypePath};

/// A place inside of a sample.
#[derive(Debug, Clone)]
pub struct Place {
    /// JSON pointer.
    pub pointer: String,
    /// What the place holds.
    pub kind: PlaceKind,
}

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// A field that may be missing or null.
    Optional,
    /// A field that is required.
    Required,
    /// A value of an enum.
    Enum,
}

/// Returns the places in a sample that tests change.
#[must_use]
pub fn places(api: &Api, path: &TypePath) -> Vec<Place> {
    let mut places = Vec::new();
    let value = api.full_example(path).unwrap_or_default();
    walk(api, &Type::Named(path.clone()), &value, String::new(), &mut places);
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
