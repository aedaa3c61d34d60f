//! Reports for programs. `spec/POLICY.md` documents the format, which only grows.

use serde_json::{Value, json};

use crate::diff::{Place, Report};

/// Renders a report as one JSON object.
#[must_use]
pub fn render_diff_json(report: &Report) -> String {
    let changes = report.changes.iter().map(|change| {
        json!({
            "rule": change.rule.id,
            "level": change.rule.level.as_str(),
            "wire": change.rule.wire.as_str(),
            "direction": change.direction.as_str(),
            "item": change.item(),
            "message": change.message,
            "base": side(change.base.as_ref()),
            "head": side(change.head.as_ref()),
        })
    });
    let report = json!({
        "level": report.level().map(|level| level.as_str()),
        "wire": report.wire().map(|wire| wire.as_str()),
        "changes": changes.collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn side(place: Option<&Place>) -> Value {
    place.map_or(Value::Null, |place| json!({"file": place.file, "line": place.line}))
}
