//! String types: ids, and strings with too many known values for an enum.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::structs::deprecated;
use super::ty::ident;
use crate::api::{StringType, TypeDef};

/// A newtype of a string, with its constants.
pub(super) fn render(def: &TypeDef, definition: &StringType) -> TokenStream {
    let name = ident(&def.path.name);
    let doc = docs::doc(&def.doc, &format!("The `{}` string.", def.path.name));
    let deprecated = deprecated(def.deprecated);
    let constants = definition.constants.iter().map(|constant| {
        let (name, wire) = (ident(&constant.name), &constant.wire);
        let doc = docs::doc(&constant.doc, &docs::value(&constant.wire));
        quote!(#doc pub const #name: Self = Self::from_static(#wire);)
    });
    let constants = (!definition.constants.is_empty()).then(|| quote!(impl #name { #(#constants)* }));
    quote! {
        #doc
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #deprecated
        pub struct #name(runtime::private::Text);
        #constants
        runtime::string_newtype!(#name);
    }
}
