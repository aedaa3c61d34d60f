//! Known values of strings, which are constants.

use super::super::pairing::Paired;
use super::prelude::*;
use crate::api::{Constant, StringType, TypeDef, TypeKind};

pub(super) const TOPIC: Topic = Topic { rules: &[&ADDED, &REMOVED, &CHANGED], compare: Compare::Types(compare) };

static ADDED: Rule = Rule::new("known-value-added", (Minor, Compatible, Both), "A string has one more known value.")
    .mirror("known-value-removed");

static REMOVED: Rule = Rule::new("known-value-removed", (Major, Compatible, Both), "A string has a known value less.")
    .mirror("known-value-added");

static CHANGED: Rule = Rule::new("known-value-changed", (Patch, Breaking, Both), "A known value is written otherwise.");

/// The constants on both sides: by what they are on the wire, or else by their name.
pub(super) fn constants<'a>(base: &'a StringType, head: &'a StringType) -> Paired<'a, Constant> {
    Paired::new(&base.constants, &head.constants)
        .by(|constant| Some(constant.wire.as_str()))
        .by(|constant| Some(constant.name.as_str()))
}

fn compare(comparison: &mut Comparison<'_>, pair: Pair<'_, TypeDef>) {
    let (TypeKind::String(base), TypeKind::String(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let (constants, name) = (constants(base, head), &pair.head.path.name);
    let whole = Subject { direction: None, ..Subject::types(pair) };
    for value in constants.added {
        let message =
            format!("`{}` is there as `{name}::{}`; any other text is taken as before", value.wire, value.name);
        comparison.report(&ADDED, whole.part(None, Some((&value.name, &value.origin))), message);
    }
    for value in constants.removed {
        let message = format!(
            "`{name}::{}` is gone; code that names it stops compiling, and can write `{}` itself",
            value.name, value.wire
        );
        comparison.report(&REMOVED, whole.part(Some((&value.name, &value.origin)), None), message);
    }
    for value in constants.kept {
        let (old, new) = (value.base, value.head);
        if old.wire != new.wire {
            let subject = whole.part(Some((&old.name, &old.origin)), Some((&new.name, &new.origin)));
            let message = format!(
                "`{name}::{}` is `{}` on the wire, which was `{}`; code stays as it is",
                new.name, new.wire, old.wire
            );
            comparison.report(&CHANGED, subject, message);
        }
    }
}
