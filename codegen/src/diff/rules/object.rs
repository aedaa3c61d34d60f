//! What objects call themselves.

use super::prelude::*;
use crate::api::{Struct, TypeDef, TypeKind};

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&TAG_CHANGED, &RESOURCE_ID_CHANGED], checks: &[Check::Types(compare)] };

static TAG_CHANGED: Rule =
    Rule::new("object-name-changed", (Patch, Breaking, Both), "The value of a type's `object` is another.");

static RESOURCE_ID_CHANGED: Rule =
    Rule::new("resource-id-changed", (Patch, Documentation, Both), "A resource has another `x-resourceId`.");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Struct(base), TypeKind::Struct(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let shown = |text: Option<&str>| text.map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"));
    if base.tag != head.tag {
        let (old, new) = (shown(base.tag.as_deref()), shown(head.tag.as_deref()));
        let message = format!("it calls itself {new} on the wire, which was {old}; code stays as it is");
        changes.report(&TAG_CHANGED, Subject::types(pair), message);
    }
    let id = |definition: &Struct| definition.resource.as_ref().map(|resource| resource.id.clone());
    let (old, new) = (id(base), id(head));
    if old != new {
        let (old, new) = (shown(old.as_deref()), shown(new.as_deref()));
        let message = format!("its `x-resourceId` is {new}, which was {old}; code stays as it is");
        changes.report(&RESOURCE_ID_CHANGED, Subject::types(pair), message);
    }
}
