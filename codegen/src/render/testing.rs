//! `src/testing.rs`: the examples of models, and how to test a program with them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::example;
use super::imports::{Imports, absolute};
use super::ty::ident;
use super::{Context, Source, root, source};
use crate::api::{
    Access, Api, Columns, Feature, FieldPath, FieldStep, Operation, Resource, Struct, Type, TypeDef, TypeKind, TypePath,
};

/// The file.
pub(super) const PATH: &str = "src/testing.rs";

/// Opens the unit test of the documentation.
const FENCE: &str = "```test";

pub(super) fn render(context: &Context<'_>) -> Source {
    let examples = context.api.types.values().filter_map(|def| example(context.api, def));
    let examples: TokenStream = examples.collect();
    let runtime = (!examples.is_empty()).then(|| {
        quote!(
            use stripe_reporting_runtime as runtime;
        )
    });
    let items = quote! {
        #runtime
        #[doc(inline)]
        pub use stripe_reporting_runtime::testing::*;
        #examples
    };
    let mut source = source::file(PATH, &context.descriptions(), Some(&documentation(context)), items);
    let features = features(context);
    let condition = features.iter().map(|name| format!("feature = \"{name}\"")).collect::<Vec<_>>().join(", ");
    let fence = format!(
        "#![cfg_attr(all({condition}), doc = \"```\")]\n#![cfg_attr(not(all({condition})), doc = \"```ignore\")]\n"
    );
    source.file.text = source.file.text.replace(&format!("//! {FENCE}\n"), &fence);
    source
}

