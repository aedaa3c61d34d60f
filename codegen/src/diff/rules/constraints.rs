//! Constraints: what values satisfy beyond their type, such as `maxLength`, and which bounds a range has.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/constraints.yaml`.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::super::difference::Difference;
use super::prelude::*;
use super::shown;
use crate::api::{Constraints, TypeDef};

rules! {
    MAXIMUM_LOWERED = "maximum-lowered", Patch, Breaking, Request,
        "The maximum of a parameter or request property is added or lowered.";
    MAXIMUM_RAISED = "maximum-raised", Patch, Compatible, Request,
        "The maximum of a parameter or request property is raised or removed.";
    NARROWED = "request-constraint-narrowed", Patch, Breaking, Request,
        "Fewer values of a parameter or request property are valid.";
    WIDENED = "request-constraint-widened", Patch, Compatible, Request,
        "More values of a parameter or request property are valid.";
    CHANGED = "request-constraint-changed", Patch, Breaking, Request,
        "Other values of a parameter or request property are valid, as its `pattern` changes.";
    RESPONSE_CHANGED = "response-constraint-changed", Patch, Documentation, Response,
        "A constraint of a response property changes, which clients do not check.";
}

pub(super) const CHECKS: &[Check] = &[Check::Field(of_field), Check::Type(of_type)];

fn of_field(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    // Another type has other constraints.
    if let Some(Difference::Type | Difference::Format | Difference::Encoding) = pair.difference {
        return;
    }
    let wire = &pair.field.head.wire;
    let is_page_size = wire == "limit"
        && matches!(pair.container, Container::Operation(operation) if operation.head.listing.is_some());
    let constraints = pair.field.map(|field| &field.constraints);
    for (rules, mut message) in differences(wire, constraints) {
        if rules == Rules::of("maximum", rules.values) && is_page_size {
            message.push_str(&match pair.field.head.constraints.get("maximum") {
                Some(maximum) => format!("; automatic pagination requests pages of {maximum}"),
                None => "; automatic pagination leaves the page size to Stripe".to_owned(),
            });
        }
        changes.report(rules.rule(pair.usage), pair.subject.clone(), message);
    }
}

fn of_type(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    for (rules, message) in differences(pair.head.path.name.as_str(), pair.map(|def| &def.constraints)) {
        changes.report(rules.rule(Usage::of(pair)), Subject::of_type(pair), message);
    }
}

/// Which values are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Fewer,
    More,
    Others,
}

/// The rules for a constraint that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rules {
    is_maximum: bool,
    values: Values,
}

impl Rules {
    fn of(path: &str, values: Values) -> Self {
        Self { is_maximum: path == "maximum", values }
    }

    fn rule(self, usage: Usage) -> DirectedRule {
        let request = match (self.is_maximum, self.values) {
            (true, Values::Fewer) => &MAXIMUM_LOWERED,
            (true, Values::More) => &MAXIMUM_RAISED,
            (false, Values::Fewer) => &NARROWED,
            (false, Values::More) => &WIDENED,
            (_, Values::Others) => &CHANGED,
        };
        usage.rule(request, &RESPONSE_CHANGED)
    }
}

/// The constraints that differ, each with a message.
fn differences(item: &str, (base, head): (&Constraints, &Constraints)) -> Vec<(Rules, String)> {
    let paths: BTreeSet<&String> = base.keys().chain(head.keys()).collect();
    let differences = paths.into_iter().filter_map(|path| {
        let (old, new) = (base.get(path), head.get(path));
        let values = compare(path.rsplit('.').next()?, old, new)?;
        let is_bound = is_bound(path);
        let message = match (old, new) {
            (None, Some(_)) if is_bound => format!("`{item}` accepts the bound `{path}`"),
            (Some(_), None) if is_bound => format!("`{item}` no longer accepts the bound `{path}`"),
            (None, Some(new)) => format!("`{item}` gets `{path}: {}`", shown(new)),
            (Some(old), None) => format!("`{item}` loses `{path}: {}`", shown(old)),
            (Some(old), Some(new)) => {
                format!("`{path}` of `{item}` changes from `{}` to `{}`", shown(old), shown(new))
            }
            (None, None) => return None,
        };
        Some((Rules::of(path, values), message))
    });
    differences.collect()
}

fn is_bound(keyword: &str) -> bool {
    matches!(keyword, "gt" | "gte" | "lt" | "lte")
}

/// Compares the values of a keyword; `None` if both are the same.
fn compare(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> Option<Values> {
    let is_raised = |raised| match raised {
        true => Values::More,
        false => Values::Fewer,
    };
    match (old, new) {
        (Some(old), Some(new)) if old == new => None,
        (Some(old), Some(new)) if keyword.starts_with("min") => Some(is_raised(order(old, new)? == Ordering::Greater)),
        (Some(old), Some(new)) if keyword.starts_with("max") => Some(is_raised(order(old, new)? == Ordering::Less)),
        (Some(old), Some(new)) if keyword == "multipleOf" => {
            let is_multiple = |of: &Value, value: &Value| Some(value.as_f64()? % of.as_f64()? == 0.0);
            Some(match (is_multiple(old, new), is_multiple(new, old)) {
                (Some(true), _) => Values::Fewer,
                (_, Some(true)) => Values::More,
                _ => Values::Others,
            })
        }
        (Some(_), Some(_)) => Some(Values::Others),
        (None, Some(_)) => Some(is_raised(is_bound(keyword))),
        (Some(_), None) => Some(is_raised(!is_bound(keyword))),
        (None, None) => None,
    }
}

fn order(old: &Value, new: &Value) -> Option<Ordering> {
    match (old.as_i64(), new.as_i64()) {
        (Some(old), Some(new)) => Some(old.cmp(&new)),
        _ => old.as_f64()?.partial_cmp(&new.as_f64()?),
    }
}
