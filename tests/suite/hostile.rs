//! No description makes the generator panic, hang or exhaust memory: each gives a crate that parses, or errors that render.

use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use stripe_reporting_codegen::{Options, Source, generate, render_human, render_json};
use stripe_reporting_tests::Fixture;

/// Far longer than any case takes.
const HANG: Duration = Duration::from_secs(60);

/// Generates in a thread with a small stack, and checks the result.
fn survives(text: &str) {
    let source = Source { name: "hostile.yaml".to_owned(), text: text.to_owned() };
    let started = Instant::now();
    let generating = thread::Builder::new().stack_size(2 << 20).spawn(move || check(&source)).unwrap();
    while !generating.is_finished() {
        assert!(started.elapsed() < HANG, "it hangs");
        thread::sleep(Duration::from_micros(200));
    }
    generating.join().unwrap();
}

fn check(source: &Source) {
    let sources = std::slice::from_ref(source);
    match generate(sources, &Options::new("hostile", "0.1.0", "../runtime")) {
        Ok(generated) => {
            for file in generated.files.iter().filter(|file| file.path.ends_with(".rs")) {
                if let Err(error) = syn::parse_file(&file.text) {
                    panic!("{} is not valid Rust: {error}\n{}\n\nof\n{}", file.path, file.text, source.text);
                }
            }
        }
        Err(diagnostics) => {
            assert!(!diagnostics.is_empty());
            assert!(!render_human(&diagnostics, sources).is_empty());
            let lines = source.text.split('\n').count().max(1);
            for diagnostic in &diagnostics {
                let location = &diagnostic.location;
                assert!((1..=lines + 1).contains(&location.line), "{diagnostic:?}");
                assert!(location.column >= 1 && location.span.end <= source.text.len(), "{diagnostic:?}");
            }
            for line in render_json(&diagnostics, sources).lines() {
                let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
                let keys: Vec<_> = object.keys().map(String::as_str).collect();
                assert_eq!(keys, ["code", "column", "file", "help", "line", "message", "pointer"]);
            }
        }
    }
}

/// The texts that are mutated: all fixtures.
static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fixtures = ["dialect", "diagnostics"].into_iter().flat_map(Fixture::all);
    fixtures.map(|fixture| fixture.text).collect()
});

