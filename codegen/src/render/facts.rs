//! The facts about resources that the clients need.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports::Imports;
use super::testing::member;
use super::ty::ident;
use super::{Context, field_path};
use crate::api::{Access, Columns, FieldPath, FieldStep, Name, Resource, Type, TypeDef, TypeKind, TypePath};

/// How to wait for a run.
pub(super) fn wait(context: &Context<'_>, imports: &Imports, name: &Ident, resource: &Resource) -> Option<TokenStream> {
    let (wait, id_type) = (resource.wait.as_ref()?, resource.id_type.as_ref()?);
    let operation = context.api.operations.get(&wait.retrieve)?;
    let Some(FieldStep::Field { name: status, .. }) = wait.status.steps.first() else { return None };
    let (retrieve, id_type, status) = (ident(&operation.request.name), imports.path(id_type), ident(status));
    let id = ident(&wait.id);
    let status_type = imports.path(&wait.status_type);
    let unrecognized = match context.api.kind(&wait.status_type) {
        Some(TypeKind::Enum(definition)) => definition.unrecognized.as_ref().map(ident),
        _ => None,
    };
    let unrecognized = unrecognized.map(|name| quote!(#status_type::#name(_) => runtime::RunState::Unrecognized,));
    let arm = |values: &[Name], state: TokenStream| {
        let values = values.iter().map(ident).map(|value| quote!(#status_type::#value));
        let values: Vec<_> = values.collect();
        (!values.is_empty()).then(|| quote!(#(#values)|* => runtime::RunState::#state,))
    };
    let running = arm(&wait.running, quote!(Running));
    let succeeded = arm(&wait.succeeded, quote!(Succeeded));
    let failed = arm(&wait.failed, quote!(Failed));
    let canceled = arm(&wait.canceled, quote!(Canceled));
    let failure =
        [("failure_code", &wait.failure_code), ("failure_message", &wait.failure_message)].map(|(method, path)| {
            let method = Ident::new(method, Span::call_site());
            path.as_ref().map(|path| {
                let value = field_path::text(path);
                quote!(fn #method(&self) -> Option<&str> { #value })
            })
        });
    let canceled_at = wait.canceled_at.as_ref().map(|path| {
        let value = field_path::copied(path);
        quote!(fn canceled_at(&self) -> Option<runtime::Timestamp> { #value })
    });
    Some(quote! {
        impl runtime::Wait for #name {
            type Id = #id_type;
            type Retrieve = #retrieve;
            fn id(&self) -> &#id_type {
                &self.#id
            }
            fn retrieve_request(id: &#id_type) -> #retrieve {
                #retrieve::new(id)
            }
            fn status(&self) -> &str {
                self.#status.as_str()
            }
            fn run_state(&self) -> runtime::RunState {
                match &self.#status {
                    #running
                    #succeeded
                    #failed
                    #canceled
                    #unrecognized
                }
            }
            #(#failure)*
            #canceled_at
        }
    })
}

/// How to download the file of a resource.
pub(super) fn download(
    context: &Context<'_>,
    imports: &Imports,
    name: &Ident,
    resource: &Resource,
) -> Option<TokenStream> {
    let download = resource.download.as_ref()?;
    let operation = context.api.operations.get(&download.retrieve)?;
    let (id, refresh) = (ident(&download.id), imports.path(&operation.request));
    let access = match download.access {
        Access::ApiKey => quote!(ApiKey),
        Access::PreSigned => quote!(PreSigned),
    };
    let state = resource.wait.as_ref().map(|_| {
        quote!(
            fn result_state(&self) -> Option<runtime::RunState> {
                Some(runtime::Wait::run_state(self))
            }
        )
    });
    let url = field_path::text(&download.url);
    let size = download.size.as_ref().map(|path| {
        let size = field_path::copied(path);
        let size = if path.ty.is_unsigned() { size } else { quote!(#size.and_then(|size| u64::try_from(size).ok())) };
        quote!(fn result_size(&self) -> Option<u64> { #size })
    });
    let content_type = download.content_type.as_ref().map(|path| {
        let value = field_path::text(path);
        quote!(fn result_content_type(&self) -> Option<&str> { #value })
    });
    let expires_at = download.expires_at.as_ref().map(|path| {
        let value = field_path::copied(path);
        quote!(fn result_expires_at(&self) -> Option<runtime::Timestamp> { #value })
    });
    let columns = download.columns.as_ref().map(names);
    let has_rows = resource.rows.as_ref().map(|_| {
        quote!(
            const HAS_ROWS: bool = true;
        )
    });
    Some(quote! {
        impl runtime::Download for #name {
            type Refresh = #refresh;
            const ACCESS: runtime::DownloadAccess = runtime::DownloadAccess::#access;
            #has_rows
            fn refresh_request(&self) -> #refresh {
                #refresh::new(&self.#id)
            }
            #state
            fn result_url(&self) -> Option<&str> { #url }
            #size
            #content_type
            #expires_at
            #columns
        }
    })
}

/// Where the rows of a resource are.
pub(super) fn rows(
    context: &Context<'_>,
    imports: &Imports,
    def: &TypeDef,
    resource: &Resource,
) -> Option<TokenStream> {
    let rows = resource.rows.as_ref()?;
    let operation = context.api.operations.get(&rows.retrieve)?;
    let (name, id, retrieve) = (ident(&def.path.name), ident(&rows.id), imports.path(&operation.request));
    let paths = [&rows.columns.list, &rows.rows, &rows.next_page];
    let [columns, cells, next_page] = paths.map(|path| wires(context, &def.path, path));
    let page = &rows.page;
    let limit = match &rows.limit {
        Some((name, size)) => {
            let size = proc_macro2::Literal::u32_unsuffixed(*size);
            quote!(Some((#name, #size)))
        }
        None => quote!(None),
    };
    let include = rows.include.as_ref().map(|include| {
        let (setter, wire) = (ident(&include.parameter), &include.wire);
        let value = match &include.variant {
            Some((path, variant)) => {
                let (path, variant) = (imports.path(path), ident(variant));
                quote!(#path::#variant)
            }
            None => quote!(#wire),
        };
        quote!(.#setter([#value]))
    });
    let state = resource.wait.as_ref().map(|_| {
        quote!(
            fn rows_state(&self) -> Option<runtime::RunState> {
                Some(runtime::Wait::run_state(self))
            }
        )
    });
    Some(quote! {
        impl runtime::InlineRows for #name {
            type Retrieve = #retrieve;
            const ROWS: runtime::RowsLayout = runtime::RowsLayout {
                columns: &[#(#columns),*],
                rows: &[#(#cells),*],
                next_page: &[#(#next_page),*],
                page: #page,
                limit: #limit,
            };
            fn rows_request(&self) -> #retrieve {
                #retrieve::new(&self.#id) #include
            }
            #state
        }
    })
}

/// The names of the members on a path.
fn wires<'a>(context: &'a Context<'_>, start: &TypePath, path: &'a FieldPath) -> Vec<String> {
    let mut ty = Type::Named(start.clone());
    let mut wires = Vec::new();
    for step in &path.steps {
        let Some((wire, next, _)) = member(context.api, &ty, step) else { break };
        wires.push(wire.to_owned());
        ty = next.clone();
    }
    wires
}

/// The names of the columns.
fn names(Columns { list, name, .. }: &Columns) -> Option<TokenStream> {
    let as_str = field_path::as_str(&name.ty);
    let Some(FieldStep::Field { name, .. }) = name.steps.first() else { return None };
    let name = ident(name);
    let names = field_path::mapped(list, &quote!(.iter().map(|column| column.#name.#as_str).collect()));
    Some(quote!(fn result_columns(&self) -> Option<Vec<&str>> { #names }))
}
