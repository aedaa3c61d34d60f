//! String types: ids, and strings with too many known values for an enum.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::imports::absolute;
use super::structs::deprecated;
use super::ty::ident;
use super::{Context, docs};
use crate::api::{StringType, TypeDef, TypePath};

/// A newtype of a string, with its constants and its conversions.
pub(super) fn render(context: &Context<'_>, def: &TypeDef, definition: &StringType) -> TokenStream {
    let name = ident(&def.path.name);
    let same_ids = || context.same_ids.get(&def.path).into_iter().flatten();
    let more = same_ids().map(|other| format!("Converts to and from [`{other}`](crate::{other}).")).collect::<Vec<_>>();
    let doc = docs::doc_with(&def.doc, &format!("The `{}` string.", def.path.name), Some(more.join("\n\n")));
    let deprecated = deprecated(def.deprecated);
    let constants = definition.constants.iter().map(|constant| {
        let (name, wire) = (ident(&constant.name), &constant.wire);
        let doc = docs::doc(&constant.doc, &docs::value(&constant.wire));
        quote!(#doc pub const #name: Self = Self::from_static(#wire);)
    });
    let constants = (!definition.constants.is_empty()).then(|| quote!(impl #name { #(#constants)* }));
    let conversions = same_ids().map(|other| conversion(&name, other));
    quote! {
        #doc
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #deprecated
        pub struct #name(runtime::private::Text);
        #constants
        runtime::string_newtype!(#name);
        #(#conversions)*
    }
}

/// The conversion from the id of another resource, and from a reference to it.
fn conversion(name: &Ident, other: &TypePath) -> TokenStream {
    let other = absolute(other);
    quote! {
        impl From<#other> for #name {
            fn from(id: #other) -> Self {
                Self::new(id.into_string())
            }
        }
        impl From<&#other> for #name {
            fn from(id: &#other) -> Self {
                Self::new(id.as_str())
            }
        }
    }
}
