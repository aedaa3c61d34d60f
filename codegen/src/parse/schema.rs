//! Checks the keywords of one schema, or one parameter, against each other.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::check::{At, Checker};
use super::node::{Content, Mapping, Node};
use crate::diagnostic::Code;
use crate::dialect::grammar::{Kind, SchemaKind, TYPES, schema_keywords, schemas_with};
use crate::dialect::shape::Shape;
use crate::suggest;

impl Checker<'_, '_> {
    /// Checks a schema: its type decides which keywords it may have.
    pub(super) fn schema(&mut self, node: &Node, mapping: &Mapping, at: &At<'_>) -> Option<Value> {
        let given = mapping.get("type").map(|entry| &entry.value);
        let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(|key| mapping.get(key));
        let alternatives: Vec<_> = alternatives.collect();
        let kind = match (given.and_then(Node::text), alternatives.as_slice()) {
            (Some(name), []) => SchemaKind::Typed(name),
            (None, [only]) if given.is_none() && only.key == "anyOf" => SchemaKind::AnyOf,
            (None, [_]) if given.is_none() => SchemaKind::OneOf,
            (None, []) => SchemaKind::Free,
            (_, [first, ..]) => {
                let message = "more than one of `type`, `anyOf` and `oneOf` in a schema".to_owned();
                let help = Some("keep one of them".to_owned());
                self.push(Code::UnsupportedConstruct, first.key_span, &At::Key(at, &first.key), message, help);
                return None;
            }
        };
        self.enum_values(mapping, at);
        self.required_properties(mapping, at);
        self.contradictions(mapping, at);
        let is_unknown = match kind {
            SchemaKind::Typed(name) => !TYPES.contains(&name),
            SchemaKind::Free => given.is_some() || !types_with(mapping).is_empty(),
            SchemaKind::AnyOf | SchemaKind::OneOf => false,
        };
        if is_unknown {
            return self.schema_of_unknown_type(node, mapping, at);
        }
        self.keywords(Kind::Schema, &[Kind::Schema.keywords(), schema_keywords(kind)], node, mapping, at)
    }

    /// Checks a schema whose `type` is missing or wrong by the type that its other keywords belong to.
    fn schema_of_unknown_type(&mut self, node: &Node, mapping: &Mapping, at: &At<'_>) -> Option<Value> {
        let types = types_with(mapping);
        let [only] = types.as_slice() else {
            match mapping.get("type") {
                Some(entry) => {
                    let _ = self.value(&Shape::Choice(TYPES), &entry.value, &At::Key(at, "type"));
                }
                None => self.missing_type(&types, node, mapping, at),
            }
            let names: Vec<_> = Kind::Schema.keywords().iter().map(|member| member.name).collect();
            let is_known = |key: &str| names.contains(&key) || key.starts_with("x-") || !schemas_with(key).is_empty();
            for entry in mapping.entries().filter(|entry| !is_known(&entry.key)) {
                self.unknown_keyword(Kind::Schema, names.iter().copied(), None, entry, &At::Key(at, &entry.key));
            }
            return None;
        };
        if mapping.get("type").is_none() {
            self.missing_type(&types, node, mapping, at);
        }
        let keywords = [Kind::Schema.keywords(), schema_keywords(SchemaKind::Typed(only))];
        let mut value = self.keywords(Kind::Schema, &keywords, node, mapping, at)?;
        if let Some(members) = value.as_mapping_mut() {
            members.insert("type".into(), (*only).into());
        }
        Some(value)
    }

    fn missing_type(&mut self, types: &[&str], node: &Node, mapping: &Mapping, at: &At<'_>) {
        if mapping.entries().any(|entry| means(&entry.key, "type")) {
            return;
        }
        let written: Vec<_> = types.iter().map(|name| format!("`type: {name}`")).collect();
        let keyword = mapping.entries().find(|entry| !schemas_with(&entry.key).is_empty());
        let message = format!("missing `type` in a schema with `{}`", keyword.map_or("type", |entry| &entry.key));
        self.push(Code::MissingKeyword, node.span, at, message, Some(format!("add {}", written.join(" or "))));
    }

    fn enum_values(&mut self, mapping: &Mapping, at: &At<'_>) {
        if let Some(entry) = mapping.get("enum")
            && matches!(&entry.value.content, Content::List(items) if items.is_empty())
        {
            let help = Some("list the values, or remove it".to_owned());
            self.push(Code::WrongType, entry.value.span, &At::Key(at, "enum"), "`enum` is empty".to_owned(), help);
        }
    }

