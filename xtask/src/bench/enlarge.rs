//! Enlarges a description by copies of it under other names.

use std::collections::HashSet;

use serde_yaml::{Mapping, Value};
use stripe_reporting_codegen::Source;

/// Returns the descriptions with as many copies as the size in bytes requires.
pub(super) fn enlarged(sources: &[Source], bytes: usize) -> Result<Vec<Source>, serde_yaml::Error> {
    let mut all = sources.to_vec();
    for number in 1.. {
        if size(&all) >= bytes {
            break;
        }
        for source in sources {
            let mut copy: Value = serde_yaml::from_str(&source.text)?;
            remove_events(&mut copy);
            let names = schemas(&copy).keys().filter_map(Value::as_str).map(str::to_owned).collect();
            let copy = Copy { number, names }.renamed(&copy, None);
            let text = serde_yaml::to_string(&copy)?;
            all.push(Source { name: format!("{number}-{}", source.name.replace('/', "-")), text });
        }
    }
    Ok(all)
}

/// Returns the size of all texts in bytes.
pub(super) fn size(sources: &[Source]) -> usize {
    sources.iter().map(|source| source.text.len()).sum()
}

fn schemas(description: &Value) -> Mapping {
    let schemas = description.get("components").and_then(|components| components.get("schemas"));
    schemas.and_then(Value::as_mapping).cloned().unwrap_or_default()
}

/// Removes events, since only one envelope of each kind is allowed.
fn remove_events(description: &mut Value) {
    let is_event =
        |schema: &Value| ["x-stripeEvent", "x-eventEnvelope"].iter().any(|keyword| schema.get(keyword).is_some());
    let events: HashSet<String> = schemas(description)
        .iter()
        .filter(|(_, schema)| is_event(schema))
        .filter_map(|(name, _)| Some(format!("#/components/schemas/{}", name.as_str()?)))
        .collect();
    let components = description.get_mut("components");
    if let Some(Value::Mapping(schemas)) = components.and_then(|components| components.get_mut("schemas")) {
        schemas.retain(|_, schema| !is_event(schema));
        for schema in schemas.values_mut().filter_map(Value::as_mapping_mut) {
            schema.shift_remove("x-events");
        }
    }
    if let Some(Value::Mapping(paths)) = description.get_mut("paths") {
        paths.retain(|_, path| !refers_to(path, &events));
    }
    // What only operations of events use, or other descriptions, which refer to the original, would be unused.
    let paths = description.get("paths").cloned().unwrap_or_default();
    for kind in ["parameters", "responses"] {
        let shared = description.get_mut("components").and_then(|components| components.get_mut(kind));
        if let Some(Value::Mapping(shared)) = shared {
            shared.retain(|name, _| {
                let reference = format!("#/components/{kind}/{}", name.as_str().unwrap_or_default());
                refers_to(&paths, &HashSet::from([reference]))
            });
        }
    }
}

fn refers_to(value: &Value, targets: &HashSet<String>) -> bool {
    match value {
        Value::String(text) => targets.contains(text),
        Value::Sequence(items) => items.iter().any(|item| refers_to(item, targets)),
        Value::Mapping(entries) => entries.values().any(|entry| refers_to(entry, targets)),
        _ => false,
    }
}

/// A copy.
struct Copy {
    number: usize,
    /// The schemas that are renamed.
    names: HashSet<String>,
}

impl Copy {
    fn renamed(&self, value: &Value, key: Option<&str>) -> Value {
        match value {
            Value::Mapping(entries) => {
                let is_named = matches!(key, Some("schemas" | "paths"));
                let entry = |(name, value): (&Value, &Value)| match name.as_str() {
                    Some(text) if is_named => (self.name(text).into(), self.renamed(value, None)),
                    text => (name.clone(), self.renamed(value, text)),
                };
                // An example has the names of the original.
                let is_example = |name: &Value| name == "example" && !is_named && key != Some("properties");
                Value::Mapping(entries.iter().filter(|(name, _)| !is_example(name)).map(entry).collect())
            }
            Value::Sequence(items) => Value::Sequence(items.iter().map(|item| self.renamed(item, key)).collect()),
            Value::String(text) => self.text(text, key).into(),
            other => other.clone(),
        }
    }

    /// Renames what a text under a key refers to.
    fn text(&self, text: &str, key: Option<&str>) -> String {
        match key {
            Some("operationId") => format!("{text}Copy{}", self.number),
            Some("in_package") if text.is_empty() => format!("copy{}", self.number),
            Some("in_package") => format!("{text}.copy{}", self.number),
            Some("$ref" | "path" | "x-resourceId" | "referenced_resource" | "enum") => self.name(text),
            _ => text.to_owned(),
        }
    }

    /// Renames a schema, a reference to one, or a path.
    fn name(&self, text: &str) -> String {
        let number = self.number;
        if let Some(name) = text.strip_prefix("#/components/schemas/") {
            return format!("#/components/schemas/{}", self.name(name));
        }
        match text.split_once('.') {
            _ if text.starts_with("/v1/") || text.starts_with("/v2/") => {
                let (generation, rest) = text.split_at("/v1/".len());
                format!("{generation}copy{number}/{rest}")
            }
            _ if !self.names.contains(text) => text.to_owned(),
            Some(("v2", rest)) => format!("v2.copy{number}.{rest}"),
            _ => format!("copy{number}.{text}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test")]
mod tests {
    use super::{enlarged, size};
    use crate::{descriptions, root};

    #[test]
    fn copies_of_the_description_are_valid() {
        let own = descriptions::read(&[root::project().join("spec")]).ok().unwrap();
        let several = enlarged(&own, 3 * size(&own)).unwrap();
        assert!(several.len() > 2 * own.len());
        let (own, several) =
            (stripe_reporting_codegen::read(&own).unwrap(), stripe_reporting_codegen::read(&several).unwrap());
        assert!(several.operations.len() > 2 * own.operations.len(), "{}", several.operations.len());
        assert!(several.types.len() > 2 * own.types.len(), "{}", several.types.len());
    }
}
