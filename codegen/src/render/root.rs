//! The crate's root, and the files of its public modules.

use std::cmp::Reverse;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::example;
use super::imports::Imports;
use super::layout::Module;
use super::ty::ident;
use super::{Context, Source, docs, manifest, source};
use crate::api::{Feature, Method, Name, Operation, TypeDef};
use crate::markdown;

/// [`docs::CLIENT_FENCE`] as attributes of the crate.
const CLIENT_FENCE_ATTRIBUTES: &str = "\
#![cfg_attr(feature = \"client\", doc = \"```no_run\")]
#![cfg_attr(not(feature = \"client\"), doc = \"```ignore\")]
";

/// `src/lib.rs`.
pub(super) fn render(context: &Context<'_>) -> Source {
    let modules =
        context.layout.modules().filter(|module| module.path.0.len() == 1).filter_map(|module| module.path.0.first());
    let modules = modules.map(ident);
    // Generated code uses deprecated items.
    let deprecated = context.api.has_deprecated().then(|| quote!(#![allow(deprecated)]));
    // Types are nested as in the description.
    let nested = context.api.has_deep_types().then(|| quote!(#![allow(clippy::type_complexity)]));
    // The names are those of the description.
    let foreign = context.api.has_foreign_names().then(
        || quote!(#![allow(confusable_idents, mixed_script_confusables, non_camel_case_types, uncommon_codepoints)]),
    );
    let items = quote! {
        #![forbid(unsafe_code)]
        // Lines that are short enough for rustfmt and prettyplease to agree.
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #![cfg_attr(docsrs, doc(auto_cfg(hide(feature = "__io"))))]
        #![cfg_attr(docsrs, allow(unexpected_cfgs))]
        #deprecated
        #nested
        #foreign
        #[doc(inline)]
        pub use stripe_reporting_runtime::*;
        #[cfg(feature = "examples")]
        #[rustfmt::skip]
        pub mod testing;
        #(#[rustfmt::skip] pub mod #modules;)*
    };
    let Source { mut file, .. } =
        source::file("src/lib.rs", &context.descriptions(), Some(&documentation(context)), TokenStream::new());
    file.text = file.text.replace(&format!("//! {}\n", docs::CLIENT_FENCE), CLIENT_FENCE_ATTRIBUTES);
    let (code, items) = source::pretty(items);
    file.text.push_str(&code);
    Source { file, items }
}

/// The first page of the crate's documentation.
fn documentation(context: &Context<'_>) -> String {
    let mut paragraphs = vec!["Rust bindings to Stripe's reporting APIs.".to_owned()];
    let described = context.api.descriptions.iter().map(|description| {
        let text = markdown::summary(&description.doc.text);
        let separator = if text.is_empty() { "" } else { ": " };
        let version = markdown::code(&description.version);
        format!("- **{}**, API version {version}{separator}{text}", description.title)
    });
    paragraphs.push(described.collect::<Vec<_>>().join("\n"));
    if let Some(operation) = showcase(context) {
        let resource = operation.attachment.as_ref().and_then(|attached| context.api.types.get(&attached.resource));
        if let Some(example) = resource.and_then(|resource| example::run(context, resource)) {
            paragraphs.push("# Quick start".to_owned());
            paragraphs.push(example);
        }
        if let Some(example) = without_a_client(context, operation) {
            paragraphs.push("# Without a client".to_owned());
            paragraphs.push(
                "Requests are plain data: each converts to an [`http::Request`], and its type decodes the response."
                    .to_owned(),
            );
            paragraphs.push(example);
        }
    }
    paragraphs.push(features(&context.api.features));
    if !context.api.operations.is_empty() {
        paragraphs.push("# Operations".to_owned());
        paragraphs.push(operations(context));
    }
    paragraphs.join("\n\n")
}

/// The features as a table.
fn features(features: &[Feature]) -> String {
    let mut table = "# Features\n\n| feature | adds |\n|---|---|\n".to_owned();
    for feature in features {
        let default = if Feature::DEFAULT.contains(feature) { " (default)" } else { "" };
        table.push_str(&format!("| `{}`{default} | {} |\n", feature.name(), manifest::about(*feature)));
    }
    table.push_str(
        "\nWith no features enabled: models and requests only, no HTTP, TLS or async dependencies. Clients without a TLS feature \
         connect to `http` servers only.",
    );
    table
}

/// The operation of the first page: the simplest one that creates a run, in the newest generation of the API.
pub(super) fn showcase<'a>(context: &Context<'a>) -> Option<&'a Operation> {
    let creates = |operation: &&Operation| {
        let resource = operation.attachment.as_ref().and_then(|attached| context.api.types.get(&attached.resource));
        operation.method == Method::Post
            && resource.and_then(TypeDef::resource).is_some_and(|resource| resource.wait.is_some())
    };
    let operations = || context.api.operations.values();
    let required = |operation: &Operation| operation.fields().filter(|field| field.is_argument()).count();
    let run = operations().filter(creates).min_by_key(|operation| (Reverse(operation.generation), required(operation)));
    let has_example = |operation: &&Operation| {
        let imports = Imports::of_example(context);
        example::construction(context, &imports, operation).is_some()
    };
    run.or_else(|| operations().find(has_example))
}

fn without_a_client(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let imports = Imports::of_example(context).with(None, &["ApiKey", "Config", "Request", "http"]);
    let construction = example::construction(context, &imports, operation)?;
    let (expression, allow) = (&construction.expression, construction.allowance());
    let method = Ident::new(operation.method.as_str(), Span::call_site());
    let request = imports.path(&operation.request);
    let body = example::statement(&quote! {
        let config = Config::new(ApiKey::new("sk_test_123"));
        let request = #expression;
        let http: http::Request<_> = request.to_http(&config)?;
        assert_eq!(http.method(), http::Method::#method);
    });
    let response = example::statement(&quote! {
        let response = http::Response::builder().status(503).body("<html>busy</html>")?;
        let error = #request::decode(response).unwrap_err();
        assert_eq!(error.status(), Some(http::StatusCode::SERVICE_UNAVAILABLE));
    });
    let imports = imports.lines(&format!("{body}\n{response}"));
    Some(format!(
        "```\n{allow}{imports}\n\n\
         # fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}\n\n\
         // Send it with any HTTP client, then decode the response.\n{response}\n# Ok(())\n# }}\n```"
    ))
}

/// All operations, by module.
fn operations(context: &Context<'_>) -> String {
    let mut lines = vec!["| operation | constructor |".to_owned(), "|---|---|".to_owned()];
    let mut operations: Vec<&Operation> = context.api.operations.values().collect();
    operations.sort_by_key(|operation| (&operation.path, operation.method.as_str()));
    for operation in operations {
        let builder = match &operation.attachment {
            Some(attached) => {
                let (resource, method) = (&attached.resource, &attached.method);
                format!("[`{resource}::{method}`]")
            }
            None => format!("[`{}`]", operation.request),
        };
        let call = markdown::code_in_cell(&format!("{} {}", operation.method.as_str(), operation.path));
        lines.push(format!("| {call} | {builder} |"));
    }
    lines.join("\n")
}

/// The file of a public module: what it consists of.
pub(super) fn module(context: &Context<'_>, module: &Module, types: &[&TypeDef]) -> Source {
    let children = module.children.iter().map(|name| {
        let child = ident(name);
        // Packages may be called as the one around them is.
        let allow = (module.path.0.last() == Some(name)).then(|| quote!(#[allow(clippy::module_inception)]));
        quote!(#allow pub mod #child;)
    });
    let files = module.files.iter().map(|(file, names)| {
        let file = ident(file);
        let names = names.iter().map(ident);
        (quote!(mod #file;), quote!(pub use self::#file::{#(#names),*};))
    });
    let (mods, uses): (Vec<_>, Vec<_>) = files.unzip();
    let items = quote! { #(#children)* #(#mods)* #(#uses)* };
    let folder = module.path.to_string().replace("::", "/");
    let docs = module_documentation(context, module, types);
    source::file(&format!("src/{folder}/mod.rs"), &module.descriptions, Some(&docs), items)
}

fn module_documentation(context: &Context<'_>, module: &Module, types: &[&TypeDef]) -> String {
    let names: Vec<_> = module.path.0.iter().map(Name::as_str).collect();
    let mut paragraphs = match names.as_slice() {
        [generation, rest @ ..] if !rest.is_empty() => vec![format!("`{}` in the {generation} API.", rest.join("."))],
        names => vec![format!("The {} API.", names.concat())],
    };
    let descriptions = context.api.descriptions.iter();
    let descriptions = descriptions
        .filter(|description| names.len() == 1 && module.descriptions.contains(description.base_name()))
        .collect::<Vec<_>>();
    if let [description] = descriptions.as_slice() {
        paragraphs.push(description.doc.text.clone());
    }
    let resources = types
        .iter()
        .filter(|def| def.resource().is_some())
        .map(|def| markdown::entry(&format!("[`{}`]", def.path.name), &markdown::summary(&def.doc.text)));
    paragraphs.push(resources.collect::<Vec<_>>().join("\n"));
    if descriptions.len() > 1 {
        paragraphs.extend(descriptions.iter().map(|description| {
            let version = markdown::code(&description.version);
            format!("# {}\n\nAPI version {version}.\n\n{}", description.title, description.doc.text)
        }));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}
