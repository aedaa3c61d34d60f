use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{to_form, to_query};

#[derive(Serialize)]
struct Parameters {
    report_type: &'static str,
    parameters: Option<Inner>,
    expand: Vec<&'static str>,
    limit: Option<i64>,
    live: bool,
}

#[derive(Serialize)]
struct Inner {
    columns: Vec<&'static str>,
    interval_start: i64,
    currency: Option<&'static str>,
    filters: Vec<Filter>,
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
}

#[test]
fn writes_the_form_of_the_official_sdks() {
    let parameters = Parameters {
        report_type: "balance.summary.1",
        parameters: Some(Inner {
            columns: vec!["a", "b c"],
            interval_start: -5,
            currency: None,
            filters: vec![Filter { name: "x" }, Filter { name: "" }],
        }),
        expand: vec!["result"],
        limit: None,
        live: false,
    };
    let expected = "report_type=balance.summary.1&parameters[columns][0]=a&parameters[columns][1]=b+c\
        &parameters[interval_start]=-5&parameters[filters][0][name]=x&parameters[filters][1][name]=&expand[0]=result&live=false";
    assert_eq!(to_form(&parameters).unwrap(), expected);
    assert_eq!(to_query(&parameters).unwrap(), expected);
}

#[test]
fn an_empty_open_object_does_not_clear_its_value() {
    #[derive(Serialize)]
    struct Outer {
        open: Open,
        map: BTreeMap<String, i64>,
    }

    #[derive(Serialize)]
    struct Open {
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<i64>,
        #[serde(flatten)]
        rest: BTreeMap<String, i64>,
    }

    let rest = |pairs: &[(&str, i64)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    let outer = |size, pairs| Outer { open: Open { size, rest: rest(pairs) }, map: BTreeMap::new() };
    assert_eq!(to_form(&outer(None, &[])).unwrap(), "map=");
    assert_eq!(to_form(&outer(None, &[("a", 1)])).unwrap(), "open[a]=1&map=");
    assert_eq!(to_query(&outer(Some(2), &[("a", 1), ("b c", 3)])).unwrap(), "open[size]=2&open[a]=1&open[b+c]=3");
}

#[test]
fn percent_encodes_keys_and_values() {
    let parameters = json!({"k[x] &=": "a&b=c+d%20é[/]?#~", "n": 1.0, "m": 1e20, "o": 0.25});
    assert_eq!(
        to_form(&parameters).unwrap(),
        "k%5Bx%5D+%26%3D=a%26b%3Dc%2Bd%2520%C3%A9%5B%2F%5D%3F%23~&m=100000000000000000000&n=1&o=0.25"
    );
}

#[test]
fn empty_collections_clear_in_a_body_only() {
    let parameters = json!({"list": [], "map": {}, "null": null, "nulls": [null], "text": ""});
    assert_eq!(to_form(&parameters).unwrap(), "list=&map=&text=");
    assert_eq!(to_query(&parameters).unwrap(), "text=");
    assert_eq!(to_form(&json!({})).unwrap(), "");
    let all_absent = json!({"parameters": {"currency": null}});
    assert_eq!(to_form(&all_absent).unwrap(), "");
}

#[test]
fn map_keys_may_be_numbers_and_characters() {
    assert_eq!(to_form(&BTreeMap::from([(1, true)])).unwrap(), "1=true");
    assert_eq!(to_form(&BTreeMap::from([('a', 'b')])).unwrap(), "a=b");
}

#[test]
fn refuses_unsupported_values() {
    #[derive(Serialize)]
    enum Variant {
        Fields { a: i64 },
    }
    assert!(to_form("x").unwrap_err().to_string().contains("not a struct or map"));
    let error = to_form(&BTreeMap::from([("a", BTreeMap::from([("b", f64::NAN)]))])).unwrap_err().to_string();
    assert!(error.contains("at `a[b]`: infinite or NaN"), "{error}");
    let error = to_form(&BTreeMap::from([("a", Variant::Fields { a: 1 })])).unwrap_err().to_string();
    assert!(error.contains("at `a`: enum variants with fields"), "{error}");
    assert!(to_form(&BTreeMap::from([(vec![1], 1)])).unwrap_err().to_string().contains("a map key is not a string"));
}

/// Decodes a form as a server does, independently of the encoder.
fn pairs(encoded: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    let pairs = encoded.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (decode(key), decode(value))).collect()
}

/// Lists the pairs that a value is expected to be encoded as.
fn flatten(key: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let nested = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}[{name}]") };
    match value {
        Value::Null => {}
        Value::Array(items) if items.is_empty() => pairs.push((key.to_owned(), String::new())),
        Value::Object(members) if members.is_empty() => pairs.push((key.to_owned(), String::new())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| flatten(&nested(&i.to_string()), item, pairs))
        }
        Value::Object(members) => members.iter().for_each(|(name, member)| flatten(&nested(name), member, pairs)),
        Value::String(text) => pairs.push((key.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => pairs.push((key.to_owned(), value.to_string())),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{1,6}", inner, 0..4).prop_map(|members| Map::from_iter(members).into()),
        ]
    })
}

proptest! {
    #[test]
    fn a_server_decodes_the_same_pairs(members in prop::collection::btree_map(".{1,6}", any_value(), 1..4)) {
        let value = Value::from(Map::from_iter(members));
        let encoded = to_form(&value).unwrap();
        prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%+=&[]".contains(&byte)));
        let mut expected = Vec::new();
        flatten("", &value, &mut expected);
        prop_assert_eq!(pairs(&encoded), expected);
    }
}
