//! How large parameters may be.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&LOWERED, &RAISED], checks: &[Check::Fields(compare)] };

const ONE_WAY: &str = "nothing is made of the bounds of answers";

static LOWERED: Rule = Rule::new("maximum-lowered", (Patch, Breaking, Request), "The maximum of a parameter is lower.")
    .reverse("maximum-raised")
    .without_counterpart(ONE_WAY);

static RAISED: Rule =
    Rule::new("maximum-raised", (Patch, Compatible, Request), "The maximum of a parameter is higher.")
        .reverse("maximum-lowered")
        .without_counterpart(ONE_WAY);

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (Some(parameter), Container::Operation(operation)) = (pair.parameter, pair.of) else { return };
    let wire = &pair.field.head.wire;
    let (rule, mut message) = match (parameter.base.maximum, parameter.head.maximum) {
        (Some(old), Some(new)) if old != new => {
            (if new < old { &LOWERED } else { &RAISED }, format!("`{wire}` may be up to {new}, which was {old}"))
        }
        (None, Some(new)) => (&LOWERED, format!("`{wire}` may be up to {new}, and had no bound")),
        (Some(old), None) => (&RAISED, format!("`{wire}` has no bound any more, which was {old}")),
        _ => return,
    };
    if wire == "limit" && operation.head.listing.is_some() {
        message.push_str(match parameter.head.maximum {
            Some(_) => "; walking through all pages asks for as many at a time",
            None => "; walking through all pages leaves it to Stripe",
        });
    }
    changes.report(rule, pair.subject.clone(), message);
}
