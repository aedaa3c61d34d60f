//! Drift: what the comparison says about the curated descriptions after the facts of the published ones have been taken over.
//!
//! Names, sentences, examples and layout are the same on both sides by construction, and rules, levels and messages are those of
//! any other change.

use std::collections::BTreeSet;

use super::causes::causes;
use super::choice::{Choice, version};
use super::curated::Curated;
use super::deviation::{self, Deviation};
use super::event;
use super::fact::{Fact, Value};
use super::facts::{self, Foreign};
use super::nearby::{self, Nearby};
use super::node::Node;
use super::operation::Parameter;
use super::pairing::Pairing;
use super::report::shown;
use super::sides::Taken;
use super::{Published, Version};
use crate::diagnostic::Diagnostics;
use crate::diff::Report;
use crate::pointer::Pointer;
use crate::source::Source;

/// How curated descriptions differ from published ones.
#[derive(Debug)]
pub struct Drift {
    /// What each curated description was compared with.
    pub compared: Vec<Compared>,
    /// The changes.
    pub report: Report,
    /// The facts of each change.
    pub causes: Vec<Vec<Fact>>,
    /// The facts that are no deviation.
    pub facts: Vec<Fact>,
    /// The facts that no change of the crate follows from.
    pub silent: Vec<Fact>,
    /// What only the curated description has, if the published one is of an earlier version, or of one without previews.
    pub later: Vec<Fact>,
    /// The deviations.
    pub deviations: Deviations,
    /// What the dialect cannot express.
    pub foreign: Vec<Foreign>,
    /// What is new nearby.
    pub nearby: Vec<Nearby>,
}

/// What a curated description was compared with.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The curated description.
    pub file: String,
    /// Its version.
    pub version: Version,
    /// The published description and its version; `None` if none has any of the operations.
    pub published: Option<(String, Version)>,
    /// The operations that another published description has, with the name of that.
    pub elsewhere: Vec<(String, String)>,
}

/// The deviations of the curated descriptions.
#[derive(Debug, Default)]
pub struct Deviations {
    /// How many explain a fact.
    pub kept: usize,
    /// How many are about what the published descriptions do not contain.
    pub unchecked: usize,
    /// Those whose fact does not exist any more.
    pub stale: Vec<Deviation>,
    /// Those whose published value is another one, with the fact.
    pub outdated: Vec<(Deviation, Fact)>,
}

impl Drift {
    /// Returns whether no description was compared.
    #[must_use]
    pub fn has_compared_nothing(&self) -> bool {
        self.compared.iter().all(|compared| compared.published.is_none())
    }
}

/// Compares curated descriptions with published ones.
///
/// # Errors
///
/// The errors in the curated descriptions without an extension that depends on what is compared, such as `x-wait`, if that does not
/// fit what is published.
pub fn drift(curated: &Curated, published: &[Published]) -> Result<Drift, Diagnostics> {
    let (sources, roots) = (curated.sources.as_slice(), curated.roots());
    let choice = Choice::new(&roots, published);
    let pairing = Pairing::new(&roots, &choice);
    let facts::Found { facts, mut foreign } = facts::find(sources, &roots, &choice, &pairing);
    let is_later = |fact: &Fact| {
        let source = published.iter().find(|source| source.name == fact.published);
        let root = sources.iter().zip(&roots).find(|(source, _)| source.name == fact.file).map(|(_, root)| root);
        fact.value == Value::Missing
            && source.zip(root).is_some_and(|(source, root)| source.version.may_lack(&version(root)))
    };
    let places = facts.iter().map(|fact| (fact.file.clone(), fact.pointer.clone())).collect();
    let declared = sources
        .iter()
        .zip(&curated.files)
        .zip(&roots)
        .flat_map(|((source, file), root)| deviation::all(source, root, |pointer| file.tree.line(pointer)));
    let checks = Checks { choice: &choice, pairing: &pairing, sources, facts: places };
    let (deviations, facts) = subtract(declared.collect(), facts, is_later, &checks);
    let (later, facts): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_later);
    let mut sides = curated.sides.clone();
    let Taken { mut report, facts } = sides.take(facts, &mut foreign)?;
    let causes = causes(&report, &facts, &sides);
    let is_silent = |fact: &&Fact| !causes.iter().flatten().any(|cause| cause.fingerprint() == fact.fingerprint());
    let silent = facts.iter().filter(is_silent).cloned().collect();
    relocate(&mut report, curated);
    let compared = compared(sources, &roots, &choice, &pairing);
    foreign.sort();
    foreign.dedup();
    Ok(Drift {
        compared,
        report,
        causes,
        facts,
        later,
        deviations,
        silent,
        foreign,
        nearby: nearby::find(&roots, &choice),
    })
}

