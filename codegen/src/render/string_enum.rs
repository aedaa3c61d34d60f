//! Enums of strings.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::structs::deprecated;
use super::ty::ident;
use crate::api::{Doc, Enum, TypeDef, Variant};

/// An enum, as the table of variants and values from which a macro of the runtime defines it.
pub(super) fn render(def: &TypeDef, definition: &Enum) -> TokenStream {
    let name = ident(&def.path.name);
    let doc = docs::doc(&def.doc, &format!("The values of `{}`.", def.path.name));
    let deprecated = deprecated(def.deprecated);
    let is_open = definition.unrecognized.is_some();
    let kind = if is_open { quote!(string_enum) } else { quote!(closed_enum) };
    let has_status = is_open && definition.variants.iter().any(|variant| variant.status.is_some());
    let variants = definition.variants.iter().map(|variant| {
        let (doc, name, wire) = (documentation(variant), ident(&variant.name), &variant.wire);
        let status = match variant.status.map(Literal::u16_unsuffixed) {
            Some(status) => quote!(Some(#status)),
            None => quote!(None),
        };
        if has_status { quote!(#doc #name = (#wire, #status)) } else { quote!(#doc #name = #wire) }
    });
    quote! {
        runtime::#kind! {
            #doc
            #deprecated
            pub enum #name { #(#variants,)* }
        }
    }
}

/// The documentation of a variant; empty where the macro writes the same.
fn documentation(variant: &Variant) -> TokenStream {
    let value = docs::value(&variant.wire);
    let is_implied = variant.doc == Doc::default() && value == format!("`{}`", variant.wire);
    if is_implied { TokenStream::new() } else { docs::doc(&variant.doc, &value) }
}
