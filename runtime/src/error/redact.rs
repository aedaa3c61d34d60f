//! Redacts secrets in untrusted text, in linear time.
//!
//! Text goes in, text without API keys, webhook secrets and pre-signed URLs comes out. All that a step scans is consumed, so
//! that no character is read twice.

const REDACTED: &str = "[redacted]";

/// The prefixes of Stripe's keys, longest first.
const KEYS: [&str; 9] = ["sk_live_", "sk_test_", "sk_org_", "rk_live_", "rk_test_", "rk_org_", "whsec_", "sk_", "rk_"];

/// Hosts whose paths contain no secrets, unlike the file links of `files.stripe.com`.
const PUBLIC_HOSTS: [&str; 5] =
    ["api.stripe.com", "dashboard.stripe.com", "docs.stripe.com", "stripe.com", "support.stripe.com"];

/// Suffixes of the names of parameters and elements whose value grants access or reveals a signature. Lower case.
const NAMES: [&str; 7] =
    ["signature", "signatureprovided", "stringtosign", "token", "credential", "accesskeyid", "sig"];

/// The maximum number of backslashes before a character, in text that was escaped repeatedly.
const MAX_BACKSLASHES: usize = 16;

/// Redacts API keys, webhook secrets and pre-signed URLs.
///
/// If the text `is_truncated`, truncated secrets at its end are redacted as well.
pub(super) fn redact(text: &str, is_truncated: bool) -> String {
    Scanner::new(text, is_truncated).run().output
}

struct Scanner<'a> {
    rest: &'a str,
    is_truncated: bool,
    /// Whether the position is in the path of a URL that is kept.
    in_path: bool,
    output: String,
    /// The number of characters read, to test that scanning is linear.
    #[cfg(test)]
    read: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, is_truncated: bool) -> Self {
        Self {
            rest: text,
            is_truncated,
            in_path: false,
            output: String::with_capacity(text.len()),
            #[cfg(test)]
            read: 0,
        }
    }

    fn run(mut self) -> Self {
        while let Some(next) = self.rest.chars().next() {
            if self.key() || self.url() || self.parameter() {
                continue;
            }
            self.in_path &= !ends_url(next);
            if self.in_path && (next == '?' || starts_with(self.rest, "%3F")) {
                self.in_path = false;
                let query = self.length(0, ends_url);
                self.redact_rest_of_url(0, query);
            } else {
                self.keep(next.len_utf8());
            }
        }
        self
    }

    /// Redacts a key after its prefix.
    fn key(&mut self) -> bool {
        let Some(prefix) = KEYS.into_iter().find(|prefix| self.rest.starts_with(prefix)) else { return false };
        let inside_word = self.output.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if prefix.len() == 3 && inside_word {
            return false;
        }
        let length = self.length(prefix.len(), |c| !c.is_ascii_alphanumeric() && c != '_');
        length > 0 && self.redact(prefix.len(), length)
    }

    /// Keeps the scheme and host of a URL, and redacts the rest unless it is one of Stripe's pages.
    fn url(&mut self) -> bool {
        let Some(scheme) = ["https", "http"].into_iter().find(|scheme| starts_with(self.rest, scheme)) else {
            return false;
        };
        let after_scheme = self.rest.get(scheme.len()..).unwrap_or_default();
        let Some(slashes) = slashes(after_scheme) else { return false };
        let start = scheme.len() + slashes;
        let length = self.length(start, |c| ends_url(c) || "/\\?#%".contains(c));
        let end = start + length;
        let host = self.rest.get(start..end).unwrap_or_default();
        // In a truncated URL, the host may be a user name and password, whose `@` is missing.
        let may_be_truncated = self.is_truncated && end == self.rest.len();
        let is_host = !may_be_truncated && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
        self.in_path = PUBLIC_HOSTS.contains(&host) && is_host;
        if self.in_path {
            return self.keep(end);
        }
        let path = self.length(end, ends_url);
        if is_host { self.redact_rest_of_url(end, path) } else { self.redact(start, length + path) }
    }

    /// Redacts the value of a parameter of a signed request.
    fn parameter(&mut self) -> bool {
        for name in NAMES.into_iter().filter(|name| starts_with(self.rest, name)) {
            let after = self.rest.get(name.len()..).unwrap_or_default();
            if let Some(separator) = separator(after) {
                let start = name.len() + separator;
                let length = self.value(start);
                return length > 0 && self.redact(start, length);
            }
        }
        false
    }

    /// Returns the length of a value, in which slashes may be escaped.
    fn value(&mut self, start: usize) -> usize {
        let mut end = start;
        loop {
            end += self.length(end, |c| c.is_whitespace() || "&\"'<\\,".contains(c));
            let rest = self.rest.get(end..).unwrap_or_default();
            let Some(after) = unescaped(rest, &['/']) else { return end - start };
            end += rest.len() - after.len();
        }
    }

    /// Redacts the rest of a URL, unless it is a slash only.
    fn redact_rest_of_url(&mut self, kept: usize, length: usize) -> bool {
        if length > 1 { self.redact(kept, length) } else { self.keep(kept + length) }
    }

    fn keep(&mut self, length: usize) -> bool {
        let (kept, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.output.push_str(kept);
        self.rest = rest;
        #[cfg(test)]
        (self.read += length);
        true
    }

    fn redact(&mut self, kept: usize, length: usize) -> bool {
        self.keep(kept);
        self.output.push_str(REDACTED);
        self.rest = self.rest.get(length..).unwrap_or_default();
        true
    }

    /// Returns the number of bytes from `start` to the first character that `is_end`.
    fn length(&mut self, start: usize, is_end: impl Fn(char) -> bool) -> usize {
        let text = self.rest.get(start..).unwrap_or_default();
        let length = text.find(is_end).unwrap_or(text.len());
        #[cfg(test)]
        (self.read += length);
        length
    }
}

