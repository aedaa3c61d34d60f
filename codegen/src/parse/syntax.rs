//! Explains syntax errors: each rule recognizes one by what the YAML parser reports and by the text around it.

/// An explained syntax error.
pub(super) struct Hint {
    /// The byte where it is.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: String,
}

fn hint(at: usize, message: impl Into<String>, help: impl Into<String>) -> Option<Hint> {
    Some(Hint { at, message: message.into(), help: help.into() })
}

const QUOTES: &str = "put the string in quotes";

/// A line without its line break.
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn indent(&self) -> usize {
        self.text.len() - self.content().len()
    }

    fn content(&self) -> &'t str {
        self.text.trim_start_matches(' ')
    }

    fn is_blank(&self) -> bool {
        let content = self.text.trim();
        content.is_empty() || content.starts_with('#')
    }

    /// Returns the indentations that another line may have, from the right: that of a key, or those of the entries of lists.
    fn levels(&self, of_list: bool) -> Vec<usize> {
        let (mut at, mut rest, mut found) = (self.indent(), self.content(), Vec::new());
        while let Some(entry) = rest.strip_prefix("- ") {
            found.extend(of_list.then_some(at));
            let inside = entry.trim_start_matches(' ');
            (at, rest) = (at + rest.len() - inside.len(), inside);
        }
        let is_key = rest.contains(": ") || rest.trim_end().ends_with(':');
        found.extend((is_key && !of_list).then_some(at));
        found.reverse();
        found
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    let rest = text.get(start..).unwrap_or_default();
    let lines = rest.split_inclusive('\n').map(|line| {
        let found = Line { start, text: line.trim_end_matches(['\n', '\r']) };
        start += line.len();
        found
    });
    lines.collect()
}

/// Finds the marker of an unresolved merge conflict.
pub(super) fn conflict(text: &str) -> Option<Hint> {
    let is_marker = |line: &&Line<'_>| {
        let marker =
            ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().find_map(|marker| line.text.strip_prefix(marker));
        marker.is_some_and(|label| label.is_empty() || label.starts_with(' '))
    };
    let at = lines(text).iter().find(is_marker)?.start;
    hint(at, "unresolved merge conflict", "keep one of the two sides, and remove the lines with the markers")
}

/// Finds an unquoted reference, which is a comment, after the end of the key `$ref`.
pub(super) fn reference(text: &str, key_end: usize) -> Option<Hint> {
    let value = text.get(key_end..)?.trim_start_matches(['"', '\'']).strip_prefix(':')?.trim_start_matches([' ', '\t']);
    let path =
        value.split(|c: char| c.is_whitespace() || ",}]".contains(c)).next().filter(|path| path.starts_with("#/"))?;
    let help = format!("put the reference in quotes: `'{}'`", path.escape_debug());
    hint(text.len() - value.len(), "an unquoted reference is a comment", help)
}

/// A syntax error as the parser reports it.
struct Error<'t> {
    text: &'t str,
    lines: Vec<Line<'t>>,
    /// The index of its line.
    number: usize,
    at: usize,
    info: &'t str,
}

/// Explains the error that the parser has reported at a byte.
pub(super) fn explain(text: &str, at: usize, info: &str) -> Option<Hint> {
    let lines = lines(text);
    let number = lines.partition_point(|line| line.start <= at).saturating_sub(1);
    let error = Error { text, lines, number, at, info };
    let rules = [tab, unquoted_reference, space, indentation, colon, first_character, after_closing, flow, key];
    rules.iter().find_map(|rule| rule(&error))
}

impl<'t> Error<'t> {
    fn line(&self) -> Option<&Line<'t>> {
        self.lines.get(self.number)
    }

    /// Returns the last line before the error's that is not blank.
    fn previous(&self) -> Option<&Line<'t>> {
        self.lines.get(..self.number)?.iter().rev().find(|line| !line.is_blank())
    }

    fn next(&self) -> Option<&Line<'t>> {
        self.lines.get(self.number + 1..)?.iter().find(|line| !line.is_blank())
    }

    fn before(&self) -> &'t str {
        self.text.get(..self.at).unwrap_or_default()
    }

    fn character(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// Returns whether only indentation is before it on its line.
    fn is_first(&self) -> bool {
        self.line().is_some_and(|line| line.start + line.indent() == self.at)
    }

    fn is(&self, info: &str) -> bool {
        self.info.contains(info)
    }

    /// Returns the innermost open bracket, with the one that closes it.
    fn bracket(&self) -> Option<(usize, char)> {
        let mut closed = 0_usize;
        for (at, c) in self.before().char_indices().rev() {
            match c {
                '}' | ']' => closed += 1,
                '{' | '[' if closed == 0 => return Some((at, if c == '{' { '}' } else { ']' })),
                '{' | '[' => closed -= 1,
                _ => {}
            }
        }
        None
    }
}

fn tab(error: &Error<'_>) -> Option<Hint> {
    if !error.is("tab") {
        return None;
    }
    let in_indentation = |line: &Line<'_>| {
        let indentation = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
        Some(line.start + line.text.get(..indentation)?.find('\t')?)
    };
    let at = error.line().and_then(in_indentation).or_else(|| error.next().and_then(in_indentation));
    match at {
        Some(at) => hint(at, "a tab in the indentation", "indent with spaces"),
        None => hint(error.at, "a tab where only spaces are allowed", "replace the tab with spaces"),
    }
}

