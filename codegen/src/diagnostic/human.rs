//! Diagnostics for people: the message, the line with a marker under it, what to write instead.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics};
use crate::location::{Lines, Location};
use crate::source::Source;

/// How much of a line is shown around a place, in bytes to each side; a whole JSON document may be one line.
const CONTEXT: usize = 100;

/// Stands for the name of a file until the columns are known to be right; no message and no line is shown with it.
const PLACEHOLDER: char = '\0';

/// A description that is shown, with what is looked up for every place in it.
struct Shown<'a> {
    source: &'a Source,
    lines: Lines,
}

/// Renders diagnostics as a compiler does, one after the other.
#[must_use]
pub fn render_human(diagnostics: &Diagnostics, sources: &[Source]) -> String {
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
    let shown: Vec<_> = sources.iter().map(|source| Shown { source, lines: Lines::new(&source.text) }).collect();
    let rendered = diagnostics.iter().map(|diagnostic| render(&renderer, diagnostic, &shown));
    rendered.collect::<Vec<_>>().join("\n\n")
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, shown: &[Shown<'_>]) -> String {
    let code = diagnostic.code.as_str();
    let mut group = Level::ERROR.primary_title(diagnostic.message.as_str()).id(code).element(excerpt(
        &diagnostic.location,
        shown,
        AnnotationKind::Primary,
        None,
    ));
    for related in &diagnostic.related {
        group = group.element(excerpt(&related.location, shown, AnnotationKind::Context, Some(&related.text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let related = diagnostic.related.iter().map(|related| &related.location);
    let places = std::iter::once(&diagnostic.location).chain(related);
    with_places(&renderer.render(&[group]), places, shown)
}

/// Puts the places where the renderer has put those in the excerpts, which may be cut.
fn with_places<'l>(rendered: &str, places: impl Iterator<Item = &'l Location>, shown: &[Shown<'_>]) -> String {
    let mut parts = rendered.split(PLACEHOLDER);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, location) in parts.zip(places) {
        let name = shown.get(location.file.0).map_or("", |shown| shown.source.name.as_str());
        out.push_str(&format!("{name}:{}:{}", location.line, location.column));
        out.push_str(part.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    out
}

/// The line that a place is on, cut to what is around it, with the place marked.
fn excerpt<'a>(
    location: &Location,
    shown: &[Shown<'a>],
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let Some(Shown { source, lines }) = shown.get(location.file.0) else { return Snippet::source("") };
    let text = source.text.as_str();
    let start = text.floor_char_boundary(location.span.start.min(text.len()));
    let (line, line_start) = lines.at(start);
    let start = start.max(line_start);
    let line_end = lines.after(line).unwrap_or(text.len());
    let end = text.floor_char_boundary(location.span.end.clamp(start, line_end));
    let cut_start = text.ceil_char_boundary(line_start.max(start.saturating_sub(CONTEXT)));
    let cut_end = text.floor_char_boundary(line_end.min(end.min(start + CONTEXT) + CONTEXT)).max(cut_start);
    let line = text.get(cut_start..cut_end).unwrap_or_default().trim_end_matches(['\n', '\r']);
    let shift = |at: usize| at.saturating_sub(cut_start).min(line.len());
    let marked: Range<usize> = shift(start)..shift(end.max(start));
    let placeholder = PLACEHOLDER.to_string();
    Snippet::source(line).path(placeholder).line_start(location.line).annotation(kind.span(marked).label(label))
}
