//! Checks examples, defaults and presets against their schemas; an error is at the value inside that does not fit.

use serde_yaml::Number;

use super::node::{Content, Mapping, Node};
use super::{Document, Span};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Related};
use crate::pointer::Pointer;
use crate::{rfc3339, suggest};

/// The most references and `anyOf`s that are followed to a type; more are a cycle.
const MAX_HOPS: usize = 32;

/// The bounds of numbers: the keyword, the one that excludes the bound itself, and each in words.
const BOUNDS: [(&str, &str, [&str; 2]); 2] = [
    ("minimum", "exclusiveMinimum", ["at least", "more than"]),
    ("maximum", "exclusiveMaximum", ["at most", "less than"]),
];

impl Document {
    /// Checks every `example`, `default` and `x-preset`.
    pub(crate) fn check_values(&self, diagnostics: &mut Diagnostics) {
        for pointer in &self.values {
            let holder = self.node(&pointer.parent());
            let (Some(holder), Some(value)) = (holder, self.node(pointer)) else { continue };
            let of_parameter = holder.mapping().and_then(|mapping| mapping.get("schema")).map(|entry| &entry.value);
            let is_listed = pointer.segments().last().is_some_and(|key| key != "example");
            let mut check = Check { document: self, diagnostics, is_listed };
            check.value(of_parameter.unwrap_or(holder), value, pointer, 0);
        }
    }
}

struct Check<'d, 'r> {
    document: &'d Document,
    diagnostics: &'r mut Diagnostics,
    /// Whether it is a default or a preset, which even an open enum must list.
    is_listed: bool,
}

