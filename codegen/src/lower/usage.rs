//! Which types requests and responses contain: users build the former, and only the latter need room for unknown values.

use std::collections::{BTreeMap, BTreeSet};

use super::Types;
use crate::api::{Operation, Type, TypePath};

/// The types that requests and responses contain, a type both when both do.
pub(super) struct Usage {
    pub(super) in_requests: BTreeSet<TypePath>,
    pub(super) in_responses: BTreeSet<TypePath>,
}

impl Usage {
    /// Follows the parameters and the responses of all operations.
    pub(super) fn new(types: &Types, operations: &BTreeMap<String, Operation>) -> Self {
        let parameters = operations.values().flat_map(|operation| operation.fields().map(|field| &field.ty));
        let in_requests = reachable(types, parameters);
        // A type that no request contains is one of responses, whether an operation is described for it or not.
        let others: Vec<Type> =
            types.keys().filter(|path| !in_requests.contains(path)).map(|path| Type::Named(path.clone())).collect();
        let in_responses = reachable(types, operations.values().map(|operation| &operation.response).chain(&others));
        Self { in_requests, in_responses }
    }
}

fn reachable<'t>(types: &Types, roots: impl Iterator<Item = &'t Type>) -> BTreeSet<TypePath> {
    let mut pending: Vec<TypePath> = roots.flat_map(Type::named).collect();
    let mut found = BTreeSet::new();
    while let Some(path) = pending.pop() {
        if !found.insert(path.clone()) {
            continue;
        }
        if let Some(def) = types.get(&path) {
            pending.extend(def.all_fields().flat_map(|field| field.ty.named()));
        }
    }
    found
}