/// The features that the unit test takes.
fn features(context: &Context<'_>) -> Vec<&'static str> {
    let taken = [Feature::Client, Feature::Csv].into_iter().filter(|feature| context.api.features.contains(feature));
    taken.map(Feature::name).collect()
}

/// The example of an object that a response holds.
fn example(api: &Api, def: &TypeDef) -> Option<TokenStream> {
    let example = def.in_responses.then(|| api.example(&def.path))??;
    let states = match &def.kind {
        TypeKind::Struct(definition) => states(api, &def.path, definition, &example),
        TypeKind::OneOf(_) => Vec::new(),
        TypeKind::Enum(_) | TypeKind::String(_) => return None,
    };
    let states = states.into_iter().map(|(state, value)| {
        let (state, changes) = (Ident::new(state, Span::call_site()), json(&changes(&example, &value)));
        quote!((runtime::RunState::#state, #changes))
    });
    let states: Vec<_> = states.collect();
    let states = (!states.is_empty())
        .then(|| quote!(const STATES: &'static [(runtime::RunState, &'static str)] = &[#(#states),*];));
    let (path, example) = (absolute(&def.path), json(&example));
    Some(quote! {
        impl runtime::testing::Example for #path {
            const EXAMPLE: &'static str = #example;
            #states
        }
    })
}

/// JSON as a raw string, in ASCII: characters that change the direction of text are errors in Rust.
fn json(value: &Value) -> TokenStream {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            ' '..='~' => text.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    let hashes = (1..).map(|count| "#".repeat(count)).find(|hashes| !text.contains(&format!("\"{hashes}")));
    let hashes = hashes.unwrap_or_default();
    format!("r{hashes}\"{text}\"{hashes}").parse().unwrap_or_else(|_| quote!(#text))
}

/// The example of a run in each state that it can be in.
fn states(api: &Api, path: &TypePath, definition: &Struct, example: &Value) -> Vec<(&'static str, Value)> {
    let Some(Resource { wait: Some(wait), download, .. }) = definition.resource.as_deref() else { return Vec::new() };
    let ty = Type::Named(path.clone());
    let url = download.as_ref().map(|download| &download.url);
    let Some(TypeKind::Enum(statuses)) = api.kind(&wait.status_type) else { return Vec::new() };
    let states = [
        ("Running", &wait.running),
        ("Succeeded", &wait.succeeded),
        ("Failed", &wait.failed),
        ("Canceled", &wait.canceled),
    ];
    let in_state = |state: &'static str, names: &[crate::api::Name]| {
        let status = statuses.variants.iter().find(|variant| names.first() == Some(&variant.name))?;
        let mut value = filled(api, &ty, Some(example), &wait.status.steps, "status")?;
        *at_mut(api, &ty, &mut value, &wait.status.steps)? = Value::from(status.wire.as_str());
        // A run that has the time when it was canceled has no code of a failure.
        let with_code: &[_] = if wait.canceled_at.is_some() { &["Failed"] } else { &["Failed", "Canceled"] };
        let facts: [(_, &[_]); 4] = [
            (url, &["Succeeded"]),
            (wait.failure_code.as_ref(), with_code),
            (wait.failure_message.as_ref(), &["Failed", "Canceled"]),
            (wait.canceled_at.as_ref(), &["Canceled"]),
        ];
        let facts = facts.into_iter().filter_map(|(path, states)| path.map(|path| (path, states.contains(&state))));
        let (present, absent): (Vec<_>, Vec<_>) = facts.partition(|(_, is_present)| *is_present);
        let is_set = |value: &Value, path: &FieldPath| {
            at_mut(api, &ty, &mut value.clone(), &path.steps).is_some_and(|value| !value.is_null())
        };
        for (path, _) in &absent {
            if is_set(&value, path) {
                clear(api, &ty, &mut value, &path.steps);
            }
        }
        for (path, _) in &present {
            value = filled(api, &ty, Some(&value), &path.steps, "")?;
        }
        // An object that is filled may hold both.
        for (path, _) in absent {
            let mut without = value.clone();
            if is_set(&value, path) {
                clear_last(api, &ty, &mut without, &path.steps);
            }
            // It may require both.
            if present.iter().all(|(path, _)| is_set(&without, path)) {
                value = without;
            }
        }
        Some((state, value))
    };
    states.into_iter().filter_map(|(state, names)| in_state(state, names)).collect()
}

/// The key of a step on the wire, the type there, and whether it may be missing.
pub(super) fn member<'a>(api: &'a Api, ty: &'a Type, step: &'a FieldStep) -> Option<(&'a str, &'a Type, bool)> {
    match (ty, step) {
        (Type::Nullable(inner), step) => member(api, inner, step),
        (Type::Map(inner), FieldStep::Key { key, .. }) => Some((key, inner, true)),
        (Type::Named(path) | Type::Boxed(path), FieldStep::Field { name, optional }) => {
            let field = api.types.get(path)?.fields().iter().find(|field| field.name == *name)?;
            Some((&field.wire, &field.ty, *optional))
        }
        _ => None,
    }
}

/// A value in which something is at the end of the path.
fn filled(api: &Api, ty: &Type, value: Option<&Value>, steps: &[FieldStep], wire: &str) -> Option<Value> {
    let mut value = match value.filter(|value| !value.is_null()) {
        Some(value) => value.clone(),
        None => api.example_of(ty, wire)?,
    };
    if let Some((step, rest)) = steps.split_first() {
        let (key, ty, _) = member(api, ty, step)?;
        let inner = filled(api, ty, value.get(key), rest, key)?;
        value.as_object_mut()?.insert(key.to_owned(), inner);
    }
    Some(value)
}

/// Removes the first member on the path that may be missing.
fn clear(api: &Api, ty: &Type, value: &mut Value, steps: &[FieldStep]) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    let (key, ty, is_optional) = member(api, ty, step)?;
    let members = value.as_object_mut()?;
    if is_optional {
        members.remove(key);
        return Some(());
    }
    clear(api, ty, members.get_mut(key)?, rest)
}

/// Removes the last member on the path that may be missing.
fn clear_last(api: &Api, ty: &Type, value: &mut Value, steps: &[FieldStep]) -> Option<()> {
    let (step, rest) = steps.split_first()?;
    let (key, ty, is_optional) = member(api, ty, step)?;
    let members = value.as_object_mut()?;
    let inside = clear_last(api, ty, members.get_mut(key)?, rest);
    inside.or_else(|| is_optional.then(|| drop(members.remove(key))))
}

fn at_mut<'v>(api: &Api, ty: &Type, value: &'v mut Value, steps: &[FieldStep]) -> Option<&'v mut Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    let (key, ty, _) = member(api, ty, step)?;
    at_mut(api, ty, value.get_mut(key)?, rest)
}

/// The JSON merge patch from one value to another.
fn changes(from: &Value, to: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (from, to) else { return to.clone() };
    let removed = old.iter().filter(|(key, value)| !value.is_null() && !new.contains_key(*key));
    let mut patch: Map<_, _> = removed.map(|(key, _)| (key.clone(), Value::Null)).collect();
    for (key, value) in new.iter().filter(|(key, value)| old.get(*key) != Some(value)) {
        patch.insert(key.clone(), old.get(key).map_or_else(|| value.clone(), |old| changes(old, value)));
    }
    Value::Object(patch)
}

