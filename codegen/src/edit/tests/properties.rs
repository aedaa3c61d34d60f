//! What holds for any value and any place.

use proptest::prelude::*;

use super::*;

/// Strings that YAML could read as something else, and long ones.
fn strings() -> impl Strategy<Value = String> {
    let words = [
        "a", "null", "1", "- ", ": ", " #", "'", "\"", "\n", "  ", "é", "\t", "{", "[x]", "|", ">", "%", "\u{1}",
        "\u{2028}",
    ];
    let words = prop::sample::select(words.map(str::to_owned).to_vec());
    prop_oneof![
        prop::collection::vec(words, 0..6).prop_map(|words| words.concat()),
        prop::collection::vec("[a-z:#'-]{1,9}", 0..60).prop_map(|words| words.join(" ")),
        "\\PC{0,20}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(|number| Value::Number(number.into())),
        (-1e9..1e9).prop_map(|number: f64| Value::Number(serde_json::Number::from_f64(number).unwrap())),
        strings().prop_map(Value::Text),
    ];
    scalar.prop_recursive(4, 24, 5, |inner| {
        // A merge key is refused, also in quotes.
        let key = prop_oneof![
            strings().prop_filter("no merge key", |key| key != "<<"),
            "type|description|properties|required|enum|x-[a-z]{3}".prop_map(String::from)
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(key, inner, 0..5).prop_map(Value::map),
        ]
    })
}

/// Returns all places in a value.
fn places<'v>(value: &'v Value, pointer: &Pointer, found: &mut Vec<(Pointer, &'v Value)>) {
    let inside: Vec<_> = match value {
        Value::Map(entries) => entries.iter().map(|(key, value)| (pointer.join(key), value)).collect(),
        Value::List(items) => items.iter().enumerate().map(|(index, value)| (pointer.index(index), value)).collect(),
        _ => Vec::new(),
    };
    for (pointer, value) in inside {
        places(value, &pointer, found);
        found.push((pointer, value));
    }
}

/// Returns the text of a description, and a place in it.
fn place(at: prop::sample::Index, file: usize) -> (String, Pointer) {
    let (_, text) = descriptions().swap_remove(file);
    let whole = value(&text);
    let mut found = Vec::new();
    places(&whole, &Pointer::root(), &mut found);
    let pointer = at.get(&found).0.clone();
    (text, pointer)
}

/// Returns how many lines of a text are not those at the start and at the end of another one.
fn replaced(new: &str, old: &str) -> usize {
    let (mut new, mut old): (Vec<_>, Vec<_>) = (new.lines().collect(), old.lines().collect());
    for _ in 0..2 {
        let same = new.iter().zip(&old).take_while(|(new, old)| new == old).count();
        new.drain(..same);
        old.drain(..same);
        new.reverse();
        old.reverse();
    }
    new.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_read_back(value in values(), key in strings()) {
        let text = edited("openapi: 3.0.3\npaths:\n- a: b # c\n\n# d\n", &[
            Edit { pointer: at("/info"), kind: EditKind::Set(value.clone()) },
            Edit { pointer: at("/paths/0").join(&key), kind: EditKind::Set(value.clone()) },
            Edit { pointer: at("/paths"), kind: EditKind::Append(value.clone()) },
        ]);
        prop_assert!(text.lines().all(|line| line.chars().count() <= 110 || !line.trim().contains(' ') || line.contains(['"', '\''])), "{text}");
        edited("{\"a\": [1, {\"b\": 2}],\n\"c\": {\n  \"d\": 3}}", &[
            Edit { pointer: at("/a/1").join(&key), kind: EditKind::Set(value.clone()) },
            Edit { pointer: at("/c").join(&key), kind: EditKind::Set(value.clone()) },
            Edit { pointer: at("/a"), kind: EditKind::Append(value) },
        ]);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn other_lines_stay_after_a_removal(at in any::<prop::sample::Index>(), file in 0..3_usize) {
        let (text, pointer) = place(at, file);
        let removed = edited(&text, &[Edit { pointer: pointer.clone(), kind: EditKind::Remove }]);
        // Without its last entry, an object is `{}`; without its first, the second stands after the dash of a list.
        prop_assert!(replaced(&removed, &text) <= 1, "{pointer}");
    }

    #[test]
    fn any_value_is_replaced(at in any::<prop::sample::Index>(), new in values(), file in 0..3_usize) {
        let (text, pointer) = place(at, file);
        edited(&text, &[Edit { pointer, kind: EditKind::Set(new) }]);
    }

    #[test]
    fn other_lines_stay_after_an_addition(at in any::<prop::sample::Index>(), new in values(), key in "[a-z]{3}", file in 0..3_usize) {
        let (text, pointer) = place(at, file);
        // A scalar has nothing inside.
        for (pointer, kind) in [(pointer.join(&key), EditKind::Set(new.clone())), (pointer, EditKind::Append(new))] {
            match apply(&text, &[Edit { pointer: pointer.clone(), kind }]) {
                // An empty value is replaced, and what a new first entry moves away from the dash of a list.
                Ok(added) => prop_assert!(replaced(&text, &added) <= 1, "{pointer}"),
                Err(error) => prop_assert!(error.message.starts_with("n") || error.message.contains("no such"), "{error}"),
            }
        }
    }
}
