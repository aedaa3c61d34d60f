//! Enums of objects of which exactly one is given.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::Imports;
use super::structs::deprecated;
use super::ty::{self, ident};
use super::{Context, docs};
use crate::api::{Field, OneOf, Type, TypeDef, TypeKind, TypePath};
use crate::markdown;

/// An enum, as the table of variants and properties from which a macro of the runtime defines it, and its conversions.
pub(super) fn render(context: &Context<'_>, imports: &Imports, def: &TypeDef, definition: &OneOf) -> TokenStream {
    let name = ident(&def.path.name);
    let wires: Vec<_> = definition.variants.iter().map(|variant| markdown::code(&variant.wire)).collect();
    let doc = docs::doc(&def.doc, &format!("An object with exactly one of {}.", wires.join(", ")));
    let deprecated_type = deprecated(def.deprecated);
    let kind = if definition.unrecognized.is_some() { quote!(one_of) } else { quote!(closed_one_of) };
    let variants = definition.variants.iter().map(|variant| self::variant(imports, variant));
    let conversions = def.conversions().map(|(variant, path)| {
        let is_text = matches!(context.api.kind(path), Some(TypeKind::String(_)));
        conversion(imports, def, variant, path, is_text)
    });
    quote! {
        runtime::#kind! {
            #doc
            #deprecated_type
            pub enum #name { #(#variants,)* }
        }
        #(#conversions)*
    }
}

fn variant(imports: &Imports, variant: &Field) -> TokenStream {
    let more = variant.example.as_ref().map(docs::example);
    let doc = docs::doc_with(&variant.doc, &format!("An object with {}.", markdown::code(&variant.wire)), more);
    let deprecated = deprecated(variant.deprecated);
    let (name, wire, ty) = (ident(&variant.name), &variant.wire, ty::rust(imports, &variant.ty));
    let codec = ty::codec(&variant.ty).and_then(|codec| codec.parse::<TokenStream>().ok());
    let codec = codec.map(|codec| quote!(as #codec));
    quote!(#doc #deprecated #name(#ty) = #wire #codec)
}

/// The conversion from the type of a variant, and from a reference to an id.
fn conversion(imports: &Imports, def: &TypeDef, variant: &Field, path: &TypePath, is_text: bool) -> TokenStream {
    let (name, from, variant_name) = (ident(&def.path.name), imports.path(path), ident(&variant.name));
    let value = if matches!(variant.ty, Type::Boxed(_)) { quote!(Box::new(value)) } else { quote!(value) };
    let of_reference = is_text.then(|| {
        quote! {
            impl From<&#from> for #name {
                fn from(value: &#from) -> Self {
                    Self::#variant_name(value.clone())
                }
            }
        }
    });
    quote! {
        impl From<#from> for #name {
            fn from(value: #from) -> Self {
                Self::#variant_name(#value)
            }
        }
        #of_reference
    }
}
