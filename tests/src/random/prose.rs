//! Prose: Markdown and the HTML that Stripe publishes, with what rustdoc could take for something else.

use super::Writer;
use super::object::Object;

const PLAIN: &[&str] = &[
    "What it is called.",
    "When it was made. Not before it was paid for.",
    "How much, in the smallest unit of the `currency`; see `amount`.",
    "One sentence.\n\nAnd a paragraph that has more to say, which goes on for so long that it cannot stand in one line of a comment, \
     however wide comments are.",
];

const HARD: &[&str] = &[
    "no full stop",
    "\"quoted\" \\ and */ and /* and // and {braces} and #[attribute]",
    "A [link](/docs/api), an [item], a `[span]`, [a]: b, Vec<u8> & Option<&'static str>, <b>bold</b>.",
    "See https://stripe.com/docs. Or <https://stripe.com>, or http://example.com/a_b_c?d=e#f!",
    "<p>Returns a <a href=\"/docs/keys\">key</a> &lt;or&gt; <code>none</code>.</p>\n<ul><li>one</li><li>two</li></ul>",
    "<p>Not closed <strong>at all",
    "- one\n- two\n  goes on\n    - nested\n\n1. first\n2. second",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# Heading\n\nText.\n\n## Errors",
    "```\nlet x: u8 = \"no Rust\";\n```",
    "```sql\nSELECT 1;\n```\n\nText.",
    "```\nnot closed",
    "Text.\n\n    let x: u8 = \"indented\";\n\nMore.",
    "a\rb \u{202e} c \u{0} d\u{feff}e",
    "日本 größe 🦀",
    "Line\nLine\nLine",
    "* `a`: one\n* `b`: two",
    "`unbalanced",
    "[`Self`], [self::x], [crate], [`std::vec::Vec`], [broken](",
    "~~struck~~ **bold** _it_ *it* --- ***",
];

/// Markdown with code that rustdoc would compile and run.
const CODE: &[&str] = &[
    "~~~\nlet x: u8 = \"no Rust\";\n~~~",
    "````\nlet x: u8 = \"no Rust\";\n````",
    "> ```\n> let x: u8 = \"no Rust\";\n> ```",
    "- ```\n  let x: u8 = \"no Rust\";\n  ```",
    "```rust\nlet x: u8 = \"no Rust\";\n```",
    "\tlet x: u8 = \"indented\";",
    "- one\n\n      let x: u8 = \"indented\";",
];

impl Writer {
    /// Writes a text for `description` and the like.
    pub(super) fn prose(&mut self) -> &'static str {
        match self.rng.u32(..100) {
            0..60 => self.pick(PLAIN),
            60..75 => self.pick(CODE),
            _ => self.pick(HARD),
        }
    }

    /// Writes a link to documentation.
    pub(super) fn external_docs(&mut self) -> Object {
        let url =
            self.word("https://docs.stripe.com/api|https://docs.stripe.com/a_b?c=d&e=<f>#g|https://example.com/)(");
        let docs = Object::new().with("url", url);
        match self.rng.u32(..3) {
            0 => docs.with("description", "API reference, with [brackets] and `code`"),
            _ => docs,
        }
    }
}
