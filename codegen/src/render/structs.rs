//! Structs, with constructors and setters for those that requests carry.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::imports::Imports;
use super::ty::{self, ident};
use super::values::Values;
use super::{Context, docs, example};
use crate::api::{Doc, Field, Name, Presence, Struct, Type, TypeDef};
use crate::markdown;

/// A model.
pub(super) fn render(context: &Context<'_>, imports: &Imports, def: &TypeDef, definition: &Struct) -> TokenStream {
    let name = ident(&def.path.name);
    let example = example::run(context, def).map(|example| format!("# Example\n\n{example}"));
    let more: Vec<_> = definition.example.as_ref().map(docs::example).into_iter().chain(example).collect();
    let doc = docs::doc_with(&def.doc, &format!("The `{}` object.", def.path.name), Some(more.join("\n\n")));
    let deprecated = deprecated_item(def.deprecated, &def.doc);
    let tag = definition.tag.as_ref().map(|tag| quote!(#[serde(tag = "object", rename = #tag)]));
    let fields = definition.fields.iter().map(|field| {
        let presence = field.presence(def.in_requests);
        let attributes = serde_attributes(field, presence, true);
        self::field(imports, field, presence, attributes)
    });
    let additional = definition.additional.as_deref().map(|field| self::additional(imports, def, field));
    let open = definition.additional.as_deref().map(|_| open(def, definition));
    let fields_built: Vec<&Field> = definition.fields.iter().filter(|_| def.in_requests).collect();
    let (derived, default) = if def.in_requests { default_of(&name, &fields_built) } else { Default::default() };
    let builder = def.in_requests.then(|| {
        let additional = definition.additional.as_deref();
        let methods = builder(context, imports, ("an object", "properties"), &fields_built, additional);
        let conversions = conversions(context, imports, &name, &fields_built);
        quote!(impl #name { #methods } #default #conversions)
    });
    quote! {
        #doc
        #[derive(Debug, Clone, #derived PartialEq, Serialize, Deserialize)]
        #tag
        #[non_exhaustive]
        #deprecated
        pub struct #name { #(#fields)* #additional }
        #open
        #builder
    }
}

/// A field with its documentation and attributes.
pub(super) fn field(imports: &Imports, field: &Field, presence: Presence, attributes: TokenStream) -> TokenStream {
    let name = ident(&field.name);
    let more: Vec<_> = unset(field).into_iter().chain(field.example.as_ref().map(docs::example)).collect();
    let more = (!more.is_empty()).then(|| more.join("\n\n"));
    let doc = docs::doc_with(&field.doc, &format!("The {} property.", markdown::code(&field.wire)), more);
    let deprecated = deprecated(field.deprecated);
    let ty = ty::rust(imports, &field.ty);
    let ty = if presence == Presence::Required { ty } else { quote!(Option<#ty>) };
    quote!(#doc #attributes #deprecated pub #name: #ty,)
}

/// The documentation of the additional properties that have no description.
const ADDITIONAL: &str = "The additional properties, by name.";

/// The field for all properties without a field of their own.
fn additional(imports: &Imports, def: &TypeDef, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let doc = docs::doc(&field.doc, ADDITIONAL);
    let deprecated = deprecated(field.deprecated);
    let ty = ty::rust(imports, &field.ty);
    let values = match &field.ty {
        Type::Map(values) => ty::codec(values),
        _ => None,
    };
    let values = values.unwrap_or_else(|| "runtime::wire::Same".to_owned());
    let with = format!("runtime::wire::Additional::<{}, {values}>", def.path.name);
    quote!(#doc #[serde(flatten, with = #with)] #deprecated pub #name: #ty,)
}

/// The names of all properties of an object that has additional ones.
fn open(def: &TypeDef, definition: &Struct) -> TokenStream {
    let name = ident(&def.path.name);
    let tag = definition.tag.as_ref().map(|_| "object");
    let properties: BTreeSet<&str> = definition.fields.iter().map(|field| field.wire.as_str()).chain(tag).collect();
    let properties = properties.iter();
    quote! {
        impl runtime::private::OpenObject for #name {
            const PROPERTIES: &'static [&'static str] = &[#(#properties),*];
        }
    }
}

/// How serde reads and writes a field.
pub(super) fn serde_attributes(field: &Field, presence: Presence, is_read: bool) -> TokenStream {
    let mut arguments = Vec::new();
    if field.wire != field.name.as_str() {
        let wire = &field.wire;
        arguments.push(quote!(rename = #wire));
    }
    let codec = ty::codec(&field.ty);
    let is_custom = codec.is_some() || field.false_means_absent;
    if is_read && is_custom && presence != Presence::Required {
        arguments.push(quote!(default));
    }
    if presence == Presence::Omitted {
        arguments.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    if let Some(codec) = codec {
        let codec = if presence == Presence::Required { codec } else { format!("Option<{codec}>") };
        let with = format!("runtime::wire::As::<{codec}>");
        arguments.push(quote!(with = #with));
    } else if field.false_means_absent && is_read {
        arguments.push(quote!(deserialize_with = "runtime::wire::false_means_absent"));
    }
    if arguments.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#arguments),*)]) }
}

/// A constructor that takes the required fields, and setters for the others.
///
/// `created` is what the constructor creates, and what it takes: a request with parameters, an object with properties.
pub(super) fn builder(
    context: &Context<'_>,
    imports: &Imports,
    created: (&str, &str),
    fields: &[&Field],
    additional: Option<&Field>,
) -> TokenStream {
    let required: Vec<&Field> = fields.iter().copied().filter(|field| field.is_argument()).collect();
    let (what, members) = created;
    let presets: Vec<_> = fields.iter().filter_map(|field| Some((*field, field.preset.as_ref()?))).collect();
    let doc = if required.is_empty() && presets.is_empty() {
        format!("Creates {what} without {members}.")
    } else {
        format!("Creates {what} with the required {members} only.")
    };
    let set =
        presets.iter().map(|(field, preset)| format!("{} to {}", markdown::code(&field.wire), docs::json(preset)));
    let set = docs::list(&set.collect::<Vec<_>>());
    let doc = docs::text(&[doc, if set.is_empty() { set } else { format!("Sets {set}.") }]);
    let arguments = arguments(imports, &required);
    let allow = too_many(&required);
    let values = fields.iter().map(|field| {
        let name = ident(&field.name);
        if field.is_option() {
            return quote!(#name: None);
        }
        if let Some(preset) = &field.preset {
            let value = Values::preset(context, imports, &field.ty, preset);
            return quote!(#name: #value);
        }
        let value = ty::argument(imports, &field.ty, &name).1;
        if name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
    });
    let no_additional = additional.map(|field| {
        let name = ident(&field.name);
        quote!(#name: BTreeMap::new())
    });
    let values = values.chain(no_additional);
    let setters = fields.iter().filter(|field| !field.is_argument()).map(|field| setter(imports, field));
    let additional = additional.map(|field| {
        let doc = docs::doc(&field.doc, "Sets the additional properties.");
        setter_with(imports, field, doc, |value| value)
    });
    quote! {
        #doc
        #allow
        #[must_use]
        pub fn new(#arguments) -> Self {
            Self { #(#values),* }
        }
        #(#setters)*
        #additional
    }
}

/// Fields as the arguments of a function.
pub(super) fn arguments(imports: &Imports, fields: &[&Field]) -> TokenStream {
    let arguments = fields.iter().map(|field| {
        let name = ident(&field.name);
        let ty = ty::argument(imports, &field.ty, &name).0;
        quote!(#name: #ty)
    });
    quote!(#(#arguments),*)
}

/// The allowance for a constructor with many required arguments.
pub(super) fn too_many(required: &[&Field]) -> TokenStream {
    let many = required.len() > 7;
    if many { quote!(#[allow(clippy::too_many_arguments)]) } else { TokenStream::new() }
}

/// The methods that clippy expects in implementations of traits: operators, `Default` and `FromStr`.
const LIKE_TRAITS: &[&str] = &[
    "add",
    "bitand",
    "bitor",
    "bitxor",
    "default",
    "div",
    "from_iter",
    "from_str",
    "mul",
    "neg",
    "not",
    "rem",
    "shl",
    "shr",
    "sub",
];

/// The allowance for a method with the name of a trait's method.
pub(super) fn like_trait(method: &Name) -> TokenStream {
    let like = LIKE_TRAITS.contains(&method.as_str());
    if like { quote!(#[allow(clippy::should_implement_trait)]) } else { TokenStream::new() }
}

/// The documentation of the value that takes effect unless another is set.
fn unset(field: &Field) -> Option<String> {
    let (what, value) = match &field.preset {
        Some(preset) => ("Preset", preset),
        None => ("Default", field.default.as_ref()?),
    };
    Some(format!("{what}: {}.", docs::json(value)))
}

/// The `Default` of what is created without arguments: derived, or implemented where the constructor sets a value.
pub(super) fn default_of(name: &Ident, fields: &[&Field]) -> (TokenStream, TokenStream) {
    if fields.iter().any(|field| field.is_argument()) {
        return Default::default();
    }
    if fields.iter().all(|field| field.is_option()) {
        return (quote!(Default,), TokenStream::new());
    }
    let implemented = quote! {
        impl Default for #name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (TokenStream::new(), implemented)
}

/// The conversions of an object that a text alone creates.
fn conversions(context: &Context<'_>, imports: &Imports, name: &Ident, fields: &[&Field]) -> TokenStream {
    let Some(field) = context.api.text_argument(fields.iter().copied()) else { return TokenStream::new() };
    let argument = ident(&field.name);
    let named = matches!(field.ty, Type::Named(_)).then(|| ty::rust(imports, &field.ty));
    let sources = [quote!(&str), quote!(String)].into_iter().chain(named);
    let conversions = sources.map(|source| {
        quote! {
            impl From<#source> for #name {
                fn from(#argument: #source) -> Self {
                    Self::new(#argument)
                }
            }
        }
    });
    conversions.collect()
}

fn setter(imports: &Imports, field: &Field) -> TokenStream {
    let doc = docs::doc_with(&field.doc, &format!("Sets {}.", markdown::code(&field.wire)), unset(field));
    setter_with(imports, field, doc, |value| if field.is_option() { quote!(Some(#value)) } else { value })
}

fn setter_with(
    imports: &Imports,
    field: &Field,
    doc: TokenStream,
    wrap: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let name = ident(&field.name);
    let deprecated = deprecated(field.deprecated);
    let (ty, value) = ty::argument(imports, &field.ty, &name);
    let allow = like_trait(&field.name);
    let value = wrap(value);
    quote! {
        #doc
        #allow
        #deprecated
        #[must_use]
        pub fn #name(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// The attribute of a deprecated type or request, which may be replaced by another.
pub(super) fn deprecated_item(deprecated: bool, doc: &Doc) -> TokenStream {
    match &doc.replaced_by {
        Some(path) if deprecated => {
            let note = format!("deprecated by Stripe, replaced by `{path}`");
            quote!(#[deprecated = #note])
        }
        _ => self::deprecated(deprecated),
    }
}

/// The attribute of a deprecated item.
pub(super) fn deprecated(deprecated: bool) -> TokenStream {
    if deprecated { quote!(#[deprecated = "deprecated by Stripe"]) } else { TokenStream::new() }
}
