//! Finds the facts that a change follows from, by leaving facts out: a change is far from its fact where it is about a type, a
//! server or a rename, so places do not show it.

use std::collections::{BTreeSet, HashMap};

use super::fact::Fact;
use super::sides::{Sides, Taken};
use crate::diff::{Change, Report};

/// The number of trials after which only one fact is searched for, or all that may be necessary are taken.
const MANY: usize = 100;

/// Facts, by their index.
type Facts = BTreeSet<usize>;

/// Returns the facts that each change follows from:
/// - those without which the change does not exist
/// - if each of several is enough for it, those that lead to it alone
/// - otherwise a smallest number of facts that leads to it
pub(super) fn causes(report: &Report, facts: &[Fact], sides: &Sides) -> Vec<Vec<Fact>> {
    let mut trials = Trials { facts, sides, seen: HashMap::new() };
    let all: Facts = (0..facts.len()).collect();
    let mut necessary = vec![all.clone(); report.changes.len()];
    // A fact is identified by the digits of its index: the facts with the same digit are left out together.
    for digit in 0..usize::BITS - facts.len().saturating_sub(1).leading_zeros() {
        for value in [0, 1] {
            let (out, kept): (Facts, Facts) = all.iter().partition(|index| (*index >> digit) & 1 == value);
            for (change, candidates) in report.changes.iter().zip(&mut necessary) {
                if trials.shows(&kept, change) {
                    candidates.retain(|index| !out.contains(index));
                }
            }
        }
    }
    let causes = report.changes.iter().zip(necessary).map(|(change, candidates)| {
        let mut found = match candidates.len() {
            0 | 1 => candidates,
            _ => trials.necessary(change, &all, candidates),
        };
        if found.is_empty() {
            found = trials.sufficient(change, all.clone());
        }
        if found.is_empty() {
            found = trials.smallest(change, all.clone());
        }
        found.into_iter().filter_map(|index| facts.get(index).cloned()).collect()
    });
    causes.collect()
}

/// What changes by some of the facts.
struct Trials<'t> {
    facts: &'t [Fact],
    sides: &'t Sides,
    seen: HashMap<Facts, BTreeSet<Identity>>,
}

/// What identifies a change, whatever else changes.
type Identity = (&'static str, String, String, Option<String>);

fn identity(change: &Change) -> Identity {
    let place = change.base.as_ref().map(|place| place.pointer.clone());
    (change.rule.id, change.item().to_owned(), change.message.clone(), place)
}

impl Trials<'_> {
    /// Returns whether a change follows from some of the facts.
    fn shows(&mut self, kept: &Facts, change: &Change) -> bool {
        if kept.len() == self.facts.len() {
            return true;
        }
        let changes = self.seen.entry(kept.clone()).or_insert_with(|| {
            let facts = kept.iter().filter_map(|index| self.facts.get(*index).cloned()).collect();
            // A fact that needs another one does not fit without it.
            let taken = self.sides.clone().take(facts, &mut Vec::new());
            taken.map(|Taken { report, .. }| report.changes.iter().map(identity).collect()).unwrap_or_default()
        });
        changes.contains(&identity(change))
    }

    /// Returns those of some facts without which a change does not exist.
    fn necessary(&mut self, change: &Change, all: &Facts, among: Facts) -> Facts {
        let is_necessary = !self.shows(&all.difference(&among).copied().collect(), change);
        match among.len() {
            _ if !is_necessary => Facts::new(),
            0 | 1 => among,
            _ if self.seen.len() > MANY => among,
            _ => {
                let (one, other) = halves(&among);
                self.necessary(change, all, one).into_iter().chain(self.necessary(change, all, other)).collect()
            }
        }
    }

    /// Returns those of some facts each of which leads to a change alone.
    fn sufficient(&mut self, change: &Change, among: Facts) -> Facts {
        let is_sufficient = self.shows(&among, change);
        match among.len() {
            _ if !is_sufficient => Facts::new(),
            0 | 1 => among,
            _ => {
                let (one, other) = halves(&among);
                let mut found = self.sufficient(change, one);
                if found.is_empty() || self.seen.len() <= MANY {
                    found.extend(self.sufficient(change, other));
                }
                found
            }
        }
    }

    /// Returns facts that lead to a change, and without any of which the others do not.
    fn smallest(&mut self, change: &Change, mut kept: Facts) -> Facts {
        let mut size = kept.len() / 2;
        while size > 0 {
            for part in kept.iter().copied().collect::<Vec<_>>().chunks(size) {
                let rest = kept.iter().copied().filter(|index| !part.contains(index)).collect();
                if self.shows(&rest, change) {
                    kept = rest;
                }
            }
            size /= 2;
        }
        kept
    }
}

fn halves(facts: &Facts) -> (Facts, Facts) {
    let middle = facts.len() / 2;
    (facts.iter().take(middle).copied().collect(), facts.iter().skip(middle).copied().collect())
}
