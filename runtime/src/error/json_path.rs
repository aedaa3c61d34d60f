//! Finds the path of the value at a position in JSON text.
//!
//! The position of a `serde_json::Error` goes in, a path such as `data[3].status` comes out. `serde_path_to_error` would
//! find it too, but compiles another decoder for each type and slows down decoding without errors.

/// A value that contains the position: an object with the current member, or an array with the current index.
enum Step {
    Member(Option<String>),
    Index(usize),
}

/// Returns the path of the last value before a position.
///
/// `line` and `column` are those of a `serde_json::Error`: counted from one, columns in bytes.
pub(super) fn at(text: &[u8], line: usize, column: usize) -> String {
    let before: usize = text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let read = text.get(..before.saturating_add(column)).unwrap_or(text);
    let mut steps = Vec::new();
    let mut rest = read;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' => steps.push(Step::Member(None)),
            b'[' => steps.push(Step::Index(0)),
            b'}' | b']' => {
                steps.pop();
            }
            b',' => match steps.last_mut() {
                Some(Step::Index(index)) => *index += 1,
                Some(Step::Member(member)) => *member = None,
                None => {}
            },
            b'"' => {
                let length = string_length(rest);
                // The first string of a member is its name, the next its value.
                if let Some(Step::Member(member @ None)) = steps.last_mut() {
                    let name = rest.get(..length).unwrap_or(rest);
                    *member = Some(String::from_utf8_lossy(name).into_owned());
                }
                rest = rest.get(length + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    render(&steps)
}

/// Returns the length of a string after its opening quote.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    });
    end.unwrap_or(text.len())
}

fn render(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Member(Some(name)) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Step::Member(None) => {}
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::at;

    /// Returns the path after comparing it with that of `serde_path_to_error`.
    fn path<T: DeserializeOwned>(text: &str) -> Option<String> {
        let error = serde_json::from_str::<T>(text).err().filter(serde_json::Error::is_data)?;
        let path = at(text.as_bytes(), error.line(), error.column());
        let expected =
            serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text)).err().unwrap();
        assert_eq!(path, expected.path().to_string(), "{error} in {text}");
        Some(path)
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Outer {
        data: Vec<Inner>,
        map: Option<BTreeMap<String, Inner>>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Inner {
        id: String,
        size: Option<u8>,
        inner: Option<Box<Inner>>,
    }

    #[test]
    fn agrees_with_serde_path_to_error() {
        for (text, expected) in [
            (r#"{"data": 1}"#, "data"),
            (r#"{"data": "x"}"#, "data"),
            (r#"{"data": {}}"#, "data"),
            (r#"{"data": null}"#, "data"),
            (r#"{"data": true }"#, "data"),
            (r#"{"data": [1]}"#, "data[0]"),
            (r#"{"data": [{"id": "a"}, {"id": 5}]}"#, "data[1].id"),
            (r#"{"data": [{"id": "a"}, {"id": []}]}"#, "data[1].id"),
            (r#"{"data": [{"id": "a"}, {"id": {"x": 1}}]}"#, "data[1].id"),
            (r#"{"data": [{"id": "a", "size": 256}]}"#, "data[0].size"),
            (r#"{"data": [{"id": "a", "size": -1}, 3]}"#, "data[0].size"),
            (r#"{"data": [{"size": 1}, 3]}"#, "data[0]"),
            (r#"{"data": [], "map": {"a\"b,]}": {"id": 1}}}"#, r#"map.a\"b,]}.id"#),
            (r#"{"data": [], "map": {"k": {"id": "x", "inner": {"id": "y", "inner": {}}}}}"#, "map.k.inner.inner"),
            ("{\n  \"data\": [\n    {\"id\": \"é\\u00e9\"},\n    {\"id\": 7}\n  ]\n}", "data[1].id"),
            (r#"[]"#, "."),
            (r#"{}"#, "."),
            (r#"7"#, "."),
        ] {
            if expected.contains('"') {
                // `serde_path_to_error` unescapes names.
                let error = serde_json::from_str::<Outer>(text).err().unwrap();
                assert_eq!(at(text.as_bytes(), error.line(), error.column()), expected);
            } else {
                assert_eq!(path::<Outer>(text).as_deref(), Some(expected), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn accepts_any_text_and_position(text: Vec<u8>, line in 0_usize..5, column in 0_usize..50) {
            at(&text, line, column);
            at(&text, usize::MAX, usize::MAX);
        }

        #[test]
        fn agrees_with_serde_path_to_error_for_any_value(place in 0_usize..6, kind in 0_usize..7, pretty: bool) {
            let odd = [json!(null), json!(true), json!(1), json!(1.5), json!("a\"[{,"), json!([1, {"id": 2}]), json!({"id": [1]})]
                [kind].clone();
            let mut value = json!({"data": [{"id": "x", "size": 1}, {"id": "y", "inner": {"id": "z"}}], "map": {"k": {"id": "m"}}});
            let pointer = ["/data", "/data/1", "/data/0/id", "/data/1/inner", "/data/1/inner/id", "/map/k/id"][place];
            *value.pointer_mut(pointer).unwrap() = odd;
            let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            path::<Outer>(&text);
            path::<Vec<Value>>(&text);
        }
    }
}
