//! Which types travel in requests: users build those, and values they do not know need no room there.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::api::{Operation, Type, TypeDef, TypeKind, TypePath};

/// Marks the types that requests carry, and decides which enums keep unlisted values.
pub(super) fn mark(types: &mut BTreeMap<TypePath, TypeDef>, operations: &BTreeMap<String, Operation>) {
    let parameters =
        operations.values().flat_map(|operation| operation.parameters.iter().map(|parameter| &parameter.field.ty));
    let sent = reachable(types, parameters);
    // What no request carries can only come in answers, whether an operation is described for it or not.
    let unsent: Vec<Type> =
        types.keys().filter(|path| !sent.contains(path)).map(|path| Type::Named(path.clone())).collect();
    let received = reachable(types, operations.values().map(|operation| &operation.response).chain(&unsent));
    for (path, def) in types.iter_mut() {
        def.in_requests = sent.contains(path);
        def.in_responses = received.contains(path);
        if let TypeKind::Enum(definition) = &mut def.kind {
            let has_others = !definition.closed || received.contains(path);
            definition.unrecognized = has_others.then(names::unrecognized);
        }
    }
}

fn reachable<'t>(types: &BTreeMap<TypePath, TypeDef>, roots: impl Iterator<Item = &'t Type>) -> BTreeSet<TypePath> {
    let mut pending: Vec<TypePath> = roots.flat_map(Type::named).collect();
    let mut found = BTreeSet::new();
    while let Some(path) = pending.pop() {
        if !found.insert(path.clone()) {
            continue;
        }
        if let Some(TypeKind::Struct(definition)) = types.get(&path).map(|def| &def.kind) {
            pending.extend(definition.all_fields().flat_map(|field| field.ty.named()));
        }
    }
    found
}
