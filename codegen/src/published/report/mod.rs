//! The formats of reports about drift: those of the comparison, with facts and what else was found.

mod github;
mod json;
mod markdown;
mod text;

pub use github::render_drift_github;
pub use json::{DRIFT_SCHEMA, render_drift_json};
pub use markdown::render_drift_markdown;
pub use text::render_drift_text;

use std::collections::BTreeMap;

use super::deviation::Deviation;
use super::drift::{Compared, Drift};
use super::fact::{Fact, Value};
use crate::diff::{Change, totals};
use crate::pointer::Pointer;
use crate::suggest::nearest;

/// What a report has besides changes: a title, and lines.
struct Section {
    title: String,
    lines: Vec<String>,
}

/// The numbers of changes and of deviations that are stale or outdated; `None` without any.
fn counts(drift: &Drift) -> Option<String> {
    let (stale, outdated) = (drift.deviations.stale.len(), drift.deviations.outdated.len());
    let mut parts: Vec<String> = totals(&drift.report).into_iter().collect();
    parts.extend((stale > 0).then(|| format!("{} stale", deviations(stale))));
    parts.extend((outdated > 0).then(|| format!("{} outdated", deviations(outdated))));
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn deviations(count: usize) -> String {
    if count == 1 { "1 deviation".to_owned() } else { format!("{count} deviations") }
}

/// Says what a curated description was compared with.
fn compared(compared: &Compared) -> Vec<String> {
    let Compared { file, version, published, elsewhere } = compared;
    let Some((name, other)) = published else {
        return vec![format!("{file} ({}) is not compared: no given description has its operations", version.text)];
    };
    let nearest = if version.text == other.text { "" } else { ", the nearest version" };
    let other = shown(&other.text);
    let first = format!("{file} ({}) is compared with {name} ({other}{nearest})", version.text);
    let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (operation, source) in elsewhere {
        sources.entry(source).or_default().push(operation);
    }
    let others = sources.iter().map(|(source, operations)| format!("{} with {source}", operations.join(", ")));
    [first].into_iter().chain(others.map(|other| format!("  {other}"))).collect()
}

/// Says what a fact is, and where.
fn fact(fact: &Fact) -> String {
    let Fact { pointer, published, published_pointer, value, .. } = fact;
    let (pointer, published_pointer) = (shown(pointer.as_str()), shown(published_pointer.as_str()));
    let what = match value {
        Value::Missing => "is missing in".to_owned(),
        Value::Exists => "exists in".to_owned(),
        Value::Other(value) => format!("is `{}` in", shown(value)),
    };
    format!("{}: `{pointer}` {what} {published}#{published_pointer}", fact.fingerprint())
}

/// Escapes control characters, which published texts may have.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { char.escape_default().to_string() } else { char.to_string() })
        .collect()
}

/// The verdict: that of the comparison, unless nothing was compared.
fn verdict(drift: &Drift) -> String {
    match drift.has_compared_nothing() {
        true => "nothing was compared".to_owned(),
        false => crate::diff::verdict(&drift.report),
    }
}

/// The place of a change in the curated description, where it would be if it is missing there.
fn place(change: &Change) -> Option<(&str, usize)> {
    let place = change.base.as_ref().or(change.head.as_ref())?;
    Some((&place.file, place.line))
}

/// Returns the facts that a change follows from.
fn causes<'d>(drift: &'d Drift, change: &Change) -> &'d [Fact] {
    let index = drift.report.changes.iter().position(|other| std::ptr::eq(other, change));
    index.and_then(|index| drift.causes.get(index)).map_or(&[], Vec::as_slice)
}

/// The places of the stale deviations, each with what to do.
fn stale(drift: &Drift) -> impl Iterator<Item = ((&str, usize), String)> {
    let text = |entry: &Deviation| {
        let beside = |fact: &&Fact| fact.file == entry.file && fact.pointer.parent() == entry.pointer.parent();
        let last = |pointer: &Pointer| pointer.segments().last().unwrap_or_default();
        match nearest(&last(&entry.pointer), drift.facts.iter().filter(beside).map(|fact| last(&fact.pointer))) {
            Some(other) => format!("`{}` does not deviate; did you mean `{other}`?", entry.pointer),
            None => format!("`{}` no longer deviates; remove the entry of `x-deviation`", entry.pointer),
        }
    };
    drift.deviations.stale.iter().map(move |entry| ((entry.file.as_str(), entry.line), text(entry)))
}

/// The places of the outdated deviations, each with what is published now.
fn outdated(drift: &Drift) -> impl Iterator<Item = ((&str, usize), String)> {
    let text = |entry: &Deviation, now| format!("the deviation says `{}`; {}", entry.published, fact(now));
    drift.deviations.outdated.iter().map(move |(entry, now)| ((entry.file.as_str(), entry.line), text(entry, now)))
}

/// Everything but the changes.
fn sections(drift: &Drift) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut add = |title: &str, lines: Vec<String>| {
        let lines: Vec<String> = lines.iter().map(|line| shown(line)).collect();
        if !lines.is_empty() {
            sections.push(Section { title: format!("{title} ({})", lines.len()), lines });
        }
    };
    let line = |((file, line), text): ((&str, usize), String)| format!("{file}:{line}: {text}");
    add("stale deviations", stale(drift).map(line).collect());
    add("outdated deviations", outdated(drift).map(line).collect());
    let foreign = drift.foreign.iter();
    let foreign = foreign.map(|found| format!("{}#{}: {}", found.published, found.pointer, found.construct));
    add("not expressible in the dialect, and left out", foreign.collect());
    let silent = drift.silent.iter().map(|silent| format!("{}: {}", silent.file, fact(silent)));
    add("differences that no change of the crate follows from", silent.collect());
    let later = drift.later.iter().map(|later| format!("{}: {}", later.file, fact(later)));
    add("missing in an earlier version, or in one without previews, and not compared", later.collect());
    let nearby = drift.nearby.iter().map(|found| {
        format!("{}: {} {} ({}#{})", found.namespace, found.kind, found.name, found.published, found.pointer)
    });
    add("new nearby, and not covered", nearby.collect());
    sections
}

/// Says how many deviations explain facts, and how many could not be checked.
fn explained(drift: &Drift) -> Option<String> {
    let (kept, unchecked) = (drift.deviations.kept, drift.deviations.unchecked);
    let mut parts = Vec::new();
    parts.extend((kept > 0).then(|| format!("{} as described", deviations(kept))));
    parts.extend(
        (unchecked > 0).then(|| format!("{} about what the given descriptions do not have", deviations(unchecked))),
    );
    (!parts.is_empty()).then(|| parts.join("; "))
}
