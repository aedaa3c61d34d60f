//! Types that contain themselves: the fields that close a circle go on the heap.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::api::{Type, TypeDef, TypeKind, TypePath};

/// Boxes every field whose type leads back to the struct that it is in.
///
/// Only fields that hold a struct directly can make its size infinite: lists, maps and expandable fields have a pointer of
/// their own.
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
    let mut circles: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for (index, circle) in kosaraju_scc(&graph).into_iter().enumerate() {
        circles.extend(circle.into_iter().map(|node| (node, index)));
    }
    let circle_of: BTreeMap<&TypePath, Option<&usize>> =
        nodes.iter().map(|(path, node)| (path, circles.get(node))).collect();
    for (path, def) in types.iter_mut() {
        let TypeKind::Struct(definition) = &mut def.kind else { continue };
        for field in &mut definition.fields {
            if let Type::Named(target) = &field.ty
                && circle_of.get(target).copied().flatten().is_some()
                && circle_of.get(target) == circle_of.get(path)
            {
                field.ty = Type::Boxed(target.clone());
            }
        }
    }
}

fn direct(def: &TypeDef) -> impl Iterator<Item = &TypePath> {
    let fields = match &def.kind {
        TypeKind::Struct(definition) => definition.fields.as_slice(),
        _ => &[],
    };
    fields.iter().filter_map(|field| match &field.ty {
        Type::Named(target) => Some(target),
        _ => None,
    })
}
