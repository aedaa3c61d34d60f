use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::*;

/// The options of CommonMark, and of rustdoc with and without typographic quotes.
const RUSTDOC: [Options; 3] = [
    Options::empty(),
    Options::ENABLE_TABLES
        .union(Options::ENABLE_FOOTNOTES)
        .union(Options::ENABLE_STRIKETHROUGH)
        .union(Options::ENABLE_TASKLISTS)
        .union(Options::ENABLE_SMART_PUNCTUATION),
    Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES),
];

/// Returns the code blocks that rustdoc would compile: those without another known language.
fn doctests(text: &str) -> Vec<String> {
    let compiled = |event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some("indented".to_owned()),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            let other = ["bash", "csv", "html", "http", "json", "sh", "sql", "text", "url", "xml", "yaml"];
            (!other.contains(&info.as_ref())).then(|| format!("fenced {info}"))
        }
        _ => None,
    };
    RUSTDOC.iter().flat_map(|options| Parser::new_ext(text, *options).filter_map(compiled)).collect()
}

/// Returns what rustdoc would warn about: HTML, and links that are not URLs.
fn warnings(text: &str) -> Vec<String> {
    let warning = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("html {html}")),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            (!["http://", "https://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme))
                && !dest_url.contains(['@', ':']))
            .then(|| format!("link {dest_url}"))
        }
        _ => None,
    };
    RUSTDOC.iter().flat_map(|options| Parser::new_ext(text, *options).filter_map(warning)).collect()
}

