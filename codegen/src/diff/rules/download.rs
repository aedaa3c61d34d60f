//! Resources whose result is a file, and how it is fetched.

use super::fact::{Facts, Rules};
use super::prelude::*;
use super::wait;
use crate::api::{Access, Download, TypeDef};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&ADDED, &REMOVED, &ACCESS_CHANGED, &FACT_ADDED, &FACT_REMOVED, &FACT_MOVED, &RETRIEVE_CHANGED],
    checks: &[Check::Types(compare)],
};

static ADDED: Rule =
    Rule::new("download-added", (Minor, Documentation, Both), "The result of a resource can be downloaded.")
        .reverse("download-removed");

static REMOVED: Rule = Rule::new(
    "download-removed",
    (Major, Documentation, Both),
    "The result of a resource can no longer be downloaded.",
)
.reverse("download-added");

static ACCESS_CHANGED: Rule = Rule::new(
    "download-access-changed",
    (Patch, Breaking, Both),
    "A result is fetched with the key now, or without it.",
);

static FACT_ADDED: Rule =
    Rule::new("download-fact-added", (Minor, Documentation, Both), "More is known of a result before it is fetched.")
        .reverse("download-fact-removed");

static FACT_REMOVED: Rule =
    Rule::new("download-fact-removed", (Major, Documentation, Both), "Less is known of a result before it is fetched.")
        .reverse("download-fact-added");

static FACT_MOVED: Rule = Rule::new(
    "download-fact-moved",
    (Patch, Breaking, Both),
    "The URL of a result, or what is known of it, is in another field.",
);

static RETRIEVE_CHANGED: Rule =
    Rule::new("download-retrieve-changed", (Major, Compatible, Both), "A URL is renewed with another request.");

const FACTS: Rules = Rules { added: &FACT_ADDED, removed: &FACT_REMOVED, moved: &FACT_MOVED };

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let download = |def| wait::resource(def).and_then(|resource| resource.download.as_ref());
    let (base, head) = (download(pair.base), download(pair.head));
    let subject =
        wait::extension_subject(pair, base.map(|download| &download.origin), head.map(|download| &download.origin));
    let name = &pair.head.path.name;
    match (base, head) {
        (None, Some(_)) => changes.report(&ADDED, subject, format!("clients can download the result of {}", a(name))),
        (Some(_), None) => {
            let message =
                format!("clients can't download the result of {} any more; code that does stops compiling", a(name));
            changes.report(&REMOVED, subject, message);
        }
        (Some(base), Some(head)) => facts(comparison, changes, &Facts { resource: pair, subject }, base, head),
        (None, None) => {}
    }
}

fn facts(comparison: &Comparison<'_>, changes: &mut Changes, facts: &Facts<'_>, base: &Download, head: &Download) {
    if base.access != head.access {
        let message = match head.access {
            Access::ApiKey => "the result is fetched with the API key; code that downloads stays as it is",
            Access::PreSigned => "the result is fetched without the API key; code that downloads stays as it is",
        };
        changes.report(&ACCESS_CHANGED, facts.subject.clone(), message);
    }
    let compared = [
        ("the URL of the result", Some(&base.url), Some(&head.url)),
        ("the size of the result", base.size.as_ref(), head.size.as_ref()),
        ("what the result is", base.content_type.as_ref(), head.content_type.as_ref()),
        ("when the URL stops working", base.expires_at.as_ref(), head.expires_at.as_ref()),
    ];
    for (what, base, head) in compared {
        facts.compare(comparison, changes, &FACTS, what, (base, head));
    }
    facts.retrieve(comparison, changes, &RETRIEVE_CHANGED, (&base.retrieve, &head.retrieve));
}
