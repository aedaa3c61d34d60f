//! What resources offer: methods for their operations, lists, waiting for a result, downloading it, and conversions of their ids.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/resources.yaml`.

use std::collections::HashMap;

use super::super::comparison::wire_path;
use super::prelude::*;
use crate::api::{
    Access, Api, Download, FieldPath, Listing, Name, Operation, Origin, Pagination, Rows, TypeDef, TypePath, Wait,
};

rules! {
    METHOD_ADDED = "resource-method-added", Minor, Documentation, Both,
        "A resource gains a method that creates a request.";
    METHOD_REMOVED = "resource-method-removed", Major, Documentation, Both,
        "A resource loses a method that creates a request.";
    METHOD_RENAMED = "resource-method-renamed", Major, Documentation, Both,
        "A method that creates a request is renamed, or moves to another resource.";
    LIST_ADDED = "list-added", Major, Breaking, Response, "The response of an operation becomes a list.";
    LIST_REMOVED = "list-removed", Major, Breaking, Response, "The response of an operation is no longer a list.";
    PAGINATION_CHANGED = "pagination-changed", Patch, Breaking, Both, "The pagination of a list changes.";
    CURSOR_ADDED = "list-cursor-added", Minor, Compatible, Both,
        "The items of a list get the id that requests the next page.";
    CURSOR_REMOVED = "list-cursor-removed", Major, Compatible, Both,
        "The items of a list no longer have the id that requests the next page.";
    WAIT_ADDED = "wait-added", Minor, Documentation, Both, "A resource implements `Wait`.";
    WAIT_REMOVED = "wait-removed", Major, Documentation, Both, "A resource no longer implements `Wait`.";
    WAIT_STATE_CHANGED = "wait-state-changed", Major, Documentation, Both,
        "A status moves between running, succeeded, failed and canceled.";
    WAIT_FACT_ADDED = "wait-fact-added", Minor, Documentation, Both,
        "The field with the failure code, failure message or time of cancellation of a run is described.";
    WAIT_FACT_REMOVED = "wait-fact-removed", Major, Documentation, Both,
        "The field with the failure code, failure message or time of cancellation of a run is no longer described.";
    WAIT_FACT_MOVED = "wait-fact-moved", Patch, Breaking, Both,
        "The status, failure code, failure message or time of cancellation of a run moves to another field.";
    WAIT_RETRIEVE_CHANGED = "wait-retrieve-changed", Major, Compatible, Both, "A run is polled with another request.";
    DOWNLOAD_ADDED = "download-added", Minor, Documentation, Both, "A resource implements `Download`.";
    DOWNLOAD_REMOVED = "download-removed", Major, Documentation, Both, "A resource no longer implements `Download`.";
    DOWNLOAD_ACCESS_CHANGED = "download-access-changed", Patch, Breaking, Both,
        "A download starts or stops sending the API key.";
    DOWNLOAD_FACT_ADDED = "download-fact-added", Minor, Documentation, Both,
        "The field with the size, content type, expiry or columns of a result is described.";
    DOWNLOAD_FACT_REMOVED = "download-fact-removed", Major, Documentation, Both,
        "The field with the size, content type, expiry or columns of a result is no longer described.";
    DOWNLOAD_FACT_MOVED = "download-fact-moved", Patch, Breaking, Both,
        "The URL, size, content type, expiry or columns of a result move to another field.";
    DOWNLOAD_RETRIEVE_CHANGED = "download-retrieve-changed", Major, Compatible, Both,
        "The URL of a result is refreshed with another request.";
    ROWS_ADDED = "rows-added", Minor, Documentation, Both, "A resource implements `InlineRows`.";
    ROWS_REMOVED = "rows-removed", Major, Documentation, Both, "A resource no longer implements `InlineRows`.";
    ROWS_FACT_MOVED = "rows-fact-moved", Patch, Breaking, Both,
        "The columns, rows or next page of a result move to another field.";
    ROWS_PARAMETERS_CHANGED = "rows-parameters-changed", Patch, Breaking, Both,
        "Inline rows are requested with other parameters.";
    ROWS_VALUES_CHANGED = "rows-values-changed", Patch, Compatible, Both,
        "Inline rows are requested with another number of rows per page, or with more or fewer parameters.";
    ROWS_RETRIEVE_CHANGED = "rows-retrieve-changed", Major, Compatible, Both,
        "Inline rows are retrieved with another request.";
    SAME_IDS_ADDED = "same-ids-added", Minor, Documentation, Both, "The id types of two resources convert to each other.";
    SAME_IDS_REMOVED = "same-ids-removed", Major, Documentation, Both,
        "The id types of two resources no longer convert to each other.";
}

