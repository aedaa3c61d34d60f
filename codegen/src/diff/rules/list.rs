//! Operations that answer with lists, and how the next page is asked for.

use super::fact::steps;
use super::prelude::*;
use crate::api::{Listing, Operation, Pagination};

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&ADDED, &REMOVED, &PAGINATION_CHANGED], checks: &[Check::Operations(compare)] };

const ONE_WAY: &str = "requests carry no lists of resources";

static ADDED: Rule =
    Rule::new("list-added", (Major, Breaking, Response), "An operation answers with a list, page by page.")
        .reverse("list-removed")
        .without_counterpart(ONE_WAY);

static REMOVED: Rule =
    Rule::new("list-removed", (Major, Breaking, Response), "An operation no longer answers with a list.")
        .reverse("list-added")
        .without_counterpart(ONE_WAY);

static PAGINATION_CHANGED: Rule =
    Rule::new("pagination-changed", (Patch, Breaking, Both), "The next page of a list is asked for otherwise.");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = comparison.shown(&pair.base.response, &pair.head.response);
    let (rule, message) = match (&pair.base.listing, &pair.head.listing) {
        (None, Some(_)) => (
            &ADDED,
            format!(
                "it answers with `{new}`, page by page, no longer with `{old}`; code that looks at the answer must change"
            ),
        ),
        (Some(_), None) => (
            &REMOVED,
            format!("it answers with `{new}`, no longer with `{old}`; code that walks through pages must change"),
        ),
        (Some(base), Some(head)) if !is_paged_alike(comparison, base, head) => {
            let message =
                format!("{}, which was: {}; code that walks through all pages stays as it is", how(head), how(base));
            (&PAGINATION_CHANGED, message)
        }
        _ => return,
    };
    changes.report(rule, Subject::operations(pair), message);
}

/// Whether the next page is asked for with the same field, whatever it is called in Rust.
fn is_paged_alike(comparison: &Comparison<'_>, base: &Listing, head: &Listing) -> bool {
    let item = base.item.named().into_iter().next();
    let cursor = base.cursor.as_ref().zip(item).map(|(path, item)| comparison.path_in_head(&item, path));
    base.pagination == head.pagination && cursor == head.cursor.as_ref().map(steps)
}

fn how(listing: &Listing) -> &'static str {
    match (listing.pagination, &listing.cursor) {
        (Pagination::Cursor, Some(_)) => "the next page is asked for with the id of the last item",
        (Pagination::Cursor, None) => "the next page can't be asked for, since items have no id",
        (Pagination::SinglePage, _) => "there is one page",
        (Pagination::PageUrl, _) => "the next page is asked for with its URL",
    }
}
