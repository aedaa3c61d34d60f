//! Reports for a terminal.

use super::{causes, compared, counts, explained, fact, place, sections, verdict};
use crate::diff::groups;
use crate::published::drift::Drift;

/// Renders drift as plain text.
#[must_use]
pub fn render_drift_text(drift: &Drift) -> String {
    let mut out = String::new();
    for line in drift.compared.iter().flat_map(compared) {
        out.push_str(&format!("{line}\n"));
    }
    out.push_str(&format!("{}\n", verdict(drift)));
    out.extend(counts(drift).map(|counts| format!("{counts}\n")));
    out.push_str(&groups(&drift.report, |change| {
        let place = place(change).map(|(file, line)| format!("{file}:{line}"));
        place.into_iter().chain(causes(drift, change).iter().map(fact)).collect()
    }));
    for section in sections(drift) {
        out.push_str(&format!("\n{}\n", section.title));
        section.lines.iter().for_each(|line| out.push_str(&format!("  {line}\n")));
    }
    if let Some(explained) = explained(drift) {
        out.push_str(&format!("\n{explained}\n"));
    }
    out
}
