//! Modules that several crates of a package have in common are compiled once: the others re-export them.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::Generated;

/// The modules of the crates of a package, each with the first crate that has it.
#[derive(Default)]
pub(crate) struct SharedModules {
    by_content: BTreeMap<BTreeSet<(String, String)>, String>,
}

/// A module that exports types.
struct Module {
    /// Where its types are exported, such as `v1`.
    parent: String,
    /// Its types as `use` takes them.
    exports: String,
    text: String,
}

impl SharedModules {
    /// Returns the files that re-export the module of an earlier crate instead, by their path. Such a module has the same text, and so
    /// has every module that it uses: whatever compiles with one, compiles with the other.
    pub(crate) fn of(&mut self, generated: &Generated) -> BTreeMap<String, String> {
        let modules = modules(generated);
        let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, module) in &modules {
            words(&module.exports).for_each(|name| owners.entry(name).or_default().push(path));
        }
        let mut shared = BTreeMap::new();
        for (path, Module { parent, exports, .. }) in &modules {
            let mut content = BTreeSet::new();
            let mut pending = vec![path.as_str()];
            while let Some(path) = pending.pop() {
                let text = &modules[path].text;
                if content.insert((path.to_owned(), text.clone())) {
                    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                    pending.extend(code.flat_map(words).filter_map(|word| owners.get(word)).flatten());
                }
            }
            let first = self.by_content.entry(content).or_insert_with(|| generated.name.clone());
            if *first != generated.name {
                shared.insert(path.clone(), format!("pub use crate::{first}::{parent}::{exports};\n"));
            }
        }
        shared
    }
}

/// Returns the modules whose types another one exports, by their path.
fn modules(generated: &Generated) -> BTreeMap<String, Module> {
    let texts: BTreeMap<&str, &str> = generated.files.iter().map(|file| (&*file.path, &*file.text)).collect();
    let mut modules = BTreeMap::new();
    for (path, text) in &texts {
        let Some(folder) = path.strip_suffix("/mod.rs") else { continue };
        let parent = folder.trim_start_matches("src/").replace('/', "::");
        for export in text.split("pub use self::").skip(1) {
            let (name, exports) = export.split(';').next().unwrap().split_once("::").unwrap();
            let path = format!("{folder}/{}.rs", name.trim_start_matches("r#"));
            // Examples in the documentation name the crate.
            let text = texts[&*path].replace(&format!("{}::", generated.name), "");
            modules.insert(path, Module { parent: parent.clone(), exports: exports.to_owned(), text });
        }
    }
    modules
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