    /// Checks that `required` lists properties that exist, each once.
    fn required_properties(&mut self, mapping: &Mapping, at: &At<'_>) {
        let Some(list) = mapping.get("required") else { return };
        let Content::List(required) = &list.value.content else { return };
        let Some(properties) = mapping.get("properties") else {
            if !mapping.entries().any(|entry| means(&entry.key, "properties")) && !required.is_empty() {
                let message = "`required` without `properties`".to_owned();
                let help = Some("add `properties:` with an object".to_owned());
                self.push(Code::UnknownProperty, list.key_span, &At::Key(at, "required"), message, help);
            }
            return;
        };
        let Some(properties) = properties.value.mapping() else { return };
        let list = At::Key(at, "required");
        let mut seen = BTreeSet::new();
        for (index, item) in required.iter().enumerate() {
            let Some(name) = item.text() else { continue };
            let here = At::Index(&list, index);
            if properties.get(name).is_none() {
                let help = suggest::did_you_mean(name, properties.entries().map(|entry| &entry.key));
                let message = format!("unknown property `{}` in `required`", name.escape_debug());
                self.push(Code::UnknownProperty, item.span, &here, message, help);
            } else if !seen.insert(name) {
                let message = format!("duplicate entry `{}` in `required`", name.escape_debug());
                self.push(Code::UnknownProperty, item.span, &here, message, Some("remove one of the two".to_owned()));
            }
        }
    }

    /// Checks that a path parameter is required, and that the style is one of those for the parameter's place.
    pub(super) fn parameter(&mut self, node: &Node, mapping: &Mapping, at: &At<'_>) {
        let place = mapping.get("in").and_then(|entry| entry.value.text());
        if place == Some("path") {
            match mapping.get("required") {
                None if mapping.entries().any(|entry| means(&entry.key, "required")) => {}
                None => {
                    let message = "missing `required: true` in a path parameter".to_owned();
                    self.push(Code::MissingKeyword, node.span, at, message, Some("add `required: true`".to_owned()));
                }
                Some(entry) if matches!(entry.value.content, Content::Flag(false)) => {
                    let message = "a path parameter cannot be optional".to_owned();
                    let help = Some("write `required: true`".to_owned());
                    self.push(Code::WrongType, entry.value.span, &At::Key(at, "required"), message, help);
                }
                Some(_) => {}
            }
        }
        let Some(style) = mapping.get("style") else { return };
        let suits = match (place, style.value.text()) {
            (Some("path"), Some(style)) => style == "simple" || !["form", "deepObject"].contains(&style),
            (Some("query"), Some(style)) => style != "simple",
            _ => true,
        };
        if !suits {
            let message = format!("unsupported `style` for a {} parameter", place.unwrap_or_default());
            let help = Some("remove it, or write `simple` in the path, `form` or `deepObject` in the query".to_owned());
            self.push(Code::UnsupportedConstruct, style.value.span, &At::Key(at, "style"), message, help);
        }
    }
}

/// Returns the types that have all keywords of a schema, as far as those are not for any type.
fn types_with(mapping: &Mapping) -> Vec<&'static str> {
    let keywords = mapping.entries().map(|entry| schemas_with(&entry.key)).filter(|types| !types.is_empty());
    let keywords: Vec<_> = keywords.collect();
    let fits = |name: &&&'static str| !keywords.is_empty() && keywords.iter().all(|types| types.contains(*name));
    TYPES.iter().filter(fits).copied().collect()
}

/// Returns whether a key is a misspelling of a keyword.
fn means(key: &str, keyword: &str) -> bool {
    key != keyword && suggest::nearest(key, [keyword]).is_some()
}

/// Returns the type or the format that another language has this word for.
pub(super) fn synonym(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "str" | "text" | "varchar" | "uuid" | "date" | "datetime" | "timestamp" => "string",
        "int" | "long" | "i64" | "u64" | "int32" | "int64" | "uint64" => "integer",
        "float" | "double" | "decimal" | "f64" => "number",
        "bool" => "boolean",
        "list" | "sequence" => "array",
        "map" | "dict" | "hash" | "struct" => "object",
        "unix" | "unixtime" | "unix_time" | "epoch" => "unix-time",
        "date_time" | "rfc3339" => "date-time",
        _ => return None,
    })
}
