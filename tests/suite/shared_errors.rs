//! References to errors in another description, which only error responses can have.

use stripe_reporting_codegen::{Code, Options, Source, generate, read, render_human};

/// A description with errors that others share.
const SHARED: &str = "
openapi: 3.0.3
info: {title: Shared, version: 2026-09-30.preview}
paths:
  /v2/things:
    get:
      operationId: GetThings
      responses:
        '200': {description: Done., content: {application/json: {schema: {}}}}
        default: {$ref: '#/components/responses/error'}
components:
  responses:
    error:
      description: Why not.
      content:
        application/json:
          schema:
            oneOf: [{$ref: '#/components/schemas/v2.error'}, {$ref: '#/components/schemas/v2.error.busy'}]
  schemas:
    v2.error: {$ref: '#/components/schemas/v2.any_error'}
    v2.any_error:
      type: object
      properties: {error: {$ref: '#/components/schemas/v2.error_content'}}
    v2.error_content:
      type: object
      properties: {code: {type: string, enum: [broken]}}
    v2.error.busy:
      type: object
      description: Too many requests.
      x-stripeError: {code: busy, httpStatusCode: 429}
    v2.error.lost:
      type: object
      description: There is no such thing.
      x-stripeError: {code: lost, httpStatusCode: 404}
";

/// Returns a description of an operation whose error response is `response`.
fn using(response: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Using, version: 2026-09-30.preview}}
paths:
  /v2/others:
    get:
      operationId: GetOthers
      responses:
        '200': {{description: Done., content: {{application/json: {{schema: {{}}}}}}}}
        default: {response}
"
    )
}

fn content(schema: &str) -> String {
    format!("{{description: Why not., content: {{application/json: {{schema: {schema}}}}}}}")
}

fn sources(texts: &[(&str, &str)]) -> Vec<Source> {
    texts.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}

/// Returns the codes that the documentation of `GetOthers` lists, and the types of the crate.
fn described(sources: &[Source]) -> (Vec<(String, u16)>, Vec<String>) {
    let api = read(sources).unwrap_or_else(|found| panic!("{}", render_human(&found, sources)));
    let errors = api.operations["GetOthers"].errors.iter().map(|error| (error.code.clone(), error.status)).collect();
    (errors, api.types.keys().map(ToString::to_string).collect())
}

#[test]
fn a_response_or_an_error_of_another_file_is_as_one_of_its_own() {
    let busy = ("busy".to_owned(), 429);
    let lost = ("lost".to_owned(), 404);
    let one_of = "{oneOf: [{$ref: './v2.yaml#/components/schemas/v2.error.lost'}, {$ref: 'v2.yaml#/components/schemas/v2.error.busy'}]}";
    for (response, expected) in [
        ("{$ref: 'v2.yaml#/components/responses/error'}".to_owned(), vec![busy.clone()]),
        (content("{$ref: 'v2.yaml#/components/schemas/v2.error.busy'}"), vec![busy.clone()]),
        (content("{$ref: 'v2.yaml#/components/schemas/v2.error'}"), Vec::new()),
        (content(one_of), vec![lost, busy]),
    ] {
        let using = using(&response);
        let (errors, types) = described(&sources(&[("spec/other.yaml", &using), ("spec/v2.yaml", SHARED)]));
        assert_eq!(errors, expected, "{response}");
        assert_eq!(types, ["v2::ErrorCode"], "{response}");
    }
}

#[test]
fn an_error_that_only_another_file_refers_to_is_not_a_model() {
    let shared = SHARED.split("paths:").next().unwrap().to_owned()
        + "paths: {}\ncomponents:"
        + SHARED.split("components:").nth(1).unwrap();
    let using = using("{$ref: 'v2.yaml#/components/responses/error'}");
    let (errors, types) = described(&sources(&[("a.yaml", &using), ("v2.yaml", &shared)]));
    assert_eq!(errors, [("busy".to_owned(), 429)]);
    assert_eq!(types, ["v2::ErrorCode"]);
}

