//! Renders the representation as the files of a crate. Nothing is decided here, and nothing can fail.
//!
//! Generated code states facts and the runtime acts on them: code that every operation would repeat belongs in the runtime.

mod docs;
mod event;
mod example;
mod facts;
mod field_path;
mod imports;
mod layout;
mod listing;
mod manifest;
mod one_of;
mod request;
mod resource;
mod root;
mod source;
mod string_enum;
mod string_type;
mod structs;
mod testing;
mod ty;
mod values;

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;

use self::imports::Imports;
use self::layout::{Layout, Module, SourceFile};
use crate::Options;
use crate::api::{Api, Attachment, ModulePath, Operation, TypeDef, TypeKind, TypePath};

/// A file of the generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the crate's folder, with slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Renders a whole crate: manifest, root, modules, and the list of what is public in them.
pub(crate) fn render(api: &Api, options: &Options) -> Vec<File> {
    let layout = Layout::new(api);
    let mut methods: HashMap<&TypePath, Vec<(&Attachment, &Operation)>> = HashMap::new();
    for operation in api.operations.values() {
        if let Some(attached) = &operation.attachment {
            methods.entry(&attached.resource).or_default().push((attached, operation));
        }
    }
    let mut same_ids: HashMap<&TypePath, BTreeSet<&TypePath>> = HashMap::new();
    for (path, other) in api.types.iter().filter_map(|(path, def)| Some((path, &def.same_ids()?.id_type))) {
        same_ids.entry(path).or_default().insert(other);
        same_ids.entry(other).or_default().insert(path);
    }
    let context = Context { api, options, layout: &layout, methods, same_ids };
    let mut sources = vec![root::render(&context), testing::render(&context)];
    let mut types: HashMap<&ModulePath, Vec<&TypeDef>> = HashMap::new();
    for def in api.types.values() {
        types.entry(&def.path.module).or_default().push(def);
    }
    let types = |module: &Module| types.get(&module.path).map_or(&[][..], Vec::as_slice);
    sources.extend(layout.modules().map(|module| root::module(&context, module, types(module))));
    sources.extend(layout.files().map(|file| source_file(&context, file)));
    let mut files = vec![manifest::render(&context), listing::render(&context, &sources)];
    files.extend(sources.into_iter().map(|source| source.file));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// A source file and its items.
struct Source {
    file: File,
    items: Vec<syn::Item>,
}

/// The input of every template.
struct Context<'a> {
    api: &'a Api,
    options: &'a Options,
    layout: &'a Layout<'a>,
    /// The operations that each resource offers, in their order.
    methods: HashMap<&'a TypePath, Vec<(&'a Attachment, &'a Operation)>>,
    /// The id types that each id type converts to and from.
    same_ids: HashMap<&'a TypePath, BTreeSet<&'a TypePath>>,
}

impl Context<'_> {
    /// The names of the descriptions that the crate is generated from.
    fn descriptions(&self) -> BTreeSet<String> {
        self.api.descriptions.iter().map(|description| description.base_name().to_owned()).collect()
    }
}

/// A file with the types and requests of one component.
fn source_file(context: &Context<'_>, file: &SourceFile<'_>) -> Source {
    let imports = Imports::of_file(file);
    let mut items = TokenStream::new();
    for def in &file.types {
        items.extend(match &def.kind {
            TypeKind::Struct(definition) => {
                let resource = resource::render(context, &imports, def, definition);
                let model = structs::render(context, &imports, def, definition);
                quote! { #model #resource }
            }
            TypeKind::OneOf(definition) => one_of::render(context, &imports, def, definition),
            TypeKind::Enum(definition) => string_enum::render(def, definition),
            TypeKind::String(definition) => string_type::render(context, def, definition),
        });
    }
    for operation in &file.operations {
        items.extend(request::render(context, &imports, operation));
    }
    for events in context.api.events.iter().filter(|events| file.contains(&events.envelope)) {
        items.extend(event::render(context, &imports, events));
    }
    let uses = imports.render(&items);
    source::file(&file.path, &file.descriptions, None, quote! { #uses #items })
}