impl<'d> Check<'d, '_> {
    /// Follows references; returns `None` for an unresolved one, which is reported elsewhere.
    fn resolve(&self, schema: &'d Node) -> Option<&'d Mapping> {
        let mut mapping = schema.mapping()?;
        for _ in 0..MAX_HOPS {
            let Some(reference) = mapping.get("$ref") else { return Some(mapping) };
            mapping = self.document.node(&Pointer::from_reference(reference.value.text()?)?)?.mapping()?;
        }
        None
    }

    fn value(&mut self, schema: &'d Node, value: &Node, at: &Pointer, hops: usize) {
        let Some(schema) = self.resolve(schema).filter(|_| hops < MAX_HOPS) else { return };
        let given = schema.get("type").map(|entry| &entry.value);
        match (&value.content, given.and_then(Node::text)) {
            (Content::Refused, _) => {}
            (Content::Null, _) if is_true(schema, "nullable") => {}
            (Content::Flag(false), _) if is_true(schema, "x-falseMeansAbsent") => {}
            (_, None) if given.is_none() => self.alternative(schema, value, at, hops),
            (Content::Text(text), Some("string")) => self.text(schema, text, value, at),
            (Content::Number(number), Some("integer")) if number.is_i64() => self.number(schema, number, value, at),
            (Content::Number(number), Some("number")) => self.number(schema, number, value, at),
            (Content::Flag(_), Some("boolean")) => {}
            (Content::List(items), Some("array")) => {
                let Some(schema) = schema.get("items") else { return };
                for (index, item) in items.iter().enumerate() {
                    self.value(&schema.value, item, &at.index(index), 0);
                }
            }
            (Content::Mapping(members), Some("object")) => self.object(schema, members, value, at),
            (_, Some(kind)) => {
                if let Some(expected) = described(kind) {
                    self.wrong_type(schema, expected, value, at);
                }
            }
            (_, None) => {}
        }
    }

    /// Checks a value against the entry of `anyOf` for its kind.
    fn alternative(&mut self, schema: &'d Mapping, value: &Node, at: &Pointer, hops: usize) {
        let Some(entry) = schema.get("anyOf").or_else(|| schema.get("oneOf")) else { return };
        let Content::List(members) = &entry.value.content else { return };
        if let [only] = members.as_slice() {
            return self.value(only, value, at, hops + 1);
        }
        // A schema without a type takes any value.
        let schemas = members.iter().map(|member| self.resolve(member));
        let Some(schemas) = schemas.collect::<Option<Vec<_>>>() else { return };
        let kinds = schemas.iter().map(|schema| schema.get("type")?.value.text());
        let Some(kinds) = kinds.collect::<Option<Vec<_>>>() else { return };
        if matches!(value.content, Content::Null) && schemas.iter().any(|schema| is_true(schema, "nullable")) {
            return;
        }
        // Of several objects, it is the one with a property that the value has.
        let shares = |schema: &Mapping| {
            let properties = schema.get("properties").and_then(|entry| entry.value.mapping());
            let members = value.mapping().into_iter().flat_map(Mapping::entries);
            properties.is_some_and(|properties| members.into_iter().any(|member| properties.get(&member.key).is_some()))
        };
        let fits = |index: &usize| kinds.get(*index).is_some_and(|kind| is_of(value, kind));
        let fitting = || (0..kinds.len()).filter(fits);
        let shared = fitting().find(|index| schemas.get(*index).is_some_and(|schema| shares(schema)));
        match shared.or_else(|| fitting().next()).and_then(|index| members.get(index)) {
            Some(member) => self.value(member, value, at, hops + 1),
            None => {
                let expected: Vec<_> = kinds.iter().filter_map(|kind| described(kind)).collect();
                self.wrong_type(schema, &expected.join(" or "), value, at);
            }
        }
    }

    fn object(&mut self, schema: &'d Mapping, members: &Mapping, value: &Node, at: &Pointer) {
        let properties = schema.get("properties").and_then(|entry| entry.value.mapping());
        let known = || properties.into_iter().flat_map(Mapping::entries).map(|entry| entry.key.as_str());
        let others = schema.get("additionalProperties").map(|entry| &entry.value);
        let is_open = match others.map(|others| &others.content) {
            Some(Content::Flag(flag)) => *flag,
            Some(_) => true,
            None => known().next().is_none(),
        };
        for member in members.entries() {
            let inside = at.join(&member.key);
            if let Some(property) = properties.and_then(|properties| properties.get(&member.key)) {
                self.value(&property.value, &member.value, &inside, 0);
            } else if let Some(others) = others.filter(|others| others.mapping().is_some()) {
                self.value(others, &member.value, &inside, 0);
            } else if !is_open {
                let message = format!("unknown property `{}`", member.key.escape_debug());
                let help = suggest::did_you_mean(&member.key, known());
                let help = help.unwrap_or_else(|| "remove it, or describe it in the schema's `properties`".to_owned());
                self.push(schema, "properties", member.key_span, &inside, message, help);
            }
        }
        let required = schema.get("required").map(|entry| &entry.value.content);
        let Some(Content::List(required)) = required else { return };
        for name in required.iter().filter_map(Node::text).filter(|name| members.get(name).is_none()) {
            let message = format!("missing required property `{}`", name.escape_debug());
            let help = format!("add `{}`", name.escape_debug());
            self.push(schema, "required", value.span, at, message, help);
        }
    }

    fn text(&mut self, schema: &'d Mapping, text: &str, value: &Node, at: &Pointer) {
        let format = schema.get("format").and_then(|entry| entry.value.text());
        let expected = match format {
            Some("date-time") if rfc3339::seconds(text).is_none() => "a timestamp such as `2026-01-31T12:00:00Z`",
            Some("int64") if text.parse::<i64>().is_err() => "an integer such as `'500'`",
            Some("uint64") if text.parse::<u64>().is_err() => "an integer of at least 0 such as `'500'`",
            Some("decimal") if !is_decimal(text) => "a decimal number such as `'12.50'`",
            Some("currency") if !is_currency(text) => "a currency in lower case such as `usd`",
            _ => return self.listed(schema, text, value, at),
        };
        let message = format!("expected {expected}, found {}", found(value));
        self.push(schema, "format", value.span, at, message, CORRECT.to_owned());
    }

    /// Checks that an enum lists a value, unless it is open.
    fn listed(&mut self, schema: &'d Mapping, text: &str, value: &Node, at: &Pointer) {
        let Some(Content::List(values)) = schema.get("enum").map(|entry| &entry.value.content) else { return };
        // An entry with an error may have been meant as this value.
        if values.iter().any(|value| value.text().is_none() && !matches!(value.content, Content::Null)) {
            return;
        }
        let bypasses = schema.get("x-stripeBypassValidation").map(|entry| &entry.value.content);
        let kind = schema.get("x-stripeEnum").and_then(|entry| entry.value.mapping()?.get("kind")?.value.text());
        let is_open = kind == Some("open") || matches!(bypasses, Some(Content::Flag(true)));
        let values = || values.iter().filter_map(Node::text);
        if values().any(|listed| listed == text) || is_open && !self.is_listed {
            return;
        }
        let message = format!("expected a value of `enum`, found {}", found(value));
        let others = || format!("use one of {}", suggest::listed(values()));
        let help = suggest::did_you_mean(text, values()).unwrap_or_else(others);
        self.push(schema, "enum", value.span, at, message, help);
    }

    fn number(&mut self, schema: &'d Mapping, number: &Number, value: &Node, at: &Pointer) {
        for (key, exclusive, words) in BOUNDS {
            let Some(Content::Number(bound)) = schema.get(key).map(|entry| &entry.value.content) else { continue };
            let excludes = is_true(schema, exclusive);
            let order = if key == "minimum" { compare(number, bound) } else { compare(bound, number) };
            if order.is_lt() || excludes && order.is_eq() {
                let [inclusive, exclusive] = words;
                let expected = if excludes { exclusive } else { inclusive };
                let message = format!("expected {expected} `{bound}`, found {}", found(value));
                self.push(schema, key, value.span, at, message, CORRECT.to_owned());
            }
        }
    }

    fn wrong_type(&mut self, schema: &'d Mapping, expected: &str, value: &Node, at: &Pointer) {
        let message = format!("expected {expected}, found {}", found(value));
        let help = match value.content {
            Content::Null => "remove it, or add `nullable: true` to the schema",
            Content::Number(_) | Content::Flag(_) if expected.contains("string") => {
                "put it in quotes to make it a string"
            }
            _ => CORRECT,
        };
        self.push(schema, "type", value.span, at, message, help.to_owned());
    }

    /// Reports a value, with the keyword of the schema that it does not fit.
    fn push(&mut self, schema: &Mapping, keyword: &str, span: Span, at: &Pointer, message: String, help: String) {
        let file = self.document.file;
        let related = ["anyOf", "oneOf"].into_iter().fold(schema.get(keyword), |found, key| found.or(schema.get(key)));
        let related =
            related.map(|entry| Related { location: entry.key_span.location(file), text: "its schema".to_owned() });
        self.diagnostics.push(Diagnostic {
            code: Code::InvalidExample,
            message,
            pointer: at.clone(),
            location: span.location(file),
            related: related.into_iter().collect(),
            help: Some(help),
        });
    }
}

