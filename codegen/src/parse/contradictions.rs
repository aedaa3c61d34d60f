//! Reports values that a schema lists twice, and keywords of which only one could have an effect.

use std::collections::HashMap;

use super::check::{At, Checker};
use super::node::{Content, Entry, Mapping, Span};
use crate::diagnostic::{Code, Related};

/// The keywords that say what a string contains; a schema has at most one of them.
const KINDS_OF_STRINGS: &[&str] = &["format", "enum", "x-secret", "x-stripeProperty", "x-knownValues"];

impl Checker<'_, '_> {
    /// Checks the keywords of a schema against each other.
    pub(super) fn contradictions(&mut self, mapping: &Mapping, at: &At<'_>) {
        let extension = mapping.get("x-stripeEnum").and_then(|entry| entry.value.mapping());
        let described = extension.and_then(|extension| extension.get("values"));
        let extension_at = At::Key(at, "x-stripeEnum");
        self.repeated(mapping.get("enum"), at);
        self.repeated(mapping.get("x-knownValues"), at);
        self.repeated(described, &extension_at);
        let bypass = mapping.get("x-stripeBypassValidation");
        if let (Some(extension), Some(bypass)) = (mapping.get("x-stripeEnum"), bypass) {
            let message = "`x-stripeEnum` and `x-stripeBypassValidation` both say whether the enum is open".to_owned();
            let help = "remove `x-stripeBypassValidation`";
            let here = At::Key(at, "x-stripeBypassValidation");
            let related = (extension.key_span, "`x-stripeEnum`");
            self.contradiction(Code::MalformedExtension, bypass.key_span, &here, message, help, related);
        }
        if let (Some(event), Some(error)) = (mapping.get("x-stripeEvent"), mapping.get("x-stripeError")) {
            let message = "`x-stripeEvent` and `x-stripeError` in one schema".to_owned();
            let (here, help) = (At::Key(at, "x-stripeError"), "keep one of the two");
            let related = (event.key_span, "the event");
            self.contradiction(Code::Contradiction, error.key_span, &here, message, help, related);
        }
        self.kinds_of_string(mapping, at);
    }

    /// Checks that a string is described in one way: beside a secret, for example, a format has no effect.
    fn kinds_of_string(&mut self, mapping: &Mapping, at: &At<'_>) {
        let is_kind = |entry: &&Entry| {
            let is_on = entry.key != "x-secret" || matches!(entry.value.content, Content::Flag(true));
            KINDS_OF_STRINGS.contains(&entry.key.as_str()) && is_on
        };
        let mut kinds = mapping.entries().filter(is_kind);
        let Some(first) = kinds.next() else { return };
        for entry in kinds {
            let message = format!("`{}` conflicts with `{}`", entry.key, first.key);
            let related = (first.key_span, "the other keyword");
            let (here, help) = (At::Key(at, &entry.key), "keep one of the two");
            self.contradiction(Code::UnsupportedConstruct, entry.key_span, &here, message, help, related);
        }
    }

    /// Checks that a list has no value twice.
    fn repeated(&mut self, list: Option<&Entry>, at: &At<'_>) {
        let Some(entry) = list else { return };
        let Content::List(items) = &entry.value.content else { return };
        let list = At::Key(at, &entry.key);
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let value = item.mapping().and_then(|mapping| mapping.get("value")).map_or(item, |entry| &entry.value);
            let Some(text) = value.text() else { continue };
            if let Some(first) = seen.get(text) {
                let message = format!("duplicate value `{}`", text.escape_debug());
                let here = At::Index(&list, index);
                let (help, related) = ("remove one of the two", (*first, "first listed here"));
                self.contradiction(Code::EnumValueCollision, value.span, &here, message, help, related);
            } else {
                seen.insert(text, value.span);
            }
        }
    }

    /// Reports a contradiction, with both places.
    pub(super) fn contradiction(
        &mut self,
        code: Code,
        span: Span,
        at: &At<'_>,
        message: String,
        help: &str,
        (other, text): (Span, &str),
    ) {
        let related = Related { location: self.report.location(other), text: text.to_owned() };
        self.report.push_related(code, span, &at.pointer(), message, Some(help.to_owned()), vec![related]);
    }
}
