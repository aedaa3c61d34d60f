//! Reports for pull requests and issues.

use super::{causes, compared, counts, explained, fact, place, sections, verdict};
use crate::diff::{Body, prose};
use crate::published::drift::Drift;

/// Renders drift as Markdown. What does not fit into a comment is counted.
#[must_use]
pub fn render_drift_markdown(drift: &Drift) -> String {
    let counts = counts(drift).map(|counts| format!("\n{counts}\n")).unwrap_or_default();
    let mut body = Body::new(format!("**Drift: {}**\n{counts}", verdict(drift)));
    body.changes(&drift.report, |change| {
        let place = place(change).map(|(file, line)| format!("{file}:{line}"));
        place
            .into_iter()
            .chain(causes(drift, change).iter().map(fact).map(|fact| prose(&fact)))
            .collect::<Vec<_>>()
            .join(", ")
    });
    for section in sections(drift) {
        body.folded(&section.title, section.lines.iter().map(|line| format!("- {}\n", prose(line))));
    }
    let compared = drift.compared.iter().flat_map(compared).chain(explained(drift));
    body.folded("what was compared", compared.map(|line| format!("- {}\n", prose(line.trim_start()))));
    body.finish("cargo xtask drift")
}
