//! Types that contain themselves: fields and variants that close a cycle are boxed.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::api::{Type, TypeDef, TypeKind, TypePath};

/// Boxes every field or variant whose type contains the type that it is in.
///
/// Only a field whose type is a struct or a one-of can make a size infinite: lists, maps and expandable fields have a pointer of their own.
pub(super) fn box_cycles(types: &mut BTreeMap<TypePath, TypeDef>) {
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let nodes: BTreeMap<TypePath, NodeIndex> = types.keys().map(|path| (path.clone(), graph.add_node(()))).collect();
    for (path, def) in types.iter() {
        for target in direct(def) {
            if let (Some(from), Some(to)) = (nodes.get(path), nodes.get(target)) {
                graph.add_edge(*from, *to, ());
            }
        }
    }
    let mut cycles: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for (index, cycle) in kosaraju_scc(&graph).into_iter().enumerate() {
        cycles.extend(cycle.into_iter().map(|node| (node, index)));
    }
    let cycle_of: BTreeMap<&TypePath, Option<&usize>> =
        nodes.iter().map(|(path, node)| (path, cycles.get(node))).collect();
    for (path, def) in types.iter_mut() {
        let fields = match &mut def.kind {
            TypeKind::Struct(definition) => &mut definition.fields,
            TypeKind::OneOf(definition) => &mut definition.variants,
            TypeKind::Enum(_) | TypeKind::String(_) => continue,
        };
        for field in fields {
            if let Some(target) = contained(&field.ty)
                && cycle_of.get(target).copied().flatten().is_some()
                && cycle_of.get(target) == cycle_of.get(path)
            {
                field.ty = boxed(field.ty.clone());
            }
        }
    }
}

fn direct(def: &TypeDef) -> impl Iterator<Item = &TypePath> {
    def.fields().iter().filter_map(|field| contained(&field.ty))
}

/// Returns the type that a field of a type contains without a pointer.
fn contained(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Named(path) => Some(path),
        Type::Nullable(inner) => contained(inner),
        _ => None,
    }
}

fn boxed(ty: Type) -> Type {
    match ty {
        Type::Named(path) => Type::Boxed(path),
        Type::Nullable(inner) => Type::Nullable(Box::new(boxed(*inner))),
        ty => ty,
    }
}
