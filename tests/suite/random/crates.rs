//! Joins many generated crates to one, each as a module: a crate costs far more to compile than a module.

use std::path::Path;

use stripe_reporting_codegen::File;

use super::Case;
use crate::workspace::Workspace;

/// Returns the name of the module that the crate of a description becomes, and of that crate by itself.
pub(super) fn module(seed: u64) -> String {
    format!("seed_{seed}")
}

/// What crates allow that have names of other scripts: lints of whole crates, and one that a module can allow by itself.
const LINTS: &str =
    "    confusable_idents,\n    mixed_script_confusables,\n    non_camel_case_types,\n    uncommon_codepoints";

/// Returns the lints that a crate allows, as they can stand in the crate that it is joined to.
pub(super) fn lints(case: &Case) -> Option<&'static str> {
    let root = case.files.iter().find(|file| file.path == "src/lib.rs")?;
    root.text.contains(LINTS).then_some("confusable_idents, mixed_script_confusables, uncommon_codepoints")
}

/// Adds a crate that holds the crates of several descriptions.
pub(super) fn join(workspace: &mut Workspace, name: &str, cases: &[Case]) {
    let allowed = cases.first().and_then(lints).map(|lints| format!("#![allow({lints})]\n\n"));
    let mut root = format!("//! Random descriptions.\n\n{}", allowed.unwrap_or_default());
    for case in cases {
        let module = module(case.seed);
        root.push_str(&format!("pub mod {module};\n"));
        workspace.file(name, &description(&module), &case.text);
        for file in case.files.iter().filter(|file| is_source(file)) {
            let path = file.path.replace("src/lib.rs", "src/mod.rs").replacen("src/", &format!("src/{module}/"), 1);
            let text = file.text.replace(&format!("#![allow(\n{LINTS}\n)]\n"), "#![allow(non_camel_case_types)]\n");
            workspace.file(name, &path, &moved(&text, name, &module));
        }
    }
    workspace.file(name, "src/lib.rs", &root);
    let manifest = cases.iter().flat_map(|case| &case.files).find(|file| file.path == "Cargo.toml").unwrap();
    let package = cases.first().map(|case| module(case.seed)).unwrap();
    let manifest = manifest.text.replace(&format!("name = \"{package}\""), &format!("name = {name:?}"));
    workspace.manifest(name, &manifest);
}

/// Returns the seeds and the files of the descriptions that messages of cargo are about.
pub(super) fn blamed(workspace: &Workspace, name: &str, cases: &[Case], said: &str) -> String {
    let is_blamed = |case: &&Case| said.contains(&format!("{name}/src/{}/", module(case.seed)));
    let found = cases.iter().filter(is_blamed).map(|case| {
        let path = workspace.folder.join(name).join(description(&module(case.seed)));
        format!("seed {}: {}\n", case.seed, path.display())
    });
    found.collect()
}

fn description(module: &str) -> String {
    format!("src/{module}/description.yaml")
}

fn is_source(file: &File) -> bool {
    Path::new(&file.path).extension().is_some_and(|extension| extension == "rs")
}

/// The text of a file whose crate has become a module. What this misses does not compile: nothing has the old paths any more.
fn moved(text: &str, name: &str, module: &str) -> String {
    let text = replaced(text, &format!("{module}::"), &format!("{name}::{module}::"));
    replaced(&text, "crate::", &format!("crate::{module}::"))
}

/// Replaces the start of paths, and nothing that only ends like it.
fn replaced(text: &str, path: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(at) = rest.find(path) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_start = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        out.push_str(if is_start { new } else { path });
        rest = &from[path.len()..];
    }
    out.push_str(rest);
    out
}
