//! How large parameters may be.

use super::prelude::*;

pub(super) const TOPIC: Topic = Topic { rules: &[&LOWERED, &RAISED], compare: &[Compare::Fields(compare)] };

const ONE_WAY: &str = "nothing is made of the bounds of answers";

static LOWERED: Rule = Rule::new("maximum-lowered", (Patch, Breaking, Request), "A parameter may be less large.")
    .mirror("maximum-raised")
    .one_way(ONE_WAY);

static RAISED: Rule = Rule::new("maximum-raised", (Patch, Compatible, Request), "A parameter may be larger.")
    .mirror("maximum-lowered")
    .one_way(ONE_WAY);

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let Some(parameters) = pair.of.parameters(pair.field) else { return };
    let (old, new) = (parameters.base.maximum, parameters.head.maximum);
    let bound = |maximum: Option<i64>| maximum.unwrap_or(i64::MAX);
    if old == new {
        return;
    }
    let rule = if bound(new) < bound(old) { &LOWERED } else { &RAISED };
    let wire = &pair.field.head.wire;
    let mut message = match (old, new) {
        (Some(old), Some(new)) => format!("`{wire}` may be up to {new}, which was {old}"),
        (None, Some(new)) => format!("`{wire}` may be up to {new}, and had no bound"),
        (old, None) => format!("`{wire}` has no bound any more, which was {}", bound(old)),
    };
    let Holder::Operation(operation) = pair.of else { return };
    if wire == "limit" && operation.head.listing.is_some() {
        message.push_str(match new {
            Some(_) => "; walking through all pages asks for as many at a time",
            None => "; walking through all pages leaves it to Stripe",
        });
    }
    changes.report(rule, pair.subject.clone(), message);
}
