//! Known values of strings, which are constants.

use super::super::pairing;
use super::prelude::*;
use crate::api::{TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet { rules: &[&ADDED, &REMOVED, &CHANGED], checks: &[Check::Types(compare)] };

static ADDED: Rule = Rule::new("known-value-added", (Minor, Compatible, Both), "A string has one more known value.")
    .reverse("known-value-removed");

static REMOVED: Rule =
    Rule::new("known-value-removed", (Major, Compatible, Both), "A string has one known value fewer.")
        .reverse("known-value-added");

static CHANGED: Rule = Rule::new("known-value-changed", (Patch, Breaking, Both), "A known value is written otherwise.");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::String(base), TypeKind::String(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let (constants, name) = (pairing::constants(base, head), &pair.head.path.name);
    let whole = Subject::types(pair);
    for value in constants.added {
        let message =
            format!("`{}` is there as `{name}::{}`; any other text is taken as before", value.wire, value.name);
        changes.report(&ADDED, whole.part(None, Some((&value.name, &value.origin))), message);
    }
    for value in constants.removed {
        let message = format!(
            "`{}::{}` is gone; code that names it stops compiling, and can write `{}` itself",
            pair.base.path.name, value.name, value.wire
        );
        changes.report(&REMOVED, whole.part(Some((&value.name, &value.origin)), None), message);
    }
    for value in constants.kept {
        let (old, new) = (value.base, value.head);
        if old.wire != new.wire {
            let subject = whole.part(Some((&old.name, &old.origin)), Some((&new.name, &new.origin)));
            let message = format!(
                "`{name}::{}` is `{}` on the wire, which was `{}`; code stays as it is",
                new.name, new.wire, old.wire
            );
            changes.report(&CHANGED, subject, message);
        }
    }
}
