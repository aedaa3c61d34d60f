//! Types: as Rust writes them, as the wire has them, and as arguments take them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports::Imports;
use crate::api::{Name, TimeFormat, Type};

/// A name as an identifier.
pub(super) fn ident(name: &Name) -> Ident {
    Ident::new(name.as_str(), Span::call_site())
}

/// The Rust type.
pub(super) fn rust(imports: &Imports, ty: &Type) -> TokenStream {
    match ty {
        Type::Boolean => quote!(bool),
        Type::Integer | Type::IntegerString => quote!(i64),
        Type::Unsigned | Type::UnsignedString => quote!(u64),
        Type::Float => quote!(f64),
        Type::String | Type::Decimal => quote!(String),
        Type::Currency => quote!(runtime::Currency),
        Type::Secret => quote!(runtime::Secret),
        Type::Timestamp(_) => quote!(runtime::Timestamp),
        Type::Json => quote!(runtime::Value),
        Type::Named(path) => imports.path(path),
        Type::Boxed(path) => {
            let inner = imports.path(path);
            quote!(Box<#inner>)
        }
        Type::Array(inner) => {
            let inner = rust(imports, inner);
            quote!(Vec<#inner>)
        }
        Type::Map(inner) => {
            let inner = rust(imports, inner);
            quote!(BTreeMap<String, #inner>)
        }
        Type::Nullable(inner) => {
            let inner = rust(imports, inner);
            quote!(Option<#inner>)
        }
        Type::List(inner) => {
            let inner = rust(imports, inner);
            quote!(runtime::List<#inner>)
        }
        Type::Page(inner) => {
            let inner = rust(imports, inner);
            quote!(runtime::Page<#inner>)
        }
        Type::RangeQuery(inner) => {
            let inner = rust(imports, inner);
            quote!(runtime::RangeQuery<#inner>)
        }
        Type::RangeOrExact(inner) => {
            let inner = rust(imports, inner);
            quote!(runtime::RangeOrExact<#inner>)
        }
        Type::Expandable { id, object } => {
            let (id, object) = (rust(imports, id), rust(imports, object));
            quote!(runtime::Expandable<#id, #object>)
        }
    }
}

/// How the wire has it, where that is not how its Rust type is written by itself.
pub(super) fn codec(ty: &Type) -> Option<String> {
    match ty {
        Type::Timestamp(TimeFormat::UnixSeconds) => Some("runtime::wire::UnixTime".to_owned()),
        Type::Timestamp(TimeFormat::Rfc3339) => Some("runtime::wire::DateTime".to_owned()),
        Type::IntegerString | Type::UnsignedString => Some("runtime::wire::Int64".to_owned()),
        Type::Array(inner) => codec(inner).map(|inner| format!("Vec<{inner}>")),
        Type::Map(inner) => codec(inner).map(|inner| format!("BTreeMap<runtime::wire::Same, {inner}>")),
        Type::Nullable(inner) => codec(inner).map(|inner| format!("Option<{inner}>")),
        Type::RangeQuery(inner) => codec(inner).map(|inner| format!("runtime::RangeQuery<{inner}>")),
        Type::RangeOrExact(inner) => codec(inner).map(|inner| format!("runtime::RangeOrExact<{inner}>")),
        _ => None,
    }
}

/// The values of a map.
pub(super) fn map_values(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Map(values) => Some(values),
        _ => None,
    }
}

/// An argument of this type: what callers may pass, and how it becomes the value.
pub(super) fn argument(imports: &Imports, ty: &Type, name: &Ident) -> (TokenStream, TokenStream) {
    match ty {
        Type::Boolean => (quote!(bool), quote!(#name)),
        // A literal is an `i32` unless its type is known, and that does not become a `u64`.
        Type::Unsigned | Type::UnsignedString => (quote!(u64), quote!(#name)),
        Type::Array(inner) => {
            let inner = rust(imports, inner);
            (quote!(impl IntoIterator<Item = impl Into<#inner>>), quote!(#name.into_iter().map(Into::into).collect()))
        }
        Type::Map(inner) => {
            let inner = rust(imports, inner);
            (
                quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<#inner>)>),
                quote!(#name.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
            )
        }
        Type::Boxed(path) => {
            let inner = imports.path(path);
            (quote!(impl Into<#inner>), quote!(Box::new(#name.into())))
        }
        _ => {
            let ty = rust(imports, ty);
            (quote!(impl Into<#ty>), quote!(#name.into()))
        }
    }
}
