//! The modules of the generator and of the runtime form no circle, and use each other as CONTRIBUTING.md says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use stripe_reporting_tests::project;

use crate::cargo::rust_files;

/// The modules at the top of a crate, with those that they use.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Reads which of its modules each module at the top of a crate uses.
fn graph(folder: &str) -> Graph {
    let root = project().join(folder);
    let module = |path: &Path| -> Vec<String> {
        let path = path.strip_prefix(&root).unwrap().with_extension("");
        let steps = path.iter().map(|step| step.to_str().unwrap().to_owned());
        steps.filter(|step| !["mod", "lib"].contains(&step.as_str())).collect()
    };
    let files: Vec<_> = rust_files(folder).into_iter().map(|(path, text)| (module(&path), text)).collect();
    let lib = fs::read_to_string(root.join("lib.rs")).unwrap().replace("pub use ", "pub use crate::");
    // The module, or the other crate, that each name at the root is from.
    let reexports: BTreeMap<String, String> =
        paths(&lib, &[]).iter().filter_map(|path| Some((path.last()?.clone(), path.first()?.clone()))).collect();
    let modules = files.iter().filter_map(|(module, _)| module.first());
    let mut graph: Graph = modules.map(|module| (module.clone(), BTreeSet::new())).collect();
    let tests: Vec<_> = files.iter().flat_map(|(module, text)| test_modules(module, text)).collect();
    for (module, text) in &files {
        if module.iter().any(|step| step == "tests") || tests.iter().any(|test| module.starts_with(test)) {
            continue;
        }
        let Some(user) = module.first() else { continue };
        for name in paths(text, module).iter().filter_map(|path| path.first()) {
            let used = if graph.contains_key(name) { Some(name) } else { reexports.get(name) };
            let is_macro = || files.iter().any(|(_, text)| text.contains(&format!("macro_rules! {name} ")));
            assert!(used.is_some() || is_macro(), "`{user}` uses `crate::{name}`, and the root uses `{user}`");
            if let Some(used) = used.filter(|used| *used != user && graph.contains_key(*used)) {
                graph.get_mut(user).unwrap().insert(used.clone());
            }
        }
    }
    graph
}

/// Returns the modules that a file declares for tests only, besides those of the name `tests`.
fn test_modules(module: &[String], text: &str) -> Vec<Vec<String>> {
    let declared = text.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let item = rest.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        let (_, name) = item.strip_suffix(';')?.split_once("mod ")?;
        Some([module, &[name.to_owned()]].concat())
    });
    declared.collect()
}

/// Returns the paths in a file of a module that begin with `crate`, `self` or `super`, from the root of the crate on.
fn paths(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let tokens: TokenStream = text.parse().unwrap();
    let mut found = Vec::new();
    collect(tokens, module, &mut found);
    found
}

fn collect(tokens: TokenStream, module: &[String], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let Some((token, next)) = rest.split_first() {
        rest = next;
        match token {
            TokenTree::Group(group) if is_cfg_test(group) => rest = after_item(next),
            TokenTree::Group(group) => collect(group.stream(), module, found),
            TokenTree::Ident(ident) if ident == "mod" => {
                if let [TokenTree::Ident(name), TokenTree::Group(group), after @ ..] = next {
                    collect(group.stream(), &[module, &[name.to_string()]].concat(), found);
                    rest = after;
                }
            }
            TokenTree::Ident(ident) if ident == "crate" => rest = path(Vec::new(), next, found),
            TokenTree::Ident(ident) if ident == "self" => rest = path(module.to_vec(), next, found),
            TokenTree::Ident(ident) if ident == "super" => {
                let parent = module.split_last().map_or(&[][..], |(_, parent)| parent);
                rest = path(parent.to_vec(), next, found);
            }
            _ => {}
        }
    }
}

/// Reads the rest of a path, and returns what follows it.
fn path<'t>(mut start: Vec<String>, mut rest: &'t [TokenTree], found: &mut Vec<Vec<String>>) -> &'t [TokenTree] {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let mut has_segments = false;
    while let [first, second, segment, after @ ..] = rest
        && is_colon(first)
        && is_colon(second)
    {
        match segment {
            TokenTree::Ident(ident) if ident == "super" => drop(start.pop()),
            TokenTree::Ident(ident) => start.push(ident.to_string()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                for tree in tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')) {
                    if let [TokenTree::Ident(ident), rest @ ..] = tree {
                        let mut inner = start.clone();
                        if ident != "self" {
                            inner.push(ident.to_string());
                        }
                        path(inner, rest, found);
                        found.extend((rest.is_empty() && ident == "self").then(|| start.clone()));
                    }
                }
                return after;
            }
            _ => {}
        }
        has_segments = true;
        rest = after;
    }
    if has_segments || !start.is_empty() {
        found.push(start);
    }
    rest
}

fn is_cfg_test(group: &proc_macro2::Group) -> bool {
    let attribute = group.stream().to_string().replace(' ', "");
    group.delimiter() == Delimiter::Bracket && (attribute == "cfg(test)" || attribute.starts_with("cfg(all(test,"))
}

/// Returns what follows the item that an attribute is on.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let end = tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1);
    &tokens[end..]
}

/// Returns a line for each module with the modules that it uses, which have their lines below it.
///
/// # Panics
///
/// Panics if the modules form a circle.
fn drawn(mut graph: Graph) -> String {
    let width = graph.keys().map(String::len).max().unwrap_or_default();
    let mut lines = String::new();
    while !graph.is_empty() {
        let used: BTreeSet<&String> = graph.values().flatten().collect();
        let Some(module) = graph.keys().find(|module| !used.contains(module)).cloned() else {
            panic!("these modules form a circle: {:#?}", circle(graph));
        };
        let uses: Vec<String> = graph.remove(&module).unwrap().into_iter().collect();
        lines.push_str(format!("{module:width$}  {}", uses.join(", ")).trim_end());
        lines.push('\n');
    }
    lines
}

/// Leaves out the modules that no circle goes through, given that every module is used.
fn circle(mut graph: Graph) -> Graph {
    while let Some(module) = graph.iter().find(|(_, uses)| uses.is_empty()).map(|(module, _)| module.clone()) {
        graph.remove(&module);
        for uses in graph.values_mut() {
            uses.remove(&module);
        }
    }
    graph
}

#[test]
fn modules_use_each_other_as_contributing_says_and_form_no_circle() {
    let contributing = fs::read_to_string(project().join("CONTRIBUTING.md")).unwrap();
    for folder in ["codegen/src", "runtime/src"] {
        let drawn = drawn(graph(folder));
        let expected = format!("```text\n{drawn}```");
        assert!(contributing.contains(&expected), "CONTRIBUTING.md should have, of {folder}:\n{expected}");
    }
}
