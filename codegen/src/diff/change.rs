//! What a comparison finds.

use std::cmp::Reverse;

use super::{Direction, Level, Rule, Wire};

/// A change of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// Which way the item travels: the rule's direction, or both where both rules hold and this is the more serious one.
    pub direction: Direction,
    /// The resource or other component that the item belongs to, as the head calls it if it is there.
    pub group: String,
    /// What it means for a user, in a sentence.
    pub message: String,
    /// The item before.
    pub base: Option<Place>,
    /// The item now.
    pub head: Option<Place>,
}

/// An item on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its path in the crate.
    pub item: String,
    /// The description's name.
    pub file: String,
    /// The line that describes it, from 1.
    pub line: usize,
}

impl Change {
    /// The item, as the head calls it if it is there.
    #[must_use]
    pub fn item(&self) -> &str {
        self.head.as_ref().or(self.base.as_ref()).map_or("", |place| place.item.as_str())
    }

    fn order(&self) -> impl Ord + '_ {
        let line = |place: &Option<Place>| place.as_ref().map(|place| place.line);
        let seriousness = Reverse((self.rule.level, self.rule.wire));
        (seriousness, self.rule.id, self.item(), line(&self.head), line(&self.base), self.message.as_str())
    }
}

/// Everything that has changed between two descriptions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Grouped by resource: the resource with the most serious change first, and in it the most serious change.
    pub changes: Vec<Change>,
}

impl Report {
    /// Puts changes in the order of reports.
    pub(super) fn new(mut changes: Vec<Change>) -> Self {
        changes.sort_by(|a, b| (&a.group, a.order()).cmp(&(&b.group, b.order())));
        changes.dedup();
        let mut groups: Vec<Vec<Change>> = Vec::new();
        for change in changes {
            match groups.last_mut() {
                Some(group) if group.iter().any(|other| other.group == change.group) => group.push(change),
                _ => groups.push(vec![change]),
            }
        }
        let worst = |group: &Vec<Change>| group.iter().map(|change| (change.rule.level, change.rule.wire)).max();
        groups.sort_by_key(|group| Reverse(worst(group)));
        Self { changes: groups.into_iter().flatten().collect() }
    }

    /// What all changes together ask of the crate's version; nothing when there is none.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.rule.level).max()
    }

    /// What all changes together are on the wire.
    #[must_use]
    pub fn wire(&self) -> Option<Wire> {
        self.changes.iter().map(|change| change.rule.wire).max()
    }

    /// The changes by group, in order.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &[Change])> {
        self.changes
            .chunk_by(|a, b| a.group == b.group)
            .filter_map(|changes| Some((changes.first()?.group.as_str(), changes)))
    }
}
