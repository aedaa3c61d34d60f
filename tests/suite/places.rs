//! Positions of errors: an editor finds the line and the column, however the text is written.

use stripe_reporting_codegen::{Code, Diagnostics, Options, Source, generate, render_human};

/// Generates from an invalid text, and checks the lines and columns of all errors against the text.
fn diagnose(text: &str) -> (Diagnostics, String) {
    let sources = [Source { name: "fixture.yaml".to_owned(), text: text.to_owned() }];
    let diagnostics = generate(&sources, &Options::new("fixture", "0.1.0", "../runtime")).unwrap_err();
    for diagnostic in &diagnostics {
        let related = diagnostic.related.iter().map(|related| &related.location);
        for location in std::iter::once(&diagnostic.location).chain(related) {
            let before =
                text[..location.span.start].trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
            assert_eq!(location.line, before.matches('\n').count() + 1, "{diagnostic:?}");
            assert_eq!(location.column, before.rsplit('\n').next().unwrap().chars().count() + 1, "{diagnostic:?}");
        }
    }
    let human = render_human(&diagnostics, &sources);
    let shown = human.lines().filter_map(|line| line.trim_start().strip_prefix("--> "));
    let places = diagnostics.iter().map(|diagnostic| &diagnostic.location);
    let places = places.map(|location| format!("fixture.yaml:{}:{}", location.line, location.column));
    assert_eq!(shown.collect::<Vec<_>>(), places.collect::<Vec<_>>(), "{human}");
    let also = human.lines().filter_map(|line| line.trim_start().strip_prefix("::: "));
    let related = diagnostics.iter().flat_map(|diagnostic| &diagnostic.related).map(|related| &related.location);
    let related = related.map(|location| format!("fixture.yaml:{}:{}", location.line, location.column));
    assert_eq!(also.collect::<Vec<_>>(), related.collect::<Vec<_>>(), "{human}");
    (diagnostics, human)
}

/// Returns the texts that the errors mark.
fn marked<'t>(text: &'t str, diagnostics: &Diagnostics) -> Vec<&'t str> {
    diagnostics.iter().map(|diagnostic| &text[diagnostic.location.span.clone()]).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\ncomponents:\n  schemas:\n";

#[test]
fn the_column_is_that_of_the_file_where_the_line_is_cut() {
    let schemas = (0..50).map(|number| format!("s{number}: {{type: strng}}, ")).collect::<String>();
    let text = format!("{HEAD}    {{{schemas}}}\n");
    let (diagnostics, _) = diagnose(&text);
    assert_eq!(marked(&text, &diagnostics), ["strng"; 50]);
    // Both places of one error, far apart on one line.
    let text = format!("{HEAD}    {{s: {{type: object}}, {} s: {{type: object}}}}\n", " ".repeat(500));
    let (diagnostics, human) = diagnose(&text);
    assert_eq!(marked(&text, &diagnostics), ["s"]);
    assert!(human.contains("fixture.yaml:6:6") && human.contains("fixture.yaml:6:526"), "{human}");
}

#[test]
fn tabs_wide_characters_and_line_breaks_are_counted() {
    let wide = "日本😀e\u{301}\u{200b}";
    let lines = format!("    a: {{title: \"\t{wide}\", type: strng}} # {wide}\n    \"{wide}\":\t{{tipe: string}}\n");
    for ending in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}opnapi: 3.0.3\n{HEAD}{lines}").replace('\n', ending);
            let (diagnostics, human) = diagnose(&text);
            assert_eq!(marked(&text, &diagnostics), ["opnapi", "strng", "tipe"]);
            assert!(!human.contains('\u{feff}') && !human.contains('␍'), "{human}");
        }
    }
}

#[test]
fn json_with_surrogate_pairs_may_follow_a_byte_order_mark() {
    let json = r#"{"openapi": "3.0.3", "info": {"title": "\ud83d\ude00", "version": "\\ud83d"}, "paths": {}, "#;
    let components = r#""components": {"schemas": {"\ud83d\ude00a": {"type": "object", "description": "é\ud83d\uDE00", "properties": {"a": {}}}}}}"#;
    for mark in ["", "\u{feff}", "\u{feff}\n\t"] {
        let source = Source { name: "fixture.json".to_owned(), text: format!("{mark}{json}{components}") };
        generate(&[source], &Options::new("fixture", "0.1.0", "../runtime")).unwrap();
        let text = format!("{mark}{json}{}", components.replace("object", "objct"));
        let (diagnostics, _) = diagnose(&text);
        assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), [Code::UnknownType]);
        assert_eq!(marked(&text, &diagnostics), ["\"objct\""]);
    }
}

#[test]
fn quoted_values_cannot_imitate_a_position() {
    let quoted = r#""a\u0000:1:1""#;
    let text = format!(
        "{HEAD}    a:\n      type: object\n      properties: {{id: {{type: string, x-stripeProperty: {{referenced_resource: {quoted}}}}}}}\n    b: {{x-resourceId: {quoted}, type: object}}\n    c: {{x-resourceId: {quoted}, type: object}}\n"
    );
    let (diagnostics, human) = diagnose(&text);
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.message.contains('\0')));
    assert!(!human.contains('\0'), "{human:?}");
}
