//! `api.txt`: a line for each public item of the crate, so that the diff of one file is the diff of the Rust API.
//!
//! The lines are taken from the generated code, not from the representation, so that the list matches the code.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, Fields, ImplItem, Item, ItemEnum, ReturnType, UsePath, UseTree, Visibility};

use super::{Context, File, Source, source};
use crate::api::Feature;

/// The condition of the items in the file of examples.
const EXAMPLES: &str = "#[cfg(feature = \"examples\")] ";

/// Lists what is public in the files of a crate.
pub(super) fn render(context: &Context<'_>, sources: &[Source]) -> File {
    let mut lines = Lines::default();
    let default = Feature::DEFAULT.map(Feature::name).join(", ");
    lines.add("", format!("feature default = [{default}]"));
    for feature in &context.api.features {
        lines.add("", format!("feature {} = []", feature.name()));
    }
    for Source { file, items } in sources {
        let is_testing = file.path == super::testing::PATH;
        let module = if is_testing { "testing::".to_owned() } else { module(&file.path) };
        lines.condition = if is_testing { EXAMPLES } else { "" };
        lines.imports = Imported::of(items, &module);
        for item in items {
            lines.item(&module, item);
        }
    }
    let mut text = source::header("#", &context.descriptions());
    text.push_str("#\n# The public items of the crate, sorted by path.\n\n");
    for (_, line) in &lines.lines {
        text.push_str(line);
        text.push('\n');
    }
    File { path: "api.txt".to_owned(), text }
}

/// The module whose public items a source file has, as a prefix: the files in a module's folder are private.
fn module(path: &str) -> String {
    let folder = path.strip_prefix("src/").and_then(|inside| inside.rsplit_once('/'));
    folder.map_or_else(String::new, |(folder, _)| format!("{}::", folder.replace('/', "::")))
}

/// Lines by the path that they are about.
#[derive(Default)]
struct Lines {
    lines: BTreeSet<(String, String)>,
    /// The condition on which the items exist that are being added.
    condition: &'static str,
    /// What the file imports that they are in.
    imports: Imported,
}

/// The paths of the types that a file imports from other modules of the crate, by their names.
#[derive(Default)]
struct Imported(BTreeMap<String, TokenStream>);

impl Imported {
    fn of(items: &[Item], own_module: &str) -> Self {
        let mut imported = Self::default();
        for item in items {
            if let Item::Use(item) = item
                && let UseTree::Path(UsePath { ident, tree, .. }) = &item.tree
                && ident == "crate"
            {
                imported.add(&TokenStream::new(), tree);
            }
        }
        imported.0.retain(|name, path| text(path) != format!("{own_module}{name}"));
        imported
    }

