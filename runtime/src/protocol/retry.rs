//! Counts the attempts of a request or a download, and asks the policy for the delays between them.

use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};

use crate::config::retry_policy::{FailedAttempt, RetryPolicy, SHORTEST_DELAY, jittered, retry_after};
use crate::{Error, RequestOptions};

/// The longest delay while retrying until a rate limit lifts.
const LONGEST_RATE_LIMIT_DELAY: Duration = Duration::from_secs(30);

/// The maximum of all timeouts, a year: the end of larger durations exceeds the range of `Instant`.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns a number in `0.0..1.0`.
pub(crate) type Random = fn() -> f64;

/// The timeouts and retries of the options, with their defaults.
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
        let limit = |set: Option<Duration>, default| set.unwrap_or(default).min(LONGEST_TIMEOUT);
        Self {
            connect: limit(options.get_connect_timeout(), RequestOptions::DEFAULT_CONNECT_TIMEOUT),
            attempt: limit(options.get_attempt_timeout(), RequestOptions::DEFAULT_ATTEMPT_TIMEOUT),
            total: limit(options.get_timeout(), RequestOptions::DEFAULT_TIMEOUT),
            max_retries: options.get_max_retries().unwrap_or(RequestOptions::DEFAULT_MAX_RETRIES),
            rate_limits: options.get_retry_rate_limits_for().map(|limit| limit.min(LONGEST_TIMEOUT)),
        }
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

    /// Returns the total delay while retrying until a rate limit lifts.
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

    /// Resets the failures after progress.
    pub(crate) fn advance(&mut self) {
        self.failures = 0;
    }

    /// Returns the delay before the next attempt after a rate limit, if there is time left for it.
    fn rate_limit_delay(&self, error: &Error, headers: &HeaderMap) -> Option<Duration> {
        let limit = self.rate_limit.filter(|_| error.status() == Some(StatusCode::TOO_MANY_REQUESTS))?;
        let n = self.rate_limits.saturating_add(1);
        let delay = jittered(SHORTEST_DELAY * 2, n, LONGEST_RATE_LIMIT_DELAY, retry_after(headers), (self.random)());
        (self.waited.saturating_add(delay) <= limit).then_some(delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::headers;

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
}