fn documentation(context: &Context<'_>) -> String {
    let mut paragraphs = vec![
        "Example values of models and a transport with scripted responses, for testing your program.".to_owned(),
        "- [`Example::example`] returns the example of a model, [`Example::example_in`] that of a run in a state.\n\
         - [`Example::with`] changes fields of any model, as JSON.\n\
         - `MockTransport` returns responses in order and records the requests. Waiting for a run takes no time."
            .to_owned(),
        format!(
            "Enable the feature `examples` for tests only, without the default features, which include a client:\n\n\
             ```sh\ncargo add --dev {} --no-default-features --features examples\n```",
            context.options.crate_name
        ),
    ];
    if let Some(changed) = root::showcase(context).and_then(|operation| changed_example(context, operation)) {
        paragraphs.push("# Changing an example".to_owned());
        paragraphs.push(
            "Assign fields, or merge changes as JSON, in the names of the API. Struct update syntax is not available, since models are\n\
             `#[non_exhaustive]`. Unknown fields and values that do not decode are errors with their path."
                .to_owned(),
        );
        paragraphs.push(changed);
    }
    if let Some(test) = root::showcase(context).and_then(|operation| unit_test(context, operation)) {
        paragraphs.push("# Testing your program".to_owned());
        paragraphs.push(
            "Let your program take its client as an argument: tests pass that of `MockTransport::client` or\n\
             `MockTransport::blocking_client`. The file must have the size that the run reports, or its download fails."
                .to_owned(),
        );
        paragraphs.push(test);
    }
    paragraphs.join("\n\n")
}

/// Code that changes the example of a run.
fn changed_example(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let resource = &operation.attachment.as_ref()?.resource;
    let def = context.api.types.get(resource)?;
    let id = &def.resource()?.wait.as_ref()?.id;
    let wire = &def.fields().iter().find(|field| field.name == *id)?.wire;
    example(context.api, def)?;
    let imports = Imports::of_example(context).with(Some("testing"), &["Example", "json"]);
    let allow = if def.deprecated { "# #![allow(deprecated)]\n" } else { "" };
    let (model, field, changes) = (imports.path(resource), ident(id), Ident::new(CHANGES, Span::call_site()));
    let code = example::statement(&quote! {
        let mut run = #model::example();
        run.#field = "run_123".into();
        let changed = #model::example().with(json!(#changes))?;
        assert_eq!(run, changed);
    });
    let code = code.replace(CHANGES, &format!("{{{}: \"run_123\"}}", Value::from(wire.as_str())));
    let (imports, root) = (imports.lines(&code), context.options.crate_ident());
    Some(format!("```\n{allow}{imports}\n\n{code}\n# Ok::<(), {root}::Error>(())\n```"))
}

/// Whether the documentation has a unit test.
pub(super) fn has_unit_test(context: &Context<'_>) -> bool {
    root::showcase(context).is_some_and(|operation| unit_test(context, operation).is_some())
}

/// What the unit test downloads.
const FILE: &str = "id,amount\ntxn_1,1000\ntxn_2,-250\n";

/// Stands for JSON in code that is formatted, since the formatter leaves what is inside of macros as tokens.
const CHANGES: &str = "CHANGES";

/// Stands for the columns of the file.
const COLUMNS: &str = "COLUMNS";

