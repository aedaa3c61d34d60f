//! The path to a value inside of a resource, as the body of a function that returns it if it exists.

use proc_macro2::TokenStream;
use quote::quote;

use super::ty::ident;
use crate::api::{FieldPath, FieldStep, Type};

/// An expression of type `Option<&str>`.
pub(super) fn text(path: &FieldPath) -> TokenStream {
    text_in(&quote!(self), path)
}

/// The same, for a path that starts at an expression.
pub(super) fn text_in(start: &TokenStream, path: &FieldPath) -> TokenStream {
    let as_str = match path.ty {
        Type::Secret => quote!(expose()),
        _ => quote!(as_str()),
    };
    let (before, last) = split(start, path);
    match last {
        Some(FieldStep::Field { name, optional: true }) => {
            let name = ident(name);
            if matches!(path.ty, Type::String | Type::Decimal) {
                quote!(#before.#name.as_deref())
            } else {
                quote!(#before.#name.as_ref().map(|value| value.#as_str))
            }
        }
        Some(FieldStep::Field { name, optional: false }) => {
            let name = ident(name);
            quote!(Some(#before.#name.#as_str))
        }
        Some(FieldStep::Key { key, nullable: true }) => {
            quote!(#before.get(#key).and_then(Option::as_ref).map(|value| value.#as_str))
        }
        Some(FieldStep::Key { key, nullable: false }) => quote!(#before.get(#key).map(|value| value.#as_str)),
        None => quote!(None),
    }
}

/// An expression of type `Option<&T>`.
pub(super) fn borrowed(path: &FieldPath) -> TokenStream {
    let mut steps = path.steps.iter().peekable();
    let mut start = quote!(self);
    while let Some(FieldStep::Field { name, .. }) =
        steps.next_if(|step| matches!(step, FieldStep::Field { optional: false, .. }))
    {
        let name = ident(name);
        start = quote!(#start.#name);
    }
    let first = match steps.next() {
        None => return quote!(Some(&#start)),
        Some(FieldStep::Field { name, .. }) => {
            let name = ident(name);
            quote!(#start.#name.as_ref())
        }
        Some(FieldStep::Key { key, nullable: true }) => quote!(#start.get(#key).and_then(Option::as_ref)),
        Some(FieldStep::Key { key, nullable: false }) => quote!(#start.get(#key)),
    };
    steps.fold(first, |before, step| match step {
        FieldStep::Field { name, optional } => {
            let name = ident(name);
            if *optional {
                quote!(#before.and_then(|value| value.#name.as_ref()))
            } else {
                quote!(#before.map(|value| &value.#name))
            }
        }
        FieldStep::Key { key, nullable: true } => {
            quote!(#before.and_then(|value| value.get(#key)).and_then(Option::as_ref))
        }
        FieldStep::Key { key, nullable: false } => quote!(#before.and_then(|value| value.get(#key))),
    })
}

/// An expression of type `Option<T>`, for types that are copied.
pub(super) fn copied(path: &FieldPath) -> TokenStream {
    let (before, last) = split(&quote!(self), path);
    match last {
        Some(FieldStep::Field { name, optional: true }) => {
            let name = ident(name);
            quote!(#before.#name)
        }
        Some(FieldStep::Field { name, optional: false }) => {
            let name = ident(name);
            quote!(Some(#before.#name))
        }
        Some(FieldStep::Key { key, nullable: true }) => quote!(#before.get(#key).copied().flatten()),
        Some(FieldStep::Key { key, nullable: false }) => quote!(#before.get(#key).copied()),
        None => quote!(None),
    }
}

/// The steps before the last one, as an expression, and the last step.
fn split<'p>(start: &TokenStream, path: &'p FieldPath) -> (TokenStream, Option<&'p FieldStep>) {
    let Some((last, before)) = path.steps.split_last() else { return (start.clone(), None) };
    let before = before.iter().fold(start.clone(), |before, step| match step {
        FieldStep::Field { name, optional } => {
            let name = ident(name);
            if *optional { quote!(#before.#name.as_ref()?) } else { quote!(#before.#name) }
        }
        FieldStep::Key { key, nullable: true } => quote!(#before.get(#key)?.as_ref()?),
        FieldStep::Key { key, nullable: false } => quote!(#before.get(#key)?),
    });
    (before, Some(last))
}
