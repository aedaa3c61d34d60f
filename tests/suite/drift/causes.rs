//! The facts of a change are those that it follows from: a fact is left out by a deviation.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stripe_reporting_codegen::Source;
use stripe_reporting_codegen::diff::Change;
use stripe_reporting_codegen::published::{Curated, Drift, Fact, Published, drift, render_drift_text};

use super::rules::{reading, theirs};
use crate::diff::agreement::mutated;
use crate::diff::example::{Example, Side};

/// Returns descriptions that declare facts as deviations.
fn deviating(sources: &[Source], facts: &[&Fact]) -> Vec<Source> {
    let deviating = sources.iter().map(|source| {
        let mut value: Value = serde_yaml::from_str(&source.text).unwrap();
        let own = facts.iter().filter(|fact| fact.file == source.name).map(|fact| {
            let (at, published) = (fact.pointer.as_str().trim_start_matches('/'), fact.value.to_string());
            json!({"at": at, "published": published, "reason": "a test", "since": "2020-01-01", "source": "none"})
        });
        let own: Vec<Value> = own.collect();
        if !own.is_empty() {
            value["x-deviation"] = Value::Array(own);
        }
        Source { name: source.name.clone(), text: value.to_string() }
    });
    deviating.collect()
}

fn identity(change: &Change) -> (&str, &str, &str, Option<&str>) {
    let place = change.base.as_ref().map(|place| place.pointer.as_str());
    (change.rule.id, change.item(), &change.message, place)
}

/// Checks that the facts of each change are those that it follows from, and that every fact is listed; returns how many there are.
pub(super) fn check(sources: &[Source], published: &[Published], found: &Drift) -> usize {
    let text = render_drift_text(found);
    let places: BTreeSet<String> = found.causes.iter().flatten().chain(&found.silent).map(Fact::fingerprint).collect();
    for fact in &found.facts {
        let place = format!("`{}` cannot be taken over", fact.pointer);
        let is_listed = places.contains(&fact.fingerprint())
            || found.foreign.iter().any(|foreign| foreign.construct.starts_with(&place));
        assert!(is_listed, "{} is not listed\n{text}", fact.pointer);
    }
    for (change, causes) in found.report.changes.iter().zip(&found.causes) {
        assert!(!causes.is_empty(), "{} has no facts\n{text}", change.message);
    }
    let taken: Vec<&Fact> = found.facts.iter().filter(|fact| places.contains(&fact.fingerprint())).collect();
    if taken.len() < 2 {
        return taken.len();
    }
    let with = |left_out: &[&Fact]| drift(&Curated::read(&deviating(sources, left_out)).unwrap(), published).unwrap();
    for fact in &taken {
        let without = with(&[fact]);
        let only = || with(&taken.iter().filter(|other| other != &fact).copied().collect::<Vec<_>>());
        let only: std::cell::LazyCell<Drift, _> = std::cell::LazyCell::new(only);
        for (change, causes) in found.report.changes.iter().zip(&found.causes) {
            let has = |drift: &Drift| drift.report.changes.iter().any(|other| identity(other) == identity(change));
            let is_cause = causes.contains(fact);
            // Without its last property, a type is a map, and nothing inside of it can change.
            let is_gone = without.report.changes.iter().any(|other| {
                let item = other.item();
                other.rule.id == "type-removed" && change.item().starts_with(&format!("{item}::"))
            });
            let rest = render_drift_text(&without);
            assert!(
                is_cause || has(&without) || is_gone,
                "{}: {} is no fact of it\n{text}\nwithout it:\n{rest}",
                change.message,
                fact.pointer
            );
            let follows = !is_cause || !has(&without) || has(&only);
            assert!(follows, "{}: {} is a fact of it\n{text}", change.message, fact.pointer);
        }
    }
    taken.len()
}

/// Compares what one side describes with what another one would publish.
fn compare(ours: &[Source], others: &[Source]) -> usize {
    let published: Vec<Published> =
        others.iter().zip(theirs(others)).map(|(source, value)| reading(&source.name, &value)).collect();
    check(ours, &published, &drift(&Curated::read(ours).unwrap(), &published).unwrap())
}

/// Compares pairs of examples, of which both differ from what they have in common, each by something else.
fn compare_examples(step: usize) {
    let examples = Example::all();
    let (mut facts, mut pairs) = (0, 0);
    for (index, (_, example)) in examples.iter().enumerate().step_by(step) {
        let (_, other) = &examples[(index * 7 + 13) % examples.len()];
        facts += compare(example.sources(Side::Head), other.sources(Side::Head));
        pairs += 1;
    }
    assert!(facts > pairs, "{facts} of {pairs} pairs");
}

/// Compares descriptions with what random changes make of them, in both directions.
fn compare_mutated(count: u64) {
    let (mut facts, mut pairs) = (0, 0);
    for (base, head) in (0..count).filter_map(mutated) {
        facts += compare(&base, &head) + compare(&head, &base);
        pairs += 1;
    }
    assert!(pairs > count / 3 && facts as u64 > pairs, "{facts} of {pairs} pairs");
}

#[test]
fn facts_of_changes_are_those_of_the_examples() {
    compare_examples(15);
}

#[test]
fn facts_of_changes_are_those_of_random_changes() {
    compare_mutated(12);
}

#[test]
#[ignore = "takes a minute"]
fn facts_of_many_changes_are_their_own() {
    compare_examples(1);
    compare_mutated(250);
}
