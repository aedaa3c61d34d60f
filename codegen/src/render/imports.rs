//! The imports of a source file, and of an example in the documentation.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

use super::layout::SourceFile;
use super::ty::ident;
use super::{Context, source};
use crate::api::{ModulePath, TypePath};

/// A module from the crate's root, which is empty, or a module of `std`.
type Module = Vec<String>;

/// The imports of a file or an example, added as items are used.
#[derive(Default)]
pub(super) struct Imports {
    /// The name of the crate, in examples.
    example_of: Option<Ident>,
    /// The module that each name is from; `None` for a name that an example defines.
    names: RefCell<BTreeMap<String, Option<Module>>>,
    imports: RefCell<BTreeMap<Module, BTreeSet<String>>>,
    /// What is imported even if its name does not occur, such as a trait.
    kept: BTreeSet<String>,
}

impl Imports {
    /// The imports of a source file.
    pub(super) fn of_file(file: &SourceFile<'_>) -> Self {
        let own = file.names().map(|name| (name.to_string(), Some(module(&file.module))));
        Self { names: RefCell::new(own.collect()), ..Self::default() }
    }

    /// The imports of an example.
    pub(super) fn of_example(context: &Context<'_>) -> Self {
        let root = Ident::new(&context.options.crate_ident(), Span::call_site());
        Self { example_of: Some(root), ..Self::default() }
    }

    /// Imports items of a module, or of the crate's root, so that no type is imported by their names.
    pub(super) fn with(mut self, module: Option<&str>, names: &[&str]) -> Self {
        for name in names {
            self.item(module.map(str::to_owned).into_iter().collect(), name);
            self.kept.insert((*name).to_owned());
        }
        self
    }

    /// Imports no type by the name of a type that the example defines.
    pub(super) fn defining(self, name: &str) -> Self {
        self.names.borrow_mut().insert(name.to_owned(), None);
        self
    }

    /// A type: its name, or its path where the name means something else.
    pub(super) fn path(&self, path: &TypePath) -> TokenStream {
        self.item(module(&path.module), path.name.as_str())
    }

    /// An item of the runtime, which examples import from the crate's root.
    pub(super) fn runtime(&self, name: &str) -> TokenStream {
        if self.example_of.is_some() {
            return self.item(Vec::new(), name);
        }
        let name = Ident::new(name, Span::call_site());
        quote!(runtime::#name)
    }

    /// The type of maps.
    pub(super) fn map(&self) -> TokenStream {
        if self.example_of.is_some() {
            return self.std("collections", "BTreeMap");
        }
        quote!(BTreeMap)
    }

    /// An item of `std` in an example.
    pub(super) fn std(&self, module: &str, name: &str) -> TokenStream {
        self.item(vec!["std".to_owned(), module.to_owned()], name)
    }

    fn item(&self, module: Module, name: &str) -> TokenStream {
        let ident = Ident::new(name, Span::call_site());
        let mut names = self.names.borrow_mut();
        match names.get(name) {
            Some(known) if known.as_ref() == Some(&module) => quote!(#ident),
            Some(_) => {
                let module = self.written(&module);
                quote!(#module::#ident)
            }
            None => {
                names.insert(name.to_owned(), Some(module.clone()));
                self.imports.borrow_mut().entry(module).or_default().insert(name.to_owned());
                quote!(#ident)
            }
        }
    }

    /// The path of a module.
    fn written(&self, module: &Module) -> TokenStream {
        let modules = module.iter().map(|name| Ident::new(name, Span::call_site()));
        match &self.example_of {
            _ if is_std(module) => quote!(#(#modules)::*),
            Some(root) => quote!(#root #(::#modules)*),
            None => quote!(crate #(::#modules)*),
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
        let own = imports.iter().map(|(module, names)| import(&self.written(module), &idents(names)));
        quote! { #map #serde #(use stripe_reporting_runtime as #runtime;)* #(#own)* }
    }

    /// The `use` lines of an example with this code: those of `std`, then those of the crate.
    pub(super) fn lines(&self, code: &str) -> String {
        let is_separator = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_';
        let used: BTreeSet<&str> = code.split(is_separator).collect();
        let imports = self.imports.borrow();
        let mut modules: Vec<_> = imports.iter().collect();
        // As rustfmt sorts them: modules precede the items of the module around them.
        modules.sort_by_key(|(module, _)| module.iter().map(String::as_str).chain(["{"]).collect::<Vec<_>>());
        let (std, own): (Vec<_>, Vec<_>) = modules.into_iter().partition(|(module, _)| is_std(module));
        let groups = [std, own].map(|modules| {
            let lines = modules.into_iter().filter_map(|(module, names)| {
                let names = names.iter().filter(|name| used.contains(name.as_str()) || self.kept.contains(*name));
                import(&self.written(module), &idents(names))
            });
            source::pretty(lines.collect()).0.trim_end().to_owned()
        });
        groups.into_iter().filter(|lines| !lines.is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

fn module(path: &ModulePath) -> Module {
    path.0.iter().map(ToString::to_string).collect()
}

fn is_std(module: &Module) -> bool {
    module.first().is_some_and(|name| name == "std")
}

fn idents<'n>(names: impl IntoIterator<Item = &'n String>) -> Vec<Ident> {
    names.into_iter().map(|name| Ident::new(name, Span::call_site())).collect()
}

/// The `use` item for names of a module, if there are any.
fn import(module: &TokenStream, names: &[Ident]) -> Option<TokenStream> {
    match names {
        [] => None,
        [name] => Some(quote!(use #module::#name;)),
        names => Some(quote!(use #module::{#(#names),*};)),
    }
}

/// A type by its path in the crate.
pub(super) fn absolute(path: &TypePath) -> TokenStream {
    let modules = path.module.0.iter().map(ident);
    let name = ident(&path.name);
    quote!(crate #(::#modules)* :: #name)
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
