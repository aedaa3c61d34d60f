//! Bracket forms and queries, `parameters[columns][0]=a`, as JSON values by a schema.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::description::{Kind, Schema};
use crate::failure::{Failure, FailureKind};

/// The deepest nesting of brackets.
const DEPTH: usize = 16;

/// A value of a form before its type is known.
#[derive(Debug)]
enum Node {
    Text(String),
    Members(Vec<(String, Node)>),
}

/// Returns the decoded segments of a path.
pub(crate) fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// Reads a form or a query. Values that do not have the type of the schema stay strings.
pub(crate) fn parameters(text: &str, schema: &Schema) -> Result<Value, Failure> {
    let mut members = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decoded(key)?, decoded(value)?);
        insert(&mut members, &keys(&key)?, value).ok_or_else(|| malformed(format!("Invalid parameter: {key}")))?;
    }
    Ok(typed(Node::Members(members), schema))
}

fn malformed(message: String) -> Failure {
    Failure::new(FailureKind::Malformed, message)
}

fn decoded(text: &str) -> Result<String, Failure> {
    let text = if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded.map(Cow::into_owned).map_err(|_| malformed("Invalid UTF-8 in the parameters".into()))
}

/// Splits `a[b][0]` into its keys.
fn keys(text: &str) -> Result<Vec<&str>, Failure> {
    let invalid = || malformed(format!("Invalid parameter: {text}"));
    let Some((first, rest)) = text.split_once('[') else {
        return Ok(vec![text]);
    };
    let inner = rest.strip_suffix(']').ok_or_else(invalid)?;
    let mut keys = vec![first];
    keys.extend(inner.split("]["));
    if first.is_empty() || keys.len() > DEPTH || keys.iter().any(|key| key.contains(['[', ']'])) {
        return Err(invalid());
    }
    Ok(keys)
}

/// Returns `None` if the key has a text and members, or two texts.
fn insert(members: &mut Vec<(String, Node)>, keys: &[&str], value: String) -> Option<()> {
    let (first, rest) = keys.split_first()?;
    // `a[]=1&a[]=2` appends.
    let key = if first.is_empty() { members.len().to_string() } else { (*first).to_owned() };
    let position = members.iter().position(|(name, _)| *name == key);
    if rest.is_empty() {
        if position.is_some() {
            return None;
        }
        members.push((key, Node::Text(value)));
        return Some(());
    }
    match position.and_then(|position| members.get_mut(position)) {
        Some((_, Node::Members(inner))) => insert(inner, rest, value),
        Some(_) => None,
        None => {
            let mut inner = Vec::new();
            insert(&mut inner, rest, value)?;
            members.push((key, Node::Members(inner)));
            Some(())
        }
    }
}

fn typed(node: Node, schema: &Schema) -> Value {
    match (node, &schema.kind) {
        (node, Kind::Either(each)) => {
            let chosen = choose(&node, each);
            typed(node, chosen.unwrap_or(&Schema::default()))
        }
        (Node::Text(text), Kind::Integer { .. }) => text.parse::<i64>().map_or(Value::String(text), Value::from),
        (Node::Text(text), Kind::Number) => {
            let number = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            number.map_or(Value::String(text), Value::from)
        }
        (Node::Text(text), Kind::Boolean) => match text.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => text.into(),
        },
        (Node::Text(text), _) => text.into(),
        (Node::Members(members), Kind::Array(items)) if is_array(&members) => {
            members.into_iter().map(|(_, node)| typed(node, items)).collect()
        }
        (Node::Members(members), _) => {
            let any = Schema::default();
            let members = members.into_iter().map(|(name, node)| {
                let value = typed(node, schema.property(&name).unwrap_or(&any));
                (name, value)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// Whether the keys are 0, 1, 2 and so on.
fn is_array(members: &[(String, Node)]) -> bool {
    members.iter().enumerate().all(|(index, (key, _))| *key == index.to_string())
}

/// Returns the alternative that has the shape of a value.
fn choose<'s>(node: &Node, each: &'s [Schema]) -> Option<&'s Schema> {
    each.iter().find(|schema| match node {
        Node::Text(_) => !matches!(schema.kind, Kind::Object { .. } | Kind::Array(_)),
        Node::Members(members) => {
            let has = |name: &str| schema.property(name).is_some();
            matches!(schema.kind, Kind::Object { .. }) && members.iter().any(|(name, _)| has(name))
        }
    })
}
