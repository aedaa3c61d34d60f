//! Whether to try again, and when.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};
use jiff::fmt::rfc2822;

use crate::{ApiError, Error, ErrorKind, RequestOptions};

const SHORTEST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// The longest delay while rate limits are waited out.
const LONGEST_RATE_LIMIT_DELAY: Duration = Duration::from_secs(30);

/// The most that a server can make the client wait.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// What "for ever" comes to, a year: no clock can tell when all of `Duration` is over.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A number of the range from 0 to 1, without 1.
pub(crate) type Random = fn() -> f64;

/// The options that say how long and how often, with their defaults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
    pub(crate) max_retries: u32,
    pub(crate) rate_limits: Option<Duration>,
}

impl Policy {
    pub(crate) fn new(options: &RequestOptions) -> Self {
        let seconds = |set: Option<Duration>, default| set.unwrap_or(Duration::from_secs(default)).min(LONGEST_TIMEOUT);
        Self {
            connect: seconds(options.get_connect_timeout(), 30),
            attempt: seconds(options.get_attempt_timeout(), 80),
            total: seconds(options.get_timeout(), 300),
            max_retries: options.get_max_retries().unwrap_or(2),
            rate_limits: options.get_retry_rate_limits_for().map(|limit| limit.min(LONGEST_TIMEOUT)),
        }
    }
}

/// Decides on the delay before the next attempt; `None` gives up.
#[derive(Clone)]
pub(crate) struct RetryPolicy(Arc<Decide>);

type Decide = dyn Fn(&FailedAttempt<'_>) -> Option<Duration> + Send + Sync;

impl RetryPolicy {
    pub(crate) fn new(policy: impl Fn(&FailedAttempt<'_>) -> Option<Duration> + Send + Sync + 'static) -> Self {
        Self(Arc::new(policy))
    }

    fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
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

/// An attempt that failed, for [`ConfigBuilder::retry_policy`](crate::ConfigBuilder::retry_policy).
///
/// `Debug` does not show the headers of the response: they may hold a pre-signed URL.
#[derive(Clone, Copy)]
pub struct FailedAttempt<'a> {
    error: &'a Error,
    headers: &'a HeaderMap,
    attempt: u32,
    max_retries: u32,
    elapsed: Duration,
    /// Whether a file was requested: those requests are retried after any 429.
    is_download: bool,
    /// From 0 to 1.
    random: f64,
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
    /// Returns why it failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        self.error
    }

    /// Returns the number of the failed attempt: 1 for the first. Downloads count from 1 again after each byte that they
    /// gain; attempts that hit a rate limit that is waited out do not count.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the time since the first attempt began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns [`RequestOptions::max_retries`], or its default.
    #[must_use]
    pub fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// Returns the delay that the server requests with `Retry-After`, at most 60 seconds. A date counts from the `Date` of the
    /// response.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers)
    }

    /// Returns whether another attempt may succeed.
    ///
    /// Stripe says so with `Stripe-Should-Retry`. Without that header, these failures are transient: no or an incomplete
    /// response, 5xx, 409 (except for an idempotency key that was used with other parameters), and 429 for a lock or of a
    /// download.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Api, Some(status)) => should_retry(status, self.headers, self.error, self.is_download),
            _ => self.error.is_retryable(),
        }
    }

    /// Returns a random delay that doubles with each attempt.
    ///
    /// It is uniform in \[d, 2d\] with d = 0.5 s · 2ⁿ⁻¹ for the n-th attempt, up to d = 5 s. After a `Retry-After` of r, it is
    /// uniform in \[r, r + d\].
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

/// Whether a response is worth another attempt: what Stripe says of it, or else what its status tells.
fn should_retry(status: StatusCode, headers: &HeaderMap, error: &Error, is_download: bool) -> bool {
    match headers.get("stripe-should-retry").map(http::HeaderValue::as_bytes) {
        Some(b"true") => true,
        Some(b"false") => false,
        _ => match status {
            StatusCode::CONFLICT => !error.api().is_some_and(ApiError::is_key_reused),
            StatusCode::TOO_MANY_REQUESTS => is_download || error.code() == Some("lock_timeout"),
            _ => status.is_server_error(),
        },
    }
}

/// The failed attempts of a request or a download, and the delays after them.
#[derive(Debug, Clone)]
pub(crate) struct Retries {
    policy: RetryPolicy,
    max_retries: u32,
    /// How long to retry until a rate limit lifts.
    rate_limit: Option<Duration>,
    is_download: bool,
    random: Random,
    started: Option<Instant>,
    failures: u32,
    rate_limits: u32,
    waited: Duration,
}

impl Retries {
    pub(crate) fn new(options: &Policy, policy: &RetryPolicy, is_download: bool) -> Self {
        Self {
            policy: policy.clone(),
            max_retries: options.max_retries,
            rate_limit: options.rate_limits,
            is_download,
            random: fastrand::f64,
            started: None,
            failures: 0,
            rate_limits: 0,
            waited: Duration::ZERO,
        }
    }

