//! The files of the crate: a folder for each module of the API, a file for each of its components.

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
    pub(super) files: BTreeMap<Name, BTreeSet<Name>>,
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
        for events in &api.events {
            if let Some(subject) = &events.subject_enum
                && let Some(def) = api.types.get(&events.envelope)
            {
                layout.file(&def.owner, &def.origin).extra.push(subject.name.clone());
            }
        }
        for (owner, file) in &mut layout.files {
            // The component itself comes first, then what is described inside of it, then its requests.
            file.types.sort_by_key(|def| (def.path != *owner, &def.path));
            file.operations.sort_by_key(|operation| &operation.request);
        }
        layout.place_files(&api.files);
        layout
    }

    fn file(&mut self, owner: &TypePath, origin: &Origin) -> &mut SourceFile<'a> {
        let description = origin.base_name().to_owned();
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

    /// Puts the modules and the files into the modules around them.
    fn place_files(&mut self, names: &BTreeMap<TypePath, Name>) {
        let paths: Vec<ModulePath> = self.modules.keys().cloned().collect();
        for path in &paths {
            if let Some((last, parent)) = path.0.split_last()
                && let Some(parent) = self.modules.get_mut(&ModulePath(parent.to_vec()))
            {
                parent.children.insert(last.clone());
            }
        }
        for (owner, file) in &mut self.files {
            let (Some(module), Some(name)) = (self.modules.get_mut(&owner.module), names.get(owner)) else { continue };
            let folder = owner.module.to_string().replace("::", "/");
            file.path = format!("src/{folder}/{name}.rs");
            module.files.insert(name.clone(), file.names().cloned().collect());
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
