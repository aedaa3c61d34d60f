//! Reports for programs. `spec/README.md` documents the format, to which members are only added.

use serde::Serialize;

use super::causes;
use crate::diff::JsonChange;
use crate::json_lines::escape_line_separators;
use crate::published::deviation::Deviation;
use crate::published::drift::Drift;
use crate::published::fact::Fact;

#[derive(Serialize)]
struct JsonDrift<'a> {
    level: Option<&'static str>,
    wire: Option<&'static str>,
    compared: Vec<JsonCompared<'a>>,
    changes: Vec<JsonDrifted<'a>>,
    deviations: JsonDeviations<'a>,
    inexpressible: Vec<JsonForeign<'a>>,
    silent: Vec<JsonFact<'a>>,
    later: Vec<JsonFact<'a>>,
    nearby: Vec<JsonNearby<'a>>,
}

#[derive(Serialize)]
struct JsonCompared<'a> {
    file: &'a str,
    version: &'a str,
    published: Option<JsonPublished<'a>>,
    elsewhere: Vec<JsonElsewhere<'a>>,
}

#[derive(Serialize)]
struct JsonPublished<'a> {
    file: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct JsonElsewhere<'a> {
    operation: &'a str,
    file: &'a str,
}

#[derive(Serialize)]
struct JsonDrifted<'a> {
    #[serde(flatten)]
    change: JsonChange<'a>,
    facts: Vec<JsonFact<'a>>,
}

#[derive(Serialize)]
struct JsonFact<'a> {
    fingerprint: String,
    file: &'a str,
    pointer: &'a str,
    published: String,
    source: JsonPlace<'a>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    pointer: &'a str,
}

#[derive(Serialize)]
struct JsonDeviations<'a> {
    kept: usize,
    unchecked: usize,
    stale: Vec<JsonDeviation<'a>>,
    outdated: Vec<JsonDeviation<'a>>,
}

#[derive(Serialize)]
struct JsonDeviation<'a> {
    file: &'a str,
    line: usize,
    pointer: &'a str,
    published: &'a str,
    fact: Option<JsonFact<'a>>,
}

#[derive(Serialize)]
struct JsonForeign<'a> {
    file: &'a str,
    pointer: &'a str,
    construct: &'a str,
}

#[derive(Serialize)]
struct JsonNearby<'a> {
    namespace: &'a str,
    kind: &'static str,
    name: &'a str,
    file: &'a str,
    pointer: &'a str,
}

/// The JSON Schema of the reports.
pub const DRIFT_SCHEMA: &str = include_str!("schema.json");

/// Renders drift as one JSON object.
#[must_use]
pub fn render_drift_json(drift: &Drift) -> String {
    let report = JsonDrift {
        level: drift.report.level().map(|level| level.as_str()),
        wire: drift.report.wire().map(|wire| wire.as_str()),
        compared: drift
            .compared
            .iter()
            .map(|compared| JsonCompared {
                file: &compared.file,
                version: &compared.version.text,
                published: compared
                    .published
                    .as_ref()
                    .map(|(file, version)| JsonPublished { file, version: &version.text }),
                elsewhere: compared
                    .elsewhere
                    .iter()
                    .map(|(operation, file)| JsonElsewhere { operation, file })
                    .collect(),
            })
            .collect(),
        changes: drift
            .report
            .changes
            .iter()
            .map(|change| JsonDrifted {
                change: JsonChange::of(change),
                facts: causes(drift, change).iter().map(fact).collect(),
            })
            .collect(),
        deviations: JsonDeviations {
            kept: drift.deviations.kept,
            unchecked: drift.deviations.unchecked,
            stale: drift.deviations.stale.iter().map(|entry| deviation(entry, None)).collect(),
            outdated: drift.deviations.outdated.iter().map(|(entry, now)| deviation(entry, Some(now))).collect(),
        },
        inexpressible: drift
            .foreign
            .iter()
            .map(|found| JsonForeign {
                file: &found.published,
                pointer: found.pointer.as_str(),
                construct: &found.construct,
            })
            .collect(),
        silent: drift.silent.iter().map(fact).collect(),
        later: drift.later.iter().map(fact).collect(),
        nearby: drift
            .nearby
            .iter()
            .map(|found| JsonNearby {
                namespace: &found.namespace,
                kind: found.kind,
                name: &found.name,
                file: &found.published,
                pointer: found.pointer.as_str(),
            })
            .collect(),
    };
    // Strings and numbers always serialize.
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    escape_line_separators(&format!("{text}\n"))
}

fn fact(fact: &Fact) -> JsonFact<'_> {
    JsonFact {
        fingerprint: fact.fingerprint(),
        file: &fact.file,
        pointer: fact.pointer.as_str(),
        published: fact.value.to_string(),
        source: JsonPlace { file: &fact.published, pointer: fact.published_pointer.as_str() },
    }
}

fn deviation<'a>(entry: &'a Deviation, now: Option<&'a Fact>) -> JsonDeviation<'a> {
    JsonDeviation {
        file: &entry.file,
        line: entry.line,
        pointer: entry.pointer.as_str(),
        published: &entry.published,
        fact: now.map(fact),
    }
}
