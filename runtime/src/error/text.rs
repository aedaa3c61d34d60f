//! Untrusted text in errors.
//!
//! Members of an error are [`Redacted`] or [`Verbatim`] instead of strings. Both are displayed by [`escape`] only, so that
//! no output contains a secret, a line break or unbounded text.

use std::fmt::{self, Write};

use super::redact::redact;

/// The maximum length of a [`Redacted`] text, in bytes.
const MAX_REDACTED: usize = 4096;

/// The maximum length of a message in `Display` and `Debug`, in bytes.
const MAX_DISPLAYED: usize = 1024;

/// The maximum length of a code, an id or another member in `Display` and `Debug`, in bytes.
const MAX_MEMBER: usize = 256;

/// The maximum length of an excerpt of a body, in bytes.
const MAX_EXCERPT: usize = 1024;

/// Text without secrets, of at most 4,096 bytes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Redacted(String);

impl Redacted {
    /// Creates an excerpt: the start of a body.
    pub(crate) fn excerpt(body: &[u8]) -> Self {
        let prefix = body.get(..MAX_EXCERPT).unwrap_or(body);
        Self(redact_prefix(&String::from_utf8_lossy(prefix), MAX_REDACTED, prefix.len() < body.len()))
    }

    /// Creates a link that keeps its query, which in links to Stripe's pages is a time.
    pub(crate) fn link(link: &str) -> Self {
        match link.split_once('?') {
            Some((page, query)) => {
                let [page, query] = [page, query].map(|part| redact_prefix(part, MAX_REDACTED, false));
                Self(truncate(format!("{page}?{query}"), MAX_REDACTED, false))
            }
            None => Self::from(link),
        }
    }
}

/// Text as received, for programs to compare and send. Its `Display` and `Debug` are redacted.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Verbatim(String);

macro_rules! untrusted_text {
    ($($name:ident: $max:ident, $new:expr;)*) => {$(
        impl $name {
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($new(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&escape(&self.0, $max, false))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "\"{}\"", escape(&self.0, $max, true))
            }
        }
    )*};
}

untrusted_text! {
    Redacted: MAX_DISPLAYED, |text| redact_prefix(text, MAX_REDACTED, false);
    Verbatim: MAX_MEMBER, str::to_owned;
}

/// Redacts and escapes the text of an error of another library.
pub(super) fn capture(arguments: fmt::Arguments<'_>) -> String {
    let mut prefix = Prefix { text: String::new(), is_truncated: false };
    // Fails at the limit, or if the value fails to format.
    let _ = prefix.write_fmt(arguments);
    let redacted = redact_prefix(&prefix.text, MAX_DISPLAYED, prefix.is_truncated);
    escape(&redacted, MAX_DISPLAYED, false)
}

/// Keeps the start of the written text, and fails at the limit.
struct Prefix {
    text: String,
    is_truncated: bool,
}

