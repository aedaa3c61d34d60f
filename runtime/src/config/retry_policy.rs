//! The retry policy: whether to retry after a failed attempt, and the delay.
//!
//! A failed attempt goes in, a delay or `None` comes out. `protocol::retry` counts the attempts and enforces the time
//! limits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::fmt::rfc2822;

use crate::{Error, ErrorKind};

pub(crate) const SHORTEST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// The maximum delay that a server can request.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Returns the delay before the next attempt, or `None` to give up.
#[derive(Clone)]
pub(crate) struct RetryPolicy(Arc<Decide>);

type Decide = dyn Fn(&FailedAttempt<'_>) -> Option<Duration> + Send + Sync;

impl RetryPolicy {
    pub(crate) fn new(policy: impl Fn(&FailedAttempt<'_>) -> Option<Duration> + Send + Sync + 'static) -> Self {
        Self(Arc::new(policy))
    }

    pub(crate) fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
        (self.0)(failed)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new(|failed| failed.default_delay())
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy").finish_non_exhaustive()
    }
}

/// A failed attempt, for [`ConfigBuilder::retry_policy`](crate::ConfigBuilder::retry_policy).
///
/// `Debug` does not show the response headers, which may contain a pre-signed URL.
#[derive(Clone, Copy)]
pub struct FailedAttempt<'a> {
    pub(crate) error: &'a Error,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) attempt: u32,
    pub(crate) max_retries: u32,
    pub(crate) elapsed: Duration,
    /// Whether a file was requested; such requests are retried after any 429.
    pub(crate) is_download: bool,
    /// From 0 to 1.
    pub(crate) random: f64,
}

impl fmt::Debug for FailedAttempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedAttempt")
            .field("error", &self.error)
            .field("attempt", &self.attempt)
            .field("max_retries", &self.max_retries)
            .field("elapsed", &self.elapsed)
            .field("is_download", &self.is_download)
            .finish_non_exhaustive()
    }
}

impl FailedAttempt<'_> {
    /// Returns the error.
    #[must_use]
    pub fn error(&self) -> &Error {
        self.error
    }

    /// Returns the number of the attempt, from 1. A download counts from 1 again whenever it has made progress. Attempts of
    /// [`RequestOptions::retry_rate_limits_for`](crate::RequestOptions::retry_rate_limits_for) do not count.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the time since the start of the first attempt.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns [`RequestOptions::max_retries`](crate::RequestOptions::max_retries), or its default.
    #[must_use]
    pub fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// Returns the delay in `Retry-After`, at most 60 seconds. A date is relative to the `Date` of the response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers)
    }

    /// Returns whether the failure is transient.
    ///
    /// The header `Stripe-Should-Retry` decides, if it is set. Otherwise, these failures are transient:
    ///
    /// - a missing or truncated response;
    /// - 5xx;
    /// - 409, unless an idempotency key was reused with other parameters;
    /// - 429 with the code `lock_timeout`, or for a download.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let is_api = self.error.kind() == ErrorKind::Api;
        let header = self.headers.get("stripe-should-retry").filter(|_| is_api);
        match header.map(HeaderValue::as_bytes) {
            Some(b"true") => true,
            Some(b"false") => false,
            _ if self.error.status() == Some(StatusCode::TOO_MANY_REQUESTS) => {
                self.is_download || self.error.code() == Some("lock_timeout")
            }
            _ => self.error.is_retryable(),
        }
    }

    /// Returns a random delay that doubles with each attempt.
    ///
    /// Uniform in \[d, 2d\] with d = 0.5 s · 2ⁿ⁻¹ for the n-th attempt, at most 5 s. After a `Retry-After` of r, uniform in
    /// \[r, r + d\].
    #[must_use]
    pub fn backoff(&self) -> Duration {
        jittered(SHORTEST_DELAY, self.attempt, LONGEST_DELAY, self.retry_after(), self.random)
    }

    /// Returns the decision of the default policy: the [`backoff`](Self::backoff) for a [transient](Self::is_transient)
    /// failure until [`max_retries`](Self::max_retries) is reached.
    #[must_use]
    pub fn default_delay(&self) -> Option<Duration> {
        (self.is_transient() && self.attempt <= self.max_retries).then(|| self.backoff())
    }
}

/// Adds jitter without an upper bound, so that clients that failed together do not retry together.
pub(crate) fn jittered(
    first: Duration,
    n: u32,
    longest: Duration,
    retry_after: Option<Duration>,
    random: f64,
) -> Duration {
    let factor = 2u32.saturating_pow(n.saturating_sub(1));
    let delay = first.saturating_mul(factor).min(longest);
    retry_after.unwrap_or(delay).saturating_add(delay.mul_f64(random))
}