    fn add(&mut self, module: &TokenStream, tree: &UseTree) {
        match tree {
            UseTree::Path(UsePath { ident, tree, .. }) => self.add(&quote!(#module #ident::), tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(module, tree)),
            UseTree::Name(name) if !module.is_empty() => {
                let ident = &name.ident;
                self.0.insert(ident.to_string(), quote!(#module #ident));
            }
            _ => {}
        }
    }

    /// Writes types of other modules with their paths from the root of the crate, however the code writes them.
    fn resolved(&self, tokens: TokenStream) -> TokenStream {
        let mut resolved = TokenStream::new();
        let (mut tokens, mut colons) = (tokens.into_iter(), 0);
        while let Some(token) = tokens.next() {
            let is_start = colons < 2;
            colons = if matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ':') { colons + 1 } else { 0 };
            match token {
                // Without the two colons after it.
                TokenTree::Ident(ident) if ident == "crate" => drop(tokens.nth(1)),
                TokenTree::Ident(ident) => match self.0.get(&ident.to_string()).filter(|_| is_start) {
                    Some(path) => resolved.extend(path.clone()),
                    None => resolved.extend([TokenTree::Ident(ident)]),
                },
                TokenTree::Group(group) => {
                    let inside = Group::new(group.delimiter(), self.resolved(group.stream()));
                    resolved.extend([TokenTree::Group(inside)]);
                }
                token => resolved.extend([token]),
            }
        }
        resolved
    }
}

impl Lines {
    fn text(&self, tokens: &impl ToTokens) -> String {
        text(&self.imports.resolved(tokens.to_token_stream()))
    }

    fn add(&mut self, path: &str, line: String) {
        self.lines.insert((path.to_owned(), format!("{}{line}", self.condition)));
    }

    fn item(&mut self, module: &str, item: &Item) {
        match item {
            Item::Mod(item) if is_public(&item.vis) => {
                let path = format!("{module}{}", item.ident);
                let condition = if path == "testing" { EXAMPLES } else { "" };
                self.add(&path, format!("{condition}mod {path}"));
            }
            Item::Use(item) if is_public(&item.vis) && module.is_empty() => {
                self.add("", format!("use {}", self.text(&item.tree)));
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let path = self.definition("struct", module, &item.ident, &item.attrs);
                self.fields(&path, &item.fields);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let path = self.definition("enum", module, &item.ident, &item.attrs);
                for variant in &item.variants {
                    let holds = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => self.text(fields),
                    };
                    let path = format!("{path}::{}", variant.ident);
                    self.add(&path, format!("variant {path}{holds}"));
                }
            }
            Item::Impl(item) => self.implementation(module, item),
            Item::Macro(item) => {
                let table = item.mac.parse_body::<ItemEnum>().ok();
                let name = table.as_ref().map_or_else(|| self.text(&item.mac.tokens), |table| self.text(&table.ident));
                let path = format!("{module}{name}");
                // A macro of the runtime adds the implementations that it is documented to add.
                self.add(&path, format!("{}!({path})", self.text(&item.mac.path)));
                for item in table.into_iter().flat_map(|table| expanded(table, &item.mac.path)) {
                    self.item(module, &item);
                }
            }
            _ => {}
        }
    }

    /// Adds a type with the traits that it derives; returns its path.
    fn definition(&mut self, kind: &str, module: &str, name: &syn::Ident, given: &[syn::Attribute]) -> String {
        let path = format!("{module}{name}");
        self.add(&path, format!("{}{kind} {path}", attributes(given)));
        for attribute in given.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            // The compiler would reject a derive that cannot be parsed.
            let _ = attribute.parse_nested_meta(|derived| {
                self.add(&path, format!("impl {} for {path}", self.text(&derived.path)));
                Ok(())
            });
        }
        path
    }

    fn fields(&mut self, path: &str, fields: &Fields) {
        for field in fields.iter().filter(|field| is_public(&field.vis)) {
            if let Some(name) = &field.ident {
                let path = format!("{path}::{name}");
                self.add(&path, format!("field {path}: {}", self.text(&field.ty)));
            }
        }
    }

    fn implementation(&mut self, module: &str, item: &syn::ItemImpl) {
        let (written, of) = (text(&item.self_ty), self.text(&item.self_ty));
        let of = if of == written { format!("{module}{of}") } else { of };
        if let Some((of_trait, _)) = &item.trait_ {
            let of_trait = self.text(of_trait);
            // Only generated code uses these.
            if of_trait.starts_with("private::") {
                return;
            }
            self.add(&of, format!("impl {of_trait} for {of}"));
            // Examples are values, not interfaces.
            if !self.condition.is_empty() {
                return;
            }
            for member in &item.items {
                match member {
                    ImplItem::Type(member) => {
                        let line = format!("type <{of} as {of_trait}>::{} = {}", member.ident, self.text(&member.ty));
                        self.add(&of, line);
                    }
                    ImplItem::Const(member) => {
                        let value = self.text(&member.expr);
                        self.add(&of, format!("const <{of} as {of_trait}>::{} = {value}", member.ident));
                    }
                    _ => {}
                }
            }
            return;
        }
        for member in &item.items {
            match member {
                ImplItem::Fn(member) if is_public(&member.vis) => {
                    let path = format!("{of}::{}", member.sig.ident);
                    // `mut` is not part of the signature.
                    let argument = |argument| self.text(argument).trim_start_matches("mut ").to_owned();
                    let arguments: Vec<_> = member.sig.inputs.iter().map(argument).collect();
                    let constant = if member.sig.constness.is_some() { "const " } else { "" };
                    let output = match &member.sig.output {
                        ReturnType::Default => String::new(),
                        ReturnType::Type(_, ty) => format!(" -> {}", text(ty)),
                    };
                    self.add(&path, format!("{constant}fn {path}({}){output}", arguments.join(", ")));
                }
                ImplItem::Const(member) if is_public(&member.vis) => {
                    let path = format!("{of}::{}", member.ident);
                    self.add(&path, format!("const {path}: {}", self.text(&member.ty)));
                }
                _ => {}
            }
        }
    }
}

/// The items that a macro of the runtime defines from a table.
fn expanded(mut table: ItemEnum, macro_path: &syn::Path) -> Vec<Item> {
    let name = table.ident.clone();
    let is_macro = |wanted: &str| macro_path.segments.last().is_some_and(|segment| segment.ident == wanted);
    let has_status = table.variants.iter().any(|variant| matches!(&variant.discriminant, Some((_, Expr::Tuple(_)))));
    for variant in &mut table.variants {
        variant.discriminant = None;
    }
    if is_macro("one_of") || is_macro("closed_one_of") {
        let ItemEnum { attrs, variants, .. } = table;
        let variants = variants.iter();
        let unrecognized = is_macro("one_of").then(|| quote!(Unrecognized(Value)));
        let items = quote! {
            #(#attrs)*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[non_exhaustive]
            pub enum #name { #(#variants,)* #unrecognized }
        };
        return syn::parse2::<syn::File>(items).map(|file| file.items).unwrap_or_default();
    }
    let is_closed = is_macro("closed_enum");
    let status = has_status.then(|| {
        quote!(
            pub fn status(&self) -> Option<u16> {}
        )
    });
    let ItemEnum { attrs, variants, .. } = table;
    let variants = variants.iter();
    let (copy, text) = if is_closed { (quote!(Copy,), quote!(&'static str)) } else { (quote!(), quote!(&str)) };
    let unrecognized = (!is_closed).then(|| quote!(Unrecognized(UnrecognizedValue)));
    let from = (!is_closed).then(|| quote!(impl From<&str> for #name {}));
    let items = quote! {
        #(#attrs)*
        #[derive(Debug, Clone, #copy PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#variants,)* #unrecognized }
        impl #name {
            pub const VALUES: &'static [Self] = &[];
            pub fn as_str(&self) -> #text {}
            #status
        }
        #from
    };
    syn::parse2::<syn::File>(items).map(|file| file.items).unwrap_or_default()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The attributes that users have to know.
fn attributes(attributes: &[syn::Attribute]) -> String {
    let known = ["non_exhaustive", "deprecated"];
    let named = known.iter().filter(|name| attributes.iter().any(|attribute| attribute.path().is_ident(*name)));
    named.map(|name| format!("#[{name}] ")).collect()
}

/// Formats tokens the way people write them. The runtime is re-exported at the root of the crate.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, close) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" , ", ", "),
        (" ,", ","),
        ("& ", "&"),
        (" : ", ": "),
        (" ;", ";"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        ("[ ", "["),
        (" ]", "]"),
        ("{ ", "{"),
        (" }", "}"),
        (",}", "}"),
        (",)", ")"),
    ] {
        text = text.replace(spaced, close);
    }
    let mut parts = text.split("runtime::");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if shown.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            shown.push_str("runtime::");
        }
        shown.push_str(part);
    }
    shown
}
