//! Objects that are `false` where there is none.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&ADDED, &REMOVED], checks: &[Check::Fields(compare)] };

const ONE_WAY: &str = "requests leave out what is absent";

static ADDED: Rule = Rule::new(
    "false-for-absent-added",
    (Patch, Breaking, Response),
    "Answers may hold `false` where there is no object.",
)
.reverse("false-for-absent-removed")
.without_counterpart(ONE_WAY);

static REMOVED: Rule = Rule::new(
    "false-for-absent-removed",
    (Patch, Compatible, Response),
    "Answers no longer hold `false` where there is no object.",
)
.reverse("false-for-absent-added")
.without_counterpart(ONE_WAY);

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (old, new) = (pair.field.base.false_means_absent, pair.field.head.false_means_absent);
    if old == new {
        return;
    }
    let wire = &pair.field.head.wire;
    let (rule, message) = if new {
        (&ADDED, format!("`{wire}` is `None` where Stripe writes `false`; code stays as it is"))
    } else {
        (&REMOVED, format!("`false` for `{wire}` is no longer read as `None`"))
    };
    changes.report(rule, pair.subject.clone(), message);
}