#[derive(Debug, Clone)]
enum Mutation {
    Truncate,
    DeleteLine,
    DoubleLine,
    SwapLines,
    Indent,
    Replace(&'static str),
    Word(&'static str),
}

fn mutation() -> impl Strategy<Value = (Mutation, usize, usize)> {
    let texts = [
        "", "null", "5", "-1.5e300", "[]", "{}", "'", "\"", ":", "- ", "#", "&a", "*a", "!t", "<<", "\t", "\u{0}",
        "é🦀", "{", "[",
    ];
    let words = [
        "type",
        "object",
        "string",
        "$ref",
        "self",
        "properties",
        "'#/components/schemas/thing'",
        "x-wait",
        "required",
        "anyOf",
    ];
    let kind = prop_oneof![
        Just(Mutation::Truncate),
        Just(Mutation::DeleteLine),
        Just(Mutation::DoubleLine),
        Just(Mutation::SwapLines),
        Just(Mutation::Indent),
        proptest::sample::select(texts.to_vec()).prop_map(Mutation::Replace),
        proptest::sample::select(words.to_vec()).prop_map(Mutation::Word),
    ];
    (kind, any::<usize>(), any::<usize>())
}

fn mutate(text: &str, (mutation, at, other): &(Mutation, usize, usize)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let (line, other_line) = (at % lines.len(), other % lines.len());
    match mutation {
        Mutation::Truncate => {
            let end = at % (text.len() + 1);
            return text.get(..end).map_or_else(String::new, str::to_owned);
        }
        Mutation::DeleteLine => {
            lines.remove(line);
        }
        Mutation::DoubleLine => lines.insert(other_line, lines[line].clone()),
        Mutation::SwapLines => lines.swap(line, other_line),
        Mutation::Indent => lines[line].insert_str(0, "  "),
        Mutation::Replace(with) => {
            let characters: Vec<char> = lines[line].chars().collect();
            let cut = other % (characters.len() + 1);
            let end = (cut + 1 + at % 4).min(characters.len());
            lines[line] = characters[..cut].iter().collect::<String>()
                + with
                + &characters[end.max(cut)..].iter().collect::<String>();
        }
        Mutation::Word(with) => {
            let words: Vec<&str> = lines[line].split_inclusive([' ', ',', '{', '}', '[', ']']).collect();
            if !words.is_empty() {
                let word = other % words.len();
                let indent = words[word].len() - words[word].trim_start().len();
                let replaced = format!("{}{with} ", &words[word][..indent]);
                lines[line] = words[..word].concat() + &replaced + &words[word + 1..].concat();
            }
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_description_is_survived(seed in any::<prop::sample::Index>(), mutations in prop::collection::vec(mutation(), 1..5)) {
        let start = SEEDS[seed.index(SEEDS.len())].clone();
        let mutated = mutations.iter().fold(start, |text, mutation| mutate(&text, mutation));
        survives(&mutated);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_mutated_real_description_is_survived(mutations in prop::collection::vec(mutation(), 1..4)) {
        let text = stripe_reporting_tests::description().unwrap().remove(1).text;
        let mutated = mutations.iter().fold(text, |text, mutation| mutate(&text, mutation));
        survives(&mutated);
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,200}") {
        survives(&text);
        survives(&format!("openapi: 3.0.3\ninfo: {{title: a, version: b}}\npaths: {{}}\ncomponents: {{schemas: {{a: {text}}}}}\n"));
    }
}

/// Returns a description with these schemas.
fn schemas(lines: impl IntoIterator<Item = String>) -> String {
    let lines: Vec<_> = lines.into_iter().map(|line| format!("    {line}\n")).collect();
    format!("openapi: 3.0.3\ninfo: {{title: a, version: b}}\npaths: {{}}\ncomponents:\n  schemas:\n{}", lines.concat())
}

fn reference(number: usize) -> String {
    format!("{{$ref: '#/components/schemas/s{number}'}}")
}

#[test]
fn depth_is_survived() {
    for depth in [30, 31, 32, 47, 95, 99, 100, 101, 10_000, 100_000] {
        survives(&"[".repeat(depth));
        survives(&"{a: ".repeat(depth));
        survives(&"- ".repeat(depth));
        survives(&"? ".repeat(depth));
        survives(&schemas([format!("a: {}{}", "[".repeat(depth), "]".repeat(depth))]));
        let nested =
            format!("{}{{type: string}}{}", "{type: object, properties: {a: ".repeat(depth), "}}".repeat(depth));
        survives(&schemas([format!("a: {nested}")]));
        let arrays = format!("{}{{type: string}}{}", "{type: array, items: ".repeat(depth), "}".repeat(depth));
        survives(&schemas([format!("a: {{type: object, properties: {{b: {arrays}}}}}")]));
        let choices = format!("{}{{type: string}}{}", "{anyOf: [".repeat(depth), "]}".repeat(depth));
        survives(&schemas([format!("a: {choices}")]));
        survives(&schemas([format!("a: {{type: object, properties: {{b: {choices}}}}}")]));
        let values =
            format!("{}{{type: string}}{}", "{type: object, additionalProperties: ".repeat(depth), "}".repeat(depth));
        survives(&schemas([format!("a: {{type: object, properties: {{b: {values}}}}}")]));
        let broken =
            format!("{}{{type: strng}}{}", "{type: object, properties: {a: ".repeat(depth), "}}".repeat(depth));
        survives(&schemas([format!("a: {broken}")]));
    }
}

#[test]
fn size_is_survived() {
    survives(&"a".repeat(1 << 20));
    survives(&format!("{}: 1", "a".repeat(1 << 20)));
    survives(&format!("\"{}\"", "\\u0041".repeat(1 << 16)));
    survives(&schemas([format!(
        "a: {{type: object, description: '{}', properties: {{b: {{type: string}}}}}}",
        "[`<h".repeat(1 << 16)
    )]));
    survives(&schemas((0..2_000).map(|number| format!("s{number}: {{type: strng, requierd: [a]}}"))));
    survives(&schemas([format!(
        "a: {{type: string, enum: [{}]}}",
        (0..5_000).map(|number| format!("v{number}, ")).collect::<String>()
    )]));
    let long = "a".repeat(900);
    survives(&schemas((0..2_000).map(|number| format!("s{number}: {{$ref: '#/components/schemas/{long}{number}'}}"))));
    let missing = reference(2_000);
    survives(&schemas((0..2_000).map(|number| format!("s{number}: {{type: object, properties: {{a: {missing}}}}}"))));
    let properties = (0..3_000).map(|number| format!("p{number}: {{type: string}}, ")).collect::<String>();
    survives(&schemas([format!("a: {{type: object, properties: {{{properties}}}}}")]));
}

#[test]
fn references_are_survived() {
    let count = 2_000;
    let next = |number: usize| reference((number + 1) % count);
    survives(&schemas((0..count).map(|number| format!("s{number}: {}", next(number)))));
    survives(&schemas((0..count).map(|number| format!("s{number}: {{type: array, items: {}}}", next(number)))));
    survives(&schemas(
        (0..count).map(|number| format!("s{number}: {{type: object, additionalProperties: {}}}", next(number))),
    ));
    survives(&schemas(
        (0..count).map(|number| format!("s{number}: {{type: object, properties: {{a: {}}}}}", next(number))),
    ));
    survives(&schemas((0..count).map(|number| format!("s{number}: {{nullable: true, anyOf: [{}]}}", next(number)))));
    // Examples are checked along references, too.
    let examples =
        |number: usize| format!("s{number}: {{type: object, properties: {{a: {}}}, example: {{a: 1}}}}", next(number));
    survives(&schemas((0..count).map(examples)));
    let chosen = |number: usize| format!("s{number}: {{anyOf: [{}], example: 1}}", next(number));
    survives(&schemas((0..count).map(chosen)));
    survives(&schemas([
        "s0: {$ref: '#/components/schemas/s0'}".to_owned(),
        format!("a: {{type: object, properties: {{b: {}}}, example: {{b: 1}}}}", reference(0)),
    ]));
    survives(&schemas(["s0: {$ref: '#'}".to_owned(), "s1: {$ref: ''}".to_owned(), "s2: {$ref: '#/'}".to_owned()]));
}

#[test]
fn tricks_of_yaml_are_survived() {
    let laughs: String =
        (1..30).map(|level| format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(10))).collect();
    survives(&format!("a0: &a0 lol\n{laughs}"));
    for text in [
        "",
        "\u{feff}",
        "#",
        "---",
        "--- a\n--- b",
        "%YAML 1.2\n---\na: 1",
        "a: b: c",
        "\t",
        "- a\nb",
        "? [a]\n: b",
        "{a: 1, a: 2}",
        "\u{0}",
        "a: \u{0}",
        "\"\\ud83e\"",
        "{\"a\": \"\\ud83e\\ud83e\"}",
        "a: |\n",
        "a: >\n b",
        "'",
        "\"",
        "!!binary x",
        "<<: a",
        "&a",
        "*a",
        "a: &a *a",
        "@",
        "`",
        "%",
        "null",
        "~",
        "1",
        "true",
        "[]",
        "{}",
        "openapi: 3.0.3",
        "swagger: '2.0'",
    ] {
        survives(text);
    }
}

#[test]
fn long_names_are_survived() {
    for length in [200, 201, 1_000, 1_024, 1_025, 100_000] {
        let name = "k".repeat(length);
        let parts = "k.".repeat(length / 2);
        survives(&schemas([format!("'{name}': {{type: object, properties: {{a: {{type: string}}}}}}")]));
        survives(&schemas([format!("'v2.{parts}k': {{type: object, properties: {{a: {{type: string}}}}}}")]));
        survives(&schemas([format!(
            "a: {{type: object, x-stripeResource: {{class_name: A, in_package: {parts}k}}, properties: {{a: {{type: string}}}}}}"
        )]));
        survives(&schemas([format!("? {name}\n    : {{type: object, properties: {{a: {{type: strng}}}}}}")]));
        let keys = format!("{{\"{name}\":").repeat(40);
        survives(&schemas([format!("a: {keys}{{a: 1}}{}", "}".repeat(40))]));
    }
}

#[test]
fn named_arrays_and_maps_are_survived() {
    let named = |number: usize, items: &str| format!("s{number}: {{type: array, items: {items}}}");
    let start = "a: {type: object, properties: {a: {$ref: '#/components/schemas/s0'}}}".to_owned();
    for count in [1, 5, 30, 2_000] {
        // In a cycle of inline objects.
        let next = |number: usize| reference((number + 1) % count);
        let one = |number: usize| format!("{{type: object, properties: {{a: {}}}}}", next(number));
        survives(&schemas((0..count).map(|number| named(number, &one(number))).chain([start.clone()])));
        // Each is twice in the one before.
        let two = |number: usize| format!("{{type: object, properties: {{a: {0}, b: {0}}}}}", next(number));
        survives(&schemas((0..count).map(|number| named(number, &two(number))).chain([start.clone()])));
    }
    // Each as deep as the limit.
    for (open, close, times) in [("{type: array, items: ", "}", 31), ("{nullable: true, anyOf: [", "]}", 31)] {
        let deep = |number: usize| {
            let inside = if number < 30 { reference(number + 1) } else { "{type: string}".to_owned() };
            named(number, &format!("{}{inside}{}", open.repeat(times), close.repeat(times)))
        };
        survives(&schemas((0..=30).map(deep).chain([start.clone()])));
    }
}

#[test]
fn names_are_survived() {
    for name in
        ["1", "_1", "3d_secure", "mod", "lib", "self", "crate", "r#type", "é", "İ", "ǅ", "٣", "x²", "a.1", "-", "v1"]
    {
        survives(&schemas([format!("{name:?}: {{type: object, properties: {{{name:?}: {{type: string}}}}}}")]));
        survives(&schemas([format!("{name:?}: {{type: string, enum: [{name:?}], x-stripeEnum: {{kind: open}}}}")]));
        survives(&schemas([format!("{:?}: {{type: string}}", format!("v2.{name}.{name}"))]));
        survives(&schemas([format!(
            "a: {{type: object, x-stripeResource: {{class_name: {name:?}, in_package: {name:?}}}, properties: {{a: {{type: string}}}}}}"
        )]));
    }
}