impl Write for Prefix {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = MAX_DISPLAYED.saturating_sub(self.text.len());
        self.text.push_str(prefix(text, left));
        self.is_truncated |= text.len() > left;
        if self.is_truncated { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Redacts a text, escapes it, and truncates it to `limit` bytes and an ellipsis.
///
/// Escapes control characters, line breaks, and characters that reorder or hide text; quotes if `is_quoted`.
pub(crate) fn escape(text: &str, limit: usize, is_quoted: bool) -> String {
    let mut escaped = String::new();
    for c in redact_prefix(text, limit, false).chars() {
        let length = escaped.len();
        if needs_escape(c) || is_quoted && matches!(c, '"' | '\\') {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
        // Keep the ellipsis of a truncated text.
        if escaped.len() > limit && c != '…' {
            escaped.truncate(length);
            escaped.push('…');
            break;
        }
    }
    escaped
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Truncates a text to `limit` bytes and an ellipsis, and redacts it. The rest of the text is not read.
fn redact_prefix(text: &str, limit: usize, is_truncated: bool) -> String {
    let kept = prefix(text, limit);
    let is_truncated = is_truncated || kept.len() < text.len();
    truncate(redact(kept, is_truncated), limit, is_truncated)
}

fn truncate(mut text: String, limit: usize, is_truncated: bool) -> String {
    let length = prefix(&text, limit).len();
    if is_truncated || length < text.len() {
        text.truncate(length);
        text.push('…');
    }
    text
}

fn prefix(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

/// Truncates a text to `limit` bytes in one line, with white space collapsed.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    truncate(words.collect::<Vec<_>>().join(" "), limit, false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_line_breaks_and_reordering_characters() {
        for (text, escaped) in [
            ("a\r\nerror: b\t\u{1b}[2K", r"a\r\nerror: b\t\u{1b}[2K"),
            ("\u{85}\u{2028}\u{2029}\u{0}\u{7f}", r"\u{85}\u{2028}\u{2029}\u{0}\u{7f}"),
            ("\u{202e}txt\u{2066}\u{200b}\u{feff}", r"\u{202e}txt\u{2066}\u{200b}\u{feff}"),
            ("Zürich, 東京 👍 \"a\" \\d", "Zürich, 東京 👍 \"a\" \\d"),
        ] {
            assert_eq!(escape(text, 100, false), escaped);
        }
        assert_eq!(escape("\"a\"\n\\d", 100, true), r#"\"a\"\n\\d"#);
    }

    #[test]
    fn truncated_text_ends_with_an_ellipsis() {
        assert_eq!(escape("abcdef", 6, false), "abcdef");
        assert_eq!(escape("abcdefg", 6, false), "abcdef…");
        assert_eq!(escape("äöü", 5, false), "äö…");
        assert_eq!(escape("a\n\n\n", 6, false), r"a\n\n…");
        assert_eq!(escape(&"sk_a ".repeat(100), 30, false), "sk_[redacted] sk_[redacted] sk…");
        let text = Redacted::from("x".repeat(20_000_000));
        assert_eq!((text.as_str().len(), text.to_string().len()), (MAX_REDACTED + 3, MAX_DISPLAYED + 3));
        let text = Verbatim::from("x".repeat(20_000_000));
        assert_eq!((text.as_str().len(), text.to_string().len()), (20_000_000, MAX_MEMBER + 3));
    }

    #[test]
    fn excerpts_are_truncated_and_redacted_at_their_end() {
        let body = format!("{}sk_test_abc", "x ".repeat(507));
        let excerpt = Redacted::excerpt(body.as_bytes());
        assert!(excerpt.as_str().ends_with("sk_test_[redacted]…"), "{}", excerpt.as_str());
        assert_eq!(Redacted::excerpt(b"\xffabc").as_str(), "\u{fffd}abc");
        assert_eq!(one_line("<html>\r\n\t<b>Bad\u{0}Gateway</b>", 100), "<html> <b>Bad Gateway</b>");
        assert_eq!(one_line("aé bc", 3), "aé…");
    }

    #[test]
    fn links_keep_their_query_without_secrets() {
        for (link, kept) in [
            ("https://stripe.com/a?t=1#b", "https://stripe.com/a?t=1#b"),
            (
                "https://stripe.com/sk_live_abc?t=1&sig=abc&u=https://a.b/c?d",
                "https://stripe.com/sk_live_[redacted]?t=1&sig=[redacted]&u=https://a.b[redacted]",
            ),
        ] {
            assert_eq!(Redacted::link(link).as_str(), kept);
        }
        assert_eq!(
            Redacted::link(&format!("https://stripe.com/?{}", "x".repeat(9000))).as_str().len(),
            MAX_REDACTED + 3
        );
    }

    #[test]
    fn stops_reading_endless_text() {
        struct Endless;
        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("sk_live_geheim\n")?;
                }
            }
        }
        let captured = capture(format_args!("{Endless}"));
        assert!(captured.starts_with(r"sk_live_[redacted]\nsk_live_[redacted]\n"), "{captured}");
        assert!(captured.len() <= MAX_DISPLAYED + 3);
    }

    proptest! {
        #[test]
        fn any_text_is_one_short_line(text: String, limit in 0_usize..50, is_quoted: bool) {
            let escaped = escape(&text, limit, is_quoted);
            prop_assert!(escaped.len() <= limit + 2 * '…'.len_utf8(), "{}", escaped);
            prop_assert!(!escaped.chars().any(needs_escape), "{}", escaped);
        }
    }
}