#[test]
fn the_order_of_the_files_does_not_show() {
    let using = using("{$ref: 'v2.yaml#/components/responses/error'}");
    let more = "
openapi: 3.0.3
info: {title: More, version: 2026-09-30.preview}
paths: {}
components:
  schemas:
    v2.error.lost: {type: object, x-stripeError: {code: lost, httpStatusCode: 404}}
    v2.error.busy: {type: object, x-rustName: Overloaded, x-stripeError: {code: busy, httpStatusCode: 429, type: limit}}
";
    let files = |order: [usize; 3]| {
        let all = [("other.yaml", using.as_str()), ("v2.yaml", SHARED), ("more.yaml", more)];
        let sources = sources(&order.map(|index| all[index]));
        let files = generate(&sources, &Options::new("shared", "0.1.0", "../runtime")).unwrap().files;
        let files = files.into_iter().filter(|file| file.path.starts_with("src/v2/"));
        files.filter(|file| file.path != "src/v2/mod.rs").collect::<Vec<_>>()
    };
    let expected = files([0, 1, 2]);
    assert!(expected.iter().any(|file| file.text.contains("Overloaded")));
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert!(files(order) == expected, "{order:?}");
    }
}

/// Whatever the order of the files, the error is in the one with the last name.
#[test]
fn a_contradiction_of_two_files_is_reported_with_both_places() {
    let other = "
openapi: 3.0.3
info: {title: Other, version: 2026-09-30.preview}
paths: {}
components:
  schemas:
    v2.error.busy: {type: object, description: Come back later., x-stripeError: {code: busy, httpStatusCode: 503}}
    v2.error.lost: {type: object, x-stripeError: {code: lost, httpStatusCode: 404}}
";
    for reversed in [false, true] {
        let mut texts = [("spec/other.yaml", other), ("spec/v2.yaml", SHARED)];
        if reversed {
            texts.reverse();
        }
        let sources = sources(&texts);
        let found = read(&sources).unwrap_err();
        let name = |file: stripe_reporting_codegen::FileId| sources[file.0].name.as_str();
        let mut shown: Vec<_> = found
            .iter()
            .map(|found| (name(found.location.file), name(found.related[0].location.file), found.message.as_str()))
            .collect();
        shown.sort_unstable();
        let expected = [
            "the error code `busy` has a different description elsewhere",
            "the error code `busy` has the status 429 here and 503 elsewhere",
        ];
        assert_eq!(shown, expected.map(|message| ("spec/v2.yaml", "spec/other.yaml", message)));
        assert!(found.iter().all(|found| found.code == Code::Contradiction && found.help.is_some()));
    }
}

/// Returns the errors of descriptions: code, line, column, message and help.
fn reported(texts: &[(&str, &str)]) -> Vec<(Code, usize, usize, String, String)> {
    let sources = sources(texts);
    let found = read(&sources).unwrap_err();
    let found = found.iter().map(|found| {
        let (line, column) = (found.location.line, found.location.column);
        (found.code, line, column, found.message.clone(), found.help.clone().unwrap_or_default())
    });
    found.collect()
}

