//! The rules hang together, and each tells its example apart from what is near to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use stripe_reporting_codegen::diff::{Counterpart, Direction, Report, Rule, diff, rules};
use stripe_reporting_tests::project;

use super::example::{Example, Side};

fn by_id() -> BTreeMap<&'static str, &'static Rule> {
    rules().map(|rule| (rule.id, rule)).collect()
}

fn ids(report: &Report) -> BTreeSet<&str> {
    report.changes.iter().map(|change| change.rule.id).collect()
}

#[test]
fn every_example_is_by_its_rules_in_both_directions_and_what_is_near_is_not() {
    let mut wrong = Vec::new();
    for (topic, example) in Example::all() {
        let name = format!("{topic}: {}", example.name());
        let (base, head, near) = (example.api(Side::Base), example.api(Side::Head), example.api(Side::Near));
        for (from, to, expected) in [(&base, &head, &example.forward), (&head, &base, &example.backward)] {
            let (report, expected) = (diff(from, to), expected.iter().map(String::as_str).collect::<BTreeSet<_>>());
            if ids(&report) != expected {
                wrong.push(format!("{name}: {expected:?} is {:?}", ids(&report)));
            }
        }
        assert_ne!(example.source(Side::Near).text, example.source(Side::Base).text, "{name}: nothing is near");
        for (from, to, rules) in [(&base, &near, &example.forward), (&near, &base, &example.backward)] {
            if ids(&diff(from, to)).contains(rules[0].as_str()) {
                wrong.push(format!("{name}: what is near is by {} as well", rules[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_an_example() {
    let examples = Example::all();
    let exemplified: BTreeSet<&str> = examples
        .iter()
        .flat_map(|(_, example)| [&example.forward[0], &example.backward[0]])
        .map(String::as_str)
        .collect();
    let known: BTreeSet<&str> = by_id().into_keys().collect();
    let missing: Vec<_> = known.difference(&exemplified).collect();
    assert!(missing.is_empty(), "without an example: {missing:#?}");
    let unknown: Vec<_> = exemplified.difference(&known).collect();
    assert!(unknown.is_empty(), "no such rule: {unknown:#?}");
}

#[test]
fn ids_are_unique_and_texts_are_sentences() {
    assert_eq!(by_id().len(), rules().count());
    for rule in rules() {
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
        assert!(rule.id.split('-').all(is_word), "{}", rule.id);
        assert!(rule.text.ends_with('.') && rule.text.starts_with(char::is_uppercase), "{}: {}", rule.id, rule.text);
    }
}

#[test]
fn every_rule_has_a_twin_in_the_other_direction_or_a_reason_why_not() {
    let rules = by_id();
    for rule in rules.values() {
        match rule.counterpart {
            Counterpart::None(reason) => assert!(!reason.is_empty(), "{} has neither a twin nor a reason", rule.id),
            Counterpart::Rule(id) => {
                let twin = rules.get(id).unwrap_or_else(|| panic!("{} has the twin {id}, which is no rule", rule.id));
                let directions = [rule.direction, twin.direction];
                let expected = match rule.direction {
                    Direction::Request => [Direction::Request, Direction::Response],
                    _ => [Direction::Response, Direction::Request],
                };
                assert_eq!(directions, expected, "{} and {id}", rule.id);
            }
        }
    }
}

/// Found by swapping the sides, since that is what a mirror is.
#[test]
fn swapping_the_sides_turns_each_change_into_its_mirror() {
    let rules = by_id();
    for rule in rules.values() {
        let mirror = rules.get(rule.reverse).unwrap_or_else(|| panic!("{}: {} is no rule", rule.id, rule.reverse));
        assert_eq!(mirror.reverse, rule.id, "{} and {}", rule.id, mirror.id);
    }
    for (_, example) in Example::all() {
        let mirrored: BTreeSet<&str> = example.forward.iter().map(|id| rules[id.as_str()].reverse).collect();
        let backward: BTreeSet<&str> = example.backward.iter().map(String::as_str).collect();
        assert_eq!(backward, mirrored, "{}", example.name());
        let (base, head) = (example.api(Side::Base), example.api(Side::Head));
        let places = |report: Report, swapped: bool| -> BTreeSet<String> {
            let change = |change: &stripe_reporting_codegen::diff::Change| {
                let (was, is) = if swapped { (&change.head, &change.base) } else { (&change.base, &change.head) };
                let rule = if swapped { change.rule.reverse } else { change.rule.id };
                format!("{rule} {was:?} {is:?}")
            };
            report.changes.iter().map(change).collect()
        };
        assert_eq!(places(diff(&base, &head), false), places(diff(&head, &base), true), "{}", example.name());
    }
}

#[test]
fn a_description_does_not_differ_from_itself() {
    for (_, example) in Example::all() {
        for side in [Side::Base, Side::Head, Side::Near] {
            let api = example.api(side);
            assert_eq!(diff(&api, &api), Report::default(), "{} {side:?}", example.name());
        }
    }
    let own = stripe_reporting_codegen::read(&stripe_reporting_tests::description().unwrap()).unwrap();
    assert_eq!(diff(&own, &own), Report::default());
}

#[test]
fn the_policy_gives_the_reason_for_every_level_that_is_a_judgement() {
    let policy = fs::read_to_string(project().join("spec/POLICY.md")).unwrap();
    for rule in rules().filter(|rule| rule.is_judgement) {
        assert!(policy.contains(&format!("`{}`", rule.id)), "{}", rule.id);
    }
}
