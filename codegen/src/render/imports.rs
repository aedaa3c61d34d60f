//! The imports of a source file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

use super::layout::SourceFile;
use super::ty::ident;
use crate::api::{ModulePath, Name, TypePath};

/// The imports of a file, added as types are used.
pub(super) struct Imports {
    names: RefCell<BTreeMap<Name, TypePath>>,
    imports: RefCell<BTreeMap<ModulePath, BTreeSet<Name>>>,
}

impl Imports {
    pub(super) fn new(file: &SourceFile<'_>) -> Self {
        let own = file.names().map(|name| (name.clone(), TypePath { module: file.module.clone(), name: name.clone() }));
        Self { names: RefCell::new(own.collect()), imports: RefCell::default() }
    }

    /// A type as this file writes it: by its name, or by its path where the name means something else here.
    pub(super) fn path(&self, path: &TypePath) -> TokenStream {
        let name = ident(&path.name);
        let mut names = self.names.borrow_mut();
        match names.get(&path.name) {
            Some(known) if known == path => quote!(#name),
            Some(_) => absolute(&quote!(crate), path),
            None => {
                names.insert(path.name.clone(), path.clone());
                self.imports.borrow_mut().entry(path.module.clone()).or_default().insert(path.name.clone());
                quote!(#name)
            }
        }
    }

    /// The `use` items that the file needs, given everything else in it.
    pub(super) fn render(&self, items: &TokenStream) -> TokenStream {
        let mut used = BTreeSet::new();
        identifiers(items, &mut used);
        let known = |names: &[&str]| -> Vec<Ident> {
            let used = names.iter().filter(|name| used.contains(**name));
            used.map(|name| Ident::new(name, Span::call_site())).collect()
        };
        let map = import(&quote!(std::collections), &known(&["BTreeMap"]));
        let serde = import(&quote!(serde), &known(&["Deserialize", "Serialize"]));
        let runtime = known(&["runtime"]);
        let imports = self.imports.borrow();
        let own = imports.iter().map(|(module, names)| {
            let modules = module.0.iter().map(ident);
            import(&quote!(crate #(::#modules)*), &names.iter().map(ident).collect::<Vec<_>>())
        });
        quote! { #map #serde #(use stripe_reporting_runtime as #runtime;)* #(#own)* }
    }
}

/// The `use` item for names of a module, if there are any.
fn import(module: &TokenStream, names: &[Ident]) -> Option<TokenStream> {
    match names {
        [] => None,
        [name] => Some(quote!(use #module::#name;)),
        names => Some(quote!(use #module::{#(#names),*};)),
    }
}

/// A type by its whole path.
pub(super) fn absolute(root: &TokenStream, path: &TypePath) -> TokenStream {
    let modules = path.module.0.iter().map(ident);
    let name = ident(&path.name);
    quote!(#root #(::#modules)* :: #name)
}

fn identifiers(tokens: &TokenStream, found: &mut BTreeSet<String>) {
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => identifiers(&group.stream(), found),
            // A field may be called as the runtime is.
            TokenTree::Ident(name)
                if name == "runtime"
                    && !matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.spacing() == Spacing::Joint) => {}
            TokenTree::Ident(name) => {
                found.insert(Ident::to_string(&name));
            }
            // Codecs are named in string literals: `with = "runtime::wire::…"`.
            TokenTree::Literal(literal) if literal.to_string().starts_with("\"runtime::") => {
                found.insert("runtime".to_owned());
            }
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}
