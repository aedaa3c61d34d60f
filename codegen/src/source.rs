//! The input: descriptions as text.

/// A description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name in messages, such as `spec/v1.yaml`. Generated code has only its base name.
    pub name: String,
    /// The text, YAML or JSON.
    pub text: String,
}

/// Returns the last part of a name: generated code must not depend on the folder of a description.
pub(crate) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
