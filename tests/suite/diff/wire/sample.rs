//! Samples bodies of a schema: the whole, the least, and one for each thing that may differ.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::contract::{component, members};
use super::schema::{CONSTRAINTS, Reader, is_open, of_scalar};

/// Returns bodies with a schema, which is beside its components, as they are written for a reader. Members of maps have the keys,
/// and two more. Always the same.
pub(super) fn samples(schema: &Value, reader: Reader, keys: &BTreeSet<String>) -> Vec<Value> {
    let mut sampler = Sampler { components: &schema["components"]["schemas"], reader, keys, open: Vec::new() };
    sampler.schema(&schema["schema"])
}

/// Longer than most limits.
const LONG: usize = 5_001;

struct Sampler<'a> {
    components: &'a Value,
    reader: Reader,
    keys: &'a BTreeSet<String>,
    /// The components that the value is in. One that contains itself does so once.
    open: Vec<String>,
}

impl Sampler<'_> {
    /// Returns samples, the most usual first; none where a schema that contains itself ends.
    fn schema(&mut self, schema: &Value) -> Vec<Value> {
        if let Some(name) = schema["$ref"].as_str().and_then(component) {
            let depth = self.open.iter().filter(|open| **open == name).count();
            let target = &self.components[&name];
            self.open.push(name);
            let mut samples = if depth < 2 { self.schema(target) } else { Vec::new() };
            self.open.pop();
            if depth > 0 {
                let mut first = 0..2;
                samples.retain(|sample| sample.is_null() || first.next().is_some());
            }
            return samples;
        }
        let each = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array());
        let mut samples = match (each, schema["type"].as_str()) {
            (Some(each), _) => each.iter().flat_map(|schema| self.schema(schema)).collect(),
            (None, Some("object")) => self.object(schema),
            (None, Some("array")) => self.array(schema),
            (None, Some(_)) => scalar(schema, self.reader),
            (None, None) => vec![json!("text"), json!(5), json!(1.5), json!(true), json!([1]), json!({"any": "text"})],
        };
        if schema["nullable"] == true {
            samples.push(Value::Null);
        }
        samples
    }

    fn object(&mut self, schema: &Value) -> Vec<Value> {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut whole = Map::new();
        let mut properties = Vec::new();
        for (name, property) in members(&schema["properties"]) {
            let is_required = required.iter().any(|required| required == name);
            let mut samples = self.schema(property);
            if property["x-falseMeansAbsent"] == true && self.reader == Reader::Client {
                samples.push(json!(false));
            }
            match samples.first() {
                Some(first) => drop(whole.insert(name.to_owned(), first.clone())),
                None if is_required => return Vec::new(),
                None => {}
            }
            properties.push((name, is_required, samples));
        }
        let least: Map<_, _> = properties
            .iter()
            .filter(|(_, is_required, _)| *is_required)
            .map(|(name, _, samples)| ((*name).to_owned(), samples[0].clone()))
            .collect();
        let mut all = vec![whole.clone(), least.clone()];
        for (name, is_required, samples) in properties {
            for sample in samples.iter().skip(1) {
                all.push(with(&whole, name, sample));
            }
            if let (false, Some(sample)) = (is_required, samples.first()) {
                let mut without = whole.clone();
                without.remove(name);
                all.extend([without, with(&least, name, sample)]);
            }
        }
        let additional = match &schema["additionalProperties"] {
            Value::Bool(true) => self.schema(&json!({})),
            Value::Object(_) => self.schema(&schema["additionalProperties"]),
            _ => Vec::new(),
        };
        for sample in &additional {
            let one = with(&whole, "extra", sample);
            all.push(with(&one, "further", sample));
            all.push(one);
            // Beside properties, what has no description may have any type, and is not taken to have another than before.
            if whole.is_empty() || members(&schema["additionalProperties"]).next().is_some() {
                let keys = self.keys.iter().filter(|key| !whole.contains_key(*key));
                all.extend(keys.map(|key| with(&whole, key, sample)));
            }
        }
        all.into_iter().map(Value::Object).collect()
    }

    fn array(&mut self, schema: &Value) -> Vec<Value> {
        let samples = self.schema(&schema["items"]);
        let Some(first) = samples.first() else { return vec![json!([])] };
        let limit = |keyword: &str| schema[keyword].as_u64().and_then(|limit| usize::try_from(limit).ok());
        let (least, most) = (limit("minItems").unwrap_or(0), limit("maxItems").unwrap_or(101));
        let one = samples.iter().map(|sample| vec![sample.clone(); 1.max(least)]);
        let lengths = [0, 2, least, most.min(1_000)].map(|length| vec![first.clone(); length]);
        let all = one.chain(lengths).filter(|items| (least..=most).contains(&items.len()));
        let is_unique = |items: &Vec<Value>| schema["uniqueItems"] != true || items.len() < 2;
        all.filter(is_unique).map(Value::Array).collect()
    }
}

fn with(object: &Map<String, Value>, name: &str, value: &Value) -> Map<String, Value> {
    let mut object = object.clone();
    object.insert(name.to_owned(), value.clone());
    object
}

/// Scalars: usual ones, and those at the bounds.
fn scalar(schema: &Value, reader: Reader) -> Vec<Value> {
    let bounds = ["minimum", "maximum"].into_iter().filter_map(|keyword| schema.get(keyword));
    let near = bounds.filter_map(Value::as_i64).flat_map(|bound| [bound - 1, bound, bound + 1]);
    let lengths = ["minLength", "maxLength"].into_iter().filter_map(|keyword| schema[keyword].as_u64());
    let lengths = lengths.filter_map(|length| usize::try_from(length).ok());
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).collect();
    let candidates: Vec<Value> = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("boolean"), _) => vec![json!(true), json!(false)],
        (Some("integer"), Some("unix-time")) => vec![json!(1_700_000_000), json!(0)],
        (Some("integer"), _) => {
            [5, 0, -5, 3_000_000_000, -3_000_000_000].into_iter().chain(near).map(|number| json!(number)).collect()
        }
        (Some("number"), _) => {
            let near = near.map(|number| json!(number));
            [json!(5), json!(1.5), json!(-1.5)].into_iter().chain(near).collect()
        }
        (_, Some("date-time")) => texts(&["2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.123456789Z"]),
        (_, Some("int64")) => texts(&["5", "-5"]),
        (_, Some("uint64")) => texts(&["5", "0"]),
        (_, Some("decimal")) => texts(&["1.50", "-1"]),
        (_, Some("currency")) => texts(&["usd"]),
        _ => {
            let values = schema["enum"].as_array();
            let mut all = values.cloned().unwrap_or_default();
            if values.is_none() || is_open(schema) {
                let long = if reader == Reader::Server { LONG } else { 10 };
                let of_length =
                    lengths.chain([long]).flat_map(|length| ["x", "X"].map(|text| json!(text.repeat(length))));
                all.extend(["text", "", "5", "TEXT"].map(|text| json!(text)).into_iter().chain(of_length));
                // A simple pattern matches its own text.
                all.extend(schema["pattern"].as_str().map(|pattern| json!(pattern.trim_matches(['^', '$']))));
            }
            all
        }
    };
    if !CONSTRAINTS.iter().any(|keyword| schema.get(keyword).is_some()) {
        return candidates;
    }
    let validator = of_scalar(schema);
    let valid: Vec<Value> = candidates.into_iter().filter(|candidate| validator.is_valid(candidate)).collect();
    assert!(!valid.is_empty(), "no sample is valid: {schema}");
    valid
}
