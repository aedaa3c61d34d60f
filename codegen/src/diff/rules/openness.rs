//! Whether Stripe may add values to an enum.

use super::super::comparison::Usage;
use super::prelude::*;
use crate::api::{TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&REQUEST_OPENED, &REQUEST_CLOSED, &RESPONSE_OPENED, &RESPONSE_CLOSED, &SHARED_OPENED, &SHARED_CLOSED],
    checks: &[Check::Types(compare)],
};

static REQUEST_OPENED: Rule =
    Rule::new("request-enum-opened", (Major, Compatible, Request), "An enum that only requests hold is open now.")
        .reverse("request-enum-closed")
        .counterpart("response-enum-opened");

static REQUEST_CLOSED: Rule =
    Rule::new("request-enum-closed", (Major, Breaking, Request), "An enum that only requests hold is closed now.")
        .reverse("request-enum-opened")
        .counterpart("response-enum-closed");

static RESPONSE_OPENED: Rule =
    Rule::new("response-enum-opened", (Patch, Breaking, Response), "An enum that answers hold is open now.")
        .reverse("response-enum-closed")
        .counterpart("request-enum-opened");

static RESPONSE_CLOSED: Rule =
    Rule::new("response-enum-closed", (Patch, Compatible, Response), "An enum that answers hold is closed now.")
        .reverse("response-enum-opened")
        .counterpart("request-enum-closed");

static SHARED_OPENED: Rule =
    Rule::new("shared-enum-opened", (Patch, Breaking, Both), "An enum that requests and answers hold is open now.")
        .reverse("shared-enum-closed");

static SHARED_CLOSED: Rule =
    Rule::new("shared-enum-closed", (Patch, Breaking, Both), "An enum that requests and answers hold is closed now.")
        .reverse("shared-enum-opened");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Enum(base), TypeKind::Enum(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    if base.closed == head.closed {
        return;
    }
    let (name, usage) = (&pair.head.path.name, Usage::of(pair));
    // What answers hold keeps unknown values in any case.
    let changes_type = base.unrecognized != head.unrecognized;
    let (rule, message) = match (head.closed, changes_type) {
        (false, true) => {
            (&REQUEST_OPENED, format!("any value can be sent; `{name}` keeps unknown ones, and so is no longer `Copy`"))
        }
        (true, true) => {
            (&REQUEST_CLOSED, format!("only the listed values can be sent; `{name}` has no `Unrecognized` any more"))
        }
        (false, false) => {
            let rule = if usage.sent { &SHARED_OPENED } else { &RESPONSE_OPENED };
            (rule, format!("further values of `{name}` can arrive, and are kept as before"))
        }
        (true, false) if usage.sent => {
            (&SHARED_CLOSED, format!("only the listed values of `{name}` can be sent; code stays as it is"))
        }
        (true, false) => {
            (&RESPONSE_CLOSED, format!("no further values of `{name}` are to arrive; code stays as it is"))
        }
    };
    changes.report(rule, Subject::types(pair), message);
}
