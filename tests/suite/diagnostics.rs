//! Every code has a fixture, whose rendered errors are a snapshot.

use std::collections::BTreeSet;

use stripe_reporting_codegen::{Code, Diagnostics, Options, Source, generate, render_human, render_json};
use stripe_reporting_tests::Fixture;

fn diagnose(fixture: &Fixture) -> (Source, Diagnostics) {
    let source = Source { name: format!("{}.yaml", fixture.name), text: fixture.text.clone() };
    match generate(std::slice::from_ref(&source), &Options::new("fixture", "0.1.0", "../runtime")) {
        Ok(_) => panic!("{} has no error", fixture.name),
        Err(diagnostics) => (source, diagnostics),
    }
}

/// Returns the errors of a description.
fn errors(text: impl Into<String>) -> Diagnostics {
    let source = Source { name: "fixture.yaml".to_owned(), text: text.into() };
    generate(&[source], &Options::new("fixture", "0.1.0", "../runtime")).unwrap_err()
}

fn codes(errors: &Diagnostics) -> Vec<&str> {
    errors.iter().map(|error| error.code.as_str()).collect()
}

#[test]
fn the_errors_of_a_fixture_match_its_snapshot() {
    for fixture in Fixture::all("diagnostics") {
        let (source, diagnostics) = diagnose(&fixture);
        let sources = std::slice::from_ref(&source);
        let text = format!("{}\n\n{}", render_human(&diagnostics, sources), render_json(&diagnostics, sources));
        insta::with_settings!({snapshot_path => "../snapshots/diagnostics", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(fixture.name.as_str(), text);
        });
    }
}

#[test]
fn every_code_has_a_fixture_of_its_name() {
    let fixtures = Fixture::all("diagnostics");
    for code in Code::ALL {
        let name = code.as_str().replace('-', "_");
        let fixture = fixtures.iter().find(|fixture| fixture.name == name);
        let fixture = fixture.unwrap_or_else(|| panic!("no fixture is called {name}.yaml"));
        let (_, diagnostics) = diagnose(fixture);
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == *code), "{name}.yaml does not lead to {code:?}");
    }
}

#[test]
fn a_fixture_has_errors_of_its_code_only() {
    for fixture in Fixture::all("diagnostics") {
        let (_, diagnostics) = diagnose(&fixture);
        let codes: BTreeSet<_> =
            diagnostics.iter().map(|diagnostic| diagnostic.code.as_str().replace('-', "_")).collect();
        let expected = BTreeSet::from([fixture.name.clone()]);
        assert_eq!(codes, expected);
    }
}

#[test]
fn the_errors_of_all_files_are_reported_in_one_run() {
    let names = ["unknown_keyword", "wrong_type", "unknown_type", "unknown_extension", "unknown_property"];
    let fixtures = Fixture::all("diagnostics").into_iter().filter(|fixture| names.contains(&fixture.name.as_str()));
    let sources: Vec<_> = fixtures.map(|fixture| Source { name: fixture.name, text: fixture.text }).collect();
    let diagnostics = generate(&sources, &Options::new("fixture", "0.1.0", "../runtime")).unwrap_err();
    let codes: BTreeSet<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str().replace('-', "_")).collect();
    for name in names {
        assert!(codes.contains(name), "{name} is missing in {codes:?}");
    }
}

#[test]
fn an_error_does_not_hide_others_elsewhere() {
    let text = "
openapi: 3.0.3
info: {title: Fixture, version: 2026-09-30.preview}
paths:
  /v1/things:
    get:
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/thng'}}}}}
components:
  schemas:
    thing:
      type: object
      requierd: [id]
      properties:
        id: {type: strng}
        some_text: {type: string}
        someText: {type: string}
    thing: {type: object}
    other: &anchor {type: object}
";
    let diagnostics = errors(text);
    let codes = codes(&diagnostics);
    let expected = [
        "missing-operation-id",
        "unknown-keyword",
        "unknown-type",
        "name-collision",
        "duplicate-key",
        "unsupported-yaml",
    ];
    for code in expected {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
}

#[test]
fn an_error_that_only_follows_from_another_is_not_reported() {
    let wait = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "wait").unwrap();
    // Without its status, the run has no states; without the operation, nothing retrieves it.
    let unknown = errors(wait.text.replace("status: {type: string,", "status: {type: strng,"));
    assert_eq!(codes(&unknown), ["unknown-type"]);
    assert_eq!(codes(&errors(wait.text.replace("    get:", "    gt:"))), ["unknown-keyword"]);
    // The states do not depend on the path.
    let both = wait
        .text
        .replace("required: true,", "requird: true, required: true,")
        .replace("failed: [failed, timed_out]", "failed: [failed]");
    assert_eq!(codes(&errors(both)), ["unknown-keyword", "unknown-state"]);
    // What names the resource is not wrong as well.
    let replaced = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "replaced_by").unwrap();
    let no_resource = errors(replaced.text.replace("x-resourceId: run\n", "deprecated: true\n"));
    assert_eq!(codes(&no_resource), ["malformed-extension"]);
}