    #[cfg(test)]
    pub(crate) fn set_random(&mut self, random: Random) {
        self.random = random;
    }

    /// Returns the time since the first call.
    pub(crate) fn elapsed(&mut self, now: Instant) -> Duration {
        now.saturating_duration_since(*self.started.get_or_insert(now))
    }

    /// Returns how long was waited until rate limits lift.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// Returns the delay before the next attempt; `None` gives up.
    pub(crate) fn delay(&mut self, now: Instant, error: &Error, headers: &HeaderMap) -> Option<Duration> {
        if let Some(delay) = self.rate_limit_delay(error, headers) {
            self.rate_limits += 1;
            self.waited = self.waited.saturating_add(delay);
            return Some(delay);
        }
        self.failures = self.failures.saturating_add(1);
        let elapsed = self.elapsed(now);
        self.policy.delay(&FailedAttempt {
            error,
            headers,
            attempt: self.failures,
            max_retries: self.max_retries,
            elapsed,
            is_download: self.is_download,
            random: (self.random)(),
        })
    }

    /// Forgives the failures so far, since there was progress.
    pub(crate) fn advance(&mut self) {
        self.failures = 0;
    }

    /// The delay before a rate limit is tried again, if there is time for that.
    fn rate_limit_delay(&self, error: &Error, headers: &HeaderMap) -> Option<Duration> {
        let limit = self.rate_limit.filter(|_| error.status() == Some(StatusCode::TOO_MANY_REQUESTS))?;
        let n = self.rate_limits.saturating_add(1);
        let delay = jittered(SHORTEST_DELAY * 2, n, LONGEST_RATE_LIMIT_DELAY, retry_after(headers), (self.random)());
        (self.waited.saturating_add(delay) <= limit).then_some(delay)
    }
}

/// Clients that failed together must not come back together: what is random is added, and no bound takes it away.
fn jittered(first: Duration, n: u32, longest: Duration, retry_after: Option<Duration>, random: f64) -> Duration {
    let factor = 2u32.saturating_pow(n.saturating_sub(1).min(16));
    let delay = first.saturating_mul(factor).min(longest);
    retry_after.unwrap_or(delay).saturating_add(delay.mul_f64(random.clamp(0.0, 1.0)))
}

/// What the server asks to wait, within bounds: seconds, or a date, which is compared with the response's own.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let requested = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => {
            Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_RETRY_AFTER))
        }
        Ok(_) => None,
        Err(_) => {
            let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
            let now = date(headers.get(http::header::DATE)?.to_str().ok()?)?;
            Duration::try_from(date(text)?.duration_since(now)).ok()
        }
    };
    Some(requested.unwrap_or_default().min(LONGEST_RETRY_AFTER)).filter(|delay| !delay.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn retries(status: u16, pairs: &[(&'static str, &str)], body: &str) -> bool {
        let status = StatusCode::from_u16(status).unwrap();
        should_retry(status, &headers(pairs), &Error::api_error(status, None, body.as_bytes()), false)
    }

    #[test]
    fn a_header_overrides_the_retry_of_a_rate_limited_download() {
        let (status, error) =
            (StatusCode::TOO_MANY_REQUESTS, Error::api_error(StatusCode::TOO_MANY_REQUESTS, None, b""));
        assert!(should_retry(status, &headers(&[]), &error, true));
        assert!(!should_retry(status, &headers(&[("stripe-should-retry", "false")]), &error, true));
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
    fn retries_a_rate_limit_within_its_time() {
        let (now, none) = (Instant::now(), HeaderMap::new());
        let busy = Error::api_error(StatusCode::TOO_MANY_REQUESTS, None, b"");
        let retries = |options| {
            let mut retries = Retries::new(&Policy::new(&options), &RetryPolicy::default(), false);
            retries.set_random(|| 0.0);
            retries
        };
        let mut limited = retries(RequestOptions::new().retry_rate_limits_for(Duration::from_secs(100)));
        let delays: Vec<_> =
            (0..8).map_while(|_| limited.delay(now, &busy, &none).map(|delay| delay.as_secs())).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(limited.waited().as_secs(), 91);
        let requested = headers(&[("retry-after", "9")]);
        assert_eq!(limited.delay(now, &busy, &requested), Some(Duration::from_secs(9)));
        assert_eq!(retries(RequestOptions::new()).delay(now, &busy, &none), None);
    }

    #[test]
    fn spreads_the_retries_of_many_clients() {
        let error = Error::api_error(StatusCode::BAD_GATEWAY, None, b"");
        for headers in [headers(&[]), headers(&[("retry-after", "1")])] {
            let mut delays: Vec<_> =
                (0..200).map(|_| failed(&error, &headers, 1, fastrand::f64()).backoff().as_millis()).collect();
            delays.sort_unstable();
            // Of 200 in 500 ms, 20 fall into any 50 ms on average; 70 would be a wonder.
            let crowd = delays.iter().map(|start| delays.iter().filter(|at| (*start..start + 50).contains(at)).count());
            assert!(crowd.max() < Some(70), "{delays:?}");
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
