//! Reports as annotations of a GitHub workflow.

use std::cmp::Reverse;

use super::{causes, counts, fact, outdated, place, stale, verdict};
use crate::diff::{annotated, command, without_documentation};
use crate::published::drift::Drift;

/// Renders drift as workflow commands, without changes to documentation only, the most serious first.
#[must_use]
pub fn render_drift_github(drift: &Drift) -> String {
    let (mut changes, _) = without_documentation(&drift.report);
    changes.sort_by_key(|change| Reverse(change.rule.seriousness()));
    let annotations: String = changes
        .into_iter()
        .filter_map(|change| {
            let (file, line) = place(change)?;
            let facts: Vec<String> = causes(drift, change).iter().map(fact).collect();
            Some(command(change, (file, Some(line)), &format!("; {}", facts.join("; "))))
        })
        .collect();
    let deviation =
        |((file, line), text): ((&str, usize), String)| annotated(false, (file, Some(line)), "deviation", &text);
    let deviations: String = stale(drift).chain(outdated(drift)).map(deviation).collect();
    let counts = counts(drift).map(|counts| format!(": {counts}")).unwrap_or_default();
    format!("{annotations}{deviations}{}{counts}\n", verdict(drift))
}
