//! Whether objects have members that are not described.

use super::prelude::*;
use crate::api::{Field, TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&REQUEST_OPENED, &REQUEST_CLOSED, &RESPONSE_OPENED, &RESPONSE_CLOSED],
    checks: &[Check::FieldLists(compare)],
};

static REQUEST_OPENED: Rule = Rule::new(
    "request-object-opened",
    (Minor, Compatible, Request),
    "An object that is sent takes members that are not described.",
)
.reverse("request-object-closed")
.counterpart("response-object-opened");

static REQUEST_CLOSED: Rule = Rule::new(
    "request-object-closed",
    (Major, Breaking, Request),
    "An object that is sent no longer takes members that are not described.",
)
.reverse("request-object-opened")
.counterpart("response-object-closed");

static RESPONSE_OPENED: Rule = Rule::new(
    "response-object-opened",
    (Minor, Compatible, Response),
    "Members of an object that are not described are kept.",
)
.reverse("response-object-closed")
.counterpart("request-object-opened");

static RESPONSE_CLOSED: Rule = Rule::new(
    "response-object-closed",
    (Major, Compatible, Response),
    "Members of an object that are not described are no longer kept.",
)
.reverse("response-object-opened")
.counterpart("request-object-closed");

/// The field for the additional members of a struct.
pub(in super::super) fn additional(def: &TypeDef) -> Option<&Field> {
    match &def.kind {
        TypeKind::Struct(definition) => definition.additional.as_deref(),
        _ => None,
    }
}

fn compare(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Struct(pair) = list.of else { return };
    let use_of = |field: &Field| {
        let uses = if list.of.is_built() { "set or read" } else { "read" };
        format!("members that are not described can be {uses} as `{}`", field.name)
    };
    match (additional(pair.base), additional(pair.head)) {
        (None, Some(field)) => {
            changes.report(list.usage.choose(&REQUEST_OPENED, &RESPONSE_OPENED), list.added(field), use_of(field));
        }
        (Some(field), None) => {
            let message = format!("`{}` is gone; code that uses it stops compiling", field.name);
            changes.report(list.usage.choose(&REQUEST_CLOSED, &RESPONSE_CLOSED), list.removed(field), message);
        }
        _ => {}
    }
}