#[test]
fn what_several_extensions_lack_is_reported_once() {
    let Fixture { text, .. } = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "canceled").unwrap();
    let (head, components) = text.split_once("components:\n").unwrap();
    let operations = components.split_once("      x-stripeOperations:\n").unwrap().1.lines().next().unwrap();
    let without = |part: &str| {
        assert!(text.contains(part), "{part}");
        text.replacen(part, "", 1)
    };
    let (head, _) = head.split_once("    get:\n").unwrap();
    let schema = |schema: &str| format!("{head}    {{}}\ncomponents: {{schemas: {{a: {schema}}}}}\n");
    for (text, expected) in [
        (without("      x-resourceId: v2.run\n"), "`x-wait` needs a resource"),
        (without(operations).replace("x-stripeOperations:", "x-stripeOperations: []"), "no `retrieve` operation"),
        (format!("{head}    {{}}\ncomponents:\n{components}"), "the path `/v2/runs/{id}` has no operation `get`"),
        (schema("{type: object, x-resourceId: a, x-rustName: B, example: {}}"), "`x-resourceId` has no effect"),
        (schema("{type: string, enum: [[a], b], default: a}"), "expected a string for an entry of `enum`"),
    ] {
        let messages: Vec<_> = errors(text).iter().map(|error| error.message.clone()).collect();
        assert!(messages.len() == 1 && messages[0].contains(expected), "{messages:?}, not: {expected}");
    }
}

#[test]
fn a_number_that_is_too_large_is_reported_at_its_place() {
    let digits = "9".repeat(400);
    for number in ["1e999", "-1E+999", ".1e999", &digits] {
        for place in
            ["type: number, minimum: ", "type: object, properties: {b: {type: number, multipleOf: ", "example: "]
        {
            let closing = "}".repeat(place.matches('{').count());
            let line = format!("    a: {{{place}{number}{closing}}}");
            let head = "openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\ncomponents:\n  schemas:\n";
            let diagnostics = errors(format!("{head}{line}\n"));
            let found: Vec<_> = diagnostics.iter().map(|found| (found.code, found.location.column)).collect();
            assert_eq!(found, [(Code::WrongType, line.find(number).unwrap() + 1)], "{line}");
        }
    }
}

/// The cost of an error does not grow with the description.
#[test]
fn a_help_lists_a_bounded_number_of_names() {
    let names: String = (0..1_000).map(|number| format!("name{number}: {{type: string}}, ")).collect();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: a, version: b}}\npaths: {{}}\ncomponents:\n  schemas:\n    a: {{type: object, \
         x-resourceId: a, x-download: {{url: somewhere.else, access: api-key}}, required: [id], \
         properties: {{{names}id: {{type: string}}}}}}\n"
    );
    let diagnostics = errors(text);
    let help = diagnostics.iter().find(|found| found.code == Code::UnknownField).unwrap().help.as_deref().unwrap();
    assert!(help.starts_with("use one of its fields: `name0`, `name1`, ") && help.ends_with(" and others"), "{help}");
    assert!(help.len() < 500, "{help}");
}

#[test]
fn a_key_that_is_too_long_is_not_repeated_in_pointers() {
    let text = format!("{{\"openapi\": \"3.0.3\", \"{}\": {{\"a\": 1}}}}", "k".repeat(1_025));
    assert_eq!(codes(&errors(text)), [Code::UnsupportedYaml.as_str()]);
}

#[test]
fn the_readme_shows_a_real_diagnostic() {
    let readme = std::fs::read_to_string(stripe_reporting_tests::project().join("README.md")).unwrap();
    let sample = readme.split("```text\n").find(|block| block.starts_with("error[")).unwrap();
    let sample = sample.split("\n\nerror:").next().unwrap();
    let mut sources = stripe_reporting_tests::description().unwrap();
    let last = sources.last_mut().unwrap();
    last.text = last.text.replacen("\n      required:", "\n      requierd:", 1);
    let found = render_human(&stripe_reporting_codegen::read(&sources).unwrap_err(), &sources);
    // Line numbers change with the description, and the margin with them.
    let comparable = |text: &str| -> Vec<String> {
        let words = text.split_whitespace().map(|word| word.replace(|character: char| character.is_ascii_digit(), ""));
        words.filter(|word| !word.is_empty()).collect()
    };
    assert_eq!(comparable(&found), comparable(sample), "{found}");
}