/// Returns the length of `://`, which may be percent-encoded or escaped.
fn slashes(text: &str) -> Option<usize> {
    if starts_with(text, "%3A%2F%2F") {
        return Some(9);
    }
    let rest = unescaped(text.strip_prefix(':')?, &['/']).and_then(|rest| unescaped(rest, &['/']))?;
    Some(text.len() - rest.len())
}

/// Returns the length of the separator of a name and its value, in a query, XML, JSON or `Debug`.
fn separator(text: &str) -> Option<usize> {
    if let Some(separator) = ["=", "%3D", ">"].into_iter().find(|separator| starts_with(text, separator)) {
        return Some(separator.len());
    }
    let colon = unescaped(text, &['"', '\'']).unwrap_or(text).strip_prefix(':')?;
    let value = unescaped(colon.strip_prefix(' ').unwrap_or(colon), &['"', '\''])?;
    Some(text.len() - value.len())
}

/// Strips one of these characters, which may be escaped.
fn unescaped<'a>(text: &'a str, characters: &[char]) -> Option<&'a str> {
    let backslashes = text.bytes().take(MAX_BACKSLASHES).take_while(|byte| *byte == b'\\').count();
    text.get(backslashes..)?.strip_prefix(characters)
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"'<>`".contains(c)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Scanner;

    fn redact(text: &str) -> String {
        super::redact(text, false)
    }

    #[test]
    fn redacts_keys() {
        for (text, redacted) in [
            ("key sk_test_abc123, rk_live_x.", "key sk_test_[redacted], rk_live_[redacted]."),
            (r#"{"a":"whsec_abc+/="}"#, r#"{"a":"whsec_[redacted]+/="}"#),
            (r"line\nsk_live_abc", r"line\nsk_live_[redacted]"),
            ("sk_org_live_abc sk_abc", "sk_org_[redacted] sk_[redacted]"),
            ("a%3Dsk_test_abc&b", "a%3Dsk_test_[redacted]&b"),
            ("task_list risk_score sk_", "task_list risk_score sk_"),
            ("https://api.stripe.com/v1/sk_live_abc/x", "https://api.stripe.com/v1/sk_live_[redacted]/x"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn redacts_pre_signed_urls() {
        for (text, redacted) in [
            (
                r#"{"url":"https://stripeusercontent.com/f/a.csv?sig=abc"}"#,
                r#"{"url":"https://stripeusercontent.com[redacted]"}"#,
            ),
            (
                r#""https:\/\/bucket.s3.amazonaws.com\/a?X-Amz-Signature=abc\u0026b=c" x"#,
                r#""https:\/\/bucket.s3.amazonaws.com[redacted]" x"#,
            ),
            (r#"https:\\/\\/a.b\\/c https:\\\/\\\/a@b"#, r#"https:\\/\\/a.b[redacted] https:\\\/\\\/[redacted]"#),
            ("see HTTPS://example.com/a?b=c", "see HTTPS://example.com[redacted]"),
            ("https://files.stripe.com/links/MDB8abc", "https://files.stripe.com[redacted]"),
            ("https://user:password@example.com/", "https://[redacted]"),
            ("to=https%3A%2F%2Fexample.com%2Fa%3Fsig%3Dabc", "to=https%3A%2F%2Fexample.com[redacted]"),
            ("https%3a%2f%2fapi.stripe.com%2Fv1%3Fa%3Db c", "https%3a%2f%2fapi.stripe.com%2Fv1[redacted] c"),
            ("https://api.stripe.com/v1/files?a=b c", "https://api.stripe.com/v1/files[redacted] c"),
            ("https://stripe.com/docs/error-codes#x", "https://stripe.com/docs/error-codes#x"),
            ("https://stripe.com/https://example.com/a", "https://stripe.com/https://example.com[redacted]"),
            ("https://example.com/", "https://example.com/"),
            ("http://[::1]:80/a http://sk_live_abc", "http://[::1]:80[redacted] http://[redacted]"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn redacts_signatures() {
        for (text, redacted) in [
            ("/a?X-Amz-Signature=abc&X-Amz-Date=1", "/a?X-Amz-Signature=[redacted]&X-Amz-Date=1"),
            ("<SignatureProvided>abc</SignatureProvided>", "<SignatureProvided>[redacted]</SignatureProvided>"),
            ("<AWSAccessKeyId>AKIA</AWSAccessKeyId>", "<AWSAccessKeyId>[redacted]</AWSAccessKeyId>"),
            (r#"{"access_token": "abc"}"#, r#"{"access_token": "[redacted]"}"#),
            (r#""{\"access_token\":\"abc\"}""#, r#""{\"access_token\":\"[redacted]\"}""#),
            (r#"{"access_token":"ab\/cd\u0026"}"#, r#"{"access_token":"[redacted]\u0026"}"#),
            (r#"{'token': 'abc', token: "abc"}"#, r#"{'token': '[redacted]', token: "[redacted]"}"#),
            ("a signature is missing", "a signature is missing"),
            ("signature: missing", "signature: missing"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn redacts_truncated_secrets() {
        for secret in ["sk_live_geheim", "https://geheim:geheim@example.com/", "https://a.b/?sig=geheim", "sig=geheim"]
        {
            for end in 0..secret.len() {
                let text = super::redact(&secret[..end], true);
                assert!(!text.contains('g') || secret.starts_with("sig") && text.matches('g').count() == 1, "{text}");
            }
        }
    }

    /// Patterns for which a step reads ahead: reading them again would be quadratic.
    #[test]
    fn scanning_is_linear() {
        for pattern in [
            "https://stripe.com/",
            "https://api.stripe.com/?",
            "https:\\/\\/stripe.com\\/",
            "https%3A%2F%2Fstripe.com%2F",
            "https%3A%2F%2Fstripe.com%3F",
            "https://example.com/ ",
            "https://",
            "http",
            "http://a@",
            "sk_",
            "ask_",
            "sk_live_",
            "whsec_ ",
            "sig=",
            "sig=&",
            "sig",
            "signature",
            "token\":\"",
            "token=\\/",
            "token\\\\",
            "http:\\",
            "\\",
            "token>",
            "?",
            "/",
            "x",
            "\u{e9}",
        ] {
            for before in ["", "https://stripe.com/", "https://example.com", "sig=", "sk_live_"] {
                let read = |times| Scanner::new(&format!("{before}{}", pattern.repeat(times)), false).run().read;
                let (once, eightfold) = (read(100), read(800));
                assert!(eightfold <= 8 * once + 100, "{before} and {pattern}: {once} and {eightfold}");
                assert!(once <= 3 * (pattern.len() * 100 + before.len()), "{before} and {pattern}: {once}");
            }
        }
    }

    proptest! {
        #[test]
        fn redacting_is_idempotent(text: String, is_truncated: bool) {
            let redacted = super::redact(&text, is_truncated);
            prop_assert_eq!(&redact(&redacted), &redacted, "redacting is idempotent");
        }

        #[test]
        fn scans_any_fragments_in_linear_time(fragments in proptest::collection::vec(proptest::sample::select(vec![
            "https://", "http", "%3A%2F%2F", "stripe.com", "a.b", "/", "?", "@", "sk_", "live_", "sig", "=", "token", "\":\"",
            " ", "\\", "\n", "\u{e9}", "[redacted]",
        ]), 0..20)) {
            let text = fragments.concat();
            let scanned = Scanner::new(&text, false).run();
            prop_assert!(scanned.read <= 3 * text.len() + 3, "{} for {}", scanned.read, text.len());
        }

        #[test]
        fn redacts_any_key(before in "[ -~]{0,20}", key in "[A-Za-z0-9]{8,24}", after in "[^A-Za-z0-9]{0,9}") {
            let text = redact(&format!("{before}sk_test_{key}{after}"));
            prop_assert!(!text.contains(&key) || before.contains(&key) || after.contains(&key), "{}", text);
        }

        #[test]
        fn redacts_any_pre_signed_url(host in "[a-z]{3,9}\\.com", path in "[a-z/]{0,9}", value in "[A-Za-z0-9]{8,24}") {
            let text = redact(&format!("x https://{host}/{path}?p={value} y"));
            prop_assert!(!text.contains(&value) && text.ends_with(" y"), "{}", text);
        }
    }
}
