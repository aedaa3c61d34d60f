//! The methods of a resource for its operations, and the traits that state facts about it.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::Imports;
use super::structs::{arguments, deprecated_item, like_trait, too_many};
use super::ty::ident;
use super::{Context, docs, facts};
use crate::api::{Field, Name, Operation, Struct, TypeDef, TypePath};

pub(super) fn render(context: &Context<'_>, imports: &Imports, def: &TypeDef, definition: &Struct) -> TokenStream {
    let name = ident(&def.path.name);
    let mut methods = context.methods.get(&def.path).cloned().unwrap_or_default();
    methods.sort_by_key(|(attached, _)| &attached.method);
    let methods =
        methods.iter().map(|(attached, operation)| self::method(context, imports, &attached.method, operation));
    let methods: Vec<_> = methods.collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }));
    let facts = definition.resource.as_ref().map(|resource| {
        let wait = facts::wait(context, imports, &name, resource);
        let download = facts::download(context, imports, &name, resource);
        let rows = facts::rows(context, imports, def, resource);
        quote!(#wait #download #rows)
    });
    quote!(#methods #facts)
}

fn method(context: &Context<'_>, imports: &Imports, method: &Name, operation: &Operation) -> TokenStream {
    let request = ident(&operation.request.name);
    let see = format!("See [`{request}`] for all parameters and errors.");
    let mut paragraphs = vec![crate::markdown::summary(&operation.doc.text)];
    paragraphs.extend(operation.doc.replaced_by.as_ref().map(|request| replaced_by(context, request)));
    paragraphs.push(see);
    let doc = docs::text(&paragraphs);
    let required: Vec<&Field> = operation.fields().filter(|field| field.is_argument()).collect();
    let arguments = arguments(imports, &required);
    let (many, like) = (too_many(&required), like_trait(method));
    let method = ident(method);
    let names = required.iter().map(|field| ident(&field.name));
    let deprecated = deprecated_item(operation.deprecated, &operation.doc);
    quote! {
        #doc
        #many
        #like
        #deprecated
        #[must_use]
        pub fn #method(#arguments) -> #request {
            #request::new(#(#names),*)
        }
    }
}

/// The link to the method that makes the request that replaces another, or to the request without a method.
fn replaced_by(context: &Context<'_>, request: &TypePath) -> String {
    let mut operations = context.api.operations.values();
    let attached = operations.find(|operation| operation.request == *request).and_then(|it| it.attachment.as_ref());
    match attached {
        Some(attached) => docs::replaced_by(&format!("{}::{}", attached.resource, attached.method)),
        None => docs::replaced_by(request),
    }
}
