//! Request structs: the facts of an operation, and a builder for its parameters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports::Imports;
use super::structs::{builder, default_of, deprecated_item, field, serde_attributes};
use super::ty::{self, ident};
use super::{Context, docs, example, field_path};
use crate::api::{Encoding, Field, Generation, Listing, Operation, Pagination, Place};
use crate::markdown;

/// The request of an operation.
pub(super) fn render(context: &Context<'_>, imports: &Imports, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request.name);
    let doc = docs::text(&documentation(context, operation));
    let deprecated = deprecated_item(operation.deprecated, &operation.doc);
    let fields = operation.parameters.iter().map(|parameter| {
        let parameter_field = &parameter.field;
        let presence = parameter_field.presence(true);
        let attributes = match parameter.place {
            Place::Path => quote!(#[serde(skip)]),
            Place::Payload => serde_attributes(parameter_field, presence, false),
        };
        field(imports, parameter_field, presence, attributes)
    });
    let all: Vec<&Field> = operation.fields().collect();
    let methods = builder(context, imports, ("a request", "parameters"), &all, None);
    let (derived, default) = default_of(&name, &all);
    let request = request_impl(imports, operation);
    let list = operation.listing.as_ref().map(|listing| list_impl(imports, operation, listing));
    quote! {
        #doc
        #[derive(Debug, Clone, #derived PartialEq, Serialize)]
        #[non_exhaustive]
        #deprecated
        pub struct #name { #(#fields)* }
        impl #name { #methods }
        #default
        #request
        #list
    }
}

/// The paragraphs of a request's documentation.
fn documentation(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let mut paragraphs = vec![operation.doc.text.clone()];
    paragraphs.push(markdown::code(&format!("{} {}", operation.method.as_str(), operation.path)));
    paragraphs.extend(operation.doc.replaced_by.as_ref().map(docs::replaced_by));
    if !operation.errors.is_empty() {
        let errors = operation.errors.iter().map(|error| {
            let (code, summary) = (markdown::code(&error.code), markdown::summary(&error.doc.text));
            let separator = if summary.is_empty() { "" } else { ": " };
            format!("- {} {code}{separator}{summary}", error.status)
        });
        paragraphs.push("# Errors".to_owned());
        paragraphs.push(errors.collect::<Vec<_>>().join("\n"));
    }
    if let Some(example) = example::request(context, operation) {
        paragraphs.push("# Example".to_owned());
        paragraphs.push(format!("```\n{example}\n```"));
    }
    paragraphs.extend(operation.doc.reference.as_ref().map(docs::reference));
    paragraphs
}

fn request_impl(imports: &Imports, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request.name);
    let response = ty::rust(imports, &operation.response);
    let Operation { id, path, stripe_version, base_url, .. } = operation;
    let method = Ident::new(operation.method.as_str(), Span::call_site());
    let encoding = match operation.encoding {
        Encoding::Query => quote!(Query),
        Encoding::Form => quote!(Form),
        Encoding::Json => quote!(Json),
    };
    let generation = match operation.generation {
        Generation::V1 => quote!(V1),
        Generation::V2 => quote!(V2),
    };
    let in_path = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
    let in_path: Vec<_> = in_path.map(|parameter| ident(&parameter.field.name)).collect();
    let path_parameters = (!in_path.is_empty()).then(|| {
        quote! {
            fn path_parameters(&self) -> Vec<&str> {
                vec![#(self.#in_path.as_str()),*]
            }
        }
    });
    quote! {
        impl runtime::Request for #name {
            type Response = #response;
            const OPERATION: runtime::Operation = runtime::Operation {
                id: #id,
                method: runtime::http::Method::#method,
                path: #path,
                parameters: runtime::ParameterEncoding::#encoding,
                generation: runtime::Generation::#generation,
                stripe_version: #stripe_version,
                base_url: #base_url,
            };
            #path_parameters
        }
    }
}

fn list_impl(imports: &Imports, operation: &Operation, listing: &Listing) -> TokenStream {
    let name = ident(&operation.request.name);
    let item = ty::rust(imports, &listing.item);
    let pagination = match listing.pagination {
        Pagination::Cursor => quote!(Cursor),
        Pagination::SinglePage => quote!(SinglePage),
        Pagination::PageUrl => quote!(PageUrl),
    };
    let cursor = listing.cursor.as_ref().map(|path| {
        let id = field_path::text_in(&quote!(item), path);
        quote!(fn cursor(item: &#item) -> Option<&str> { #id })
    });
    let max_page_size = listing.max_page_size.map(proc_macro2::Literal::u32_unsuffixed);
    let max_page_size = max_page_size.map(|size| quote!(const MAX_PAGE_SIZE: Option<u32> = Some(#size);));
    quote! {
        impl runtime::ListRequest for #name {
            type Item = #item;
            const PAGINATION: runtime::Pagination = runtime::Pagination::#pagination;
            #max_page_size
            #cursor
        }
    }
}
