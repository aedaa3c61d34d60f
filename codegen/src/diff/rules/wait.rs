//! Resources that can be waited for, and what their states mean.

use std::collections::HashMap;

use super::super::pairing::{Paired, values};
use super::fact::{Facts, Rules};
use super::prelude::*;
use crate::api::{Api, Name, Origin, Resource, Struct, TypeDef, TypeKind, TypePath, Variant, Wait};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&ADDED, &REMOVED, &STATE_CHANGED, &FACT_ADDED, &FACT_REMOVED, &FACT_MOVED, &RETRIEVE_CHANGED],
    checks: &[Check::Types(compare)],
};

static ADDED: Rule =
    Rule::new("wait-added", (Minor, Documentation, Both), "A resource can be waited for.").reverse("wait-removed");

static REMOVED: Rule =
    Rule::new("wait-removed", (Major, Documentation, Both), "A resource can no longer be waited for.")
        .reverse("wait-added");

static STATE_CHANGED: Rule =
    Rule::new("wait-state-changed", (Major, Documentation, Both), "A state means something else to those who wait.");

static FACT_ADDED: Rule =
    Rule::new("wait-fact-added", (Minor, Documentation, Both), "It is known where a run tells why it failed.")
        .reverse("wait-fact-removed");

static FACT_REMOVED: Rule = Rule::new(
    "wait-fact-removed",
    (Major, Documentation, Both),
    "It is no longer known where a run tells why it failed.",
)
.reverse("wait-fact-added");

static FACT_MOVED: Rule = Rule::new(
    "wait-fact-moved",
    (Patch, Breaking, Both),
    "A run tells how far it is, or why it failed, in another field.",
);

static RETRIEVE_CHANGED: Rule =
    Rule::new("wait-retrieve-changed", (Major, Compatible, Both), "A run is looked at with another request.");

const FACTS: Rules = Rules { added: &FACT_ADDED, removed: &FACT_REMOVED, moved: &FACT_MOVED };

/// What a state means to those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Succeeded,
    Failed,
}

impl State {
    pub(super) fn consequence(self) -> &'static str {
        match self {
            Self::Running => " while a run goes on",
            Self::Succeeded => ", which ends waiting as a success",
            Self::Failed => ", which ends waiting as a failure",
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Running => "still going on",
            Self::Succeeded => "a success",
            Self::Failed => "a failure",
        }
    }
}

/// What the values of a status mean.
fn meanings(wait: &Wait) -> HashMap<&Name, State> {
    let lists = [(&wait.running, State::Running), (&wait.succeeded, State::Succeeded), (&wait.failed, State::Failed)];
    lists.into_iter().flat_map(|(list, state)| list.iter().map(move |name| (name, state))).collect()
}

/// What the values of an enum mean, if it is the status of something that can be waited for.
pub(super) fn meanings_of<'a>(api: &'a Api, status: &TypePath) -> HashMap<&'a Name, State> {
    let waits = api.types.values().filter_map(|def| resource(def)?.wait.as_ref());
    waits.filter(|wait| wait.status_type == *status).flat_map(meanings).collect()
}

/// What is known of a type as a resource.
pub(super) fn resource(def: &TypeDef) -> Option<&Resource> {
    match &def.kind {
        TypeKind::Struct(Struct { resource, .. }) => resource.as_deref(),
        _ => None,
    }
}

/// The subject of a fact, at the extension that tells it.
pub(super) fn extension_subject(pair: Pair<'_, TypeDef>, base: Option<&Origin>, head: Option<&Origin>) -> Subject {
    Subject::types(pair).at(base.unwrap_or(&pair.base.origin), head.unwrap_or(&pair.head.origin))
}

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let wait = |def| resource(def).and_then(|resource| resource.wait.as_ref());
    let (base, head) = (wait(pair.base), wait(pair.head));
    let subject = extension_subject(pair, base.map(|wait| &wait.origin), head.map(|wait| &wait.origin));
    let name = &pair.head.path.name;
    match (base, head) {
        (None, Some(_)) => changes.report(&ADDED, subject, format!("clients can wait for {}", a(name))),
        (Some(_), None) => {
            let message = format!("clients can't wait for {} any more; code that does stops compiling", a(name));
            changes.report(&REMOVED, subject, message);
        }
        (Some(base), Some(head)) => facts(comparison, changes, &Facts { resource: pair, subject }, base, head),
        (None, None) => {}
    }
}

fn facts(comparison: &Comparison<'_>, changes: &mut Changes, facts: &Facts<'_>, base: &Wait, head: &Wait) {
    let (was, is) = (meanings(base), meanings(head));
    for value in states(comparison.sides, base, head).kept {
        if let (Some(old), Some(new)) = (was.get(&value.base.name), is.get(&value.head.name))
            && old != new
        {
            let message =
                format!("`{}` is {}, no longer {}, for code that waits", value.head.wire, new.as_str(), old.as_str());
            changes.report(&STATE_CHANGED, facts.subject.clone(), message);
        }
    }
    let compared = [
        ("how far a run is", Some(&base.status), Some(&head.status)),
        ("the code of a failure", base.failure_code.as_ref(), head.failure_code.as_ref()),
        ("the message of a failure", base.failure_message.as_ref(), head.failure_message.as_ref()),
    ];
    for (what, base, head) in compared {
        facts.compare(comparison, changes, &FACTS, what, (base, head));
    }
    facts.retrieve(comparison, changes, &RETRIEVE_CHANGED, (&base.retrieve, &head.retrieve));
}

/// The values of the status on both sides.
fn states<'a>(sides: Pair<'a, Api>, base: &Wait, head: &Wait) -> Paired<'a, Variant> {
    let status = |api: &'a Api, wait: &Wait| api.types.get(&wait.status_type).map(|def| &def.kind);
    match (status(sides.base, base), status(sides.head, head)) {
        (Some(TypeKind::Enum(base)), Some(TypeKind::Enum(head))) => values(base, head),
        _ => Paired::new([], []),
    }
}
