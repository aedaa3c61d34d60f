//! The edits of texts, small ones and the project's descriptions.

mod properties;

use std::path::Path;

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
        assert_eq!(changes(std::slice::from_ref(&edit)), expected, "{edit:?}");
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
        assert_eq!(changes(std::slice::from_ref(&edit)), expected, "{edit:?}");
    }
}

#[test]
fn the_next_key_stands_after_the_dash_and_keeps_its_comments() {
    let text = "a:\n  - b: 1 # b\n    # c\n    c: 2\n    # d\n    d: 3 # three\n    # e\n    e: 4\n";
    for (edits, expected) in [
        (vec![remove("/a/0/b")], "a:\n  # c\n  - c: 2\n    # d\n    d: 3 # three\n    # e\n    e: 4\n"),
        (vec![remove("/a/0/b"), remove("/a/0/c")], "a:\n  # d\n  - d: 3 # three\n    # e\n    e: 4\n"),
        (
            vec![remove("/a/0/b"), set("/a/0/c", "5")],
            "a:\n  # c\n  - c: 5\n    # d\n    d: 3 # three\n    # e\n    e: 4\n",
        ),
        (
            vec![remove("/a/0/b"), set("/a/0/aa", "0")],
            "a:\n  # c\n  - aa: 0\n    c: 2\n    # d\n    d: 3 # three\n    # e\n    e: 4\n",
        ),
    ] {
        assert_eq!(edited(text, &edits), expected, "{edits:?}");
    }
    assert_eq!(edited("a:\n  - - b: 1\n      c: 2\n", &[remove("/a/0/0/b")]), "a:\n  - - c: 2\n");
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
        assert_eq!(changes(std::slice::from_ref(&edit)), expected, "{edit:?}");
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
