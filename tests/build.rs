//! Writes a function that decodes and encodes any model of the generated crate by its name, and one that follows any thin
//! event, from the same description that the crate is generated from: no model and no event can be forgotten. Generates the crate
//! that `contract` tests as well.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use stripe_reporting_codegen::api::{Api, Enum, EventKind, TypeKind};
use stripe_reporting_codegen::{File, Options, Source, generate, read, render_human};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo package` builds the package in a folder further down in the project.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let spec = above.map(|folder| folder.join("spec")).find(|spec| spec.is_dir()).ok_or("`spec` was not found")?;
    println!("cargo::rerun-if-changed={}", spec.display());
    let sources = read_descriptions(&spec)?;
    let api = read(&sources).map_err(|diagnostics| render_human(&diagnostics, &sources))?;
    let mut arms = String::new();
    for (path, def) in &api.types {
        if matches!(def.kind, TypeKind::Enum(Enum { unrecognized: None, .. })) {
            continue;
        }
        arms.push_str(&format!("        \"{path}\" => via::<stripe_reporting::{path}>(json),\n"));
    }
    let code = format!(
        "/// Decodes and encodes a value as the model with this path.\n\
         pub fn round_trip(path: &str, json: &Value) -> Result<Value, String> {{\n    match path {{\n{arms}        \
         _ => Err(format!(\"there is no model {{path}}\")),\n    }}\n}}\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("models.rs"), code + &subject_request(&api) + &examples(&api))?;
    contract(&["fixtures/contract.yaml", "fixtures/contract_data.yaml"].map(Path::new))
}

/// Writes the crate of descriptions as one text, which `contract/main.rs` includes.
fn contract(paths: &[&Path]) -> Result<(), Box<dyn std::error::Error>> {
    let mut sources = Vec::new();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        sources.push(Source { name: path.display().to_string(), text: fs::read_to_string(path)? });
    }
    let options = Options::new("contract", env!("CARGO_PKG_VERSION"), "../runtime");
    let generated = generate(&sources, &options).map_err(|diagnostics| render_human(&diagnostics, &sources))?;
    let crate_text = inlined(&generated.files, "src/lib.rs");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("contract.rs"), crate_text)?;
    Ok(())
}

/// Returns the text of a module with the modules that it declares.
fn inlined(files: &[File], path: &str) -> String {
    let text = files.iter().find(|file| file.path == path).map_or("", |file| &file.text);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let line = |line: &str| match line.strip_suffix(';').and_then(|line| line.split_once("mod ")) {
        Some((visibility @ ("" | "pub "), module)) => {
            let paths = [format!("{folder}/{module}.rs"), format!("{folder}/{module}/mod.rs")];
            let module_text: String = paths.iter().map(|path| inlined(files, path)).collect();
            format!("{visibility}mod {module} {{\n{module_text}}}\n")
        }
        _ => format!("{line}\n"),
    };
    // An included file has no attributes and no documentation of its own.
    let is_included = |line: &&str| folder != "src" || !(line.starts_with("//!") || line.starts_with("#!["));
    text.lines().filter(is_included).map(line).collect()
}

/// The function that makes the request of the subject of an event.
fn subject_request(api: &Api) -> String {
    let mut code = String::new();
    for set in api.events.iter().filter(|set| set.kind == EventKind::Thin) {
        let names: BTreeSet<_> = set.types.iter().map(|event| event.resource_name.as_str()).collect();
        let arm = |name: &str| format!("        Some(Subject::{name}(call)) => Some(call.to_http(config)),\n");
        let arms: String = names.into_iter().chain(["Unrecognized"]).map(arm).collect();
        let envelope = &set.envelope;
        code.push_str(&format!(
            "\n/// Makes the request that fetches what an event is about.\n\
             pub fn subject_request(event: &stripe_reporting::{envelope}, config: &Config) -> Option<Result<http::Request<Bytes>, Error>> {{\n    \
             use stripe_reporting::{envelope}Subject as Subject;\n    match event.subject() {{\n{arms}        _ => None,\n    }}\n}}\n"
        ));
    }
    code
}

/// The functions that decode the examples of models and runs.
fn examples(api: &Api) -> String {
    let (mut models, mut runs) = (String::new(), String::new());
    for (path, def) in api.types.iter().filter(|(_, def)| def.in_responses) {
        if !matches!(def.kind, TypeKind::Struct(_) | TypeKind::OneOf(_)) {
            continue;
        }
        models.push_str(&format!("        model_example::<stripe_reporting::{path}>(\"{path}\"),\n"));
        if def.resource().is_some_and(|resource| resource.wait.is_some() && resource.download.is_some()) {
            runs.push_str(&format!("        run_examples::<stripe_reporting::{path}>(\"{path}\"),\n"));
        }
    }
    format!(
        "\n/// Returns the example of every model that a response or an event holds.\n\
         pub fn model_examples() -> Vec<ModelExample> {{\n    vec![\n{models}    ]\n}}\n\
         \n/// Returns the examples of every run, in each of its states.\n\
         pub fn all_run_examples() -> Vec<RunExample> {{\n    [\n{runs}    ].concat()\n}}\n"
    )
}

include!("src/read_descriptions.rs");
