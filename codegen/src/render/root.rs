//! The crate's root, and the files of its public modules.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::example::{self, crate_ident};
use super::layout::Module;
use super::ty::ident;
use super::{Context, Source, manifest, source};
use crate::api::{Feature, Field, Name, Operation, Struct, TypeDef, TypeKind};
use crate::markdown;

/// Opens an example that needs the async client.
const CLIENT_FENCE: &str = "```client";

/// The same as attributes: without the feature there is nothing that could be compiled.
const CLIENT_FENCE_ATTRIBUTES: &str = "\
#![cfg_attr(feature = \"client\", doc = \"```no_run\")]
#![cfg_attr(not(feature = \"client\"), doc = \"```ignore\")]
";

/// `src/lib.rs`.
pub(super) fn render(context: &Context<'_>) -> Source {
    let descriptions = context.api.descriptions.iter();
    let names: BTreeSet<String> = descriptions.map(|description| description.base_name().to_owned()).collect();
    let modules =
        context.layout.modules().filter(|module| module.path.0.len() == 1).filter_map(|module| module.path.0.first());
    let modules = modules.map(ident);
    // What is deprecated for users is still used by what stands beside it.
    let deprecated = has_deprecated(context).then(|| quote!(#![allow(deprecated)]));
    // What the description nests, the crate nests.
    let nested = has_deep_types(context).then(|| quote!(#![allow(clippy::type_complexity)]));
    // What looks alike or unusual is the description's choice.
    let foreign = has_foreign_names(context).then(
        || quote!(#![allow(confusable_idents, mixed_script_confusables, non_camel_case_types, uncommon_codepoints)]),
    );
    let items = quote! {
        #![forbid(unsafe_code)]
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
    let Source { mut file, .. } = source::file("src/lib.rs", &names, Some(&documentation(context)), TokenStream::new());
    file.text = file.text.replace(&format!("//! {CLIENT_FENCE}\n"), CLIENT_FENCE_ATTRIBUTES);
    let (code, items) = source::pretty(items);
    file.text.push_str(&code);
    Source { file, items }
}

fn has_deprecated(context: &Context<'_>) -> bool {
    let field = |field: &Field| field.deprecated;
    let of_type = |def: &TypeDef| {
        def.deprecated || matches!(&def.kind, TypeKind::Struct(definition) if definition.fields.iter().any(field))
    };
    let of_operation = |operation: &Operation| {
        operation.deprecated || operation.parameters.iter().any(|parameter| field(&parameter.field))
    };
    context.api.types.values().any(of_type) || context.api.operations.values().any(of_operation)
}

/// Whether a name has letters beyond ASCII.
fn has_foreign_names(context: &Context<'_>) -> bool {
    let is_foreign = |name: &Name| !name.as_str().is_ascii();
    let of_kind = |kind: &TypeKind| match kind {
        TypeKind::Struct(definition) => definition.all_fields().any(|field| is_foreign(&field.name)),
        TypeKind::Enum(definition) => definition.variants.iter().any(|variant| is_foreign(&variant.name)),
        TypeKind::String(definition) => definition.constants.iter().any(|constant| is_foreign(&constant.name)),
    };
    let of_operation = |operation: &Operation| {
        is_foreign(&operation.request.name)
            || operation.attachment.as_ref().is_some_and(|attached| is_foreign(&attached.method))
            || operation.parameters.iter().any(|parameter| is_foreign(&parameter.field.name))
    };
    let mut types = context.api.types.values();
    types.any(|def| is_foreign(&def.path.name) || of_kind(&def.kind))
        || context.api.operations.values().any(of_operation)
}

/// Whether a type is so deep that clippy would complain.
fn has_deep_types(context: &Context<'_>) -> bool {
    let of_type = |def: &TypeDef| matches!(&def.kind, TypeKind::Struct(definition) if definition.all_fields().any(|field| field.ty.depth() > 2));
    let of_operation = |operation: &Operation| {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.field.ty);
        parameters.chain([&operation.response]).any(|ty| ty.depth() > 2)
    };
    context.api.types.values().any(of_type) || context.api.operations.values().any(of_operation)
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
        if starts_a_run(context, operation)
            && let Some(example) = quick_start(context, operation)
        {
            paragraphs.push("# Quick start".to_owned());
            paragraphs.push(example);
        }
        if let Some(example) = without_a_client(context, operation) {
            paragraphs.push("# Without a client".to_owned());
            paragraphs.push(
                "A request is plain data. It turns into an [`http::Request`] for any HTTP client to send, and the answer's \
                 bytes turn into the model."
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
    let mut table = "# Features\n\n| feature | what it adds |\n|---|---|\n".to_owned();
    for feature in features {
        let default = if Feature::DEFAULT.contains(feature) { " (default)" } else { "" };
        table.push_str(&format!("| `{}`{default} | {} |\n", feature.name(), manifest::about(*feature)));
    }
    table.push_str(
        "\nWithout any there are models and requests, and no HTTP, TLS or async code. A client without TLS speaks to servers without \
         TLS only.",
    );
    table
}

/// Whether an operation starts a run that can be waited for, and whose result can be downloaded.
fn starts_a_run(context: &Context<'_>, operation: &Operation) -> bool {
    let resource = operation.attachment.as_ref().and_then(|attached| context.api.types.get(&attached.resource));
    match resource.map(|def| &def.kind) {
        Some(TypeKind::Struct(Struct { resource: Some(resource), .. })) => {
            resource.wait.is_some() && resource.download.is_some()
        }
        _ => false,
    }
}

/// What examples import beside a resource or request, which must be called differently then.
const IMPORTED: &[&str] = &["ApiKey", "Client", "Config", "Request"];

/// The operation to begin with: one that starts a run, if there is one.
pub(super) fn showcase<'a>(context: &Context<'a>) -> Option<&'a Operation> {
    let waits = |operation: &&Operation| {
        let resource = operation.attachment.as_ref().and_then(|attached| context.api.types.get(&attached.resource));
        matches!(resource.map(|def| &def.kind), Some(TypeKind::Struct(Struct { resource: Some(resource), .. })) if resource.wait.is_some())
    };
    let can_be_imported = |operation: &&Operation| {
        let resource = operation.attachment.as_ref().map(|attached| &attached.resource.name);
        !resource.into_iter().chain([&operation.request.name]).any(|name| IMPORTED.contains(&name.as_str()))
    };
    let operations = || context.api.operations.values().filter(can_be_imported);
    let starts = |operation: &&Operation| operation.method == crate::api::Method::Post;
    // The newest generation of the API sorts last.
    let run = operations().filter(waits).filter(starts).max_by_key(|operation| &operation.path);
    run.or_else(|| operations().find(|operation| example::construction(context, operation).is_some()))
}

fn quick_start(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let root = crate_ident(context);
    let construction = example::construction(context, operation)?;
    let (import, expression, allow) = (&construction.import, &construction.expression, construction.allowance());
    let body = example::statement(&quote! {
        let stripe = Client::from_env()?;
        let request = #expression;
        let run = stripe.send(request).await?;
        let run = stripe.wait(run).await?;
        stripe.download(&run)?.save_to("result.csv").await?;
    });
    Some(format!(
        "{CLIENT_FENCE}\n{allow}use {root}::Client;\nuse {import};\n\n\
         # async fn example() -> Result<(), {root}::Error> {{\n{body}\n# Ok(())\n# }}\n```"
    ))
}

fn without_a_client(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let root = crate_ident(context);
    let construction = example::construction(context, operation)?;
    let (import, expression, allow) = (&construction.import, &construction.expression, construction.allowance());
    let (method, request) = (Ident::new(operation.method.as_str(), Span::call_site()), ident(&operation.request.name));
    let body = example::statement(&quote! {
        let config = Config::new(ApiKey::new("sk_test_123"));
        let request = #expression;
        let http: http::Request<_> = request.to_http(&config)?;
        assert_eq!(http.method(), http::Method::#method);
    });
    let answer = example::statement(&quote! {
        let answer = http::Response::builder().status(503).body("<html>busy</html>")?;
        let error = #request::decode(answer).unwrap_err();
        assert_eq!(error.status(), Some(http::StatusCode::SERVICE_UNAVAILABLE));
    });
    let request_import = format!("{root}::{}", operation.request);
    let imports = if request_import == *import {
        format!("use {import};")
    } else {
        format!("use {import};\nuse {request_import};")
    };
    Some(format!(
        "```\n{allow}use {root}::{{ApiKey, Config, Request, http}};\n{imports}\n\n\
         # fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}\n\n\
         // Send it, and decode what comes back.\n{answer}\n# Ok(())\n# }}\n```"
    ))
}

/// All operations, by module.
fn operations(context: &Context<'_>) -> String {
    let mut lines = vec!["| operation | builder |".to_owned(), "|---|---|".to_owned()];
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
    if names.len() == 1 {
        let descriptions = context.api.descriptions.iter();
        let descriptions = descriptions.filter(|description| module.descriptions.contains(description.base_name()));
        paragraphs.extend(descriptions.map(|description| description.doc.text.clone()));
    }
    let resources = types
        .iter()
        .filter(|def| is_resource(def))
        .map(|def| markdown::entry(&format!("[`{}`]", def.path.name), &markdown::summary(&def.doc.text)));
    paragraphs.push(resources.collect::<Vec<_>>().join("\n"));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

fn is_resource(def: &TypeDef) -> bool {
    matches!(&def.kind, TypeKind::Struct(Struct { resource: Some(_), .. }))
}
