//! JSON for readers that split a text into lines.

/// Escapes the line separators that JSON leaves as they are: some readers, such as Python's `splitlines`, end a line at each.
pub(crate) fn escape_line_separators(json: &str) -> String {
    // They occur inside of strings only, where an escape means the same.
    json.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