fn compared(sources: &[Source], roots: &[Node<'_>], choice: &Choice<'_>, pairing: &Pairing<'_>) -> Vec<Compared> {
    let files = sources.iter().zip(roots).enumerate();
    let compared = files.map(|(file, (source, root))| {
        let first = choice.first(file);
        let pairs = pairing.operations.iter().filter(|pair| pair.file == file);
        let elsewhere = pairs.filter(|pair| first.is_some_and(|first| first.name != pair.source.name));
        Compared {
            file: source.name.clone(),
            version: version(root),
            published: first.map(|source| (source.name.clone(), source.version.clone())),
            elsewhere: elsewhere.map(|pair| (pair.curated.words(), pair.source.name.clone())).collect(),
        }
    });
    compared.collect()
}

/// What decides whether the place of a deviation can be compared.
struct Checks<'c, 'a> {
    choice: &'c Choice<'a>,
    pairing: &'c Pairing<'a>,
    sources: &'c [Source],
    /// All facts, also those that are no drift.
    facts: Vec<(String, Pointer)>,
}

impl Checks<'_, '_> {
    fn can_be_compared(&self, deviation: &Deviation) -> bool {
        let Some(file) = self.sources.iter().position(|source| source.name == deviation.file) else { return false };
        // What is missing as a whole, such as an enum, says nothing about its parts.
        let is_part = |(name, place): &(String, Pointer)| *name == deviation.file && deviation.pointer.is_in(place);
        if self.facts.iter().any(is_part) {
            return false;
        }
        let is_event = deviation.pointer.segments().any(|key| key == "x-events");
        let is_missing = deviation.published == Value::Missing.to_string();
        let sources = match is_event {
            true => self.with_event(file, deviation.pointer.segments().last().filter(|_| is_missing)),
            false => self.nearest(file, &deviation.pointer),
        };
        // What only a private preview has is missing for everyone else.
        sources.iter().any(|source| !(is_missing && source.is_private))
    }

    /// Returns the published descriptions that have an event, or any event.
    fn with_event(&self, file: usize, name: Option<String>) -> Vec<&Published> {
        let has_event = |source: &&Published| {
            let events = event::all(&Node::root(&source.root));
            events.iter().any(|event| name.as_ref().is_none_or(|name| event.name == name))
        };
        self.choice.order(file).unwrap_or_default().iter().copied().filter(has_event).collect()
    }

    /// Returns the published descriptions that have a counterpart of the innermost place around a deviation.
    fn nearest(&self, file: usize, pointer: &Pointer) -> Vec<&Published> {
        let server = Pointer::root().join("servers").index(0);
        let Pairing { operations, parameters, uses, schemas, dangling, resources, .. } = self.pairing;
        let operations = operations.iter().map(|pair| (pair.file, &pair.curated.node.named, vec![pair.source]));
        let parameters = parameters.values().flat_map(|group| {
            let Parameter { node, described, .. } = &group.curated;
            [node, described].map(|node| (group.file, &node.named, group.sources()))
        });
        // What is of another kind, or leads nowhere, is not compared inside.
        let uses = uses.values().map(|group| {
            let like = group.counterparts.iter().filter(|other| group.curated.is_like(&other.published, resources));
            (group.file, &group.curated.site.named, like.map(|other| other.source).collect())
        });
        let dangling = dangling.iter().map(|((file, place), ..)| (*file, place, Vec::new()));
        let schemas = schemas.values().map(|group| (group.file, &group.curated.schema.named, group.sources()));
        let server = self.choice.first(file).map(|source| (file, &server, vec![source]));
        let places = operations.chain(server).chain(parameters).chain(uses).chain(schemas).chain(dangling);
        let around = places.filter(|(other, place, _)| *other == file && pointer.is_in(place));
        around.max_by_key(|(_, place, _)| place.as_str().len()).map(|(.., sources)| sources).unwrap_or_default()
    }
}

/// Takes the facts out that a deviation explains.
fn subtract(
    declared: Vec<Deviation>,
    facts: Vec<Fact>,
    is_later: impl Fn(&Fact) -> bool,
    checks: &Checks<'_, '_>,
) -> (Deviations, Vec<Fact>) {
    let mut deviations = Deviations::default();
    let mut explained = BTreeSet::new();
    for deviation in declared {
        let about: Vec<_> = facts.iter().enumerate().filter(|(_, fact)| deviation.is_about(fact)).collect();
        let (same, other): (Vec<_>, Vec<_>) =
            about.into_iter().partition(|(_, fact)| fact.value.to_string() == deviation.published);
        match other.into_iter().find(|(_, fact)| !is_later(fact)) {
            _ if !same.is_empty() => {
                explained.extend(same.into_iter().map(|(index, _)| index));
                deviations.kept += 1;
            }
            Some((_, fact)) => deviations.outdated.push((deviation, fact.clone())),
            None if checks.can_be_compared(&deviation) => deviations.stale.push(deviation),
            None => deviations.unchecked += 1,
        }
    }
    let facts = facts.into_iter().enumerate().filter(|(index, _)| !explained.contains(index)).map(|(_, fact)| fact);
    (deviations, facts.collect())
}

/// Replaces the lines of the compared texts by those of the curated descriptions, and control characters of published texts.
fn relocate(report: &mut Report, curated: &Curated) {
    for change in &mut report.changes {
        change.message = shown(&change.message);
        for place in [&mut change.base, &mut change.head].into_iter().flatten() {
            let file = curated.sources.iter().position(|source| source.name == place.file);
            let file = file.and_then(|index| curated.files.get(index));
            place.line = file.map_or(1, |file| file.tree.line(&Pointer::parse(&place.pointer)));
        }
    }
}
