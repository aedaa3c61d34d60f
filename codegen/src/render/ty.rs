//! Types: as Rust writes them, as the wire has them, and as arguments take them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports::Imports;
use crate::api::{Name, TimeFormat, Type};

/// A name as an identifier.
pub(super) fn ident(name: &Name) -> Ident {
    Ident::new(name.as_str(), Span::call_site())
}

/// The Rust type, as code with these imports writes it.
pub(super) fn rust(imports: &Imports, ty: &Type) -> TokenStream {
    let inner = |ty: &Type| rust(imports, ty);
    let (generic, argument) = match ty {
        Type::Boolean => return quote!(bool),
        Type::Integer | Type::IntegerString => return quote!(i64),
        Type::Unsigned | Type::UnsignedString => return quote!(u64),
        Type::Float => return quote!(f64),
        Type::String | Type::Decimal => return quote!(String),
        Type::Currency => return imports.runtime("Currency"),
        Type::Secret => return imports.runtime("Secret"),
        Type::Timestamp(_) => return imports.runtime("Timestamp"),
        Type::Json => return imports.runtime("Value"),
        Type::Named(path) => return imports.path(path),
        Type::Boxed(path) => (quote!(Box), imports.path(path)),
        Type::Array(ty) => (quote!(Vec), inner(ty)),
        Type::Map(ty) => {
            let values = inner(ty);
            (imports.map(), quote!(String, #values))
        }
        Type::Nullable(ty) => (quote!(Option), inner(ty)),
        Type::List(ty) => (imports.runtime("List"), inner(ty)),
        Type::Page(ty) => (imports.runtime("Page"), inner(ty)),
        Type::RangeQuery(ty) => (imports.runtime("RangeQuery"), inner(ty)),
        Type::RangeOrExact(ty) => (imports.runtime("RangeOrExact"), inner(ty)),
        Type::Expandable { id, object } => {
            let (id, object) = (inner(id), inner(object));
            (imports.runtime("Expandable"), quote!(#id, #object))
        }
    };
    quote!(#generic<#argument>)
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