const CORRECT: &str = "change the value, or its schema";

/// Returns whether a flag of a schema is set.
fn is_true(schema: &Mapping, key: &str) -> bool {
    schema.get(key).is_some_and(|entry| matches!(entry.value.content, Content::Flag(true)))
}

/// Returns whether a value is of a type, valid in detail or not.
fn is_of(value: &Node, kind: &str) -> bool {
    match (&value.content, kind) {
        (Content::Text(_), "string")
        | (Content::Number(_), "number")
        | (Content::Flag(_), "boolean")
        | (Content::List(_), "array")
        | (Content::Mapping(_), "object") => true,
        (Content::Number(number), "integer") => number.is_i64(),
        _ => false,
    }
}

/// Returns a type in words.
fn described(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "an array",
        "object" => "an object",
        _ => return None,
    })
}

/// Returns a value in words.
fn found(value: &Node) -> String {
    match &value.content {
        Content::Null | Content::Refused => "null".to_owned(),
        Content::Flag(flag) => format!("`{flag}`"),
        Content::Number(number) => format!("`{number}`"),
        Content::Text(text) => format!("`{}`", text.escape_debug()),
        Content::List(_) => "an array".to_owned(),
        Content::Mapping(_) => "an object".to_owned(),
    }
}

fn compare(one: &Number, other: &Number) -> std::cmp::Ordering {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(std::cmp::Ordering::Equal),
    }
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    [whole, fraction].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}
