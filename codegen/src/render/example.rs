//! Examples in the documentation: how a request is built. They are compiled as documentation tests.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use super::Context;
use super::source;
use super::ty::ident;
use super::values::Values;
use crate::api::{Operation, Place};

/// How deep examples of optional parameters inside of structs go.
const DEPTH: usize = 3;

/// How an example builds a request.
pub(super) struct Construction {
    /// The type to import.
    pub(super) import: String,
    /// The expression that builds the request.
    pub(super) expression: TokenStream,
    /// Whether it uses something that is deprecated.
    pub(super) deprecated: bool,
}

impl Construction {
    /// The line that keeps the compiler from warning of what is deprecated, hidden from readers.
    pub(super) fn allowance(&self) -> &'static str {
        if self.deprecated { "# #![allow(deprecated)]\n" } else { "" }
    }
}

/// The lines of code that build a request.
pub(super) fn request(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let construction = construction(context, operation)?;
    let (import, expression) = (&construction.import, &construction.expression);
    let statement = statement(&quote!(let request = #expression;));
    Some(format!("{}use {import};\n\n{statement}", construction.allowance()))
}

/// A statement as it would stand in a function.
pub(super) fn statement(tokens: &TokenStream) -> String {
    let function = source::pretty(quote!(fn example() { #tokens })).0;
    let body = function.lines().filter(|line| !line.starts_with("fn ") && *line != "}");
    body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Builds a request; `None` when that takes too many values.
pub(super) fn construction(context: &Context<'_>, operation: &Operation) -> Option<Construction> {
    let root = crate_ident(context);
    let mut values = Values::new(context, operation.deprecated);
    let (imported, function) = match &operation.attachment {
        Some(attached) => (&attached.resource, ident(&attached.method)),
        None => (&operation.request, Ident::new("new", Span::call_site())),
    };
    values.note(imported);
    let mut arguments = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.field.is_option()) {
        let in_path = parameter.place == Place::Path;
        let example = parameter.field.example.as_ref().filter(|example| !in_path || fits_a_path(example));
        arguments.push(values.argument(&parameter.field.ty, example, &parameter.field.wire, DEPTH)?);
    }
    let setters = values.setters(operation.parameters.iter().map(|parameter| &parameter.field), DEPTH);
    let start = ident(&imported.name);
    Some(Construction {
        import: format!("{root}::{imported}"),
        expression: quote!(#start::#function(#(#arguments),*) #setters),
        deprecated: values.deprecated,
    })
}

fn fits_a_path(example: &Value) -> bool {
    !matches!(example.as_str(), Some("" | "." | ".."))
}

/// The crate's name as code writes it.
pub(super) fn crate_ident(context: &Context<'_>) -> Ident {
    Ident::new(&context.options.crate_ident(), Span::call_site())
}
