//! Which file holds what: a folder for each module of the API, a file for each component in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Api, ModulePath, Name, Operation, Origin, TypeDef, TypePath};

/// The modules and files of the generated crate.
pub(super) struct Layout<'a> {
    modules: BTreeMap<ModulePath, Module>,
    files: BTreeMap<TypePath, SourceFile<'a>>,
}

/// A public module.
pub(super) struct Module {
    pub(super) path: ModulePath,
    /// Public modules inside of it.
    pub(super) children: BTreeSet<Name>,
    /// Its private files, and the public names in each.
    pub(super) files: BTreeMap<String, BTreeSet<Name>>,
    pub(super) descriptions: BTreeSet<String>,
}

/// A private file of a module, whose public items the module exports.
pub(super) struct SourceFile<'a> {
    /// The module that exports its items.
    pub(super) module: ModulePath,
    /// Its path in the crate's folder.
    pub(super) path: String,
    pub(super) types: Vec<&'a TypeDef>,
    pub(super) operations: Vec<&'a Operation>,
    /// Names of items that are neither types nor requests.
    pub(super) extra: Vec<Name>,
    /// The descriptions that it comes from.
    pub(super) descriptions: BTreeSet<String>,
}

impl SourceFile<'_> {
    /// Whether a type is defined in this file.
    pub(super) fn contains(&self, path: &TypePath) -> bool {
        self.module == path.module && self.names().any(|name| *name == path.name)
    }

    /// The public names defined in this file.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let types = self.types.iter().map(|def| &def.path.name);
        types.chain(self.operations.iter().map(|operation| &operation.request.name)).chain(&self.extra)
    }
}

impl<'a> Layout<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let mut layout = Self { modules: BTreeMap::new(), files: BTreeMap::new() };
        for def in api.types.values() {
            let file = layout.file(&def.owner, &def.origin);
            file.types.push(def);
        }
        for operation in api.operations.values() {
            let file = layout.file(&operation.owner, &operation.origin);
            file.operations.push(operation);
        }
        for events in api.events.iter().filter(|events| super::event::has_subject(events)) {
            if let Some(def) = api.types.get(&events.envelope) {
                layout.file(&def.owner, &def.origin).extra.push(super::event::subject_name(events));
            }
        }
        for (owner, file) in &mut layout.files {
            // The component itself comes first, then what is described inside of it, then its requests.
            file.types.sort_by_key(|def| (def.path != *owner, &def.path));
            file.operations.sort_by_key(|operation| &operation.request);
        }
        layout.name_files();
        layout
    }

    fn file(&mut self, owner: &TypePath, origin: &Origin) -> &mut SourceFile<'a> {
        let description = crate::source::base_name(&origin.file).to_owned();
        for module in owner.module.ancestors() {
            let entry = self.modules.entry(module.clone()).or_insert_with(|| Module {
                path: module.clone(),
                children: BTreeSet::new(),
                files: BTreeMap::new(),
                descriptions: BTreeSet::new(),
            });
            entry.descriptions.insert(description.clone());
        }
        let file = self.files.entry(owner.clone()).or_insert_with(|| SourceFile {
            module: owner.module.clone(),
            path: String::new(),
            types: Vec::new(),
            operations: Vec::new(),
            extra: Vec::new(),
            descriptions: BTreeSet::new(),
        });
        file.descriptions.insert(description);
        file
    }

    /// Names every file after its owner. A name that a module has taken gets an underscore.
    fn name_files(&mut self) {
        let paths: Vec<ModulePath> = self.modules.keys().cloned().collect();
        for path in &paths {
            if let Some((last, parent)) = path.0.split_last()
                && let Some(parent) = self.modules.get_mut(&ModulePath(parent.to_vec()))
            {
                parent.children.insert(last.clone());
            }
        }
        // Types of scripts without cases may be called as files are.
        let mut names: BTreeMap<ModulePath, BTreeSet<String>> = BTreeMap::new();
        for file in self.files.values() {
            let names = names.entry(file.module.clone()).or_default();
            names.extend(file.names().map(|name| name.as_str().to_owned()));
        }
        for (owner, file) in &mut self.files {
            let Some(module) = self.modules.get_mut(&owner.module) else { continue };
            let mut stem = crate::lower::file_stem(&owner.name);
            let own = owner.module.0.last().map(Name::as_str);
            let is_taken = |module: &Module, stem: &str| {
                own == Some(stem)
                    || names.get(&module.path).is_some_and(|names| names.contains(stem))
                    || module.children.iter().any(|child| child.as_str() == stem)
                    || module.files.contains_key(stem)
            };
            while is_taken(module, &stem) {
                stem.push('_');
            }
            let folder = owner.module.to_string().replace("::", "/");
            file.path = format!("src/{folder}/{stem}.rs");
            module.files.insert(stem, file.names().cloned().collect());
        }
    }

    /// The public modules, outermost first.
    pub(super) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.values()
    }

    /// The files with types and requests.
    pub(super) fn files(&self) -> impl Iterator<Item = &SourceFile<'a>> {
        self.files.values()
    }
}
