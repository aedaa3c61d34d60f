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
    let as_str = as_str(&path.ty);
    let (before, last) = split(start, path);
    match last {
        Some(FieldStep::Field { name, optional: false }) => {
            let name = ident(name);
            quote!(Some(#before.#name.#as_str))
        }
        Some(FieldStep::Field { name, .. }) if matches!(path.ty, Type::String | Type::Decimal) => {
            let name = ident(name);
            quote!(#before.#name.as_deref())
        }
        Some(step) => {
            let value = reference(&before, step);
            quote!(#value.map(|value| value.#as_str))
        }
        None => quote!(None),
    }
}

/// The method that borrows the text.
pub(super) fn as_str(ty: &Type) -> TokenStream {
    match ty {
        Type::Secret => quote!(expose()),
        _ => quote!(as_str()),
    }
}

/// An expression of type `Option<&T>`.
pub(super) fn borrowed(path: &FieldPath) -> TokenStream {
    let is_required = |step: &&FieldStep| matches!(step, FieldStep::Field { optional: false, .. });
    let (required, rest) = path.steps.split_at(path.steps.iter().take_while(is_required).count());
    let start = required.iter().fold(quote!(self), |start, step| reference(&start, step));
    let Some((first, rest)) = rest.split_first() else { return quote!(Some(&#start)) };
    rest.iter().fold(reference(&start, first), |before, step| match step {
        FieldStep::Field { name, optional: false } => {
            let name = ident(name);
            quote!(#before.map(|value| &value.#name))
        }
        FieldStep::Key { key, nullable: true } => {
            quote!(#before.and_then(|value| value.get(#key)).and_then(Option::as_ref))
        }
        step => {
            let value = reference(&quote!(value), step);
            quote!(#before.and_then(|value| #value))
        }
    })
}

/// An expression of type `Option<T>` with what an expression makes of the value: `.len()`.
pub(super) fn mapped(path: &FieldPath, map: &TokenStream) -> TokenStream {
    let (before, last) = split(&quote!(self), path);
    let Some(last) = last else { return quote!(None) };
    let value = reference(&before, last);
    match last {
        FieldStep::Field { optional: false, .. } => quote!(Some(#value #map)),
        _ => quote!(Some(#value? #map)),
    }
}

/// An expression of type `Option<T>`, for types that are copied.
pub(super) fn copied(path: &FieldPath) -> TokenStream {
    let (before, last) = split(&quote!(self), path);
    match last {
        Some(FieldStep::Field { name, optional }) => {
            let name = ident(name);
            if *optional { quote!(#before.#name) } else { quote!(Some(#before.#name)) }
        }
        Some(FieldStep::Key { key, nullable: true }) => quote!(#before.get(#key).copied().flatten()),
        Some(FieldStep::Key { key, nullable: false }) => quote!(#before.get(#key).copied()),
        None => quote!(None),
    }
}

/// The step from a value, as an expression of type `Option<&T>`; for a required field, the place of the field itself.
fn reference(before: &TokenStream, step: &FieldStep) -> TokenStream {
    match step {
        FieldStep::Field { name, optional } => {
            let (name, as_ref) = (ident(name), optional.then(|| quote!(.as_ref())));
            quote!(#before.#name #as_ref)
        }
        FieldStep::Key { key, nullable } => {
            let inner = nullable.then(|| quote!(.and_then(Option::as_ref)));
            quote!(#before.get(#key) #inner)
        }
    }
}

/// The steps before the last one, as an expression, and the last step.
fn split<'p>(start: &TokenStream, path: &'p FieldPath) -> (TokenStream, Option<&'p FieldStep>) {
    let Some((last, before)) = path.steps.split_last() else { return (start.clone(), None) };
    let before = before.iter().fold(start.clone(), |before, step| match step {
        FieldStep::Field { optional: false, .. } => reference(&before, step),
        FieldStep::Key { key, nullable: true } => quote!(#before.get(#key)?.as_ref()?),
        step => {
            let value = reference(&before, step);
            quote!(#value?)
        }
    });
    (before, Some(last))
}
