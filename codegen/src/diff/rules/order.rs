//! The order of what has an order.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::super::pairing::{constants, values};
use super::prelude::*;
use crate::api::{Constant, Field, Name, TypeDef, TypeKind, Variant};

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&ARGUMENTS, &CHANGED], checks: &[Check::FieldLists(of_fields), Check::Types(of_values)] };

static ARGUMENTS: Rule = Rule::new(
    "arguments-reordered",
    (Major, Documentation, Request),
    "The arguments of a constructor have another order.",
)
.without_counterpart("answers are not constructed");

static CHANGED: Rule =
    Rule::new("order-changed", (Patch, Documentation, Both), "Properties, parameters or values have another order.");

fn of_fields(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let (base, head) = list.of.all();
    let kept = &list.fields.kept;
    let bases: HashMap<_, _> = kept.iter().enumerate().map(|(at, pair)| (&pair.base.name, at)).collect();
    let heads: HashMap<_, _> = kept.iter().enumerate().map(|(at, pair)| (&pair.head.name, at)).collect();
    let all = |fields: &[&Field], kept: &HashMap<&Name, usize>| -> Vec<usize> {
        fields.iter().filter_map(|field| kept.get(&field.name).copied()).collect()
    };
    let arguments = |fields: &[&Field], kept: &HashMap<&Name, usize>| -> Vec<usize> {
        let required = fields.iter().copied().filter(|field| !field.is_option());
        all(&required.collect::<Vec<_>>(), kept)
    };
    let whole = list.subject.clone();
    if list.of.is_built() && is_reordered(&arguments(&base, &bases), &arguments(&head, &heads)) {
        let message =
            "the arguments of `new` have another order; code that gives them must change, and may compile unchanged";
        changes.report(&ARGUMENTS, whole, message);
    } else if is_reordered(&all(&base, &bases), &all(&head, &heads)) {
        changes.report(&CHANGED, whole, "fields stand in another order; code stays as it is");
    }
}

fn of_values(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let is_reordered = match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Enum(base), TypeKind::Enum(head)) => {
            let wire = |value: &'_ Variant| value.wire.clone();
            values_are_reordered(&base.variants, &head.variants, &values(base, head).kept, wire)
        }
        (TypeKind::String(base), TypeKind::String(head)) => {
            let wire = |value: &'_ Constant| value.wire.clone();
            values_are_reordered(&base.constants, &head.constants, &constants(base, head).kept, wire)
        }
        _ => false,
    };
    if is_reordered {
        changes.report(&CHANGED, Subject::types(pair), "values stand in another order; code stays as it is");
    }
}

fn values_are_reordered<T>(base: &[T], head: &[T], kept: &[Pair<'_, T>], wire: impl Fn(&T) -> String) -> bool {
    let in_head: HashMap<_, _> = kept.iter().map(|pair| (wire(pair.base), wire(pair.head))).collect();
    let base: Vec<_> = base.iter().filter_map(|value| in_head.get(&wire(value)).cloned()).collect();
    let head: Vec<_> = head.iter().map(wire).collect();
    is_reordered(&base, &head)
}

/// Whether what both have stands in another order.
fn is_reordered<T: Eq + Hash>(base: &[T], head: &[T]) -> bool {
    let (of_base, of_head): (HashSet<_>, HashSet<_>) = (base.iter().collect(), head.iter().collect());
    let common = head.iter().filter(|item| of_base.contains(item));
    !base.iter().filter(|item| of_head.contains(item)).eq(common)
}
