//! Types that contain themselves: fields that close a cycle are boxed.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::api::{Type, TypeDef, TypeKind, TypePath};

/// Boxes every field whose type contains the struct that the field is in.
///
/// Only a field whose type is a struct can make a size infinite: lists, maps and expandable fields have a pointer of their own.
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
        let TypeKind::Struct(definition) = &mut def.kind else { continue };
        for field in &mut definition.fields {
            if let Type::Named(target) = &field.ty
                && cycle_of.get(target).copied().flatten().is_some()
                && cycle_of.get(target) == cycle_of.get(path)
            {
                field.ty = Type::Boxed(target.clone());
            }
        }
    }
}

fn direct(def: &TypeDef) -> impl Iterator<Item = &TypePath> {
    def.fields().iter().filter_map(|field| match &field.ty {
        Type::Named(target) => Some(target),
        _ => None,
    })
}
