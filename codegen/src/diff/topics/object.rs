//! What objects call themselves.

use super::prelude::*;
use crate::api::{TypeDef, TypeKind};

pub(super) const TOPIC: Topic = Topic { rules: &[&CHANGED], compare: Compare::Types(compare) };

static CHANGED: Rule = Rule::new(
    "object-name-changed",
    (Patch, Breaking, Both),
    "The value of a type's `object`, or its `x-resourceId`, is another.",
);

fn compare(comparison: &mut Comparison<'_>, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Struct(base), TypeKind::Struct(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let resource = |definition: &crate::api::Struct| definition.resource.as_ref().map(|resource| resource.id.clone());
    let (old, new) = ((&base.tag, resource(base)), (&head.tag, resource(head)));
    if old == new {
        return;
    }
    let shown = |tag: Option<&String>| tag.map_or_else(|| "nothing".to_owned(), |tag| format!("`{tag}`"));
    let message = format!(
        "it calls itself {} on the wire, which was {}; code stays as it is",
        shown(new.0.as_ref().or(new.1.as_ref())),
        shown(old.0.as_ref().or(old.1.as_ref())),
    );
    comparison.report(&CHANGED, Subject::types(pair), message);
}
