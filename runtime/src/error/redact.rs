//! Taking secrets out of text that came from elsewhere.

/// How much of a body an error keeps, in bytes.
const EXCERPT: usize = 1024;

const REDACTED: &str = "[redacted]";

/// Prefixes of Stripe's keys, the longest first.
const KEYS: [&str; 9] = ["sk_live_", "sk_test_", "sk_org_", "rk_live_", "rk_test_", "rk_org_", "whsec_", "sk_", "rk_"];

/// Hosts whose paths hold no secrets. Those of `files.stripe.com` may: links to files.
const OPEN_HOSTS: [&str; 5] =
    ["api.stripe.com", "dashboard.stripe.com", "docs.stripe.com", "stripe.com", "support.stripe.com"];

/// Parameters and elements whose value gives access, or tells how a signature was made. Lower case; the ends of names.
const NAMES: [&str; 7] =
    ["signature", "signatureprovided", "stringtosign", "token", "credential", "accesskeyid", "sig"];

/// What stands between a name and its value, in a query, in XML and in JSON.
const SEPARATORS: [&str; 6] = ["=", "%3D", "%3d", ">", "\":\"", "\": \""];

/// The beginning of a body, without secrets.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let beginning = body.get(..EXCERPT).unwrap_or(body);
    let mut text = redact(&String::from_utf8_lossy(beginning));
    if beginning.len() < body.len() {
        text.push('…');
    }
    text
}

/// The beginning of a text in one line.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit));
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if let Some((end, _)) = line.char_indices().nth(limit) {
            line.truncate(end);
            line.push('…');
            break;
        }
    }
    line
}

/// The text without what looks like an API key, a webhook secret or a pre-signed URL.
pub(super) fn redact(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    let mut previous = None;
    while let Some(next) = rest.chars().next() {
        let found = key(rest, previous).or_else(|| url(rest)).or_else(|| parameter(rest));
        let (kept, taken) = found.unwrap_or((next.len_utf8(), 0));
        output.push_str(rest.get(..kept).unwrap_or_default());
        if taken > 0 {
            output.push_str(REDACTED);
        }
        previous = output.chars().next_back();
        rest = rest.get(kept + taken..).unwrap_or_default();
    }
    output
}

