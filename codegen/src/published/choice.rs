//! Which published description each curated one is compared with.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::node::Node;
use super::operation;
use super::{Published, Version};

/// The published descriptions that each curated one is compared with, the nearest version first.
pub(super) struct Choice<'a> {
    pub(super) published: &'a [Published],
    orders: Vec<Vec<&'a Published>>,
}

impl<'a> Choice<'a> {
    /// Chooses by the version, among the descriptions that have any of the operations.
    pub(super) fn new(curated: &[Node<'_>], published: &'a [Published]) -> Self {
        let operations: Vec<HashSet<String>> = published
            .iter()
            .map(|source| operation::all(&Node::root(&source.root)).iter().map(operation::Operation::key).collect())
            .collect();
        let orders = curated.iter().map(|root| {
            let version = version(root);
            let keys: Vec<String> = operation::all(root).iter().map(operation::Operation::key).collect();
            let given = published.iter().zip(&operations);
            let having = given.filter(|(_, operations)| keys.iter().any(|key| operations.contains(key)));
            let count = |operations: &HashSet<String>| keys.iter().filter(|key| operations.contains(*key)).count();
            let mut order: Vec<_> = having.map(|(source, operations)| (source, count(operations))).collect();
            order.sort_by_key(|(source, count)| (source.version.distance(&version), Reverse(*count)));
            order.into_iter().map(|(source, _)| source).collect()
        });
        Self { published, orders: orders.collect() }
    }

    /// Returns the published descriptions in order; `None` if none has any of the operations.
    pub(super) fn order(&self, file: usize) -> Option<&[&'a Published]> {
        self.orders.get(file).map(Vec::as_slice).filter(|order| !order.is_empty())
    }

    /// Returns the published descriptions that curated ones are compared with.
    pub(super) fn used(&self) -> impl Iterator<Item = &'a Published> {
        let is_used = |source: &&Published| self.orders.iter().flatten().any(|other| other.name == source.name);
        self.published.iter().filter(is_used)
    }

    /// Returns the published description that a curated one is compared with.
    pub(super) fn first(&self, file: usize) -> Option<&'a Published> {
        self.order(file)?.first().copied()
    }
}

/// Returns the version of a description.
pub(super) fn version(root: &Node<'_>) -> Version {
    Version::new(root.key("info").and_then(|info| info.text("version")).unwrap_or_default())
}
