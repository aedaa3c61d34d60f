//! The edits of texts, small ones and the project's descriptions.

use std::path::Path;

use proptest::prelude::*;

use super::order::Role;
use super::write::{Place, entries_in_order};
use super::*;

fn descriptions() -> Vec<(&'static str, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let read = |name: &'static str| (name, std::fs::read_to_string(folder.join(name)).unwrap());
    ["v1.yaml", "v2.yaml", "data.yaml"].map(read).to_vec()
}

fn value(text: &str) -> Value {
    match parse::tree(text) {
        Ok(tree) => Value::from(tree.root()),
        Err(error) => panic!("{}:{}: {}\n{text}", error.line, error.column, error.message),
    }
}

fn at(pointer: &str) -> Pointer {
    let unescaped = |segment: &str| segment.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).fold(Pointer::root(), |pointer, segment| pointer.join(&unescaped(segment)))
}

fn set(pointer: &str, value: &str) -> Edit {
    Edit { pointer: at(pointer), kind: EditKind::Set(self::value(value)) }
}

fn append(pointer: &str, value: &str) -> Edit {
    Edit { pointer: at(pointer), kind: EditKind::Append(self::value(value)) }
}

fn remove(pointer: &str) -> Edit {
    Edit { pointer: at(pointer), kind: EditKind::Remove }
}

/// Applies edits, checks that they have been applied and that applying them to the result changes nothing, and returns the text.
fn edited(text: &str, edits: &[Edit]) -> String {
    let edited = match apply(text, edits) {
        Ok(edited) => edited,
        Err(error) => panic!("{error}"),
    };
    let mut changes = Changes::default();
    edits.iter().for_each(|edit| changes.add(edit));
    let expected = changes.applied(Some(&value(text)), &Pointer::root()).unwrap().unwrap();
    assert!(value(&edited).is(&expected), "{edited}\n{expected:?}");
    let again: Vec<_> = edits.iter().filter(|edit| !matches!(edit.kind, EditKind::Remove)).cloned().collect();
    assert_eq!(apply(&edited, &again).unwrap(), edited);
    edited
}

#[test]
fn the_descriptions_are_in_the_house_style() {
    for (name, text) in descriptions() {
        let place = Place { pointer: Pointer::root(), role: Role::ROOT, column: 0 };
        let Value::Map(entries) = value(&text) else { panic!("{name} is not an object") };
        let written = entries_in_order(&entries, &place, 0);
        let is_comment = |line: &&str| line.trim_start().starts_with('#');
        let plain: Vec<_> = text.lines().filter(|line| !is_comment(line)).collect();
        // A comment between blank lines leaves two, and one above the first component leaves one.
        let plain = plain.join("\n").replace("\n\n\n", "\n\n").replace("schemas:\n\n", "schemas:\n") + "\n";
        for (index, (ours, theirs)) in written.lines().zip(plain.lines()).enumerate() {
            assert_eq!(ours, theirs, "{name}: line {} without comments", index + 1);
        }
        assert_eq!(written, plain);
    }
}

const DESCRIPTION: &str = "\
openapi: 3.0.3
info:
  title: Things
  version: 2026-09-30.preview

paths:
  # The first.
  /v1/things:
    get:
      operationId: GetThings
      responses: {}

  /v1/things/{thing}:
    get:
      operationId: GetThingsThing
      # Always fails.
      responses:
        default:
          $ref: '#/components/responses/error'

components:
  schemas:
    # ---------------------------------------------------------------- things

    thing:
      type: object
      x-resourceId: thing
      required:
        - created # by Stripe
        - id
      properties:
        # Never reused.
        id:
          type: string
        created:
          type: integer # seconds
          description: >-
            When it was
            created.
        # No more values are known.
        status:
          type: string
          enum:
            - running
            - done # and final
            # Others are open.
          x-stripeEnum:
            kind: open

    # ---------------------------------------------------------------- errors

    error:
      type: object
      anyOf:
        - type: string
          description: a
        # An object.
        - $ref: '#/components/schemas/thing'
";

