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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        assert_eq!(hidden("a=sk_live_abc&b=rk_test_1 whsec_9"), "a=sk_live_…&b=rk_test_… whsec_…");
        assert_eq!(hidden("http://h/f?expires=1&signature=0af\""), "http://h/f?expires=1&signature=…\"");
        assert_eq!(hidden("whether"), "whether");
        assert_eq!(header("authorization", "Basic x"), "…");
    }
}
