//! Finds the secrets in text that others wrote, in time that is linear in the text.
//!
//! Everything that is scanned is consumed: no character is read again by a later step.

const REDACTED: &str = "[redacted]";

/// Prefixes of Stripe's keys, the longest first.
const KEYS: [&str; 9] = ["sk_live_", "sk_test_", "sk_org_", "rk_live_", "rk_test_", "rk_org_", "whsec_", "sk_", "rk_"];

/// Hosts whose paths hold no secrets. Those of `files.stripe.com` may: links to files.
const OPEN_HOSTS: [&str; 5] =
    ["api.stripe.com", "dashboard.stripe.com", "docs.stripe.com", "stripe.com", "support.stripe.com"];

/// Parameters and elements whose value gives access, or tells how a signature was made. Lower case; the ends of names.
const NAMES: [&str; 7] =
    ["signature", "signatureprovided", "stringtosign", "token", "credential", "accesskeyid", "sig"];

/// How many backslashes are taken before a character: escaping doubles them, and texts are escaped again and again.
const MOST_BACKSLASHES: usize = 16;

/// The text without what looks like an API key, a webhook secret or a pre-signed URL.
///
/// The text may be the beginning of a longer one, `is_cut`: secrets that the cut goes through are found as well.
pub(super) fn redact(text: &str, is_cut: bool) -> String {
    Scanner::new(text, is_cut).run().output
}

struct Scanner<'a> {
    rest: &'a str,
    is_cut: bool,
    /// Whether the text is in the path of a URL that is kept.
    in_path: bool,
    output: String,
    /// How many characters have been read, for the proof that reading is linear.
    #[cfg(test)]
    read: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, is_cut: bool) -> Self {
        Self {
            rest: text,
            is_cut,
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

    /// Takes a key: its prefix is kept.
    fn key(&mut self) -> bool {
        let Some(prefix) = KEYS.into_iter().find(|prefix| self.rest.starts_with(prefix)) else { return false };
        let inside_word = self.output.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if prefix.len() == 3 && inside_word {
            return false;
        }
        let length = self.length(prefix.len(), |c| !c.is_ascii_alphanumeric() && c != '_');
        length > 0 && self.redact(prefix.len(), length)
    }

    /// Takes a URL to the end of its host, or to its end: elsewhere than on Stripe's own pages the path goes as well.
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
        // Before an `@`, which a cut may hide, there is a password.
        let may_be_cut = self.is_cut && end == self.rest.len();
        let is_host = !may_be_cut && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
        self.in_path = OPEN_HOSTS.contains(&host) && is_host;
        if self.in_path {
            return self.keep(end);
        }
        let path = self.length(end, ends_url);
        if is_host { self.redact_rest_of_url(end, path) } else { self.redact(start, length + path) }
    }

    /// Takes the value of a parameter of a signed request.
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

    /// How long a value is: slashes in it may be escaped.
    fn value(&mut self, start: usize) -> usize {
        let mut end = start;
        loop {
            end += self.length(end, |c| c.is_whitespace() || "&\"'<\\,".contains(c));
            let rest = self.rest.get(end..).unwrap_or_default();
            let Some(after) = unescaped(rest, &['/']) else { return end - start };
            end += rest.len() - after.len();
        }
    }

    /// A slash alone says nothing.
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

    /// How many bytes there are from `start` to the character that ends it.
    fn length(&mut self, start: usize, is_end: impl Fn(char) -> bool) -> usize {
        let text = self.rest.get(start..).unwrap_or_default();
        let length = text.find(is_end).unwrap_or(text.len());
        #[cfg(test)]
        (self.read += length);
        length
    }
}

/// The length of `://`, also as it is in a query and escaped.
fn slashes(text: &str) -> Option<usize> {
    if starts_with(text, "%3A%2F%2F") {
        return Some(9);
    }
    let rest = unescaped(text.strip_prefix(':')?, &['/']).and_then(|rest| unescaped(rest, &['/']))?;
    Some(text.len() - rest.len())
}

/// The length of what stands between a name and its value, in a query, in XML, in JSON and in `Debug`.
fn separator(text: &str) -> Option<usize> {
    if let Some(separator) = ["=", "%3D", ">"].into_iter().find(|separator| starts_with(text, separator)) {
        return Some(separator.len());
    }
    let colon = unescaped(text, &['"', '\'']).unwrap_or(text).strip_prefix(':')?;
    let value = unescaped(colon.strip_prefix(' ').unwrap_or(colon), &['"', '\''])?;
    Some(text.len() - value.len())
}

/// What follows on one of these characters, which may be escaped.
fn unescaped<'a>(text: &'a str, characters: &[char]) -> Option<&'a str> {
    let backslashes = text.bytes().take(MOST_BACKSLASHES).take_while(|byte| *byte == b'\\').count();
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
    fn takes_keys_out() {
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
    fn takes_signatures_out() {
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
    fn secrets_are_found_wherever_the_text_is_cut() {
        for secret in ["sk_live_geheim", "https://geheim:geheim@example.com/", "https://a.b/?sig=geheim", "sig=geheim"]
        {
            for end in 0..secret.len() {
                let text = super::redact(&secret[..end], true);
                assert!(!text.contains('g') || secret.starts_with("sig") && text.matches('g').count() == 1, "{text}");
            }
        }
    }

    /// Every pattern that a step reads far for, so that reading it again would be quadratic.
    #[test]
    fn reading_is_linear() {
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
        fn takes_any_text(text: String, is_cut: bool) {
            let redacted = super::redact(&text, is_cut);
            prop_assert_eq!(&redact(&redacted), &redacted, "redacted text has no secrets");
        }

        #[test]
        fn takes_any_text_of_fragments(fragments in proptest::collection::vec(proptest::sample::select(vec![
            "https://", "http", "%3A%2F%2F", "stripe.com", "a.b", "/", "?", "@", "sk_", "live_", "sig", "=", "token", "\":\"",
            " ", "\\", "\n", "\u{e9}", "[redacted]",
        ]), 0..20)) {
            let text = fragments.concat();
            let scanned = Scanner::new(&text, false).run();
            prop_assert!(scanned.read <= 3 * text.len() + 3, "{} for {}", scanned.read, text.len());
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