/// Returns the lines that edits remove and add, without those that stay.
fn changes(edits: &[Edit]) -> String {
    let edited = edited(DESCRIPTION, edits);
    let (old, new): (Vec<_>, Vec<_>) = (DESCRIPTION.lines().collect(), edited.lines().collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let end = end.min(old.len() - start).min(new.len() - start);
    let removed = old[start..old.len() - end].iter().map(|line| format!("-{line}\n"));
    let added = new[start..new.len() - end].iter().map(|line| format!("+{line}\n"));
    removed.chain(added).collect()
}

#[test]
fn keys_are_added_at_their_place() {
    let thing = "/components/schemas/thing";
    for (edit, expected) in [
        (set(&format!("{thing}/properties/created/format"), "unix-time"), "+          format: unix-time\n"),
        (set(&format!("{thing}/properties/status/nullable"), "true"), "+          nullable: true\n"),
        (set(&format!("{thing}/properties/object/type"), "string"), "+        object:\n+          type: string\n"),
        (set(&format!("{thing}/description"), "''"), "+      description: ''\n"),
        (append(&format!("{thing}/required"), "name"), "+        - name\n"),
        (append(&format!("{thing}/required"), "count"), "+        - count\n"),
        (append(&format!("{thing}/required"), "id"), ""),
        (append(&format!("{thing}/properties/status/enum"), "zapped"), "+            - zapped\n"),
        (set("/paths/~1v1~1others/get/operationId", "Get"), "+  /v1/others:\n+    get:\n+      operationId: Get\n+\n"),
        (set("/info/description", "Some."), "+  description: Some.\n"),
    ] {
        assert_eq!(changes(&[edit.clone()]), expected, "{edit:?}");
    }
}

#[test]
fn comments_stay_with_what_they_belong_to() {
    let thing = "/components/schemas/thing";
    for (edit, expected) in [
        (
            set(&format!("{thing}/properties/created/type"), "string"),
            "-          type: integer # seconds\n+          type: string # seconds\n",
        ),
        (
            remove(&format!("{thing}/properties/id")),
            "-        # Never reused.\n-        id:\n-          type: string\n",
        ),
        (remove(&format!("{thing}/required/0")), "-        - created # by Stripe\n"),
        (remove(&format!("{thing}/properties/status/enum/1")), "-            - done # and final\n"),
        (set(&format!("{thing}/properties/status/enum"), "[running, done, failed]"), "+            - failed\n"),
        (
            remove("/components/schemas/error/anyOf/1"),
            "-        # An object.\n-        - $ref: '#/components/schemas/thing'\n",
        ),
        (remove("/components/schemas/error/anyOf/0/description"), "-          description: a\n"),
        (set("/components/schemas/error/anyOf/0/format", "int64"), "+          format: int64\n"),
        (
            set("/components/schemas/error/anyOf/1", "{type: string, format: int64}"),
            "\
-        - $ref: '#/components/schemas/thing'
+        - type: string
+          format: int64
",
        ),
        (
            remove("/paths/~1v1~1things~1{thing}/get/responses"),
            "\
-      # Always fails.
-      responses:
-        default:
-          $ref: '#/components/responses/error'
",
        ),
        (
            remove("/paths/~1v1~1things"),
            "\
-  # The first.
-  /v1/things:
-    get:
-      operationId: GetThings
-      responses: {}
-
",
        ),
        (
            remove("/components/schemas/error"),
            "\
-
-    error:
-      type: object
-      anyOf:
-        - type: string
-          description: a
-        # An object.
-        - $ref: '#/components/schemas/thing'
",
        ),
    ] {
        assert_eq!(changes(&[edit.clone()]), expected, "{edit:?}");
    }
}

#[test]
fn values_of_any_kind_replace_each_other() {
    let created = "/components/schemas/thing/properties/created";
    let long =
        "When it was created, which is a sentence that is too long for one line, so that it is folded at spaces.";
    for (edit, expected) in [
        (
            set(&format!("{created}/description"), "Short."),
            "\
-          description: >-
-            When it was
-            created.
+          description: Short.
",
        ),
        (
            set(&format!("{created}/description"), long),
            "\
-            When it was
-            created.
+            When it was created, which is a sentence that is too long for one line, so that it is folded at
+            spaces.
",
        ),
        (
            set(&format!("{created}/type"), long),
            "\
-          type: integer # seconds
+          type: >- # seconds
+            When it was created, which is a sentence that is too long for one line, so that it is folded at
+            spaces.
",
        ),
        (set(&format!("{created}/type"), "[]"), "-          type: integer # seconds\n+          type: [] # seconds\n"),
        (
            set(&format!("{created}/type"), "[a, {b: 1, c: [2]}]"),
            "\
-          type: integer # seconds
+          type: # seconds
+            - a
+            - b: 1
+              c:
+                - 2
",
        ),
        (
            set("/paths/~1v1~1things/get/responses", "{'200': {description: a}}"),
            "\
-      responses: {}
+      responses:
+        '200':
+          description: a
",
        ),
        (
            set("/components/schemas/thing/required", "[]"),
            "\
-      required:
-        - created # by Stripe
-        - id
+      required: []
",
        ),
        (
            set("/components/schemas/thing/required", "null"),
            "\
-      required:
-        - created # by Stripe
-        - id
+      required: null
",
        ),
        (
            set(&format!("{created}/description"), "|-\n  One.\n\n  Two."),
            "\
-          description: >-
-            When it was
-            created.
+          description: |-
+            One.
+
+            Two.
",
        ),
    ] {
        assert_eq!(changes(&[edit.clone()]), expected, "{edit:?}");
    }
}

#[test]
fn missing_objects_are_added_with_the_house_order() {
    let schema = "{properties: {id: {description: '', type: string}}, required: [id], type: object}";
    let parameter = "{schema: {type: string}, in: query, name: a, style: form}";
    let edits = [
        set("/components/schemas/thing.part", schema),
        append("/paths/~1v1~1things/get/parameters", parameter),
        set("/paths/~1v1~1things/post/operationId", "PostThings"),
    ];
    let text = edited(DESCRIPTION, &edits);
    for part in [
        "      operationId: GetThings\n      parameters:\n        - name: a\n          in: query\n          style: form\n          schema:\n            type: string\n      responses: {}\n    post:\n      operationId: PostThings\n\n  /v1/things/{thing}:\n",
        "            kind: open\n\n    thing.part:\n      type: object\n      required:\n        - id\n      properties:\n        id:\n          type: string\n          description: ''\n\n    # ---",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn edits_do_not_depend_on_each_other() {
    let status = "/components/schemas/thing/properties/status";
    let edits = [
        remove(&format!("{status}/enum/0")),
        remove(&format!("{status}/enum/1")),
        append(&format!("{status}/enum"), "b"),
        append(&format!("{status}/enum"), "a"),
        set("/components/schemas/new/properties/a/type", "string"),
        append("/components/schemas/new/required", "a"),
        set("/components/schemas/new/type", "object"),
    ];
    let text = edited(DESCRIPTION, &edits);
    assert!(
        text.contains("          enum:\n            - a\n            - b\n            # Others are open.\n"),
        "{text}"
    );
    let new = "    new:\n      type: object\n      required:\n        - a\n      properties:\n        a:\n          type: string\n";
    assert!(text.ends_with(new), "{text}");
}

#[test]
fn json_and_flow_style_stay() {
    let json = "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {},\n  \"list\": [\"a\", \"c\"],\n  \"map\": {\n    \"b\": 1\n  }\n}\n";
    for (edit, expected) in [
        (append("/list", "b"), json.replace("\"a\", ", "\"a\", \"b\", ")),
        (remove("/list/1"), json.replace(", \"c\"", "")),
        (remove("/paths"), json.replace("  \"paths\": {},\n", "")),
        (
            set("/map/a", "[x, {}]"),
            json.replace("    \"b\"", "    \"a\": [\n      \"x\",\n      {}\n    ],\n    \"b\""),
        ),
        (set("/map/b", "\"\\\"\""), json.replace("1", "\"\\\"\"")),
        (set("/paths/a/get", "x"), json.replace("{}", "{\n    \"a\": {\n      \"get\": \"x\"\n    }\n  }")),
    ] {
        assert_eq!(edited(json, &[edit]), expected);
    }
    let flow = "a: {type: string, enum: [b, c]} # d\ne: 1\n";
    assert_eq!(edited(flow, &[append("/a/enum", "'1'")]), flow.replace("[b", "['1', b").replace("'1'", "\"1\""));
    assert_eq!(edited(flow, &[set("/a/f g", "h, i")]), flow.replace("c]", "c], f g: \"h, i\""));
    assert_eq!(edited(flow, &[remove("/a/type")]), flow.replace("type: string, ", ""));
    assert_eq!(edited(flow, &[set("/a", "{}")]), flow.replace("{type: string, enum: [b, c]}", "{}"));
}

#[test]
fn the_line_breaks_of_the_text_stay() {
    let text = DESCRIPTION.replace('\n', "\r\n");
    let edits = [
        set("/components/schemas/thing/description", "a"),
        remove("/info/version"),
        append("/components/schemas/thing/required", "z"),
    ];
    assert_eq!(edited(&text, &edits), edited(DESCRIPTION, &edits).replace('\n', "\r\n"));
    assert_eq!(edited("a: |+\n  b\n\nc: 1\n", &[set("/b", "2")]), "a: |+\n  b\n\nc: 1\nb: 2\n");
    assert_eq!(edited("a: |+\n  b\n\nc: 1\n", &[remove("/a")]), "c: 1\n");
    assert_eq!(edited("a: |+\n  b\n\nc: 1\n", &[set("/a", "b")]), "a: b\nc: 1\n");
    assert_eq!(edited("a: 1", &[set("/b", "2"), set("/c/d", "3")]), "a: 1\nb: 2\nc:\n  d: 3");
    assert_eq!(edited("\u{feff}a: 1\n", &[set("/a", "2")]), "\u{feff}a: 2\n");
    assert_eq!(edited("\u{feff}paths: 1\n", &[set("/info", "2")]), "\u{feff}info: 2\npaths: 1\n");
}

#[test]
fn errors_have_a_place_and_help() {
    for (text, edit, expected) in [
        ("a: [", set("/a", "1"), "1:5: expected "),
        ("a: &b 1", set("/a", "1"), "1:4: an anchor is not supported"),
        ("- a", set("/0", "1"), "not an object\nhelp: "),
        ("a: 1", remove(""), "not an object\nhelp: "),
        ("a: 1", append("/a", "1"), "not a list, at `/a`\nhelp: "),
        ("a: 1", set("/a/b", "1"), "neither an object nor a list, at `/a`\nhelp: "),
        ("a: [1]", remove("/a/3"), "the list has no such item, at `/a/3`\nhelp: "),
        ("a: [1, # one\n 2]", remove("/a/0"), "comments between braces cannot be edited, at `/a`\nhelp: "),
        ("? a\n: b: 1", set("/a/c", "1"), "this layout cannot be edited, at `/a`\nhelp: "),
    ] {
        let error = apply(text, &[edit]).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

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

fn is_subsequence(few: &str, many: &str) -> bool {
    let mut many = many.lines();
    few.lines().all(|line| many.any(|other| other == line))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

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
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn other_lines_stay(at in any::<prop::sample::Index>(), new in values(), key in "[a-z]{3}", file in 0..3_usize) {
        let (_, text) = descriptions().swap_remove(file);
        let old = value(&text);
        let mut found = Vec::new();
        places(&old, &Pointer::root(), &mut found);
        let (pointer, old) = at.get(&found).clone();
        let edit = |pointer: &Pointer, kind| Edit { pointer: pointer.clone(), kind };
        let removed = edited(&text, &[edit(&pointer, EditKind::Remove)]);
        // Without its last entry, an object is `{}`.
        let replaced = removed.lines().filter(|line| !is_subsequence(line, &text)).count();
        prop_assert!(is_subsequence(&removed, &text) || replaced == 1, "{pointer}");
        edited(&text, &[edit(&pointer, EditKind::Set(new.clone()))]);
        // An empty value is replaced, and a scalar has nothing inside.
        for (pointer, kind) in [(pointer.join(&key), EditKind::Set(new.clone())), (pointer, EditKind::Append(new))] {
            let is_empty = [Value::Null, Value::List(Vec::new()), Value::Map(Vec::new())].contains(old);
            match apply(&text, &[edit(&pointer, kind)]) {
                Ok(added) => prop_assert!(is_empty || is_subsequence(&text, &added), "{pointer}"),
                Err(error) => prop_assert!(error.message.starts_with("n") || error.message.contains("no such"), "{error}"),
            }
        }
    }
}
