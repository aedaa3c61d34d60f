//! Whether to try again, and when.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::fmt::rfc2822;

use crate::{Error, RequestOptions};

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
            rate_limits: options.get_wait_out_rate_limits().map(|limit| limit.min(LONGEST_TIMEOUT)),
        }
    }
}

/// Whether an answer is worth another attempt: what Stripe says of it, or else what its status tells.
pub(crate) fn should_retry(status: StatusCode, headers: &HeaderMap, error: &Error) -> bool {
    match headers.get("stripe-should-retry").map(http::HeaderValue::as_bytes) {
        Some(b"true") => true,
        Some(b"false") => false,
        _ => {
            status == StatusCode::CONFLICT
                || status.is_server_error()
                || (status == StatusCode::TOO_MANY_REQUESTS && error.code() == Some("lock_timeout"))
        }
    }
}

/// The pause before the `n`-th retry: it doubles, and is scattered so that clients do not come back all at once.
pub(crate) fn delay(n: u32, random: Random) -> Duration {
    scattered(SHORTEST_DELAY, n, LONGEST_DELAY, random)
}

/// The same while a rate limit is waited out.
pub(crate) fn rate_limit_delay(n: u32, random: Random) -> Duration {
    scattered(SHORTEST_DELAY * 2, n, LONGEST_RATE_LIMIT_DELAY, random)
}

fn scattered(first: Duration, n: u32, longest: Duration, random: Random) -> Duration {
    let factor = 2u32.saturating_pow(n.saturating_sub(1).min(16));
    let delay = first.saturating_mul(factor).min(longest);
    delay.mul_f64(0.5 + random().clamp(0.0, 1.0) / 2.0).max(SHORTEST_DELAY)
}

/// What the server asks to wait, within bounds: seconds, or a date, which is compared with the answer's own.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Duration::try_from_secs_f64(seconds).ok(),
        Ok(_) => None,
        Err(_) => {
            let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
            let now = date(headers.get(http::header::DATE)?.to_str().ok()?)?;
            Duration::try_from(date(text)?.duration_since(now)).ok()
        }
    };
    Some(asked.unwrap_or_default().min(LONGEST_RETRY_AFTER)).filter(|delay| !delay.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn retries(status: u16, pairs: &[(&'static str, &str)], body: &str) -> bool {
        let status = StatusCode::from_u16(status).unwrap();
        should_retry(status, &headers(pairs), &Error::api_error(status, None, body.as_bytes()))
    }

    #[test]
    fn follows_the_status_unless_stripe_says_otherwise() {
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

    #[test]
    fn delays_double_up_to_their_bounds() {
        let most: Vec<_> = (1..=6).map(|n| delay(n, || 1.0).as_millis()).collect();
        assert_eq!(most, [500, 1000, 2000, 4000, 5000, 5000]);
        let least: Vec<_> = (1..=6).map(|n| delay(n, || 0.0).as_millis()).collect();
        assert_eq!(least, [500, 500, 1000, 2000, 2500, 2500]);
        assert_eq!(rate_limit_delay(1, || 1.0).as_secs(), 1);
        assert_eq!(rate_limit_delay(u32::MAX, || 1.0).as_secs(), 30);
    }

    #[test]
    fn retry_after_is_bounded() {
        let seconds = |pairs: &[(&'static str, &str)]| retry_after(&headers(pairs)).map(|delay| delay.as_secs_f64());
        assert_eq!(seconds(&[("retry-after", "3")]), Some(3.0));
        assert_eq!(seconds(&[("retry-after", "0.25")]), Some(0.25));
        assert_eq!(seconds(&[("retry-after", "86400")]), Some(60.0));
        for value in ["0", "-5", "NaN", "inf", "soon", "1e400", "\u{9}"] {
            assert_eq!(seconds(&[("retry-after", value)]), None, "{value}");
        }
        let date = ("date", "Fri, 31 Dec 1999 23:59:50 GMT");
        assert_eq!(seconds(&[date, ("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), Some(9.0));
        assert_eq!(seconds(&[date, ("retry-after", "Fri, 31 Dec 1999 23:59:49 GMT")]), None);
        assert_eq!(seconds(&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), None);
    }
}