/// Returns the visible text, without white space.
fn visible(text: &str) -> String {
    let shown = |event| match event {
        Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => Some(text.into_string()),
        _ => None,
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let text: String = Parser::new_ext(text, options).filter_map(shown).collect();
    printable(&text).split_whitespace().collect()
}

/// Generates sequences of markup.
fn markdown() -> impl Strategy<Value = String> {
    let pieces = vec![
        "```",
        "````",
        "~~~",
        "`",
        "``",
        "rust",
        "text",
        "ignore",
        "should_panic",
        "compile_fail",
        "sql",
        "fn main() {}",
        "\n",
        "\n",
        "\n\n",
        "    ",
        "  ",
        " ",
        "\t",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "12) ",
        "> ",
        ">",
        "# ",
        "#",
        "## Errors",
        "*",
        "**",
        "_",
        "__",
        "~",
        "~~",
        "[",
        "]",
        "(",
        ")",
        "[x]",
        "[^1]: ",
        "[^1]",
        "[x]: http://a.b",
        "[Vec]",
        "](Vec)",
        "](https://a.b/c?d=1&amp;e)",
        "![",
        "!",
        "<",
        ">",
        "<p>",
        "</p>",
        "<div>",
        "<!-- c -->",
        "<br>",
        "<https://a.b>",
        "https://a.b/c.",
        "&lt;",
        "&#32;",
        "&#10;",
        "&amp;amp;",
        "&",
        ";",
        "\\",
        "\\\n",
        "  \n",
        "---",
        "===",
        "***",
        "|",
        "|---|",
        ":-:|",
        "a | b",
        "word",
        "some words",
        "snake_case",
        "1",
        "e",
        ".",
        ":",
        "=",
        "\"",
        "'",
        "é",
        "日本",
        "🦀",
        "\u{202e}",
        "\u{0}",
        "\r\n",
        "\u{a0}",
        "a_very_long_word_that_takes_up_a_lot_of_room_on_its_line_and_goes_on_for_some_more",
        "*/",
        "\"#",
        "[ ] ",
        "[x] ",
        "<a@b.c>",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_description_becomes_a_doctest_or_a_warning(text in markdown()) {
        let normalized = normalized(&text);
        // As in a comment: wrapped, between other paragraphs.
        let comment = wrap(&format!("{normalized}\n\nSee [`Item`].")).join("\n");
        for written in [&normalized, &comment] {
            prop_assert_eq!(doctests(written), Vec::<String>::new(), "{:?}", written);
            prop_assert_eq!(warnings(written), Vec::<String>::new(), "{:?}", written);
        }
        let entry = format!("- 400 {}: {}\n- [{}](<https://a.b>)\n", code(&text), summary(&normalized), line(&text));
        prop_assert_eq!(doctests(&entry), Vec::<String>::new(), "{:?}", entry);
        let sentence = format!("{}\n\n{}\n\n{}\n\n# Errors", summary(&normalized), line(&text), code(&text));
        prop_assert_eq!(doctests(&sentence), Vec::<String>::new(), "{:?}", sentence);
        prop_assert_eq!(warnings(&sentence), Vec::<String>::new(), "{:?}", sentence);
    }

    #[test]
    fn the_visible_text_is_kept(text in markdown()) {
        // Comments are invisible.
        let text = text.replace("<!-- c -->", "");
        let normalized = normalized(&text);
        prop_assert_eq!(visible(&normalized), visible(&printable(&text)), "{:?}", normalized);
        prop_assert_eq!(visible(&wrap(&normalized).join("\n")), visible(&normalized), "{:?}", normalized);
    }

    #[test]
    fn code_is_one_span(text in "\\PC*") {
        let code = code(&text);
        let spans: Vec<_> = Parser::new(&code).collect();
        prop_assert!(matches!(spans.as_slice(), [Event::Start(_), Event::Code(_), Event::End(_)]), "{:?}", spans);
    }
}

#[test]
fn code_becomes_a_fence_that_is_not_compiled() {
    for (text, expected) in [
        ("text\n\n    let x = 1;", "text\n\n```text\nlet x = 1;\n```"),
        ("text\n\n\tlet x = 1;", "text\n\n```text\nlet x = 1;\n```"),
        ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
        ("```rust,should_panic\npanic!()\n```", "```text\npanic!()\n```"),
        ("```sql\nSELECT 1", "```sql\nSELECT 1\n```"),
        ("~~~\nx\n~~~", "```text\nx\n```"),
        ("````\n```\nx\n```\n````", "````text\n```\nx\n```\n````"),
        ("> ```\n> x\n> ```", "> ```text\n> x\n> ```"),
        ("- a\n\n  ```rust\n  x\n  ```", "- a\n\n  ```text\n  x\n  ```"),
        ("1. a\n\n       x", "1. a\n\n   ```text\n   x\n   ```"),
    ] {
        assert_eq!(normalized(text), expected, "{text}");
    }
}

#[test]
fn other_markup_is_kept() {
    for text in [
        "One line\nand another.",
        "- one\n  continued\n- two\n  - nested\n\nafter",
        "1. one\n   continued",
        "a *b* **c** ~~d~~ `e` `` ` `` snake_case 1 * 2 C:\\dir",
        "| a | b |\n|---|:-:|\n| `x \\| y` | *c* |",
        "> quoted\n>\n> more",
        "see <https://stripe.com/docs>.",
        "[x](https://a.b/c_d) and \\[x]",
        "a\\\nb",
        "- a\n\n* b",
    ] {
        assert_eq!(normalized(text), text);
    }
}

#[test]
fn html_links_to_items_and_their_like_become_text() {
    for (text, expected) in [
        ("a[0] and Vec<u8>", "a\\[0] and Vec\\<u8>"),
        ("`a[0]` and [x](/docs/y)", "`a[0]` and [x](https://docs.stripe.com/y)"),
        ("see https://stripe.com/docs.", "see <https://stripe.com/docs>."),
        ("[Vec](Vec), [`Vec`](std::vec::Vec) and [a](#b)", "Vec, `Vec` and a"),
        ("[a]\n\n[a]: https://b.c \"title\"", "[a](https://b.c)"),
        ("a <b>c</b> <!-- d -->", "a \\<b>c\\</b>"),
        ("# Errors\n\nx", "## Errors\n\nx"),
        ("- one\n  goes on\nlazily", "- one\n  goes on\n  lazily"),
        ("![a](https://b.c/d.png)", "[a](https://b.c/d.png)"),
        ("a\rb\u{202e}c\u{0}d", "a b c d"),
        ("&#32;&#32;&#32;&#32;x", "x"),
    ] {
        assert_eq!(normalized(text), expected, "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    for piece in ["> ", "- ", "*a ", "[", "![", "1. ", "**_", "<p>", "`` ` ", "| a "] {
        let text = piece.repeat(20_000);
        assert_eq!(doctests(&normalized(&text)), Vec::<String>::new());
    }
}

#[test]
fn the_summary_is_the_first_sentence() {
    for (text, expected) in [
        ("One. Two.\n\nThree", "One."),
        ("v1.2 of it\n\nMore", "v1.2 of it"),
        ("One\nline. Two", "One line."),
        ("The `a. b` of *c. d*", "The `a. b` of *c.*"),
        ("- one. two", "one."),
        ("```sql\nSELECT 1\n```\n\nOne.", ""),
    ] {
        assert_eq!(summary(text), expected);
    }
}

#[test]
fn a_link_has_plain_text_and_a_url() {
    assert_eq!(link("a [b](https://c) *d*", "https://e.f/(g)"), "[a b d](<https://e.f/%28g%29>)");
    assert_eq!(link("a", "b::c"), "a (`b::c`)");
}

#[test]
fn only_prose_is_wrapped() {
    let words = "word ".repeat(40);
    let lines = wrap(&format!("{words}\n```text\n{words}\n```\n- {words}"));
    assert!(lines.iter().all(|line| line.len() <= WIDTH || line.starts_with("- ") || *line == words), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| **line == words).count(), 1);
}

#[test]
fn an_entry_does_not_become_a_link_definition() {
    assert_eq!(entry("[`A`]", "Some words."), "- [`A`]: Some words.");
    assert_eq!(entry("[`A`]", ""), "- [`A`]: ");
    for summary in ["Errors", "Word 'title'", "<https://a.b>"] {
        let entry = entry("[`A`]", summary);
        assert!(visible(&entry).starts_with("[A]:"), "{entry}");
    }
}

#[test]
fn plain_text_is_only_text() {
    let blocks = read::blocks("```\n*x*\n```\n\n> # a\n\n- [b](https://c.d)", Dialect::Description);
    let plain = write::plain(&blocks);
    assert_eq!(doctests(&plain), Vec::<String>::new());
    assert!(matches!(read::blocks(&plain, Dialect::Rustdoc).as_slice(), [tree::Block::Paragraph(_)]), "{plain}");
}
