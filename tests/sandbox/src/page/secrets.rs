//! Hides keys, secrets of webhooks and signatures of URLs in what is shown.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::Regex;

/// The headers whose values are not shown.
const HEADERS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "set-cookie"];

/// Returns a text without its secrets.
pub(super) fn hidden(text: &str) -> Cow<'_, str> {
    static SECRETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"\b((?:sk|rk)_(?:test|live|org)_|whsec_|[Ss]ignature(?:=|%3D))[A-Za-z0-9_%.~+/-]+"#).ok()
    });
    match &*SECRETS {
        Some(secrets) => secrets.replace_all(text, "$1…"),
        None => Cow::Borrowed("…"),
    }
}

/// Returns the value of a header, without its secrets.
pub(super) fn header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if HEADERS.contains(&name) { Cow::Borrowed("…") } else { hidden(value) }
}
