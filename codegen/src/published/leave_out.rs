//! Leaves out the smallest part around a place that the dialect can do without, or writes it in another form.

use heck::ToUpperCamelCase;

use super::translate_objects::BOUNDS;
use crate::diagnostic::Code;
use crate::edit::Value;

/// What has become of something that cannot be written as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// The whole value is to be left out.
    Whole,
    /// A part is left out or written differently, in words.
    Part(String),
    /// Something follows from what has been left out.
    Detail,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Operation,
    Parameters,
    Parameter,
    Responses,
    Encoding,
    /// A schema with a name of its own.
    Component,
    Schema,
    /// Objects in which nothing can be left out: bodies, responses, media types.
    Around,
}

/// What an operation or a parameter can do without.
const OPTIONAL: [&str; 6] = ["deprecated", "explode", "style", "x-stableId", "x-stripeNotPublic", "x-stripeParam"];

/// What a schema can do without: it has more values then, or says less of them.
const OPTIONAL_OF_SCHEMAS: [&str; 8] =
    ["default", "deprecated", "format", "maximum", "minimum", "x-stableId", "x-stripeProperty", "x-knownValues"];

/// Leaves something out around the place that an error is about; the place is that of the value and the path in it.
pub(super) fn leave_out(value: &mut Value, role: Role, name: &str, path: &[String], code: Code) -> LeftOut {
    let is_taken = [Code::NameCollision, Code::DuplicateOperation].contains(&code) && path.is_empty();
    let renamed = if is_taken { rename(value, name) } else { None };
    renamed.or_else(|| inside(value, role, name, path, code)).unwrap_or(LeftOut::Whole)
}

fn inside(value: &mut Value, role: Role, name: &str, path: &[String], code: Code) -> Option<LeftOut> {
    let (key, rest) = path.split_first()?;
    if role.is_schema() {
        match key.as_str() {
            "properties" => return property(value, name, rest, code),
            "enum" | "x-knownValues" if is_of_names(code) => return without_names(value, role, rest),
            "oneOf" => return entry(value, name, rest, code),
            _ => {}
        }
    }
    let within = child(value, key).and_then(|child| inside(child, role.inside(key), name, rest, code));
    within.or_else(|| itself(value, role, key))
}

impl Role {
    fn is_schema(self) -> bool {
        matches!(self, Self::Component | Self::Schema)
    }

    fn inside(self, key: &str) -> Self {
        match (self, key) {
            (Self::Operation, "parameters") => Self::Parameters,
            (Self::Operation, "responses") => Self::Responses,
            (Self::Parameters, _) => Self::Parameter,
            (Self::Around, "encoding") => Self::Encoding,
            (Self::Parameter | Self::Around, "schema") => Self::Schema,
            (Self::Component | Self::Schema, "items" | "additionalProperties" | "anyOf") => Self::Schema,
            // An item of `anyOf`.
            (Self::Schema, index) if index.parse::<usize>().is_ok() => Self::Schema,
            _ => Self::Around,
        }
    }
}

/// Leaves out a keyword, a parameter or a response.
fn itself(value: &mut Value, role: Role, key: &str) -> Option<LeftOut> {
    match role {
        Role::Operation | Role::Parameter if OPTIONAL.contains(&key) => {
            remove(value, key).map(|_| LeftOut::Part(format!("without `{key}`")))
        }
        Role::Parameters => {
            let Value::List(parameters) = value else { return None };
            let index = key.parse::<usize>().ok().filter(|index| *index < parameters.len())?;
            let is_in_path = parameters.get(index)?.get("in") == Some(&Value::text("path"));
            let gone = (!is_in_path).then(|| parameters.remove(index))?;
            Some(LeftOut::Part(format!(
                "without the parameter `{}`",
                gone.get("name").and_then(Value::as_text).unwrap_or_default()
            )))
        }
        Role::Responses if !key.starts_with('2') => {
            remove(value, key).map(|_| LeftOut::Part(format!("without the response `{key}`")))
        }
        // Its properties have been left out.
        Role::Operation if key == "requestBody" && !has_properties(value.get(key)?) => {
            remove(value, key).map(|_| LeftOut::Detail)
        }
        Role::Encoding => remove(value, key).map(|_| LeftOut::Detail),
        Role::Component | Role::Schema if OPTIONAL_OF_SCHEMAS.contains(&key) => {
            remove(value, key).map(|_| LeftOut::Part(format!("without `{key}`")))
        }
        Role::Component | Role::Schema if key == "additionalProperties" && value.get("properties").is_some() => {
            remove(value, key).map(|_| LeftOut::Part("without further properties".to_owned()))
        }
        Role::Component | Role::Schema if ["enum", "x-stripeEnum"].contains(&key) => {
            remove(value, "enum")?;
            remove(value, "x-stripeEnum");
            Some(LeftOut::Part("a string instead of an enum".to_owned()))
        }
        _ => None,
    }
}

