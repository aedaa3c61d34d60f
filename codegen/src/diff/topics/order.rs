//! The order of what has an order.

use super::prelude::*;
use super::{constant, enum_value};
use crate::api::{Field, Presence, TypeKind};

pub(super) const TOPIC: Topic = Topic { rules: &[&ARGUMENTS, &CHANGED], compare: Compare::Crates(compare) };

static ARGUMENTS: Rule = Rule::new(
    "arguments-reordered",
    (Major, Documentation, Request),
    "The arguments of a constructor have another order.",
)
.one_way("answers are not constructed");

static CHANGED: Rule =
    Rule::new("order-changed", (Patch, Documentation, Both), "Properties, parameters or values have another order.");

fn compare(comparison: &mut Comparison<'_>) {
    for list in comparison.field_lists() {
        let (base, head) = list.of.all();
        let kept = |side: fn(&Pair<'_, Field>) -> *const Field| list.fields.kept.iter().map(side).collect::<Vec<_>>();
        let (bases, heads) = (kept(|pair| std::ptr::from_ref(pair.base)), kept(|pair| std::ptr::from_ref(pair.head)));
        let positions = |fields: &[&Field], kept: &[*const Field], arguments: bool| -> Vec<usize> {
            let fields = fields.iter().filter(|field| !arguments || field.presence(true) == Presence::Required);
            fields.filter_map(|field| kept.iter().position(|kept| std::ptr::eq(*kept, *field))).collect()
        };
        let arguments = (positions(&base, &bases, true), positions(&head, &heads, true));
        let whole = Subject { direction: None, ..list.whole().clone() };
        if list.of.is_built() && is_reordered(&arguments.0, &arguments.1) {
            let message = "the arguments of `new` have another order; code that gives them must change, and may compile unchanged";
            comparison.report(&ARGUMENTS, whole, message);
        } else if is_reordered(&positions(&base, &bases, false), &positions(&head, &heads, false)) {
            comparison.report(&CHANGED, whole, "fields stand in another order; code stays as it is");
        }
    }
    for pair in comparison.types.kept.clone() {
        let (base, head): (Vec<String>, Vec<String>) = match (&pair.base.kind, &pair.head.kind) {
            (TypeKind::Enum(base), TypeKind::Enum(head)) => {
                let kept = enum_value::values(base, head).kept;
                let name =
                    |wire: &str| kept.iter().find(|pair| pair.base.wire == wire).map(|pair| pair.head.wire.clone());
                (
                    base.variants.iter().filter_map(|value| name(&value.wire)).collect(),
                    head.variants.iter().map(|value| value.wire.clone()).collect(),
                )
            }
            (TypeKind::String(base), TypeKind::String(head)) => {
                let kept = constant::constants(base, head).kept;
                let name =
                    |wire: &str| kept.iter().find(|pair| pair.base.wire == wire).map(|pair| pair.head.wire.clone());
                (
                    base.constants.iter().filter_map(|value| name(&value.wire)).collect(),
                    head.constants.iter().map(|value| value.wire.clone()).collect(),
                )
            }
            _ => continue,
        };
        if is_reordered(&base, &head) {
            let subject = Subject { direction: None, ..Subject::types(pair) };
            comparison.report(&CHANGED, subject, "values stand in another order; code stays as it is");
        }
    }
}

/// Whether what both have stands in another order.
fn is_reordered<T: PartialEq>(base: &[T], head: &[T]) -> bool {
    let common = head.iter().filter(|item| base.contains(item));
    !base.iter().filter(|item| head.contains(item)).eq(common)
}
