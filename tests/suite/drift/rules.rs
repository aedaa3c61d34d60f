//! Drift is what the comparison says about two descriptions, one of which is published.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};
use stripe_reporting_codegen::Source;
use stripe_reporting_codegen::diff::{Report, diff};
use stripe_reporting_codegen::published::{Curated, Drift, Published, drift, read, render_drift_text};
use stripe_reporting_tests::description;
use stripe_reporting_tests::published::published;

use super::causes;
use crate::diff::example::{Example, Side};

pub(super) fn reading(name: &str, value: &Value) -> Published {
    read(&format!("published {name}"), &value.to_string()).unwrap()
}

#[test]
fn the_descriptions_do_not_drift_from_themselves() {
    let sources: Vec<Source> = description().unwrap();
    let published: Vec<_> = sources.iter().map(|source| reading(&source.name, &published(source, &sources))).collect();
    let found = drift(&Curated::read(&sources).unwrap(), &published).unwrap();
    let is_empty = found.facts.is_empty() && found.report.changes.is_empty() && found.foreign.is_empty();
    assert!(is_empty, "{}", render_drift_text(&found));
    let kept = found.deviations.kept + found.deviations.outdated.len();
    assert_eq!(kept, 0, "{}", render_drift_text(&found));
}

/// Returns descriptions as Stripe would publish them, of one version.
pub(super) fn theirs(sources: &[Source]) -> Vec<Value> {
    let files = sources.iter().map(|source| {
        let mut value = published(source, sources);
        value["info"]["version"] = json!("2026-09-30.clover");
        value
    });
    files.collect()
}

/// Drift between a side of an example and the other one as Stripe would publish it.
fn drifting(example: &Example, from: Side, to: Side) -> Drift {
    let files = example.sources(to).iter().zip(theirs(example.sources(to)));
    let files: Vec<Published> = files.map(|(source, value)| reading(&source.name, &value)).collect();
    let found = drift(example.curated(from), &files).unwrap();
    causes::check(example.sources(from), &files, &found);
    found
}

/// Returns the rules and the items of a report.
fn rules(report: &Report) -> BTreeSet<String> {
    report.changes.iter().map(|change| format!("{} of {}", change.rule.id, change.item())).collect()
}

/// The snapshot lists where both reports differ: what only a curated description says, such as names in Rust; what is less than
/// Stripe publishes, and so no drift; and what is paired by structure instead of by names.
#[test]
fn drift_is_what_the_comparison_reports() {
    let tried = |(_, example): &(String, Example)| -> String {
        let sides = [(Side::Base, Side::Head), (Side::Head, Side::Base)];
        let differing = sides.into_iter().filter_map(|(from, to)| {
            let found = drifting(example, from, to);
            let (expected, actual) = (rules(&diff(example.api(from), example.api(to))), rules(&found.report));
            let missing = expected.difference(&actual).map(|line| format!("  - {line}\n"));
            let added = actual.difference(&expected).map(|line| format!("  + {line}\n"));
            let lines: String = missing.chain(added).collect();
            let direction = if from == Side::Base { "forward" } else { "backward" };
            (!lines.is_empty()).then(|| format!("{}, {direction}\n{lines}", example.name()))
        });
        differing.collect()
    };
    let examples = Example::all();
    let workers = thread::available_parallelism().map_or(2, Into::into);
    let parts: Vec<String> = thread::scope(|scope| {
        let parts = examples.chunks(examples.len().div_ceil(workers));
        let running: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(tried).collect::<String>())).collect();
        running.into_iter().map(|running| running.join().unwrap()).collect()
    });
    insta::assert_snapshot!(parts.concat());
}
