//! How large parameters may be.

use super::prelude::*;

pub(super) const TOPIC: Topic = Topic { rules: &[&LOWERED, &RAISED], compare: Compare::Fields(compare) };

const ONE_WAY: &str = "nothing is made of the bounds of answers";

static LOWERED: Rule = Rule::new("maximum-lowered", (Patch, Breaking, Request), "A parameter may be less large.")
    .mirror("maximum-raised")
    .one_way(ONE_WAY);

static RAISED: Rule = Rule::new("maximum-raised", (Patch, Compatible, Request), "A parameter may be larger.")
    .mirror("maximum-lowered")
    .one_way(ONE_WAY);

fn compare(comparison: &mut Comparison<'_>, pair: &FieldPair<'_>) {
    let Some(parameters) = pair.of.parameters(pair.field) else { return };
    let (old, new) = (parameters.base.maximum, parameters.head.maximum);
    let bound = |maximum: Option<i64>| maximum.unwrap_or(i64::MAX);
    let shown = |maximum: Option<i64>| maximum.map_or_else(|| "anything".to_owned(), |maximum| maximum.to_string());
    if old == new {
        return;
    }
    let rule = if bound(new) < bound(old) { &LOWERED } else { &RAISED };
    let wire = &pair.field.head.wire;
    let mut message = format!("`{wire}` may be up to {}, which was {}", shown(new), shown(old));
    let Holder::Operation(operation) = pair.of else { return };
    if wire == "limit" && operation.head.listing.is_some() {
        message.push_str("; walking through all pages asks for as many at a time");
    }
    comparison.report(rule, pair.subject.clone(), message);
}
