//! The methods of resources: those that make requests, those of events, and the setters of properties.

use std::collections::HashMap;

use super::Types;
use super::context::Context;
use super::event_envelopes::Envelopes;
use super::members::{Claim, Members};
use super::names;
use super::operations::Offer;
use super::structs::ADDITIONAL;
use super::usage::Usage;
use crate::api::{Attachment, Field, TypeDef, TypePath};

/// The methods of a resource.
pub(super) struct Methods<'a> {
    names: Members<'a>,
    /// The operations that they make requests of.
    pub(super) operations: Vec<String>,
}

impl Methods<'_> {
    /// Returns the methods of every event envelope.
    pub(super) fn of_events(envelopes: &Envelopes<'_>) -> HashMap<TypePath, Self> {
        let of = |(path, methods): (&TypePath, &[&'static str])| {
            let reserved = methods.iter().map(|name| (names::fixed(name), "a method of events"));
            (path.clone(), Self { names: Members::snake(reserved.collect()), operations: Vec::new() })
        };
        envelopes.methods().map(of).collect()
    }
}

/// Adds the method by which a resource offers an operation.
pub(super) fn attach<'a>(
    cx: &mut Context<'a>,
    methods: &mut HashMap<TypePath, Methods<'a>>,
    offer: &Offer<'a>,
    operation: &str,
) -> Option<Attachment> {
    let resource = offer.component.path.clone();
    let new = || Methods { names: Members::snake(Vec::new()), operations: Vec::new() };
    let methods = methods.entry(resource.clone()).or_insert_with(new);
    let claim = Claim {
        what: format!("the method `{}`", offer.method),
        site: offer.site.key("method_name"),
        rename: "by another `method_name` in `x-stripeOperations`",
    };
    methods.operations.push(operation.to_owned());
    let method = cx.member(&mut methods.names, &offer.method, None, claim)?;
    Some(Attachment { resource, method })
}

/// Claims the names of setters, which types have that requests contain.
pub(super) fn claim_setters<'a>(
    cx: &mut Context<'a>,
    methods: HashMap<TypePath, Methods<'a>>,
    types: &Types,
    usage: &Usage,
) {
    for (path, Methods { mut names, .. }) in methods.into_iter().filter(|(path, _)| usage.in_requests.contains(path)) {
        let definition = types.get(&path).and_then(TypeDef::structure);
        let (Some(site), Some(definition)) = (cx.claims.get(&path).cloned(), definition) else { continue };
        let set = definition.fields.iter().filter(|field| !field.is_argument());
        let set = set.map(|field| (field, site.keys(&["properties", &field.wire])));
        let additional = definition.additional.as_deref().map(|field: &Field| (field, site.key(ADDITIONAL)));
        for (field, site) in set.chain(additional) {
            let claim = Claim { what: format!("the setter of `{}`", field.wire), ..Claim::property(&field.wire, site) };
            cx.claim(&mut names, &field.name, claim);
        }
    }
}
