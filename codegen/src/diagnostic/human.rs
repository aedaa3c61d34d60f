//! Diagnostics for people: the message, the line with a marker under it, what to write instead.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics};
use crate::location::Location;
use crate::source::Source;

/// How much of a line is shown around a place, in bytes to each side; a whole JSON document may be one line.
const CONTEXT: usize = 100;

/// Renders diagnostics as a compiler does, one after the other.
#[must_use]
pub fn render_human(diagnostics: &Diagnostics, sources: &[Source]) -> String {
    let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
    let rendered = diagnostics.iter().map(|diagnostic| render(&renderer, diagnostic, sources));
    rendered.collect::<Vec<_>>().join("\n\n")
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, sources: &[Source]) -> String {
    let code = diagnostic.code.as_str();
    let mut group = Level::ERROR.primary_title(diagnostic.message.as_str()).id(code).element(excerpt(
        &diagnostic.location,
        sources,
        AnnotationKind::Primary,
        None,
    ));
    for related in &diagnostic.related {
        group = group.element(excerpt(&related.location, sources, AnnotationKind::Context, Some(&related.text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The line that a place is on, cut to what is around it, with the place marked.
fn excerpt<'a>(
    location: &Location,
    sources: &'a [Source],
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let (name, text) =
        sources.get(location.file.0).map_or(("", ""), |source| (source.name.as_str(), source.text.as_str()));
    let start = text.floor_char_boundary(location.span.start.min(text.len()));
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line_end = text.get(start..).and_then(|after| after.find(['\n', '\r'])).map_or(text.len(), |end| start + end);
    let end = text.floor_char_boundary(location.span.end.clamp(start, line_end));
    let cut_start = text.ceil_char_boundary(line_start.max(start.saturating_sub(CONTEXT)));
    let cut_end = text.floor_char_boundary(line_end.min(end.min(start + CONTEXT) + CONTEXT)).max(cut_start);
    let line = text.get(cut_start..cut_end).unwrap_or_default();
    let shift = |at: usize| at.saturating_sub(cut_start).min(line.len());
    let marked: Range<usize> = shift(start)..shift(end.max(start));
    Snippet::source(line).path(name).line_start(location.line).annotation(kind.span(marked).label(label))
}
