//! The differences that are accepted, each with its reason: `differences.yaml`.

use std::path::Path;

use serde::Deserialize;

use crate::compare::Difference;

/// A difference, or several. `*` stands for any text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    /// The witnesses, such as `stripe-python *`.
    witness: String,
    step: String,
    /// The JSON pointer of the field in the outcome.
    at: String,
    reason: String,
}

impl Accepted {
    pub(crate) fn read(path: &Path) -> Result<Vec<Self>, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let read: Vec<Self> = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        match read.iter().find(|entry| entry.reason.trim().is_empty()) {
            Some(entry) => Err(format!("{}: `{} {}` has no reason", path.display(), entry.step, entry.at)),
            None => Ok(read),
        }
    }

    pub(crate) fn is_about(&self, witness: &str) -> bool {
        matches(&self.witness, witness)
    }

    pub(crate) fn covers(&self, witness: &str, difference: &Difference) -> bool {
        self.is_about(witness) && matches(&self.step, &difference.step) && matches(&self.at, &difference.at)
    }
}

impl std::fmt::Display for Accepted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} · {} · {}", self.witness, self.step, self.at)
    }
}

/// Whether a text has the form of a pattern, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|text| (0..=text.len()).any(|end| text.get(end..).is_some_and(|text| matches(rest, text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in
            [("a", "a"), ("*", ""), ("*", "abc"), ("a*c", "abc"), ("a*c", "ac"), ("*b*", "abc"), ("a*", "a")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*c", "ab"), ("", "a"), ("*b", "abc"), ("a*b*c", "ac")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