fn unquoted_reference(error: &Error<'_>) -> Option<Hint> {
    [error.line(), error.previous()].into_iter().flatten().filter(|line| !line.is_blank()).find_map(|line| {
        let key = line.text.find("$ref")?;
        reference(error.text, line.start + key + "$ref".len())
    })
}

/// Keys of an object have the same indentation, as have entries of a list.
fn indentation(error: &Error<'_>) -> Option<Hint> {
    let line = error.line()?;
    let content = line.content();
    let is_entry = content.starts_with("- ");
    let key = content.split(": ").next().unwrap_or(content).trim_end().trim_end_matches(':');
    let is_deeper = error.is("mapping values are not allowed") && !key.contains(' ') && error.before().ends_with(key);
    let is_deeper = is_deeper || (error.is("block sequence entries are not allowed") && error.is_first());
    let is_beside = error.is_first() && (error.is("did not find expected key") || error.is("expected '-' indicator"));
    if !is_deeper && !is_beside {
        return None;
    }
    let indent = line.indent();
    let mut levels: Vec<(usize, usize)> = Vec::new();
    for (number, other) in error.lines.get(..error.number)?.iter().enumerate().rev() {
        for level in other.levels(is_entry) {
            if !other.is_blank() && levels.last().is_none_or(|(last, _)| level < *last) {
                levels.push((level, number + 1));
            }
        }
    }
    let distance = levels.iter().map(|(level, _)| level.abs_diff(indent)).min().filter(|distance| *distance > 0)?;
    let nearest = levels.iter().filter(|(level, _)| level.abs_diff(indent) == distance);
    let nearest: Vec<_> = nearest
        .map(|(level, number)| {
            format!("{} as in line {number}{}", spaces(*level), if level % 2 == 0 { "" } else { " (or fix that line)" })
        })
        .collect();
    let message = format!("an indentation of {} matches no line above", spaces(indent));
    hint(line.start + indent, message, format!("indent by {}", nearest.join(", or by ")))
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}

/// A string with `: ` in it would be an object.
fn colon(error: &Error<'_>) -> Option<Hint> {
    let in_flow = error.is("did not find expected ','") || error.is("expected ',' or ']'");
    if error.character() != Some(':') || !(in_flow || error.is("mapping values are not allowed")) {
        return None;
    }
    let before = error.before();
    let entry = before.rsplit(['{', '[', ',']).next().unwrap_or(before);
    if in_flow && (entry.contains('\n') || !entry.contains(": ")) {
        return None;
    }
    hint(error.at, "`: ` in an unquoted string", QUOTES)
}

/// In `key:value`, the colon is part of a string.
fn space(error: &Error<'_>) -> Option<Hint> {
    let line = error.previous().filter(|line| Some(line.indent()) == error.line().map(Line::indent))?;
    let (key, value) = line.content().split_once(':').filter(|_| error.is("mapping values are not allowed"))?;
    let is_glued = !key.contains(' ') && !value.is_empty() && !value.starts_with([' ', '/']);
    is_glued
        .then(|| hint(line.start + line.indent() + key.len(), "missing space after `:`", "add a space after `:`"))?
}

fn first_character(error: &Error<'_>) -> Option<Hint> {
    let is_wrong = error.is("unexpected character") || error.is("unknown anchor");
    let character = error.character().filter(|_| is_wrong)?;
    hint(error.at, format!("an unquoted string cannot start with `{}`", character.escape_debug()), QUOTES)
}

/// Nothing follows a closing quote or bracket.
fn after_closing(error: &Error<'_>) -> Option<Hint> {
    if error.is("found unexpected end of stream") || error.is("invalid indentation in quoted scalar") {
        return hint(error.at, "unclosed quote", "add the closing quote, or indent the lines up to it");
    }
    let last = error.before().trim_end_matches(' ').chars().next_back()?;
    if error.is("invalid trailing content") {
        if error.character() == Some(last) {
            return hint(error.at, "missing `,` between two strings", "add `,`");
        }
        let help = "put all of it in quotes, and write `''` for `'` in single quotes, `\\\"` for `\"` in double quotes";
        return hint(error.at, "text after the closing quote", help);
    }
    let is_after =
        "}]".contains(last) && !error.is_first() && !matches!(error.character(), None | Some(':' | '"' | '\''));
    let is_text = error.is("did not find expected key") || error.is("did not find expected ','");
    (is_after && is_text).then(|| hint(error.at, format!("text after `{last}`"), QUOTES))?
}

fn flow(error: &Error<'_>) -> Option<Hint> {
    let is_flow = ["did not find expected ','", "expected ',' or ']'", "expected node content", "flow construct"];
    let (at, closing) = error.bracket().filter(|_| is_flow.iter().any(|info| error.is(info)))?;
    let number = error.lines.partition_point(|line| line.start <= at);
    let help = format!("add `,` between entries, or close the bracket of line {number} with `{closing}`");
    hint(error.at, format!("expected `,` or `{closing}`"), help)
}

fn key(error: &Error<'_>) -> Option<Hint> {
    let line = error.previous().filter(|_| error.is("simple key expect"))?;
    let help = "write `key: value`; indent the line further if it continues a string";
    hint(line.start + line.indent(), "expected `:` after a key", help)
}
