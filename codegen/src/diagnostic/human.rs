//! Renders diagnostics for people: message, position, source excerpt and help.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics};
use crate::location::{Lines, Location};
use crate::source::Source;

/// The most bytes of a line on each side of a place; a whole JSON document may be one line.
const CONTEXT: usize = 100;

/// Takes the place of a file's position in what the renderer returns; it escapes the character everywhere else.
const PLACEHOLDER: char = '\0';

/// A description with the positions of its lines.
struct Text<'a> {
    source: &'a Source,
    lines: Lines,
}

/// Renders diagnostics as rustc does.
#[must_use]
pub fn render_human(diagnostics: &Diagnostics, sources: &[Source]) -> String {
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
    let texts: Vec<_> = sources.iter().map(|source| Text { source, lines: Lines::new(&source.text) }).collect();
    let rendered = diagnostics.iter().map(|diagnostic| render(&renderer, diagnostic, &texts));
    rendered.collect::<Vec<_>>().join("\n\n")
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, texts: &[Text<'_>]) -> String {
    let code = diagnostic.code.as_str();
    let mut group = Level::ERROR.primary_title(diagnostic.message.as_str()).id(code).element(excerpt(
        &diagnostic.location,
        texts,
        AnnotationKind::Primary,
        None,
    ));
    for related in &diagnostic.related {
        group = group.element(excerpt(&related.location, texts, AnnotationKind::Context, Some(&related.text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let related = diagnostic.related.iter().map(|related| &related.location);
    let locations = std::iter::once(&diagnostic.location).chain(related);
    with_positions(&renderer.render(&[group]), locations, texts)
}

/// Replaces the positions in the excerpts, which may be cut, by those in the files.
fn with_positions<'l>(rendered: &str, locations: impl Iterator<Item = &'l Location>, texts: &[Text<'_>]) -> String {
    let mut parts = rendered.split(PLACEHOLDER);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, location) in parts.zip(locations) {
        let name = texts.get(location.file.0).map_or("", |text| text.source.name.as_str());
        out.push_str(&format!("{name}:{}:{}", location.line, location.column));
        out.push_str(part.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    out
}

/// Returns the line of a place, cut to its surroundings, with the place marked.
fn excerpt<'a>(
    location: &Location,
    texts: &[Text<'a>],
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let Some(Text { source, lines }) = texts.get(location.file.0) else { return Snippet::source("") };
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