/// Parses `Retry-After`: seconds, or a date, relative to the date of the response.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let delay = match text.parse::<f64>() {
        Ok(seconds) if !seconds.is_finite() => None,
        Ok(seconds) => Duration::try_from_secs_f64(seconds.min(LONGEST_RETRY_AFTER.as_secs_f64())).ok(),
        Err(_) => {
            let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
            let now = date(headers.get(http::header::DATE)?.to_str().ok()?)?;
            Duration::try_from(date(text)?.duration_since(now)).ok()
        }
    };
    delay.filter(|delay| !delay.is_zero()).map(|delay| delay.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn retries(status: u16, pairs: &[(&'static str, &str)], body: &str) -> bool {
        let error = Error::api_error(StatusCode::from_u16(status).unwrap(), None, body.as_bytes());
        failed(&error, &headers(pairs), 1, 0.0).is_transient()
    }

    #[test]
    fn a_header_overrides_the_retry_of_a_rate_limited_download() {
        let error = Error::api_error(StatusCode::TOO_MANY_REQUESTS, None, b"");
        for (headers, retries) in [(headers(&[]), true), (headers(&[("stripe-should-retry", "false")]), false)] {
            let download = FailedAttempt { is_download: true, ..failed(&error, &headers, 1, 0.0) };
            assert_eq!(download.is_transient(), retries);
        }
    }

    #[test]
    fn retries_by_status_unless_a_header_decides() {
        for status in [409, 500, 502, 503, 504] {
            assert!(retries(status, &[], ""), "{status}");
            assert!(!retries(status, &[("stripe-should-retry", "false")], ""), "{status}");
        }
        for status in [302, 400, 401, 402, 403, 404, 429] {
            assert!(!retries(status, &[], ""), "{status}");
            assert!(retries(status, &[("stripe-should-retry", "true")], ""), "{status}");
        }
        assert!(retries(500, &[("stripe-should-retry", "perhaps")], ""));
        assert!(retries(429, &[], r#"{"error":{"code":"lock_timeout"}}"#));
        assert!(!retries(429, &[], r#"{"error":{"code":"rate_limit"}}"#));
    }

    fn failed<'a>(error: &'a Error, headers: &'a HeaderMap, attempt: u32, random: f64) -> FailedAttempt<'a> {
        FailedAttempt { error, headers, attempt, max_retries: 2, elapsed: Duration::ZERO, is_download: false, random }
    }

    #[test]
    fn a_failed_attempt_does_not_show_its_headers() {
        let error = Error::api_error(StatusCode::BAD_GATEWAY, None, b"");
        let headers = headers(&[("location", "https://a.b/?sig=geheim")]);
        let shown = format!("{:?}", failed(&error, &headers, 1, 0.0));
        assert!(shown.contains("attempt: 1") && !shown.contains("a.b"), "{shown}");
    }

    #[test]
    fn retries_an_idempotency_key_in_use_but_not_a_reused_one() {
        for body in [
            r#"{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}"#,
            r#"{"error":{"code":"idempotency_conflict","message":"busy"}}"#,
            r#"{"error":{"type":"invalid_request_error","code":"lock_timeout"}}"#,
            r#"{"error":{"message":"conflict"}}"#,
            "",
        ] {
            assert!(retries(409, &[], body), "{body}");
            assert!(Error::api_error(StatusCode::CONFLICT, None, body.as_bytes()).is_retryable(), "{body}");
        }
        for body in [r#"{"error":{"type":"idempotency_error"}}"#, r#"{"error":{"code":"idempotency_error"}}"#] {
            assert!(!retries(409, &[], body), "{body}");
            assert!(!Error::api_error(StatusCode::CONFLICT, None, body.as_bytes()).is_retryable(), "{body}");
        }
    }

    #[test]
    fn delays_double_with_full_jitter_added() {
        let (error, none) = (Error::api_error(StatusCode::BAD_GATEWAY, None, b""), HeaderMap::new());
        let delays =
            |random| (1..=6).map(|n| failed(&error, &none, n, random).backoff().as_millis()).collect::<Vec<_>>();
        assert_eq!(delays(0.0), [500, 1000, 2000, 4000, 5000, 5000]);
        assert_eq!(delays(0.5), [750, 1500, 3000, 6000, 7500, 7500]);
        assert_eq!(delays(1.0), [1000, 2000, 4000, 8000, 10_000, 10_000]);
        let requested = headers(&[("retry-after", "7")]);
        for (n, most) in [(1, 7500), (2, 8000), (5, 12_000)] {
            assert_eq!(failed(&error, &requested, n, 0.0).backoff().as_millis(), 7000);
            assert_eq!(failed(&error, &requested, n, 1.0).backoff().as_millis(), most);
        }
    }

    #[test]
    fn retry_after_is_bounded() {
        let seconds = |pairs: &[(&'static str, &str)]| retry_after(&headers(pairs)).map(|delay| delay.as_secs_f64());
        assert_eq!(seconds(&[("retry-after", "3")]), Some(3.0));
        assert_eq!(seconds(&[("retry-after", "0.25")]), Some(0.25));
        assert_eq!(seconds(&[("retry-after", "86400")]), Some(60.0));
        assert_eq!(seconds(&[("retry-after", "999999999999999999999999")]), Some(60.0));
        for value in ["0", "-5", "NaN", "inf", "soon", "1e400", "\u{9}"] {
            assert_eq!(seconds(&[("retry-after", value)]), None, "{value}");
        }
        let date = ("date", "Fri, 31 Dec 1999 23:59:50 GMT");
        assert_eq!(seconds(&[date, ("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), Some(9.0));
        assert_eq!(seconds(&[date, ("retry-after", "Fri, 31 Dec 1999 23:59:49 GMT")]), None);
        assert_eq!(seconds(&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), None);
    }
}