pub(super) const CHECKS: &[Check] = &[
    Check::Operation(method),
    Check::Operation(list),
    Check::Type(wait),
    Check::Type(download),
    Check::Type(rows),
    Check::Type(same_ids),
];

fn method(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let request = &pair.head.request.name;
    let (rule, message) = match (&pair.base.attachment, &pair.head.attachment) {
        (None, Some(head)) => {
            (&METHOD_ADDED, format!("`{}::{}` is added; it returns `{request}`", head.resource.name, head.method))
        }
        (Some(base), None) => {
            (&METHOD_REMOVED, format!("`{}::{}` is removed; use `{request}::new`", base.resource.name, base.method))
        }
        (Some(base), Some(head))
            if base.method != head.method || comparison.head_name(&base.resource) != &head.resource =>
        {
            let (old, new) = (&base.resource, &head.resource);
            (&METHOD_RENAMED, format!("`{old}::{}` is renamed to `{new}::{}`", base.method, head.method))
        }
        _ => return,
    };
    changes.report(rule, Subject::of_operation(pair), message);
}

fn list(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = comparison.shown(&pair.base.response, &pair.head.response);
    let (rule, message) = match (&pair.base.listing, &pair.head.listing) {
        (None, Some(_)) => (&LIST_ADDED, format!("the response changes from `{old}` to `{new}`, with pagination")),
        (Some(_), None) => (&LIST_REMOVED, format!("the response changes from `{old}` to `{new}`, without pagination")),
        (Some(base), Some(head)) => {
            let Pair { base: old_api, head: new_api } = comparison.sides;
            let (old, new) = (pagination(old_api, base), pagination(new_api, head));
            if old == new {
                return;
            }
            let rule = match (base.pagination == head.pagination, &head.cursor) {
                (false, _) => &PAGINATION_CHANGED,
                (true, Some(_)) => &CURSOR_ADDED,
                (true, None) => &CURSOR_REMOVED,
            };
            (rule, format!("pagination changes from {old} to {new}"))
        }
        _ => return,
    };
    changes.report(rule, Subject::of_operation(pair), message);
}

/// The name of the cursor in an item.
fn cursor(api: &Api, listing: &Listing) -> Option<String> {
    let item = listing.item.named().into_iter().next()?;
    Some(wire_path(api, &item, listing.cursor.as_ref()?).join("."))
}

fn pagination(api: &Api, listing: &Listing) -> String {
    match (listing.pagination, cursor(api, listing)) {
        (Pagination::Cursor, Some(path)) => format!("cursors (`{path}` of the last item)"),
        (Pagination::Cursor, None) => "cursors that items lack".to_owned(),
        (Pagination::SinglePage, _) => "a single page".to_owned(),
        (Pagination::PageUrl, _) => "page URLs".to_owned(),
    }
}

/// What a status means for clients that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl State {
    /// What a new status does, appended to its message.
    pub(super) fn consequence(self) -> &'static str {
        match self {
            Self::Running => "; waiting continues",
            Self::Succeeded => {
                "; waiting for such a run succeeds after an update, and released programs poll until their deadline"
            }
            Self::Failed => {
                "; waiting for such a run fails after an update, and released programs poll until their deadline"
            }
            Self::Canceled => {
                "; waiting for such a run ends with `RunCanceled` after an update, and released programs poll until their \
                 deadline"
            }
        }
    }

    /// Whether it ends waiting.
    pub(super) fn is_final(self) -> bool {
        self != Self::Running
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

fn states(wait: &Wait) -> HashMap<&Name, State> {
    let lists = [
        (&wait.running, State::Running),
        (&wait.succeeded, State::Succeeded),
        (&wait.failed, State::Failed),
        (&wait.canceled, State::Canceled),
    ];
    lists.into_iter().flat_map(|(names, state)| names.iter().map(move |name| (name, state))).collect()
}

/// What the values of an enum mean, if it is the status of a resource that implements `Wait`.
pub(super) fn states_of<'a>(api: &'a Api, status: &TypePath) -> HashMap<&'a Name, State> {
    let waits = api.types.values().filter_map(|def| def.resource()?.wait.as_ref());
    waits.filter(|wait| wait.status_type == *status).flat_map(states).collect()
}