/// Leaves out a property, or something in it.
fn property(object: &mut Value, name: &str, path: &[String], code: Code) -> Option<LeftOut> {
    let (key, rest) = path.split_first()?;
    let name = format!("{name} {key}");
    let property = object.get_mut("properties")?.get_mut(key)?;
    let is_type = ["properties", "enum", "oneOf"].iter().any(|name| property.get(name).is_some());
    if rest.is_empty()
        && code == Code::NameCollision
        && is_type
        && let Some(renamed) = rename(property, &format!("{name} value"))
    {
        return Some(renamed);
    }
    if let Some(found) = inside(property, Role::Schema, &name, rest, code) {
        return Some(found);
    }
    // Without one of its properties, a list or a range would be something else.
    let all = object.get_mut("properties")?;
    let is_list = ["has_more", "next_page_url"].iter().any(|name| all.get(name).is_some()) && all.get("data").is_some();
    if is_list || BOUNDS.contains(&key.as_str()) {
        return None;
    }
    remove(all, key)?;
    let mut is_required = false;
    if let Some(Value::List(required)) = object.get_mut("required") {
        required.retain(|other| other.as_text() != Some(key));
        is_required = !required.is_empty();
    }
    if !is_required {
        remove(object, "required");
    }
    if matches!(object.get("properties"), Some(Value::Map(all)) if all.is_empty()) {
        remove(object, "properties");
        let is_open = object.get("additionalProperties").is_some();
        if let (false, Value::Map(entries)) = (is_open, &mut *object) {
            entries.push(("additionalProperties".to_owned(), Value::Flag(true)));
        }
    }
    Some(LeftOut::Part(format!("without the property `{key}`")))
}

/// Leaves out one of several alternatives, or something in it.
fn entry(union: &mut Value, name: &str, path: &[String], code: Code) -> Option<LeftOut> {
    let (key, rest) = path.split_first()?;
    let index = key.parse::<usize>().ok()?;
    let Some(Value::List(entries)) = union.get_mut("oneOf") else { return None };
    // An alternative is a property, which is not left out of it.
    let is_property = rest.len() == 2 && rest.first().is_some_and(|key| key == "properties");
    let found =
        entries.get_mut(index).filter(|_| !is_property).and_then(|entry| inside(entry, Role::Schema, name, rest, code));
    if found.is_some() {
        return found;
    }
    if index >= entries.len() || entries.len() < 2 {
        return None;
    }
    let is_reference = entries.iter().all(|entry| entry.get("$ref").is_some());
    match entries.as_slice() {
        [_, _] if !is_reference => return None,
        [one, other] => *union = if index == 0 { other.clone() } else { one.clone() },
        _ => drop(entries.remove(index)),
    }
    Some(LeftOut::Part("without one of several schemas".to_owned()))
}

fn is_of_names(code: Code) -> bool {
    [Code::EnumValueCollision, Code::InvalidName].contains(&code)
}

/// Writes an enum as a string, with known values if it has a name of its own: those with a name in Rust.
fn without_names(schema: &mut Value, role: Role, path: &[String]) -> Option<LeftOut> {
    let index = path.first()?.parse::<usize>().ok()?;
    remove(schema, "x-stripeEnum");
    let values = remove(schema, "enum").or_else(|| remove(schema, "x-knownValues"));
    // An error about another value was the reason already.
    let Some(values) = values else { return Some(LeftOut::Detail) };
    let (Value::List(mut values), Value::Map(entries)) = (values, schema) else { return None };
    let gone = (index < values.len()).then(|| values.remove(index))?;
    if role == Role::Component && !values.is_empty() {
        entries.push(("x-knownValues".to_owned(), Value::List(values)));
    }
    Some(LeftOut::Part(format!("a string instead of an enum, and not `{}`", gone.as_text().unwrap_or_default())))
}

/// Returns whether a body has an object with properties somewhere.
fn has_properties(body: &Value) -> bool {
    match body {
        Value::Map(entries) => entries.iter().any(|(key, value)| key == "properties" || has_properties(value)),
        _ => false,
    }
}

/// Gives a type or a request a longer name, unless it has one.
fn rename(value: &mut Value, words: &str) -> Option<LeftOut> {
    const NAME: &str = "x-rustName";
    let id = value.get("operationId").and_then(Value::as_text).unwrap_or(words).to_upper_camel_case();
    let longer = format!("{id}Object");
    let name = match value.get(NAME).map(|name| name.as_text() == Some(&id)) {
        None => id,
        Some(true) if value.get("operationId").is_none() => longer,
        Some(_) => return None,
    };
    remove(value, NAME);
    let Value::Map(entries) = value else { return None };
    entries.push((NAME.to_owned(), Value::text(&name)));
    Some(LeftOut::Part(format!("named `{name}`")))
}

fn child<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::List(items) => items.get_mut(key.parse::<usize>().ok()?),
        value => value.get_mut(key),
    }
}

fn remove(value: &mut Value, key: &str) -> Option<Value> {
    let Value::Map(entries) = value else { return None };
    let at = entries.iter().position(|(other, _)| other == key)?;
    Some(entries.remove(at).1)
}
