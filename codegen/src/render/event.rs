//! Webhook events: parsing them, and accessing their objects.

use std::collections::{BTreeMap, BTreeSet};

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

/// The request for the fields of a thin event that webhooks do not deliver.
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
    let call = quote!(runtime::event::call(#request::new(&self.#id), self.event_context()));
    let call = match events.subject.steps.first().zip(events.related.as_ref()) {
        Some((FieldStep::Field { name: related, optional }, fields)) if has_versions(events) => {
            let (related, type_name) = (ident(related), ident(&fields.type_name));
            let related_type = if *optional {
                quote!(self.#related.as_ref().map_or("", |related| related.#type_name.as_str()))
            } else {
                quote!(self.#related.#type_name.as_str())
            };
            let version = version(events, &related_type);
            quote!(#call.stripe_version(#version))
        }
        _ => call,
    };
    Some(quote! {
        /// Returns the request that retrieves the whole event, with the fields that webhooks do not deliver, in the context
        /// that it happened in.
        #[must_use]
        pub fn full(&self) -> runtime::Call<#request> {
            #call
        }
    })
}

/// Whether objects of the events are described for another API version than the envelope.
fn has_versions(events: &EventSet) -> bool {
    events.types.iter().any(|event| event.stripe_version != events.stripe_version)
}

/// The API version that the object of an event is described for, by its type; that of the envelope for other objects.
fn version(events: &EventSet, related_type: &TokenStream) -> TokenStream {
    let version = &events.stripe_version;
    if !has_versions(events) {
        return quote!(#version);
    }
    let mut by_version: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for event in events.types.iter().filter(|event| event.stripe_version != *version) {
        by_version.entry(&event.stripe_version).or_default().insert(&event.resource_id);
    }
    let arms = by_version.into_iter().map(|(version, resources)| {
        let resources = resources.into_iter();
        quote!(#(#resources)|* => #version,)
    });
    quote!(match #related_type { #(#arms)* _ => #version })
}

fn parse(events: &EventSet) -> TokenStream {
    let object = &events.object;
    let kind = match events.kind {
        EventKind::Snapshot => "snapshot",
        EventKind::Thin => "thin",
    };
    let doc = docs::text(&[
        format!("Parses a {kind} event from the raw body of a webhook."),
        "Does not verify the signature; `Webhook::parse` does. Events of unknown types are parsed as well.".to_owned(),
        "# Errors".to_owned(),
        format!(
            "Fails if the body is not valid JSON, a required field is missing, or `object` is not {}.",
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

/// Snapshot events: the object in the event, by the event's type.
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
        /// The object of a snapshot event, as it was when the event happened.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #subject {
            #(#variants)*
            /// The object of an event whose type this version of the crate does not know. The event has it as JSON.
            #unrecognized,
        }
    };
    let method = quote! {
        /// Returns the object that the event is about, typed by the event's type.
        ///
        /// # Errors
        ///
        /// Fails if the object does not match the event's type, such as after a change of the API version of the webhook
        /// endpoint. The event itself remains readable.
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

/// Thin events: the request that retrieves the object.
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
        let doc = docs::text(&[format!("Retrieves a [`{}`](crate::{resource}).", resource.name)]);
        quote!(#doc #name(runtime::Call<#request>),)
    });
    let Some(fields) = &events.related else { return Default::default() };
    let (id, type_name, url) =
        (field_path::text_in(&quote!(related), &fields.id), ident(&fields.type_name), ident(&fields.url));
    let arms = known.iter().map(|(_, event, operation)| {
        let (name, request, wire) = (ident(&event.resource_name), imports.path(&operation.request), &event.resource_id);
        quote!((#wire, Some(id)) => Some(#subject::#name(runtime::event::call(#request::new(id), context))),)
    });
    let arms: Vec<_> = arms.collect();
    let Some(FieldStep::Field { name: related, optional }) = events.subject.steps.first() else {
        return Default::default();
    };
    let related = ident(related);
    let related = if *optional { quote!(self.#related.as_ref()?) } else { quote!(&self.#related) };
    // A request is as large as its parameters, and is short-lived.
    let is_struct = |path: &TypePath| matches!(context.api.kind(path), Some(TypeKind::Struct(_)));
    let is_uneven = known.iter().any(|(_, _, operation)| {
        let has_struct = operation.fields().any(|field| field.ty.named().iter().any(is_struct));
        operation.parameters.len() > 4 || has_struct
    });
    let allow = is_uneven.then(|| quote!(#[allow(clippy::large_enum_variant)]));
    let subject_enum = quote! {
        /// The request that retrieves the object of a thin event, in the context that the event happened in.
        #allow
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #subject {
            #(#variants)*
            /// Retrieves the object from its URL as JSON, if this version of the crate does not know its type or it has no id.
            #unrecognized(runtime::Call<runtime::RawRequest>),
        }
    };
    let version = version(events, &quote!(related.#type_name.as_str()));
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
        /// Returns the `Stripe-Context` of the event.
        fn event_context(&self) -> Option<&str> {
            #event_context
        }

        /// Returns the request that retrieves the object of the event, or `None` if the event has no object.
        #[must_use]
        pub fn subject(&self) -> Option<#subject> {
            let related = #related;
            let context = self.event_context();
            #fetched
        }
    };
    (subject_enum, method)
}

/// The operation that retrieves a resource by its id, which it takes as text.
fn retrieve<'a>(context: &Context<'a>, resource: &TypePath) -> Option<&'a Operation> {
    let mut operations = context.methods.get(resource)?.iter().map(|(_, operation)| *operation);
    operations.find(|operation| {
        let required = operation.fields().filter(|field| field.required).count();
        let takes_text = |ty: &Type| match ty {
            Type::String => true,
            Type::Named(path) => matches!(context.api.kind(path), Some(TypeKind::String(_))),
            _ => false,
        };
        let first = operation.parameters.first();
        let by_id = first.is_some_and(|first| first.place == Place::Path && takes_text(&first.field.ty));
        by_id && required == 1 && operation.response == Type::Named(resource.clone())
    })
}