/// How much of a key that the text begins with can be kept, and how much is to go.
fn key(text: &str, previous: Option<char>) -> Option<(usize, usize)> {
    let prefix = KEYS.into_iter().find(|prefix| text.starts_with(prefix))?;
    let inside_word = previous.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    if prefix.len() == 3 && inside_word {
        return None;
    }
    let rest = text.get(prefix.len()..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (length > 0).then_some((prefix.len(), length))
}

/// The same for a URL: its query goes, and elsewhere than on Stripe's own pages its path too.
fn url(text: &str) -> Option<(usize, usize)> {
    let scheme = ["https", "http"].into_iter().find(|scheme| starts_with(text, scheme))?;
    let after_scheme = text.get(scheme.len()..)?;
    // As it is, as some JSON writers escape it, and inside of a query.
    let slashes = ["://", ":\\/\\/", "%3A%2F%2F"].into_iter().find(|slashes| starts_with(after_scheme, slashes))?;
    let start = scheme.len() + slashes.len();
    let url = until(text, start, |c| c.is_whitespace() || c.is_control() || "\"'<>`".contains(c));
    let host = until(url, start, |c| "/\\?#%".contains(c)).get(start..)?;
    let kept = if OPEN_HOSTS.contains(&host) {
        until(url, start, |c| c == '?').len()
    } else if host.contains('@') {
        start
    } else {
        start + host.len()
    };
    let taken = url.len() - kept;
    (taken > 1).then_some((kept, taken))
}

/// The same for the value of a parameter of a signed request.
fn parameter(text: &str) -> Option<(usize, usize)> {
    NAMES.into_iter().filter(|name| starts_with(text, name)).find_map(|name| {
        let after = text.get(name.len()..)?;
        let separator = SEPARATORS.into_iter().find(|separator| after.starts_with(separator))?;
        let kept = name.len() + separator.len();
        let value = until(text, kept, |c| c.is_whitespace() || "&\"'<\\,".contains(c));
        let taken = value.len() - kept;
        (taken > 0).then_some((kept, taken))
    })
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The text up to the first character after `start` that ends it.
fn until(text: &str, start: usize, is_end: impl Fn(char) -> bool) -> &str {
    let end = text.get(start..).and_then(|rest| rest.find(is_end)).map_or(text.len(), |end| start + end);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_keys_out() {
        for (text, redacted) in [
            ("key sk_test_abc123, rk_live_x.", "key sk_test_[redacted], rk_live_[redacted]."),
            (r#"{"a":"whsec_abc+/="}"#, r#"{"a":"whsec_[redacted]+/="}"#),
            (r"line\nsk_live_abc", r"line\nsk_live_[redacted]"),
            ("sk_org_live_abc sk_abc", "sk_org_[redacted] sk_[redacted]"),
            ("a%3Dsk_test_abc&b", "a%3Dsk_test_[redacted]&b"),
            ("task_list risk_score sk_", "task_list risk_score sk_"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn takes_pre_signed_urls_out() {
        for (text, redacted) in [
            (
                r#"{"url":"https://stripeusercontent.com/f/a.csv?sig=abc"}"#,
                r#"{"url":"https://stripeusercontent.com[redacted]"}"#,
            ),
            (
                r#""https:\/\/bucket.s3.amazonaws.com\/a?X-Amz-Signature=abc\u0026b=c" x"#,
                r#""https:\/\/bucket.s3.amazonaws.com[redacted]" x"#,
            ),
            ("see HTTPS://example.com/a?b=c", "see HTTPS://example.com[redacted]"),
            ("https://files.stripe.com/links/MDB8abc", "https://files.stripe.com[redacted]"),
            ("https://user:password@example.com/", "https://[redacted]"),
            ("to=https%3A%2F%2Fexample.com%2Fa%3Fsig%3Dabc", "to=https%3A%2F%2Fexample.com[redacted]"),
            ("https://api.stripe.com/v1/files?a=b c", "https://api.stripe.com/v1/files[redacted] c"),
            ("https://stripe.com/docs/error-codes#x", "https://stripe.com/docs/error-codes#x"),
            ("https://example.com/", "https://example.com/"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn takes_signatures_out() {
        for (text, redacted) in [
            ("/a?X-Amz-Signature=abc&X-Amz-Date=1", "/a?X-Amz-Signature=[redacted]&X-Amz-Date=1"),
            ("<SignatureProvided>abc</SignatureProvided>", "<SignatureProvided>[redacted]</SignatureProvided>"),
            ("<AWSAccessKeyId>AKIA</AWSAccessKeyId>", "<AWSAccessKeyId>[redacted]</AWSAccessKeyId>"),
            (r#"{"access_token": "abc"}"#, r#"{"access_token": "[redacted]"}"#),
            ("a signature is missing", "a signature is missing"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn excerpts_are_short_and_safe_at_their_end() {
        let body = format!("{}sk_test_abc", "x ".repeat(507));
        assert!(excerpt(body.as_bytes()).ends_with("sk_test_[redacted]…"), "{}", excerpt(body.as_bytes()));
        assert_eq!(excerpt(b"\xffabc"), "\u{fffd}abc");
        assert_eq!(one_line("<html>\r\n\t<b>Bad\u{0}Gateway</b>", 100), "<html> <b>Bad Gateway</b>");
        assert_eq!(one_line("aé bc", 2), "aé…");
    }

    proptest! {
        #[test]
        fn takes_any_text(text: String) {
            redact(&text);
            one_line(&text, 10);
        }

        #[test]
        fn no_key_gets_through(before in "[ -~]{0,20}", key in "[A-Za-z0-9]{8,24}", after in "[^A-Za-z0-9]{0,9}") {
            let text = redact(&format!("{before}sk_test_{key}{after}"));
            prop_assert!(!text.contains(&key) || before.contains(&key) || after.contains(&key), "{}", text);
        }

        #[test]
        fn no_signature_gets_through(host in "[a-z]{3,9}\\.com", path in "[a-z/]{0,9}", value in "[A-Za-z0-9]{8,24}") {
            let text = redact(&format!("x https://{host}/{path}?p={value} y"));
            prop_assert!(!text.contains(&value) && text.ends_with(" y"), "{}", text);
        }
    }
}
