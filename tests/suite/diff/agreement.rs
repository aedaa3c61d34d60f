//! The report agrees with what is generated: any two examples are compared, which differ in several things at once.

use std::collections::{BTreeMap, BTreeSet};

use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{Level, Report, Rule, diff, rules};
use stripe_reporting_codegen::{Options, Source, generate, read};

use super::example::{Example, Side};

struct Described {
    name: String,
    api: Api,
    files: BTreeMap<String, String>,
    items: BTreeSet<String>,
}

fn described(example: &Example, side: Side) -> Described {
    let source: Source = example.source(side);
    let generated = generate(std::slice::from_ref(&source), &Options::new("little", "0.1.0", "../../runtime")).unwrap();
    let files: BTreeMap<_, _> = generated.files.into_iter().map(|file| (file.path, file.text)).collect();
    // What constants of requests and resources say is how Stripe is spoken to, which follows the description.
    let is_item = |line: &&str| !line.starts_with('#') || line.starts_with("#[");
    let is_wire = |line: &&str| line.starts_with("const <");
    let items = files["api.txt"]
        .lines()
        .filter(is_item)
        .filter(|line| !is_wire(line))
        .map(|line| line.replace("#[deprecated] ", ""))
        .collect();
    Described { name: format!("{} {side:?}", example.name()), api: read(&[source]).unwrap(), files, items }
}

fn all() -> Vec<Described> {
    let examples = Example::all();
    let sides = [Side::Base, Side::Head];
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (_, example) in &examples {
        for side in sides {
            if seen.insert(example.source(side).text) {
                all.push(described(example, side));
            }
        }
    }
    all
}

/// What a report tells, without the sides.
fn told(report: &Report, id: impl Fn(&'static Rule) -> &'static str) -> Vec<String> {
    let mut told: Vec<_> = report.changes.iter().map(|change| id(change.rule).to_owned()).collect();
    told.sort_unstable();
    told
}

#[test]
fn any_two_descriptions_differ_as_their_crates_do() {
    let all = all();
    let mirrors: BTreeMap<&str, &str> = rules().map(|rule| (rule.id, rule.mirror)).collect();
    let mut wrong = BTreeSet::new();
    let reports: Vec<Vec<Report>> =
        all.iter().map(|base| all.iter().map(|head| diff(&base.api, &head.api)).collect()).collect();
    for (at, base) in all.iter().enumerate() {
        for (to, head) in all.iter().enumerate() {
            let report = &reports[at][to];
            let mut check = |is_right: bool, what: &str| {
                if !is_right {
                    wrong.insert(format!("{} -> {}: {what}: {:?}", base.name, head.name, told(report, |rule| rule.id)));
                }
            };
            if base.files != head.files {
                check(report.level().is_some(), "the crates differ, and nothing is told");
            }
            if let Some(gone) = base.items.difference(&head.items).next() {
                check(report.level() == Some(Level::Major), &format!("`{gone}` is gone"));
            }
            if let Some(new) = head.items.difference(&base.items).next() {
                check(report.level() >= Some(Level::Minor), &format!("`{new}` is new"));
            }
            let mirrored = told(&reports[to][at], |rule| mirrors[rule.id]);
            check(told(report, |rule| rule.id) == mirrored, &format!("swapped it is {mirrored:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.into_iter().take(40).collect::<Vec<_>>().join("\n")
    );
}
