//! Changes, and the report that they make up.

use std::cmp::Reverse;

use super::rule::DirectedRule;
use super::subject::Subject;
use super::{Direction, Level, Rule, Wire};

/// A change of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The kind of change.
    pub rule: &'static Rule,
    /// Where the item is used: the rule's direction, or both, if this is the more serious of the rules for each.
    pub direction: Direction,
    /// The resource or other component that the item belongs to, by its name in the head if it has one.
    pub group: String,
    /// What changes for users.
    pub message: String,
    /// The item in the base.
    pub base: Option<Place>,
    /// The item in the head.
    pub head: Option<Place>,
}

/// An item on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its path in the crate.
    pub item: String,
    /// The name of the description.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The JSON pointer in it.
    pub pointer: String,
}

impl Change {
    /// Returns the path of the item in the head, or in the base if it is removed.
    #[must_use]
    pub fn item(&self) -> &str {
        self.head.as_ref().or(self.base.as_ref()).map_or("", |place| place.item.as_str())
    }

    fn order(&self) -> impl Ord + '_ {
        let line = |place: &Option<Place>| place.as_ref().map(|place| place.line);
        (
            Reverse(self.rule.seriousness()),
            self.rule.id,
            self.item(),
            line(&self.head),
            line(&self.base),
            self.message.as_str(),
        )
    }
}

/// The changes that checks have reported, in no order.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn report(&mut self, rule: impl Into<DirectedRule>, subject: Subject, message: impl Into<String>) {
        let DirectedRule { rule, direction } = rule.into();
        let Subject { group, base, head } = subject;
        self.0.push(Change { rule, direction, group, message: message.into(), base, head });
    }
}

/// All changes between two descriptions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The changes, grouped by resource: the most serious group first, and in it the most serious change.
    pub changes: Vec<Change>,
}

impl Report {
    /// Sorts changes into groups.
    pub(super) fn new(Changes(mut changes): Changes) -> Self {
        changes.sort_by(|a, b| (&a.group, a.order()).cmp(&(&b.group, b.order())));
        changes.dedup();
        let mut groups: Vec<Vec<Change>> =
            changes.chunk_by(|a, b| a.group == b.group).map(<[Change]>::to_vec).collect();
        let worst = |group: &Vec<Change>| group.iter().map(|change| change.rule.seriousness()).max();
        groups.sort_by_key(|group| Reverse(worst(group)));
        Self { changes: groups.into_iter().flatten().collect() }
    }

    /// Returns the level of the most serious change.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.rule.level).max()
    }

    /// Returns what the changes mean on the wire, by the most serious one.
    #[must_use]
    pub fn wire(&self) -> Option<Wire> {
        self.changes.iter().map(|change| change.rule.wire).max()
    }

    /// Returns the groups in order, each with its changes.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &[Change])> {
        self.changes
            .chunk_by(|a, b| a.group == b.group)
            .filter_map(|changes| Some((changes.first()?.group.as_str(), changes)))
    }
}
