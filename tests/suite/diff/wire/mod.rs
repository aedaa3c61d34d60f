//! What changes on the wire, shown by bodies: an oracle of the reports' wire verdict, which shares no code with the comparison.
//!
//! ```text
//! text ─ contract ─▶ requests, responses, facts ─ sample ─▶ bodies of one side ─ schema ─▶ accepted by the other side?
//! ```
//!
//! Released programs send what the base describes, so samples of its requests are validated as a server of the head would. They
//! read what the head describes, so samples of its responses are validated as a client of the base would. What a body means
//! beside its schema, such as a default, is a fact: facts that both sides have must be equal. A rejected body or another fact is
//! evidence of a breaking change; without evidence, a change is compatible.
//!
//! Crates show that they decode what a client accepts: see `decoders`.

mod body;
mod contract;
mod facts;
mod sample;
mod schema;
mod verdicts;

use std::collections::BTreeSet;
use std::sync::Arc;

use stripe_reporting_codegen::diff::{Change, Direction, Report, Wire};

pub(crate) use body::Body;
pub(crate) use contract::Contract;
pub(crate) use schema::Reader;

/// What shows that a change is breaking, by direction.
#[derive(Debug)]
pub(crate) struct Evidence {
    request: Option<String>,
    response: Option<String>,
    /// A type has turned from requests to responses, so that no body shows its changes.
    has_turned: bool,
}

/// Looks for evidence that a change from one description to another is breaking.
pub(crate) fn evidence(base: &Contract, head: &Contract, report: &Report) -> Evidence {
    let rejected =
        |name: &str, written: &Arc<Body>, read, reader| Some(format!("{name}: {}", written.rejected_by(read, reader)?));
    let request = base.requests.iter().find_map(|(name, written)| match head.requests.get(name) {
        Some(read) => rejected(name, written, read, Reader::Server),
        None => Some(format!("{name} no longer exists")),
    });
    // Of components that nothing refers to, the report alone says whether one is another.
    let is_kept = report.changes.iter().all(|change| change.rule.id != "type-removed");
    let renamed = contract::renamed(base, head).filter(|_| is_kept);
    let response = base.responses.iter().find_map(|(name, read)| {
        let written = head.responses.get(name).or(renamed.filter(|(old, _)| *old == name).map(|(_, new)| new))?;
        rejected(name, written, read, Reader::Client)
    });
    Evidence {
        request: request.or_else(|| facts::changed(&base.request_facts, &head.request_facts)),
        response: response.or_else(|| facts::changed(&base.response_facts, &head.response_facts)),
        has_turned: contract::has_turned(base, head),
    }
}

impl Evidence {
    /// Returns how a report contradicts the evidence, except where a rule is a judgement.
    pub(crate) fn contradictions(&self, report: &Report, judgements: &BTreeSet<String>) -> Vec<String> {
        let breaking: Vec<&Change> =
            report.changes.iter().filter(|change| change.rule.wire == Wire::Breaking).collect();
        let mut wrong = Vec::new();
        for (direction, evidence) in [(Direction::Request, &self.request), (Direction::Response, &self.response)] {
            let Some(evidence) = evidence else { continue };
            if !breaking.iter().any(|change| [direction, Direction::Both].contains(&change.direction)) {
                wrong.push(format!("{direction}: nothing is reported as breaking, and {evidence}"));
            }
        }
        for change in breaking.into_iter().filter(|change| !judgements.contains(change.rule.id)) {
            if !self.has(change.direction) {
                let Change { direction, message, rule, .. } = change;
                wrong.push(format!("{direction}: {message} [{}] is breaking without evidence", rule.id));
            }
        }
        wrong
    }

    /// Whether bodies show a breaking change in a direction, or cannot.
    pub(crate) fn has(&self, direction: Direction) -> bool {
        match direction {
            Direction::Request => self.request.is_some(),
            Direction::Response => self.response.is_some() || self.has_turned,
            Direction::Both => self.request.is_some() || self.response.is_some() || self.has_turned,
        }
    }
}