fn wait(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (name, [base, head]) = (&pair.head.path.name, [pair.base, pair.head].map(|def| def.resource()?.wait.as_ref()));
    let subject = extension(pair, base.map(|wait| &wait.origin), head.map(|wait| &wait.origin));
    let (Some(base), Some(head)) = (base, head) else {
        return implementation(
            changes,
            subject,
            (name, "Wait"),
            (base.is_some(), head.is_some()),
            [&WAIT_ADDED, &WAIT_REMOVED],
        );
    };
    let (old, new) = (states(base), states(head));
    for value in statuses(comparison.sides, base, head).kept {
        if let (Some(old), Some(new)) = (old.get(value.base.name()), new.get(value.head.name()))
            && old != new
        {
            let message =
                format!("status `{}` counts as {} instead of {}", value.head.wire(), new.as_str(), old.as_str());
            changes.report(&WAIT_STATE_CHANGED, subject.clone(), message);
        }
    }
    let mut facts = Facts { comparison, changes, resource: pair, subject };
    for (what, base, head) in [
        ("status", Some(&base.status), Some(&head.status)),
        ("failure code", base.failure_code.as_ref(), head.failure_code.as_ref()),
        ("failure message", base.failure_message.as_ref(), head.failure_message.as_ref()),
        ("time of cancellation", base.canceled_at.as_ref(), head.canceled_at.as_ref()),
    ] {
        facts.compare([&WAIT_FACT_ADDED, &WAIT_FACT_REMOVED, &WAIT_FACT_MOVED], what, (base, head));
    }
    facts.retrieve(&WAIT_RETRIEVE_CHANGED, "the run is polled", (&base.retrieve, &head.retrieve));
}

/// The values of the status on both sides.
fn statuses<'a>(sides: Pair<'a, Api>, base: &Wait, head: &Wait) -> Paired<'a, dyn Member + 'a> {
    match (sides.base.types.get(&base.status_type), sides.head.types.get(&head.status_type)) {
        (Some(base), Some(head)) => pairing::values(Pair { base, head }),
        _ => Paired::new([], []),
    }
}

fn download(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (name, [base, head]) =
        (&pair.head.path.name, [pair.base, pair.head].map(|def| def.resource()?.download.as_ref()));
    let subject = extension(pair, base.map(|download| &download.origin), head.map(|download| &download.origin));
    let (Some(base), Some(head)) = (base, head) else {
        let rules = [&DOWNLOAD_ADDED, &DOWNLOAD_REMOVED];
        return implementation(changes, subject, (name, "Download"), (base.is_some(), head.is_some()), rules);
    };
    if base.access != head.access {
        let message = match head.access {
            Access::ApiKey => "the download sends the API key",
            Access::PreSigned => "the download no longer sends the API key",
        };
        changes.report(&DOWNLOAD_ACCESS_CHANGED, subject.clone(), message);
    }
    let mut facts = Facts { comparison, changes, resource: pair, subject };
    for (what, base, head) in [
        ("URL", Some(&base.url), Some(&head.url)),
        ("size", base.size.as_ref(), head.size.as_ref()),
        ("content type", base.content_type.as_ref(), head.content_type.as_ref()),
        ("expiry", base.expires_at.as_ref(), head.expires_at.as_ref()),
        ("list of columns", columns(base), columns(head)),
    ] {
        facts.compare([&DOWNLOAD_FACT_ADDED, &DOWNLOAD_FACT_REMOVED, &DOWNLOAD_FACT_MOVED], what, (base, head));
    }
    facts.retrieve(&DOWNLOAD_RETRIEVE_CHANGED, "the URL is refreshed", (&base.retrieve, &head.retrieve));
}

fn rows(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (name, [base, head]) = (&pair.head.path.name, [pair.base, pair.head].map(|def| def.resource()?.rows.as_ref()));
    let subject = extension(pair, base.map(|rows| &rows.origin), head.map(|rows| &rows.origin));
    let (Some(base), Some(head)) = (base, head) else {
        let (exists, rules) = ((base.is_some(), head.is_some()), [&ROWS_ADDED, &ROWS_REMOVED]);
        return implementation(changes, subject, (name, "InlineRows"), exists, rules);
    };
    let [old, new] = [base, head].map(parameters);
    if old != new {
        let rule = if has_same_parameters(base, head) { &ROWS_VALUES_CHANGED } else { &ROWS_PARAMETERS_CHANGED };
        changes.report(rule, subject.clone(), format!("rows are requested by {new} instead of {old}"));
    }
    let mut facts = Facts { comparison, changes, resource: pair, subject };
    for (what, base, head) in [
        ("list of columns", &base.columns.list, &head.columns.list),
        ("list of rows", &base.rows, &head.rows),
        ("next page", &base.next_page, &head.next_page),
    ] {
        facts.compare([&ROWS_FACT_MOVED; 3], what, (Some(base), Some(head)));
    }
    facts.retrieve(&ROWS_RETRIEVE_CHANGED, "rows are retrieved", (&base.retrieve, &head.retrieve));
}

