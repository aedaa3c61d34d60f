//! Documentation: descriptions, examples, deprecation, and the order of what is documented.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/documentation.yaml`.

use std::collections::HashMap;

use serde_json::Value;

use super::super::subject::operation_item;
use super::prelude::*;
use super::{shown, versions};
use crate::api::{Api, Doc, Field, Name, Operation, StringType, TypeDef, TypeKind, TypePath};

rules! {
    DEPRECATED = "deprecated", Minor, Documentation, Both, "An operation, type, property or parameter is deprecated.";
    UNDEPRECATED = "undeprecated", Patch, Documentation, Both,
        "An operation, type, property or parameter is no longer deprecated.";
    ARGUMENTS_REORDERED = "arguments-reordered", Major, Documentation, Request,
        "The arguments of a constructor are reordered.";
    REORDERED = "order-changed", Patch, Documentation, Both, "Properties, parameters or values are reordered.";
    CHANGED = "documentation-changed", Patch, Documentation, Both, "The documentation of an item changes.";
    EXAMPLE_CHANGED = "example-changed", Patch, Documentation, Both, "The example of an item changes.";
}

pub(super) const CHECKS: &[Check] = &[
    Check::Api(of_descriptions),
    Check::Type(of_type),
    Check::Operation(of_operation),
    Check::Field(of_field),
    Check::FieldList(order_of_fields),
];

fn of_descriptions(comparison: &Comparison<'_>, changes: &mut Changes) {
    for pair in versions::descriptions(comparison.sides).kept {
        if let Some(message) = rewritten("the title", pair.map(|description| &description.title)) {
            changes.report(&CHANGED, versions::subject(pair), message);
        }
        texts(comparison, changes, &versions::subject(pair), pair.map(|description| &description.doc));
    }
}

fn of_operation(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let subject = Subject::of_operation(pair);
    deprecation(changes, &subject, pair.map(|operation| &operation.deprecated));
    texts(comparison, changes, &subject, pair.map(|operation| &operation.doc));
}

fn of_field(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    deprecation(changes, &pair.subject, pair.field.map(|field| &field.deprecated));
    texts(comparison, changes, &pair.subject, pair.field.map(|field| &field.doc));
    example(changes, pair.subject.clone(), pair.field.map(|field| &field.example));
}

fn of_type(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let subject = Subject::of_type(pair);
    deprecation(changes, &subject, pair.map(|def| &def.deprecated));
    // The documentation of an id type follows from its name.
    let is_id = |def: &TypeDef| matches!(&def.kind, TypeKind::String(StringType { id_of: Some(_), .. }));
    // That of an inline type is reported for its field.
    let is_inline = || {
        comparison.lists.iter().flat_map(|list| &list.fields.kept).any(|field| {
            let is_same = |field: &Field, def: &TypeDef| field.origin == def.origin && field.doc == def.doc;
            is_same(field.base, pair.base) && is_same(field.head, pair.head)
        })
    };
    // The fields are searched for the few types whose documentation differs.
    let is_changed = pair.base.doc != pair.head.doc;
    if is_changed && (!is_id(pair.base) || pair.same(|def| &def.path)) && !is_inline() {
        texts(comparison, changes, &subject, pair.map(|def| &def.doc));
    }
    if let (TypeKind::Struct(base), TypeKind::Struct(head)) = (&pair.base.kind, &pair.head.kind) {
        example(changes, subject.clone(), (&base.example, &head.example));
    }
    let values = pairing::values(pair).kept;
    for value in &values {
        texts(comparison, changes, &subject.member(*value), value.map(Member::doc));
    }
    if is_reordered(&pairing::members(pair.base), &pairing::members(pair.head), values) {
        changes.report(&REORDERED, subject, "values are reordered");
    }
}

fn deprecation(changes: &mut Changes, subject: &Subject, deprecated: (&bool, &bool)) {
    let (rule, change) = match deprecated {
        (false, true) => (&DEPRECATED, "deprecated; using it causes a warning"),
        (true, false) => (&UNDEPRECATED, "no longer deprecated"),
        _ => return,
    };
    changes.report(rule, subject.clone(), format!("`{}` is {change}", item(subject)));
}

/// Returns the last name of an item's path.
fn item(subject: &Subject) -> &str {
    subject.head.as_ref().and_then(|place| place.item.rsplit("::").next()).unwrap_or_default()
}

