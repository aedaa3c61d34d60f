//! JSON: the surrogate pairs that YAML does not have, `\ud83e\udd80`, and the value of a tree.

use serde_json::Value;

use super::node::{Content, Node};

/// Converts a tree.
pub(super) fn value(node: &Node) -> Value {
    match &node.content {
        Content::Null | Content::Refused => Value::Null,
        Content::Flag(flag) => Value::Bool(*flag),
        // Infinite numbers have been refused.
        Content::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Content::Text(text) => Value::String(text.clone()),
        Content::List(items) => items.iter().map(value).collect(),
        Content::Mapping(mapping) => mapping.entries().map(|entry| (entry.key.clone(), value(&entry.value))).collect(),
    }
}

/// Returns a JSON document with its surrogate pairs written as YAML escapes, and for each character of it the byte in the
/// original; `None` if no pair can occur.
pub(super) fn with_yaml_escapes(text: &str) -> Option<(String, Vec<usize>)> {
    // JSON may follow a byte order mark, which is not white space.
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    if !is_json || !text.to_ascii_lowercase().contains("\\ud") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut offsets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let (taken, written) = match (first, pair(rest)) {
            (_, Some(character)) => (PAIR, format!("\\U{:08X}", u32::from(character))),
            // An escaped backslash does not start another escape.
            ('\\', None) => {
                let escape: String = rest.chars().take(2).collect();
                (escape.len(), escape)
            }
            (first, None) => (first.len_utf8(), first.to_string()),
        };
        offsets.extend(written.chars().map(|_| at));
        out.push_str(&written);
        rest = rest.get(taken..).unwrap_or_default();
    }
    Some((out, offsets))
}

/// The length of a pair of escapes in bytes.
const PAIR: usize = 12;

/// Decodes the pair of escapes at the start of the text.
fn pair(text: &str) -> Option<char> {
    let high = escape(text.get(..6)?)?;
    let low = escape(text.get(6..PAIR)?)?;
    char::decode_utf16([high, low]).next()?.ok().filter(|_| (0xD800..0xDC00).contains(&high))
}

fn escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::with_yaml_escapes;

    #[test]
    fn pairs_are_rewritten_with_their_offsets() {
        let (text, offsets) = with_yaml_escapes(r#"{"a": "\uD83E\udd80é"}"#).unwrap();
        assert_eq!(text, r#"{"a": "\U0001F980é"}"#);
        assert_eq!(offsets.len(), text.chars().count());
        assert_eq!(offsets.last(), Some(&22));
    }

    #[test]
    fn other_escapes_are_kept() {
        for text in
            [r#"{"a": "\\ud83e\\udd80"}"#, r#"{"a": "\ud83e"}"#, r#"{"a": "\ud83e\u0041"}"#, r#"{"\ud"#, "{\\ud83e\\"]
        {
            assert_eq!(with_yaml_escapes(text).unwrap().0, text);
        }
        assert_eq!(with_yaml_escapes(r"a: '\ud83e\udd80'"), None);
    }
}