#[test]
fn an_unresolved_reference_is_reported_at_its_place() {
    let code = Code::UnresolvedReference;
    let one_of = "refer to one of the descriptions: `a.yaml`, `v2.yaml`";
    let error = |file: &str| format!("{file}#/components/responses/error");
    for (reference, expected, message, help) in [
        (&*error("v3.yaml"), code, "no description is named `v3.yaml`", "did you mean `v2.yaml`?"),
        (&*error("https://stripe.com/spec"), code, "no description is named `https://stripe.com/spec`", one_of),
        (&*error("spec/v2.yaml"), code, "no description is named `spec/v2.yaml`", one_of),
        (
            "v2.yaml#/components/responses/eror",
            code,
            "`#/components/responses/eror` does not exist in `v2.yaml`",
            "did you mean `v2.yaml#/components/responses/error`?",
        ),
        (
            "v2.yaml#/components/schemas/v2.error",
            Code::WrongReferenceKind,
            "expected a reference to a response, found `v2.yaml#/components/schemas/v2.error`",
            "define the response under `components.responses`",
        ),
    ] {
        let using = using(&format!("{{$ref: '{reference}'}}"));
        let found = reported(&[("spec/a.yaml", &using), ("spec/v2.yaml", SHARED)]);
        assert_eq!(found, [(expected, 9, 25, message.to_owned(), help.to_owned())]);
    }
    let using = using(&content("{oneOf: [{$ref: 'v2.yaml#/components/schemas/v2.error.bsuy'}]}"));
    let message = "`#/components/schemas/v2.error.bsuy` does not exist in `v2.yaml`".to_owned();
    let help = "did you mean `v2.yaml#/components/schemas/v2.error.busy`?".to_owned();
    assert_eq!(reported(&[("a.yaml", &using), ("v2.yaml", SHARED)]), [(code, 9, 95, message, help)]);
}

#[test]
fn two_descriptions_of_one_name_are_ambiguous() {
    let using = using("{$ref: 'v2.yaml#/components/responses/error'}");
    let empty = "openapi: 3.0.3\ninfo: {title: Empty, version: 2026-09-30.preview}\npaths: {}\n";
    let found = reported(&[("a.yaml", &using), ("new/v2.yaml", empty), ("old/v2.yaml", SHARED)]);
    let message = "several descriptions are named `v2.yaml`: `new/v2.yaml`, `old/v2.yaml`".to_owned();
    let help = "rename one of the files".to_owned();
    assert_eq!(found, [(Code::UnresolvedReference, 9, 25, message, help)]);
}

#[test]
fn a_syntax_error_in_the_other_file_is_the_only_error() {
    let using = using("{$ref: 'v2.yaml#/components/responses/error'}");
    let codes: Vec<_> = reported(&[("a.yaml", &using), ("v2.yaml", "{")]).into_iter().map(|found| found.0).collect();
    assert_eq!(codes, [Code::SyntaxError]);
}

#[test]
fn only_errors_can_be_in_another_file() {
    let help = "define it in this description, and write `#/components/schemas/v2.error`";
    let text = format!(
        "{}components: {{schemas: {{a: {{type: object, properties: {{b: {{$ref: 'v2.yaml#/components/schemas/v2.error'}}}}}}}}}}\n",
        using("{description: Why not.}")
    );
    let found = reported(&[("a.yaml", &text), ("v2.yaml", SHARED)]);
    let message = "`v2.yaml#/components/schemas/v2.error` does not exist in this description".to_owned();
    assert_eq!(found, [(Code::UnresolvedReference, 10, 65, message, help.to_owned())]);
}

/// Any number of operations may share a response.
#[test]
fn a_reference_in_a_shared_response_is_reported_once() {
    let mut text = SHARED.replace("schemas/v2.error.busy'}]", "schemas/v2.error.bsuy'}]");
    let more: String = (0..7)
        .map(|number| {
            format!(
                "  /v2/things{number}:\n    get:\n      operationId: Get{number}\n      responses:\n        '200': {{description: \
                 Done., content: {{application/json: {{schema: {{}}}}}}}}\n        default: {{$ref: '#/components/responses/error'}}\n"
            )
        })
        .collect();
    text.insert_str(text.find("components:\n").unwrap(), &more);
    let (number, line) = text.lines().enumerate().find(|(_, line)| line.contains("bsuy")).unwrap();
    let column = line.rfind("'#/").unwrap() + 1;
    let found = reported(&[("v2.yaml", &text)]);
    let message = "`#/components/schemas/v2.error.bsuy` does not exist in this description".to_owned();
    let help = "did you mean `#/components/schemas/v2.error.busy`?".to_owned();
    assert_eq!(found, [(Code::UnresolvedReference, number + 1, column, message, help)]);
}
