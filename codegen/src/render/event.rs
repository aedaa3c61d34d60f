//! Webhook events: reading them, and getting at what they are about.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::imports::Imports;
use super::ty::ident;
use super::{Context, docs, field_path};
use crate::api::{EventKind, EventSet, EventType, FieldStep, Operation, Place, Type, TypeKind, TypePath};
use crate::markdown;

pub(super) fn render(context: &Context<'_>, imports: &Imports, events: &EventSet) -> TokenStream {
    let envelope = ident(&events.envelope.name);
    let parse = parse(events);
    let (subject, method) = match (events.kind, &events.subject_enum) {
        (_, None) => Default::default(),
        (EventKind::Snapshot, Some(subject)) => snapshot(imports, events, &ident(&subject.name)),
        (EventKind::Thin, Some(subject)) => thin(context, imports, events, &ident(&subject.name)),
    };
    let full = full(context, imports, events);
    quote! {
        #subject
        impl #envelope {
            #parse
            #method
            #full
        }
        impl runtime::WebhookEvent for #envelope {
            fn parse_event(body: &[u8]) -> Result<Self, runtime::Error> {
                Self::parse(body)
            }
        }
    }
}

/// The request for what was not delivered of a thin event.
fn full(context: &Context<'_>, imports: &Imports, events: &EventSet) -> Option<TokenStream> {
    let operation = retrieve(context, &events.envelope).filter(|_| events.kind == EventKind::Thin)?;
    let id = events.id.as_ref()?;
    let (Some(FieldStep::Field { name, .. }), Some(parameter)) = (id.steps.first(), operation.parameters.first())
    else {
        return None;
    };
    if parameter.field.ty != id.ty {
        return None;
    }
    let (id, request) = (ident(name), imports.path(&operation.request));
    Some(quote! {
        /// The request that fetches the whole event, with what is not delivered to webhooks, in the context that it
        /// happened in.
        #[must_use]
        pub fn full(&self) -> runtime::Call<#request> {
            runtime::event::call(#request::new(&self.#id), self.event_context())
        }
    })
}

fn parse(events: &EventSet) -> TokenStream {
    let object = &events.object;
    let kind = match events.kind {
        EventKind::Snapshot => "snapshot",
        EventKind::Thin => "thin",
    };
    let doc = docs::text(&[
        format!("Reads a {kind} event from the raw body of a webhook."),
        "The body's signature is not verified here; `Webhook::parse` does that first. An event of a type that is not known yet is read like any other."
            .to_owned(),
        "# Errors".to_owned(),
        format!(
            "When the body is no JSON, lacks a field that every event has, or is an event of the other kind: its `object` is not {}.",
            markdown::code(object)
        ),
    ]);
    quote! {
        #doc
        pub fn parse(body: &[u8]) -> Result<Self, runtime::Error> {
            runtime::event::parse(body, #object)
        }
    }
}

/// Snapshot events: the object that is in the event, by the event's type.
fn snapshot(imports: &Imports, events: &EventSet, subject: &Ident) -> (TokenStream, TokenStream) {
    let type_enum = imports.path(&events.type_enum);
    let (type_field, unrecognized) = (ident(&events.type_field), ident(&events.unrecognized));
    let object = field_path::borrowed(&events.subject);
    let variants = events.types.iter().map(|event| {
        let (name, resource) = (ident(&event.name), imports.path(&event.resource));
        let doc = docs::doc(&event.doc, &docs::value(&event.wire));
        quote!(#doc #name(Box<#resource>),)
    });
    let arms = events.types.iter().map(|event| {
        let name = ident(&event.name);
        quote!(#type_enum::#name => #subject::#name(Box::new(runtime::event::object(object)?)),)
    });
    let subject_enum = quote! {
        /// What a snapshot event is about, as it was when the event happened.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #subject {
            #(#variants)*
            /// The event is of a type that this version of the crate does not know; the object is in the event as JSON.
            #unrecognized,
        }
    };
    let method = quote! {
        /// The object that the event is about, typed by the event's type.
        ///
        /// # Errors
        ///
        /// When the object is not what the event's type promises, as after a change of the API version that the
        /// webhook endpoint is set to. The event itself stays readable.
        pub fn subject(&self) -> Result<#subject, runtime::Error> {
            let object = #object;
            Ok(match &self.#type_field {
                #(#arms)*
                #type_enum::#unrecognized(_) => #subject::#unrecognized,
            })
        }
    };
    (subject_enum, method)
}

