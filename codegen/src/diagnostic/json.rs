//! Renders diagnostics for programs: one JSON object per line.

use serde_json::json;

use super::Diagnostics;
use crate::json_lines::escape_line_separators;
use crate::source::Source;

/// Renders diagnostics as lines of JSON with `code, file, line, column, pointer, message, help`.
#[must_use]
pub fn render_json(diagnostics: &Diagnostics, sources: &[Source]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| {
        let location = &diagnostic.location;
        let line = json!({
            "code": diagnostic.code.as_str(),
            "file": sources.get(location.file.0).map(|source| source.name.as_str()),
            "line": location.line,
            "column": location.column,
            "pointer": diagnostic.pointer.as_str(),
            "message": diagnostic.message,
            "help": diagnostic.help,
        });
        escape_line_separators(&format!("{line}\n"))
    });
    lines.collect()
}

/// Renders an error about a whole file in the same form.
#[must_use]
pub fn render_file_json(code: &str, file: &str, message: &str, help: &str) -> String {
    let line = json!({
        "code": code, "file": file, "line": null, "column": null, "pointer": null, "message": message, "help": help,
    });
    escape_line_separators(&format!("{line}\n"))
}
