//! Whether users build a type.

use super::prelude::*;
use crate::api::{TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&BUILDER_ADDED, &BUILDER_REMOVED, &UNRECOGNIZED_ADDED, &UNRECOGNIZED_REMOVED],
    checks: &[Check::Types(compare)],
};

static BUILDER_ADDED: Rule = Rule::new(
    "builder-added",
    (Minor, Documentation, Both),
    "Requests carry a type that they did not, so users can build it.",
)
.reverse("builder-removed");

static BUILDER_REMOVED: Rule = Rule::new(
    "builder-removed",
    (Major, Documentation, Both),
    "Requests no longer carry a type that they did, so users can't build it.",
)
.reverse("builder-added");

static UNRECOGNIZED_ADDED: Rule = Rule::new(
    "closed-enum-received",
    (Major, Documentation, Both),
    "Answers hold a closed enum that only requests did, so it has room for unknown values.",
)
.reverse("closed-enum-only-sent");

static UNRECOGNIZED_REMOVED: Rule = Rule::new(
    "closed-enum-only-sent",
    (Major, Documentation, Both),
    "Only requests hold a closed enum that answers did, so it has no room for unknown values.",
)
.reverse("closed-enum-received");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let name = &pair.head.path.name;
    match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Struct(_), TypeKind::Struct(_)) if pair.base.in_requests != pair.head.in_requests => {
            let (rule, message) = if pair.head.in_requests {
                (&BUILDER_ADDED, format!("`{name}::new` and its setters are there: requests take {}", a(name)))
            } else {
                (&BUILDER_REMOVED, format!("`{name}::new` and its setters are gone: no request takes {}", a(name)))
            };
            changes.report(rule, Subject::types(pair), message);
        }
        (TypeKind::Enum(base), TypeKind::Enum(head))
            if base.unrecognized != head.unrecognized && base.closed == head.closed =>
        {
            let (rule, message) = if head.unrecognized.is_some() {
                (&UNRECOGNIZED_ADDED, format!("`{name}` keeps unknown values, and so is no longer `Copy`"))
            } else {
                (&UNRECOGNIZED_REMOVED, format!("`{name}` is `Copy`, and has no `Unrecognized` any more"))
            };
            changes.report(rule, Subject::types(pair), message);
        }
        _ => {}
    }
}
