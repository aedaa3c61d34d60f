//! Examples in the documentation: how a request is built. They are compiled as documentation tests.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::Context;
use super::scope::absolute;
use super::source;
use super::ty::ident;
use crate::api::{Field, Operation, Type, TypeKind, TypePath};
use crate::rfc3339;

/// How deep examples of structs inside of structs go.
const DEPTH: usize = 3;

/// The lines of code that build a request.
pub(super) fn request(context: &Context<'_>, operation: &Operation) -> String {
    let (import, expression) = construction(context, operation);
    format!("use {import};\n\n{}", statement(&quote!(let request = #expression;)))
}

/// A statement as it would stand in a function.
pub(super) fn statement(tokens: &TokenStream) -> String {
    let function = source::pretty(quote!(fn example() { #tokens })).0;
    let body = function.lines().filter(|line| !line.starts_with("fn ") && *line != "}");
    body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// What to import, and the expression that builds the request with it.
pub(super) fn construction(context: &Context<'_>, operation: &Operation) -> (String, TokenStream) {
    let fields = || operation.parameters.iter().map(|parameter| &parameter.field);
    let required = fields().filter(|field| !field.is_option()).map(|field| argument(context, field, DEPTH));
    let (imported, start) = match &operation.attachment {
        Some(attached) => {
            let (resource, method) = (ident(&attached.resource.name), ident(&attached.method));
            (&attached.resource, quote!(#resource::#method(#(#required),*)))
        }
        None => {
            let request = ident(&operation.request.name);
            (&operation.request, quote!(#request::new(#(#required),*)))
        }
    };
    let setters = setters(context, fields(), DEPTH);
    (format!("{}::{imported}", crate_ident(context)), quote!(#start #setters))
}

fn setters<'a>(context: &Context<'_>, fields: impl Iterator<Item = &'a Field>, depth: usize) -> TokenStream {
    let setters =
        fields.filter(|field| field.is_option() && !field.deprecated && field.example.is_some()).map(|field| {
            let (name, value) = (ident(&field.name), argument(context, field, depth));
            quote!(.#name(#value))
        });
    setters.collect()
}

fn argument(context: &Context<'_>, field: &Field, depth: usize) -> TokenStream {
    value(context, &field.ty, field.example.as_ref(), &field.wire, depth)
}

/// A value of a type: the description's example, or something plausible.
fn value(context: &Context<'_>, ty: &Type, example: Option<&Value>, wire: &str, depth: usize) -> TokenStream {
    let root = crate_ident(context);
    let text = example.and_then(Value::as_str);
    match ty {
        Type::Boolean => {
            let value = example.and_then(Value::as_bool).unwrap_or(true);
            quote!(#value)
        }
        Type::Integer | Type::IntegerString => {
            let number = example.and_then(Value::as_i64).or_else(|| text?.parse().ok());
            let value = Literal::i64_unsuffixed(number.unwrap_or(10));
            quote!(#value)
        }
        Type::Float => {
            let value = Literal::f64_unsuffixed(example.and_then(Value::as_f64).unwrap_or(1.5));
            quote!(#value)
        }
        Type::Timestamp(_) => {
            let seconds = example.and_then(Value::as_i64).or_else(|| rfc3339::seconds(text?));
            let seconds = Literal::i64_unsuffixed(seconds.unwrap_or(1_680_000_000));
            quote!(#root::Timestamp::constant(#seconds, 0))
        }
        Type::RangeQuery(inner) | Type::RangeOrExact(inner) => {
            let start = value(context, inner, None, wire, depth);
            quote!(#start..)
        }
        Type::String | Type::Decimal | Type::Currency | Type::Secret | Type::Expandable { .. } => {
            let text = text.unwrap_or(wire);
            quote!(#text)
        }
        Type::Json => quote!(#root::Value::Null),
        Type::Nullable(inner) => value(context, inner, example, wire, depth),
        Type::Array(inner) => {
            let item = value(context, inner, example.and_then(|example| example.get(0)), wire, depth);
            quote!([#item])
        }
        Type::Map(inner) => match example.and_then(Value::as_object).filter(|entries| !entries.is_empty()) {
            Some(entries) => {
                let entries = entries.iter().map(|(key, example)| {
                    let item = match inner.as_ref() {
                        Type::Json => json(&root, example),
                        inner => value(context, inner, Some(example), wire, depth),
                    };
                    quote!((#key, #item))
                });
                quote!([#(#entries),*])
            }
            None => {
                let item = value(context, inner, None, wire, depth);
                quote!([("name", #item)])
            }
        },
        Type::Named(path) | Type::Boxed(path) => named(context, path, example, wire, depth),
        Type::List(_) | Type::Page(_) => quote!(Default::default()),
    }
}

fn named(context: &Context<'_>, path: &TypePath, example: Option<&Value>, wire: &str, depth: usize) -> TokenStream {
    let root = crate_ident(context);
    let text = example.and_then(Value::as_str);
    let full = absolute(&quote!(#root), path);
    match context.api.types.get(path).map(|def| &def.kind) {
        Some(TypeKind::Enum(definition)) => {
            let of_example = definition.variants.iter().find(|variant| Some(variant.wire.as_str()) == text);
            match of_example.or(definition.variants.first()) {
                Some(variant) => {
                    let variant = ident(&variant.name);
                    quote!(#full::#variant)
                }
                None => quote!(#wire),
            }
        }
        Some(TypeKind::String(definition)) => {
            match definition.constants.iter().find(|constant| text == Some(constant.wire.as_str())) {
                Some(constant) => {
                    let constant = ident(&constant.name);
                    quote!(#full::#constant)
                }
                None => {
                    let text = text.unwrap_or(wire);
                    quote!(#text)
                }
            }
        }
        Some(TypeKind::Struct(definition)) => {
            let required = definition.fields.iter().filter(|field| !field.is_option());
            let required = required.map(|field| argument(context, field, depth.saturating_sub(1)));
            let required: Vec<_> = required.collect();
            let optional = definition.fields.iter().filter(|_| depth > 0);
            let setters = setters(context, optional, depth.saturating_sub(1));
            quote!(#full::new(#(#required),*) #setters)
        }
        None => quote!(#wire),
    }
}

fn json(root: &proc_macro2::Ident, example: &Value) -> TokenStream {
    match example {
        Value::String(text) => quote!(#text),
        Value::Bool(value) => quote!(#value),
        _ => quote!(#root::Value::Null),
    }
}

/// The crate's name as code writes it.
pub(super) fn crate_ident(context: &Context<'_>) -> proc_macro2::Ident {
    proc_macro2::Ident::new(&context.options.crate_ident(), proc_macro2::Span::call_site())
}
