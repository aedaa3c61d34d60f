//! Decodes the values of extensions, whose shapes have been checked by `parse`.

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::site::Site;
use crate::diagnostic::Code;
pub(super) use crate::dialect::extensions::*;

pub(super) type Extensions = IndexMap<String, serde_json::Value>;

/// Whether a flag is set.
pub(super) fn is_set(extensions: &Extensions, name: &str) -> bool {
    extensions.get(name) == Some(&serde_json::Value::Bool(true))
}

impl Context<'_> {
    /// Decodes an extension of the object at `site`.
    pub(super) fn extension<T: DeserializeOwned>(
        &mut self,
        site: &Site<'_>,
        extensions: &Extensions,
        name: &str,
    ) -> Option<T> {
        match serde_json::from_value(extensions.get(name)?.clone()) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("could not decode `{name}`: {error}");
                let help = "write it as `spec/README.md` shows";
                self.report(site.key(name).at_value(Code::MalformedExtension, message, help));
                None
            }
        }
    }
}
