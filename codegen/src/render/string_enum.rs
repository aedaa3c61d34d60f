//! Enums of strings.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::structs::deprecated;
use super::ty::ident;
use crate::api::{Enum, TypeDef};

/// An enum, with the variant that keeps unlisted values where answers may hold it.
pub(super) fn render(def: &TypeDef, definition: &Enum) -> TokenStream {
    let name = ident(&def.path.name);
    let doc = docs::doc(&def.doc, &format!("The values of `{}`.", def.path.name));
    let deprecated = deprecated(def.deprecated);
    let names: Vec<_> = definition.variants.iter().map(|variant| ident(&variant.name)).collect();
    let wires: Vec<_> = definition.variants.iter().map(|variant| variant.wire.as_str()).collect();
    let variants = definition.variants.iter().map(|variant| {
        let name = ident(&variant.name);
        let doc = docs::doc(&variant.doc, &docs::value(&variant.wire));
        quote!(#doc #name,)
    });
    let Some(unrecognized) = definition.unrecognized.as_ref().map(ident) else {
        return quote! {
            #doc
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            #deprecated
            pub enum #name { #(#variants)* }
            impl #name {
                /// Every value.
                pub const VALUES: &'static [Self] = &[#(Self::#names),*];

                /// The value as it is on the wire.
                #[must_use]
                pub fn as_str(&self) -> &'static str {
                    match self { #(Self::#names => #wires,)* }
                }
            }
            runtime::closed_enum!(#name);
        };
    };
    let status = status(definition, &unrecognized);
    let kept = |text| quote!(Self::#unrecognized(runtime::private::unrecognized(#text)));
    let from = if names.is_empty() {
        kept(quote!(value))
    } else {
        let other = kept(quote!(other));
        quote!(match value { #(#wires => Self::#names,)* other => #other, })
    };
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #deprecated
        pub enum #name {
            #(#variants)*
            /// A value that this version of the crate does not know, kept as it came.
            #unrecognized(runtime::UnrecognizedValue),
        }
        impl #name {
            /// Every value that this version of the crate knows.
            pub const VALUES: &'static [Self] = &[#(Self::#names),*];

            /// The value as it is on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #wires,)*
                    Self::#unrecognized(value) => value.as_str(),
                }
            }
            #status
        }
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                #from
            }
        }
        runtime::string_enum!(#name);
    }
}

/// The HTTP statuses that error codes come with.
fn status(definition: &Enum, unrecognized: &Ident) -> TokenStream {
    let known: Vec<_> = definition
        .variants
        .iter()
        .filter_map(|variant| {
            variant.status.map(|status| (ident(&variant.name), proc_macro2::Literal::u16_unsuffixed(status)))
        })
        .collect();
    if known.is_empty() {
        return TokenStream::new();
    }
    let arms = known.iter().map(|(name, status)| quote!(Self::#name => Some(#status),));
    let all_known = known.len() == definition.variants.len();
    let otherwise = if all_known { quote!(Self::#unrecognized(_)) } else { quote!(_) };
    quote! {
        /// The HTTP status that it comes with, where the description tells.
        #[must_use]
        pub fn status(&self) -> Option<u16> {
            match self { #(#arms)* #otherwise => None, }
        }
    }
}
