//! Help for habits of other versions of OpenAPI, and for values that YAML reads differently than they look.

use super::check::At;
use super::node::{Content, Entry, Node};
use super::yaml::resolve;
use crate::dialect::grammar::{Kind, schemas_with};
use crate::dialect::shape::Shape;

/// Returns the help for a value of another shape.
pub(super) fn value(shape: &Shape, node: &Node, at: &At<'_>) -> Option<String> {
    let help = match (&node.content, at) {
        (Content::Text(text), _) if is(shape, &resolve(text)) => "remove the quotes",
        (Content::Text(text), _) if is(shape, &Content::Flag(true)) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" => "write `true`",
            "no" | "off" => "write `false`",
            _ => return None,
        },
        (Content::Flag(flag), At::Key(schema, "required")) => return Some(required(*flag, schema)),
        (Content::Number(_) | Content::Flag(_), _) if takes_text(shape) => "put it in quotes to make it a string",
        (Content::Null, _) if matches!(shape, Shape::Object(_) | Shape::OrReference(_)) => {
            "indent its members further, or remove the key"
        }
        (Content::Null, _) => return Some(null_type(at).unwrap_or("give it a value, or remove the key".to_owned())),
        (Content::List(types), At::Key(_, "type")) => return Some(list_of_types(types)),
        (Content::Mapping(_), _) if matches!(shape, Shape::List(_)) => "write a list: start each entry with `- `",
        (Content::List(_), _) if takes_text(shape) => {
            "write one string: in quotes if it starts with `[`, after `|` if it has several lines"
        }
        (Content::Mapping(_), _) if takes_text(shape) => {
            "write one string, in quotes if it contains `: ` or starts with `{`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// Returns the help for a key that a schema cannot have, where it depends on the value.
pub(super) fn keyword(kind: Kind, entry: &Entry, at: &At<'_>) -> Option<String> {
    match (kind, entry.key.as_str(), at) {
        (Kind::Schema, "required", At::Key(schema, _)) => {
            let text = entry.value.text().map(resolve);
            match text.as_ref().unwrap_or(&entry.value.content) {
                Content::Flag(flag) => Some(required(*flag, schema)),
                _ => None,
            }
        }
        (Kind::Schema, "allOf", _) => {
            let Content::List(entries) = &entry.value.content else { return None };
            let [only] = entries.as_slice() else { return None };
            only.mapping()?.get("$ref")?;
            let help =
                "write `anyOf:` with the reference as its only entry, and `nullable: true` beside it if it may be null";
            Some(help.to_owned())
        }
        _ => None,
    }
}

/// Returns the help for the type `null`, which OpenAPI 3.0 does not have.
pub(super) fn null_type(at: &At<'_>) -> Option<String> {
    match at {
        At::Key(At::Index(At::Key(_, list @ ("anyOf" | "oneOf")), _), "type") => {
            Some(format!("remove this entry, and write `nullable: true` beside `{list}`"))
        }
        _ => None,
    }
}

/// Returns the help for a list of types, as OpenAPI 3.1 has it, often with `null`.
fn list_of_types(types: &[Node]) -> String {
    let is_null = |node: &&Node| matches!(node.content, Content::Null) || node.text() == Some("null");
    let (null, others): (Vec<_>, Vec<_>) = types.iter().partition(is_null);
    let nullable = if null.is_empty() { "" } else { ", and `nullable: true` beside it" };
    match others.as_slice() {
        [only] if only.text().is_some() => {
            format!("write `type: {}`{nullable}", only.text().unwrap_or_default().escape_debug())
        }
        _ => format!("write `anyOf:` with a schema for each type{nullable}"),
    }
}

/// Returns the help for `required` on a property or on the schema of a parameter, as other versions have it.
fn required(flag: bool, schema: &At<'_>) -> String {
    match schema {
        At::Key(At::Key(_, "properties"), name) if flag => {
            format!("list `{}` in `required` of the enclosing object", name.escape_debug())
        }
        At::Key(At::Key(_, "properties"), _) => {
            "remove it: the enclosing object lists its required properties".to_owned()
        }
        At::Key(_, "schema") => "move it beside `schema`".to_owned(),
        _ => "remove it, or list the required properties".to_owned(),
    }
}

/// Returns the help for a keyword that another type of schema has.
pub(super) fn belongs(kind: Kind, keyword: &str) -> Option<String> {
    let types = if kind == Kind::Schema { schemas_with(keyword) } else { Vec::new() };
    let types: Vec<_> = types.iter().map(|name| format!("`type: {name}`")).collect();
    (!types.is_empty()).then(|| format!("remove it: it belongs to {}", types.join(" or ")))
}

/// Returns whether an entry among schemas is a keyword of a schema.
pub(super) fn is_keyword_of_schema(shape: &Shape, entry: &Entry) -> bool {
    let is_schema = matches!(shape, Shape::OrReference(Kind::Schema)) && entry.value.mapping().is_none();
    let of_any = || Kind::Schema.keywords().iter().any(|member| member.name == entry.key);
    is_schema && (of_any() || ["anyOf", "oneOf"].contains(&entry.key.as_str()) || !schemas_with(&entry.key).is_empty())
}

/// Returns whether a flag or a number is of a shape.
fn is(shape: &Shape, content: &Content) -> bool {
    match (shape, content) {
        (Shape::Flag, Content::Flag(_)) | (Shape::Number, Content::Number(_)) => true,
        (Shape::Integer, Content::Number(number)) => number.is_i64(),
        (Shape::Count, Content::Number(number)) => number.is_u64(),
        (Shape::Either(one, other), _) => is(one, content) || is(other, content),
        _ => false,
    }
}

fn takes_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Choice(_) => true,
        Shape::Either(one, other) => takes_text(one) || takes_text(other),
        _ => false,
    }
}