fn texts(comparison: &Comparison<'_>, changes: &mut Changes, subject: &Subject, (base, head): (&Doc, &Doc)) {
    if base == head {
        return;
    }
    let item = subject.head.as_ref().map(|place| place.item.as_str()).unwrap_or_default();
    let Pair { base: old_api, head: new_api } = comparison.sides;
    let message = match (&base.replaced_by, &head.replaced_by) {
        (old, Some(new)) if old.as_ref() != Some(new) => {
            format!("`{item}` is replaced by `{}`", replacement(new_api, new))
        }
        (Some(old), None) => format!("`{item}` is no longer replaced by `{}`", replacement(old_api, old)),
        _ => {
            let url = |doc: &Doc| doc.reference.as_ref().map(|link| format!("[{}]({})", link.title, link.url));
            let [old, new] = [base, head].map(|doc| url(doc).unwrap_or_default());
            let text = rewritten("the documentation", (&base.text, &head.text));
            text.or_else(|| rewritten("the link", (&old, &new))).unwrap_or_else(|| "the layout changes".to_owned())
        }
    };
    changes.report(&CHANGED, subject.clone(), message);
}

fn example(changes: &mut Changes, subject: Subject, (base, head): (&Option<Value>, &Option<Value>)) {
    let text = |value: &Option<Value>| value.as_ref().map(shown).unwrap_or_default();
    if let Some(message) = rewritten("the example", (&text(base), &text(head))) {
        changes.report(&EXAMPLE_CHANGED, subject, message);
    }
}

/// How many words of a text are shown before and after the first that differs.
const WORDS: [usize; 2] = [3, 12];

/// How many characters of a text are shown.
const CHARACTERS: usize = 100;

/// Returns the message for a text that changes, with both texts where they differ first; `None` if they have the same words.
fn rewritten(what: &str, (base, head): (&String, &String)) -> Option<String> {
    let [old, new] = [base, head].map(|text| text.split_whitespace().collect::<Vec<_>>());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    if old == new {
        return None;
    }
    let [before, after] = WORDS;
    let start = same.saturating_sub(before);
    let excerpt = |words: &[&str]| {
        let shown: Vec<&str> = words.iter().skip(start).take(before + after).copied().collect();
        let text = shown.join(" ");
        let clipped: String = text.chars().take(CHARACTERS).collect();
        let is_whole = clipped == text && start + shown.len() == words.len();
        format!("\"{}{clipped}{}\"", if start > 0 { "… " } else { "" }, if is_whole { "" } else { " …" })
    };
    Some(match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("{what} is added: {}", excerpt(&new)),
        (_, true) => format!("{what} is removed: {}", excerpt(&old)),
        _ => format!("{what} changes from {} to {}", excerpt(&old), excerpt(&new)),
    })
}

/// Returns the method that makes the request at a path, or the path of a type or of a request without a method.
fn replacement(api: &Api, path: &TypePath) -> String {
    let operation = api.operations.values().find(|operation| operation.request == *path);
    operation.map_or_else(|| path.to_string(), operation_item)
}

fn order_of_fields(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let [base, head] = list.container.fields();
    let kept = list.fields.kept.clone();
    let arguments = kept.iter().copied().filter(|pair| pair.base.is_argument() && pair.head.is_argument()).collect();
    let subject = list.subject.clone();
    if list.container.is_constructed() && is_reordered(&base, &head, arguments) {
        let message =
            "the arguments of `new` are reordered; existing calls may still compile but pass the wrong arguments";
        changes.report(&ARGUMENTS_REORDERED, subject, message);
    } else if is_reordered(&base, &head, kept) {
        let what = if matches!(list.container, Container::OneOf(_)) { "variants" } else { "fields" };
        changes.report(&REORDERED, subject, format!("{what} are reordered"));
    }
}

/// Whether members that are on both sides are in another order.
fn is_reordered<T: Member + ?Sized>(base: &[&T], head: &[&T], kept: Vec<Pair<'_, T>>) -> bool {
    let [base, head] = [base, head].map(|members| -> HashMap<&Name, usize> {
        members.iter().enumerate().map(|(position, member)| (member.name(), position)).collect()
    });
    let position = |pair: Pair<'_, T>| Some((*base.get(pair.base.name())?, *head.get(pair.head.name())?));
    let mut positions: Vec<(usize, usize)> = kept.into_iter().filter_map(position).collect();
    positions.sort_unstable();
    !positions.is_sorted_by_key(|(_, in_head)| *in_head)
}