/// Thin events: the request that fetches what the event is about.
fn thin(context: &Context<'_>, imports: &Imports, events: &EventSet, subject: &Ident) -> (TokenStream, TokenStream) {
    let unrecognized = ident(&events.unrecognized);
    let resources: BTreeMap<&TypePath, &EventType> =
        events.types.iter().map(|event| (&event.resource, event)).collect();
    let known: Vec<_> = resources
        .iter()
        .filter_map(|(resource, event)| Some((*resource, *event, retrieve(context, resource)?)))
        .collect();
    let variants = known.iter().map(|(resource, event, operation)| {
        let (name, request) = (ident(&event.resource_name), imports.path(&operation.request));
        let doc = docs::text(&[format!("Fetches a [`{}`](crate::{resource}).", resource.name)]);
        quote!(#doc #name(runtime::Call<#request>),)
    });
    let Some(fields) = &events.related else { return Default::default() };
    let (id, type_name, url) =
        (field_path::text_in(&quote!(related), &fields.id), ident(&fields.type_name), ident(&fields.url));
    let version = &events.stripe_version;
    let arms: Vec<_> = known
        .iter()
        .map(|(_, event, operation)| {
            let (name, request, wire) =
                (ident(&event.resource_name), imports.path(&operation.request), &event.resource_id);
            quote!((#wire, Some(id)) => Some(#subject::#name(runtime::event::call(#request::new(id), context))),)
        })
        .collect();
    let Some(FieldStep::Field { name: related, optional }) = events.subject.steps.first() else {
        return Default::default();
    };
    let related = ident(related);
    let related = if *optional { quote!(self.#related.as_ref()?) } else { quote!(&self.#related) };
    // A request is as large as its parameters, and is not kept for long.
    let is_struct =
        |path: &TypePath| context.api.types.get(path).is_some_and(|def| matches!(def.kind, TypeKind::Struct(_)));
    let is_uneven = known.iter().any(|(_, _, operation)| {
        let mut parameters = operation.parameters.iter().map(|parameter| &parameter.field.ty);
        operation.parameters.len() > 4 || parameters.any(|ty| ty.named().iter().any(is_struct))
    });
    let allow = is_uneven.then(|| quote!(#[allow(clippy::large_enum_variant)]));
    let subject_enum = quote! {
        /// The request that fetches what a thin event is about, in the context that the event happened in.
        #allow
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #subject {
            #(#variants)*
            /// Fetches an object from its URL, as JSON: this version of the crate does not know its type, or it has no id.
            #unrecognized(runtime::Call<runtime::RawRequest>),
        }
    };
    let otherwise = quote! {
        let request = runtime::RawRequest::get(related.#url.as_str()).stripe_version(#version);
        Some(#subject::#unrecognized(runtime::event::call(request, context)))
    };
    let fetched = if arms.is_empty() {
        otherwise
    } else {
        quote! {
            match (related.#type_name.as_str(), #id) {
                #(#arms)*
                _ => { #otherwise }
            }
        }
    };
    let event_context = events.context.as_ref().map_or(quote!(None), field_path::text);
    let method = quote! {
        /// What to send as `Stripe-Context`.
        fn event_context(&self) -> Option<&str> {
            #event_context
        }

        /// Returns the request that fetches the object that the event is about, or `None` when the event names no object.
        #[must_use]
        pub fn subject(&self) -> Option<#subject> {
            let related = #related;
            let context = self.event_context();
            #fetched
        }
    };
    (subject_enum, method)
}

/// The operation that fetches a resource by its id, which it takes as text.
fn retrieve<'a>(context: &Context<'a>, resource: &TypePath) -> Option<&'a Operation> {
    let mut operations = context.methods.get(resource)?.iter().map(|(_, operation)| *operation);
    operations.find(|operation| {
        let required = operation.parameters.iter().filter(|parameter| parameter.field.required).count();
        let takes_text = |ty: &Type| match ty {
            Type::String => true,
            Type::Named(path) => context.api.types.get(path).is_some_and(|def| matches!(def.kind, TypeKind::String(_))),
            _ => false,
        };
        let by_id = operation
            .parameters
            .first()
            .is_some_and(|parameter| parameter.place == Place::Path && takes_text(&parameter.field.ty));
        by_id && required == 1 && operation.response == Type::Named(resource.clone())
    })
}