/// A program that creates a run and reads its result, and its unit test; `None` where the examples do not allow it.
fn unit_test(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let api = context.api;
    let resource = &operation.attachment.as_ref()?.resource;
    let definition = api.types.get(resource).filter(|def| def.in_responses)?.structure()?;
    let download = definition.resource.as_ref()?.download.as_ref()?;
    let states = states(api, resource, definition, &api.example(resource)?);
    let in_state = |name: &str| states.iter().find(|(state, _)| *state == name).map(|(_, value)| value.clone());
    let (_, mut succeeded) = (in_state("Running")?, in_state("Succeeded")?);
    let ty = Type::Named(resource.clone());
    let mut text = |path: &FieldPath| Some(at_mut(api, &ty, &mut succeeded, &path.steps)?.as_str()?.to_owned());
    let host = match download.access {
        Access::ApiKey => "https://files.stripe.com/",
        Access::PreSigned => "https://",
    };
    let is_csv = download.content_type.as_ref().is_none_or(|path| text(path).is_some_and(|text| text.contains("csv")));
    let can_download = is_csv && text(&download.url).is_some_and(|url| url.starts_with(host));
    if !can_download || features(context).len() < 2 {
        return None;
    }
    let size = match &download.size {
        Some(FieldPath { steps, ty: Type::IntegerString | Type::UnsignedString }) => {
            Some(nested(api, &ty, steps, "file.len().to_string()")?)
        }
        Some(path) => Some(nested(api, &ty, &path.steps, "file.len()")?),
        None => None,
    };
    let (size_json, with_size) = match &size {
        Some(_) => {
            let changes = Ident::new(CHANGES, Span::call_site());
            (quote!(let size = json!(#changes);), quote!(.with(size)?))
        }
        None => (quote!(), quote!()),
    };
    let columns = match &download.columns {
        Some(columns) => Some(nested(api, &ty, &columns.list.steps, &columns_of_file(api, columns)?)?),
        None => None,
    };
    let (columns_json, with_columns) = match &columns {
        Some(_) => {
            let changes = Ident::new(COLUMNS, Span::call_site());
            (quote!(let columns = json!(#changes);), quote!(.with(columns)?))
        }
        None => (quote!(), quote!()),
    };
    let imports = Imports::of_example(context)
        .with(Some("testing"), &["Example", "MockTransport"])
        .with(Some("testing"), if size.is_some() || columns.is_some() { &["json"] } else { &[] })
        .with(None, &["Client", "Error", "RunState", "http"])
        .defining("Row");
    let construction = example::construction(context, &imports, operation)?;
    let (expression, allow) = (&construction.expression, construction.allowance());
    let (model, method, path) = (imports.path(resource), operation.method.as_str(), operation.path.as_str());
    let is_path = (!path.contains('{')).then(|| quote!(assert_eq!(requests[0].uri().path(), #path);));
    let program = indented(quote! {
        let request = #expression;
        let run = stripe.send(request).await?;
        let run = stripe.wait(run).await?;
        let mut rows = stripe.download(&run)?.records::<Row>();
        let mut sum = 0;
        while let Some(row) = rows.try_next().await? {
            sum += row.amount;
        }
        Ok(sum)
    });
    let script = indented(quote! {
        let file = #FILE;
        #size_json
        #columns_json
        let running = #model::example_in(RunState::Running)?;
        let succeeded = #model::example_in(RunState::Succeeded)? #with_size #with_columns;
        let mock = MockTransport::new()
            .respond(running)
            .respond(succeeded)
            .respond_with(http::Response::new(file));
    });
    let script = script.replace(CHANGES, &size.unwrap_or_default()).replace(COLUMNS, &columns.unwrap_or_default());
    let assertions = indented(quote! {
        let sum = sum_of_amounts(&mock.client()).await?;
        assert_eq!(sum, 750);
    });
    let requests = indented(quote! {
        let requests = mock.requests();
        assert_eq!(requests.len(), 3);
        assert_eq!(requests[0].method(), #method);
        #is_path
        assert!(mock.unused_responses().is_empty());
        Ok(())
    });
    let imports = imports.lines(&format!("{program}\n{script}"));
    Some(format!(
        r"{FENCE}
{allow}{imports}

#[derive(serde::Deserialize)]
struct Row {{
    amount: i64,
}}

/// The program.
async fn sum_of_amounts(stripe: &Client) -> Result<i64, Error> {{
{program}
}}

# /*
#[tokio::test]
# */
async fn sums_the_amounts_of_the_result() -> Result<(), Error> {{
{script}

{assertions}

{requests}
}}
# fn main() -> Result<(), Error> {{
#     let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
#     runtime.block_on(sums_the_amounts_of_the_result())
# }}
```"
    ))
}

/// The columns of [`FILE`], as JSON.
fn columns_of_file(api: &Api, columns: &Columns) -> Option<String> {
    let names = FILE.lines().next()?.split(',');
    let column = |name| {
        let ty = Type::Named(columns.column.clone());
        let mut column = api.example(&columns.column)?;
        *at_mut(api, &ty, &mut column, &columns.name.steps)? = Value::from(name);
        Some(column)
    };
    names.map(column).collect::<Option<Value>>().map(|columns| columns.to_string())
}

/// Statements as they would stand in a function, indented as in one.
fn indented(tokens: TokenStream) -> String {
    let lines = example::statement(&tokens);
    let lines = lines.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// JSON with a value at the end of a path, as the code of `json!`.
fn nested(api: &Api, ty: &Type, steps: &[FieldStep], value: &str) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else { return Some(value.to_owned()) };
    let (key, ty, _) = member(api, ty, step)?;
    Some(format!("{{{}: {}}}", Value::from(key), nested(api, ty, rest, value)?))
}
