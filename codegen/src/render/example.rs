//! Examples in the documentation: how a request is built. They are compiled as documentation tests.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use super::imports::Imports;
use super::ty::ident;
use super::values::{Hint, Values};
use super::{Context, docs, source};
use crate::api::{Method, Operation, Place, Resource, Type, TypeDef};

/// How deep examples of optional parameters inside of structs go.
const DEPTH: usize = 3;

/// How an example builds a request.
pub(super) struct Construction {
    /// The expression that builds the request.
    pub(super) expression: TokenStream,
    /// Whether it uses something that is deprecated.
    pub(super) deprecated: bool,
}

impl Construction {
    /// The hidden line that allows deprecated items.
    pub(super) fn allowance(&self) -> &'static str {
        if self.deprecated { "# #![allow(deprecated)]\n" } else { "" }
    }
}

/// The lines of code that build a request.
pub(super) fn request(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let imports = Imports::of_example(context);
    let construction = construction(context, &imports, operation)?;
    let expression = &construction.expression;
    let statement = statement(&quote!(let request = #expression;));
    Some(format!("{}{}\n\n{statement}", construction.allowance(), imports.lines(&statement)))
}

/// How to get the result of a resource: create or retrieve it, wait for it, save its file, and read its rows.
pub(super) fn run(context: &Context<'_>, def: &TypeDef) -> Option<String> {
    let Resource { wait, download, rows, .. } = def.resource()?;
    if wait.is_none() && download.is_none() && rows.is_none() {
        return None;
    }
    let operations = context.methods.get(&def.path)?.iter().map(|(_, operation)| *operation);
    let returns_it = operations.filter(|operation| operation.response == Type::Named(def.path.clone()));
    let start = returns_it.min_by_key(|operation| (operation.method != Method::Post, &operation.path))?;
    let imports = Imports::of_example(context).with(None, &["Client", "Error"]);
    let name = match (wait, download) {
        (Some(_), _) => "run",
        (None, Some(_)) => "file",
        (None, None) => "resource",
    };
    let name = Ident::new(name, Span::call_site());
    let wait = wait.as_ref().map(|_| {
        let duration = imports.std("time", "Duration");
        quote!(let #name = stripe.wait(#name).timeout(#duration::from_secs(600)).await?;)
    });
    let save = download.as_ref().map(|_| quote!(stripe.download(&#name)?.save_to("result.csv").await?;));
    let read = rows.as_ref().map(|_| {
        let map = imports.map();
        statement(&quote! {
            let mut rows = stripe.rows::<#map<String, String>>(&#name)?;
            while let Some(row) = rows.try_next().await? {
                println!("{row:?}");
            }
        })
    });
    let construction = construction(context, &imports, start)?;
    let expression = &construction.expression;
    let body = statement(&quote! {
        let stripe = Client::from_env()?;
        let #name = stripe.send(#expression).await?;
        #wait
        #save
    });
    let mut body = body.replacen("from_env()?;", "from_env()?; // STRIPE_API_KEY", 1);
    if let Some(read) = read {
        body.push_str(if save.is_some() { "\n\n// Or read the inline rows:\n" } else { "\n" });
        body.push_str(&read);
    }
    let code = format!("# async fn example() -> Result<(), Error> {{\n{body}\n# Ok(())\n# }}\n");
    let (allow, imports) = (construction.allowance(), imports.lines(&code));
    Some(format!("{}\n{allow}{imports}\n\n{code}```", docs::CLIENT_FENCE))
}

/// Formats statements as in the body of a function.
pub(super) fn statement(tokens: &TokenStream) -> String {
    let function = source::pretty(quote!(fn example() { #tokens })).0;
    let body = function.lines().filter(|line| !line.starts_with("fn ") && *line != "}");
    body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Builds a request; `None` when that takes too many values.
pub(super) fn construction(context: &Context<'_>, imports: &Imports, operation: &Operation) -> Option<Construction> {
    let mut values = Values::new(context, imports, operation.deprecated);
    let (path, function) = match &operation.attachment {
        Some(attached) => (&attached.resource, ident(&attached.method)),
        None => (&operation.request, Ident::new("new", Span::call_site())),
    };
    values.note(path);
    let start = imports.path(path);
    let mut arguments = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.field.is_argument()) {
        let in_path = parameter.place == Place::Path;
        let example = parameter.field.example.as_ref().filter(|example| !in_path || fits_a_path(example));
        let hint = Hint { example, wire: &parameter.field.wire, depth: DEPTH };
        arguments.push(values.argument(&parameter.field.ty, hint)?);
    }
    let setters = values.setters(operation.fields(), DEPTH);
    Some(Construction {
        expression: quote!(#start::#function(#(#arguments),*) #setters),
        deprecated: values.deprecated,
    })
}

fn fits_a_path(example: &Value) -> bool {
    !matches!(example.as_str(), Some("" | "." | ".."))
}
