//! The rules are consistent, and every rule has an example that no other rule matches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;
use stripe_reporting_codegen::diff::{Change, Direction, Report, Rule, diff, rules};
use stripe_reporting_tests::{Fixture, project};

use super::example::{Example, Side};

/// What tests know of rules besides their examples: `_rules.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    judgements: BTreeSet<String>,
    wire_judgements: BTreeSet<String>,
    counterparts: BTreeMap<String, String>,
    one_way: BTreeMap<String, Vec<String>>,
}

fn facts() -> Facts {
    let fixture = Fixture::all("diff").into_iter().find(|fixture| fixture.name == "_rules").unwrap();
    serde_yaml::from_str(&fixture.text).unwrap()
}

/// The rules whose level no program proves.
pub(super) fn judgements() -> BTreeSet<String> {
    facts().judgements
}

/// The rules that are breaking on the wire although no body shows it.
pub(super) fn wire_judgements() -> BTreeSet<String> {
    facts().wire_judgements
}

/// The rule of each rule when the sides are swapped, by the examples.
pub(super) fn reverses() -> BTreeMap<String, String> {
    let mut reverses = BTreeMap::new();
    for (_, example) in Example::all() {
        let (forward, backward) = (&example.forward[0], &example.backward[0]);
        for (rule, reverse) in [(forward, backward), (backward, forward)] {
            let known = reverses.entry(rule.clone()).or_insert_with(|| reverse.clone());
            assert_eq!(known, reverse, "{rule} has two reverses");
        }
    }
    reverses
}

fn by_id() -> BTreeMap<&'static str, &'static Rule> {
    rules().map(|rule| (rule.id, rule)).collect()
}

fn ids(report: &Report) -> BTreeSet<&str> {
    report.changes.iter().map(|change| change.rule.id).collect()
}

#[test]
fn every_example_matches_its_rules_in_both_directions_and_similar_changes_do_not() {
    let mut wrong = Vec::new();
    for (file, example) in Example::all() {
        let name = format!("{file}: {}", example.name());
        let (base, head, near) = (example.api(Side::Base), example.api(Side::Head), example.api(Side::Near));
        for (from, to, expected) in [(base, head, &example.forward), (head, base, &example.backward)] {
            let (report, expected) = (diff(from, to), expected.iter().map(String::as_str).collect::<BTreeSet<_>>());
            if ids(&report) != expected {
                wrong.push(format!("{name}: expected {expected:?}, found {:?}", ids(&report)));
            }
        }
        assert_ne!(example.sources(Side::Near), example.sources(Side::Base), "{name}: `near` edits nothing");
        for (from, to, rules) in [(base, near, &example.forward), (near, base, &example.backward)] {
            if ids(&diff(from, to)).contains(rules[0].as_str()) {
                wrong.push(format!("{name}: `near` matches {} as well", rules[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_an_example() {
    let reverses = reverses();
    let with_example: BTreeSet<&str> = reverses.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = by_id().into_keys().collect();
    let missing: Vec<_> = known.difference(&with_example).collect();
    assert!(missing.is_empty(), "rules without an example: {missing:#?}");
    let unknown: Vec<_> = with_example.difference(&known).collect();
    assert!(unknown.is_empty(), "unknown rules: {unknown:#?}");
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
fn every_rule_of_one_direction_has_a_counterpart_or_a_reason() {
    let (rules, facts) = (by_id(), facts());
    let one_way: Vec<&String> = facts.one_way.values().flatten().collect();
    let judgements = facts.judgements.iter().chain(&facts.wire_judgements);
    for id in facts.counterparts.keys().chain(one_way.iter().copied()).chain(judgements) {
        assert!(rules.contains_key(id.as_str()), "`_rules.yaml` names an unknown rule: {id}");
    }
    for (id, rule) in &rules {
        let swapped = match id.split_once('-') {
            Some(("request", rest)) => format!("response-{rest}"),
            Some(("response", rest)) => format!("request-{rest}"),
            _ => String::new(),
        };
        let counterparts = [rules.get(swapped.as_str()), facts.counterparts.get(*id).map(|id| &rules[id.as_str()])];
        let counterparts: Vec<&Rule> = counterparts.into_iter().flatten().copied().collect();
        let reasons = one_way.iter().filter(|one_way| one_way.as_str() == *id).count();
        let expected = usize::from(rule.direction != Direction::Both);
        assert_eq!(counterparts.len() + reasons, expected, "{id} has {counterparts:?} and {reasons} reasons");
        for counterpart in counterparts {
            let expected = match rule.direction {
                Direction::Request => Direction::Response,
                _ => Direction::Request,
            };
            assert_eq!(counterpart.direction, expected, "{id} and {}", counterpart.id);
        }
    }
}

#[test]
fn swapping_the_sides_reverses_each_change() {
    let reverses = reverses();
    for (_, example) in Example::all() {
        let reversed: BTreeSet<&String> = example.forward.iter().map(|id| &reverses[id]).collect();
        assert_eq!(example.backward.iter().collect::<BTreeSet<_>>(), reversed, "{}", example.name());
        let (base, head) = (example.api(Side::Base), example.api(Side::Head));
        let places = |report: Report, swapped: bool| -> BTreeSet<String> {
            let change = |change: &Change| {
                let (id, base, head) = match swapped {
                    true => (reverses[change.rule.id].as_str(), &change.head, &change.base),
                    false => (change.rule.id, &change.base, &change.head),
                };
                format!("{id} {base:?} {head:?}")
            };
            report.changes.iter().map(change).collect()
        };
        assert_eq!(places(diff(base, head), false), places(diff(head, base), true), "{}", example.name());
    }
}

#[test]
fn a_description_does_not_differ_from_itself() {
    for (_, example) in Example::all() {
        for side in [Side::Base, Side::Head, Side::Near] {
            let api = example.api(side);
            assert_eq!(diff(api, api), Report::default(), "{} {side:?}", example.name());
        }
    }
    let own = stripe_reporting_codegen::read(&stripe_reporting_tests::description().unwrap()).unwrap();
    assert_eq!(diff(&own, &own), Report::default());
}

#[test]
fn the_policy_gives_a_reason_for_each_judgement_and_no_other_rule() {
    let policy = fs::read_to_string(project().join("spec/POLICY.md")).unwrap();
    let rules = by_id();
    for (title, judgements) in [("Judgements\n", judgements()), ("Judgements of the wire\n", wire_judgements())] {
        let chapter = policy.split("\n## ").find(|chapter| chapter.starts_with(title)).unwrap();
        let quoted = chapter.split('`').skip(1).step_by(2);
        let explained: BTreeSet<String> = quoted.filter(|text| rules.contains_key(text)).map(str::to_owned).collect();
        assert_eq!(explained, judgements, "{title}");
    }
}