/// The parameters that request rows.
fn parameters(rows: &Rows) -> String {
    let limit = rows.limit.as_ref().map(|(name, size)| format!("`{name}={size}`"));
    let include = rows.include.as_ref().map(|include| format!("`{}`", include.wire));
    [Some(format!("`{}`", rows.page)), limit, include].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Whether the parameters that request rows on both sides are the same.
fn has_same_parameters(base: &Rows, head: &Rows) -> bool {
    let limit = |rows: &Rows| rows.limit.as_ref().map(|(name, _)| name.clone());
    let include = |rows: &Rows| rows.include.as_ref().map(|include| (include.parameter.clone(), include.wire.clone()));
    let is_same_limit = limit(base).zip(limit(head)).is_none_or(|(base, head)| base == head);
    let is_same_include = include(base).zip(include(head)).is_none_or(|(base, head)| base == head);
    base.page == head.page && is_same_limit && is_same_include
}

fn columns(download: &Download) -> Option<&FieldPath> {
    download.columns.as_ref().map(|columns| &columns.list)
}

/// Reports a conversion of two id types that are on both sides, whichever of the resources declares it.
fn same_ids(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let [base, head] = [pair.base, pair.head].map(TypeDef::same_ids);
    let subject = extension(pair, base.map(|same| &same.origin), head.map(|same| &same.origin));
    let kept = |is_other: &dyn Fn(&Pair<'_, TypeDef>) -> bool| comparison.types.kept.iter().copied().find(is_other);
    let name = &pair.head.path.name;
    if let Some(other) = base.and_then(|same| kept(&|other| other.base.path == same.id_type))
        && !have_same_ids(pair.head, other.head)
    {
        let message = format!("`{name}` no longer converts to and from `{}`", other.base.path);
        changes.report(&SAME_IDS_REMOVED, subject.clone(), message);
    }
    if let Some(other) = head.and_then(|same| kept(&|other| other.head.path == same.id_type))
        && !have_same_ids(pair.base, other.base)
    {
        changes.report(&SAME_IDS_ADDED, subject, format!("`{name}` converts to and from `{}`", other.head.path));
    }
}

/// Whether two id types convert to each other.
fn have_same_ids(one: &TypeDef, other: &TypeDef) -> bool {
    let declares = |one: &TypeDef, other: &TypeDef| one.same_ids().is_some_and(|same| same.id_type == other.path);
    declares(one, other) || declares(other, one)
}

/// The resource or its id, at the extension of the description that a change is about.
fn extension(pair: Pair<'_, TypeDef>, base: Option<&Origin>, head: Option<&Origin>) -> Subject {
    Subject::of_type(pair).at(base.unwrap_or(&pair.base.origin), head.unwrap_or(&pair.head.origin))
}

/// Reports a trait that is implemented on one side only.
fn implementation(
    changes: &mut Changes,
    subject: Subject,
    (resource, name): (&Name, &str),
    (base, head): (bool, bool),
    [added, removed]: [&'static Rule; 2],
) {
    if !base && head {
        changes.report(added, subject, format!("`{resource}` implements `{name}`"));
    } else if base && !head {
        changes.report(removed, subject, format!("`{resource}` no longer implements `{name}`"));
    }
}

/// The extension of a resource on both sides, whose facts are compared.
struct Facts<'a, 'c> {
    comparison: &'c Comparison<'a>,
    changes: &'c mut Changes,
    resource: Pair<'c, TypeDef>,
    subject: Subject,
}

impl Facts<'_, '_> {
    /// Compares the fields that hold a fact.
    fn compare(
        &mut self,
        [added, removed, moved]: [&'static Rule; 3],
        what: &str,
        (base, head): (Option<&FieldPath>, Option<&FieldPath>),
    ) {
        let Pair { base: old_api, head: new_api } = self.comparison.sides;
        let old = base.map(|path| wire_path(old_api, &self.resource.base.path, path).join("."));
        let new = head.map(|path| wire_path(new_api, &self.resource.head.path, path).join("."));
        let (rule, message) = match (old, new) {
            (None, Some(new)) => (added, format!("`{new}` is now the {what}")),
            (Some(old), None) => (removed, format!("`{old}` is no longer the {what}")),
            (Some(old), Some(new)) if old != new => (moved, format!("the {what} moves from `{old}` to `{new}`")),
            _ => return,
        };
        self.changes.report(rule, self.subject.clone(), message);
    }

    /// Compares the operations that retrieve the resource.
    fn retrieve(&mut self, rule: &'static Rule, what: &str, (base, head): (&str, &str)) {
        let is_same = self.comparison.operations.kept.iter().any(|pair| pair.base.id == base && pair.head.id == head);
        if !is_same {
            self.changes.report(rule, self.subject.clone(), format!("{what} with `{head}` instead of `{base}`"));
        }
    }
}
