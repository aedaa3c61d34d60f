//! What is read.

/// One description: what messages call it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name in messages, such as `spec/v1.yaml`. Only its last part shows in what is generated.
    pub name: String,
    /// The text, YAML or JSON.
    pub text: String,
}

/// The last part of a name: where a description lies must not show in what is generated.
pub(crate) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
