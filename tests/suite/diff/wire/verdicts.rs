//! The wire's verdict on every example of a rule is what bodies show.

use std::collections::BTreeSet;
use std::sync::Arc;

use stripe_reporting_codegen::diff::{Wire, diff};

use super::super::example::{Example, Side};
use super::super::rules::wire_judgements;
use super::{Reader, evidence};

#[test]
fn every_wire_verdict_matches_what_bodies_show() {
    let (judgements, mut needed) = (wire_judgements(), BTreeSet::new());
    let mut wrong = Vec::new();
    for (file, example) in Example::all() {
        let sides = [Side::Base, Side::Head, Side::Near].map(|side| (example.api(side), example.contract(side)));
        let [base, head, near] = &sides;
        for (name, (from, old), (to, new)) in
            [("forward", base, head), ("backward", head, base), ("near", base, near), ("near backward", near, base)]
        {
            let report = diff(from, to);
            let evidence = evidence(old, new, &report);
            let found = evidence.contradictions(&report, &judgements);
            wrong.extend(found.into_iter().map(|found| format!("{file}: {}, {name}: {found}", example.name())));
            let breaking = report.changes.iter().filter(|change| change.rule.wire == Wire::Breaking);
            needed.extend(breaking.filter(|change| !evidence.has(change.direction)).map(|change| change.rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unneeded: Vec<_> = judgements.iter().filter(|id| !needed.contains(id.as_str())).collect();
    assert!(unneeded.is_empty(), "bodies show what `_rules.yaml` calls a judgement: {unneeded:?}");
}

#[test]
fn samples_are_valid_for_their_own_description() {
    let mut seen = BTreeSet::new();
    for (_, example) in Example::all() {
        for contract in [Side::Base, Side::Head].map(|side| example.contract(side)) {
            let requests = contract.requests.iter().map(|body| (body, Reader::Server));
            for ((name, body), reader) in requests.chain(contract.responses.iter().map(|body| (body, Reader::Client))) {
                if seen.insert((Arc::as_ptr(body), reader)) {
                    let samples = body.samples(reader);
                    let rejected = samples.iter().find(|sample| !body.accepts(reader, sample));
                    assert_eq!(rejected, None, "{}: {name}", example.name());
                    assert!(!samples.is_empty(), "{}: {name} has no samples", example.name());
                }
            }
        }
    }
}
