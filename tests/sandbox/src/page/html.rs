//! Writes HTML: markup is part of the program, and all other text is escaped.

use std::fmt::{self, Display, Write};

/// HTML.
#[derive(Debug, Default)]
pub(super) struct Html(String);

/// Escapes what is written.
struct Escaped<'h>(&'h mut String);

impl Html {
    /// Adds markup. Only literals are markup.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, between elements or in an attribute with double quotes.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        // Writing to memory does not fail.
        let _ = write!(Escaped(&mut self.0), "{text}");
        self
    }

    /// Adds a cell of a table with a text.
    pub(super) fn cell(&mut self, text: impl Display) -> &mut Self {
        self.raw("<td>").text(text).raw("</td>")
    }

    /// Adds a cell with a status, colored by its class.
    pub(super) fn badge(&mut self, class: &'static str, text: impl Display) -> &mut Self {
        self.raw("<td><span class=\"badge ").raw(class).raw("\">").text(text).raw("</span></td>")
    }

    /// Adds a link to a path of this server.
    pub(super) fn link(&mut self, path: &str, text: impl Display) -> &mut Self {
        self.raw("<a href=\"").text(path).raw("\">").text(text).raw("</a>")
    }

    /// Adds a heading, with text of this program.
    pub(super) fn heading(&mut self, text: &'static str) -> &mut Self {
        self.raw("<h2>").raw(text).raw("</h2>\n")
    }

    /// Adds the start of a table that scrolls when it is too wide, with the names of its columns.
    pub(super) fn start_table(&mut self, columns: &[&'static str]) -> &mut Self {
        self.raw("<div class=\"scroll\"><table><thead><tr>");
        for column in columns {
            self.raw("<th>").raw(column).raw("</th>");
        }
        self.raw("</tr></thead><tbody>\n")
    }

    pub(super) fn end_table(&mut self) -> &mut Self {
        self.raw("</tbody></table></div>\n")
    }

    /// Adds a block of text with its line breaks.
    pub(super) fn block(&mut self, text: impl Display) -> &mut Self {
        // A line break after the tag is not part of the text.
        self.raw("<pre>\n").text(text).raw("</pre>\n")
    }

    pub(super) fn append(&mut self, other: Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(character),
                // Neither valid in HTML nor visible; the others change the direction of what follows.
                character if character.is_control() => self.0.push('\u{fffd}'),
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}
