//! One request, from its first attempt to its answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde::de::DeserializeOwned;

use super::origin::Origin;
use super::retry::{self, Policy, Random};
use crate::encoding::IDEMPOTENCY_KEY;
use crate::transport::{Limits, TransportError};
use crate::{Answer, Config, Error, Request, decode};

/// The largest answer that is taken, in bytes. Files are not taken as answers.
pub(crate) const LARGEST_ANSWER: usize = 64 << 20;

/// A request that is being made: what to send, and whether to send it again.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    request: http::Request<Bytes>,
    /// The path template, which is the same for all requests of an operation.
    template: &'static str,
    policy: Policy,
    random: Random,
    started: Option<Instant>,
    /// How long rate limits have been waited out.
    waited_out: Duration,
    attempts: u32,
    retries: u32,
    rate_limits: u32,
}

/// What to send now.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) request: http::Request<Bytes>,
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans tell it"))]
    pub(crate) template: &'static str,
    pub(crate) limits: Limits,
    /// 1 for the first.
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans tell it"))]
    pub(crate) number: u32,
}

/// What follows from what an attempt came to.
#[derive(Debug)]
pub(crate) enum Verdict {
    Done(RawAnswer),
    Again { after: Duration },
}

/// A 2xx answer before its body is read.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    response: http::Response<Bytes>,
    endpoint: String,
    attempts: u32,
}

impl Exchange {
    /// Prepares a request; the idempotency key is made here, so that all attempts have the same.
    pub(crate) fn new<R: Request>(request: &R, config: &Config) -> Result<Self, Error> {
        let operation = request.operation();
        let options = request.options().cloned().unwrap_or_default().or(config.options());
        let mut http = request.to_http(config)?;
        if operation.takes_idempotency_key() && !http.headers().contains_key(IDEMPOTENCY_KEY) {
            let key = HeaderValue::try_from(uuid::Uuid::new_v4().to_string());
            http.headers_mut().insert(
                IDEMPOTENCY_KEY,
                key.map_err(|error| {
                    Error::invalid_request("the idempotency key can't be sent in a header").with_source(error)
                })?,
            );
        }
        Ok(Self {
            request: http,
            template: operation.path,
            policy: Policy::new(&options),
            random: fastrand::f64,
            started: None,
            waited_out: Duration::ZERO,
            attempts: 0,
            retries: 0,
            rate_limits: 0,
        })
    }

    /// The same request to another address, not sent yet.
    pub(crate) fn at(&self, uri: Uri) -> Self {
        let mut exchange = self.clone();
        *exchange.request.uri_mut() = uri;
        exchange
    }

    pub(crate) fn uri(&self) -> &Uri {
        self.request.uri()
    }

    /// All attempts together take no longer than this.
    pub(crate) fn within(mut self, total: Duration) -> Self {
        self.policy.total = self.policy.total.min(total);
        self
    }

    #[cfg(test)]
    pub(crate) fn with_random(mut self, random: Random) -> Self {
        self.random = random;
        self
    }

    /// What to send now.
    pub(crate) fn attempt(&mut self, now: Instant) -> Result<Attempt, Error> {
        let left = self.time_left(now);
        if left.is_zero() {
            return Err(self.finished(Error::new(crate::ErrorKind::Timeout, "no time is left for an attempt")));
        }
        self.attempts += 1;
        let attempt = self.policy.attempt.min(left);
        Ok(Attempt {
            request: self.request.clone(),
            template: self.template,
            limits: Limits {
                connect: self.policy.connect.min(attempt),
                head: attempt,
                read: attempt,
                whole: Some(attempt),
            },
            number: self.attempts,
        })
    }

    /// What follows from what the attempt came to.
    pub(crate) fn judge(
        &mut self,
        now: Instant,
        outcome: Result<http::Response<Bytes>, TransportError>,
    ) -> Result<Verdict, Error> {
        let (error, may_retry, headers) = match outcome {
            Ok(response) if response.status().is_success() => {
                let endpoint = self.endpoint();
                return Ok(Verdict::Done(RawAnswer { response, endpoint, attempts: self.attempts }));
            }
            Ok(response) => {
                let error = refusal(&response);
                let may_retry = retry::should_retry(response.status(), response.headers(), &error);
                if response.status() == StatusCode::TOO_MANY_REQUESTS
                    && let Some(after) = self.rate_limit_delay(response.headers())
                {
                    self.rate_limits += 1;
                    self.waited_out = self.waited_out.saturating_add(after);
                    return Ok(Verdict::Again { after });
                }
                (error, may_retry, response.into_parts().0.headers)
            }
            Err(error) => {
                let may_retry = error.is_transient();
                (Error::from(error), may_retry, HeaderMap::new())
            }
        };
        if !may_retry || self.retries >= self.policy.max_retries {
            return Err(self.finished(error));
        }
        let after = retry::delay(self.retries + 1, self.random).max(retry::retry_after(&headers).unwrap_or_default());
        if after >= self.time_left(now) {
            return Err(self.finished(error));
        }
        self.retries += 1;
        Ok(Verdict::Again { after })
    }

    /// How long to wait before a rate limit is tried again, if there is time for that.
    fn rate_limit_delay(&self, headers: &HeaderMap) -> Option<Duration> {
        let limit = self.policy.rate_limits?;
        let delay = retry::rate_limit_delay(self.rate_limits + 1, self.random);
        let delay = delay.max(retry::retry_after(headers).unwrap_or_default());
        (self.waited_out.saturating_add(delay) <= limit).then_some(delay)
    }

    fn time_left(&mut self, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(*self.started.get_or_insert(now));
        self.policy.total.saturating_add(self.waited_out).saturating_sub(passed)
    }

    fn finished(&self, error: Error) -> Error {
        error.of_endpoint(self.endpoint()).after_attempts(self.attempts)
    }

    fn endpoint(&self) -> String {
        format!("{} {}", self.request.method(), self.request.uri().path())
    }
}

impl RawAnswer {
    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Answer<T>, Error> {
        let (parts, body) = self.response.into_parts();
        let value = decode::response(parts.status, &parts.headers, &body)
            .map_err(|error| error.of_endpoint(self.endpoint).after_attempts(self.attempts))?;
        Ok(Answer { value, status: parts.status, headers: parts.headers, body, attempts: self.attempts })
    }
}

/// The error that an answer stands for.
fn refusal(response: &http::Response<Bytes>) -> Error {
    let (status, headers) = (response.status(), response.headers());
    let error = Error::api_error(status, decode::request_id(headers), response.body());
    if !status.is_redirection() {
        return error;
    }
    let host = headers.get(LOCATION).and_then(|location| Uri::try_from(location.as_bytes()).ok());
    let host = host.as_ref().and_then(Origin::of).map(|origin| format!(" to `{}`", origin.host()));
    error.with_message(format!("the answer is a redirection{}; requests don't follow any", host.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::TransportErrorKind;
    use crate::{ErrorKind, RawRequest, RequestOptions, Value};

    const SECOND: Duration = Duration::from_secs(1);

    fn exchange(options: RequestOptions) -> Exchange {
        let request = RawRequest::<Value>::post("/v1/things", Value::Null).with(options);
        Exchange::new(&request, &Config::new("k")).unwrap().with_random(|| 1.0)
    }

    fn answer(
        status: u16,
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let builder =
            headers.iter().fold(http::Response::builder().status(status), |b, (name, value)| b.header(*name, *value));
        Ok(builder.body(Bytes::from_static(body.as_bytes())).unwrap())
    }

    fn broken(kind: TransportErrorKind) -> Result<http::Response<Bytes>, TransportError> {
        Err(TransportError::new(kind, "it broke"))
    }

    /// Goes through the outcomes; gives the seconds at which attempts were made, and the end.
    fn run(
        mut exchange: Exchange,
        mut outcomes: impl Iterator<Item = Result<http::Response<Bytes>, TransportError>>,
    ) -> (Vec<f64>, Result<RawAnswer, Error>) {
        let start = Instant::now();
        let (mut now, mut at, mut keys) = (start, Vec::new(), Vec::new());
        let end = loop {
            let attempt = match exchange.attempt(now) {
                Ok(attempt) => attempt,
                Err(error) => break Err(error),
            };
            at.push((now - start).as_secs_f64());
            keys.push(attempt.request.headers().get(IDEMPOTENCY_KEY).cloned());
            match exchange.judge(now, outcomes.next().expect("another outcome")) {
                Ok(Verdict::Done(answer)) => break Ok(answer),
                Ok(Verdict::Again { after }) => now += after,
                Err(error) => break Err(error),
            }
        };
        assert!(keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "one key for all attempts: {keys:?}");
        (at, end)
    }

    #[test]
    fn tries_again_and_tells_how_often() {
        let outcomes = [broken(TransportErrorKind::Connection), answer(500, &[], ""), answer(200, &[], "{}")];
        let (at, end) = run(exchange(RequestOptions::new()), outcomes.into_iter());
        assert_eq!(at, [0.0, 0.5, 1.5]);
        assert_eq!(end.unwrap().decode::<Value>().unwrap().attempts, 3);
    }

    #[test]
    fn gives_up_after_its_retries_with_the_last_error() {
        let (at, end) = run(
            exchange(RequestOptions::new()),
            std::iter::repeat_with(|| answer(503, &[("request-id", "req_1")], "")),
        );
        let error = end.unwrap_err();
        assert_eq!((at.len(), error.attempts(), error.request_id()), (3, 3, Some("req_1")));
        assert!(error.is_retryable());
        assert_eq!(error.endpoint(), Some("POST /v1/things"));
        let (at, _) =
            run(exchange(RequestOptions::new().max_retries(0)), std::iter::repeat_with(|| answer(503, &[], "")));
        assert_eq!(at.len(), 1);
    }

    #[test]
    fn what_stays_is_not_tried_again() {
        for kind in [TransportErrorKind::Tls, TransportErrorKind::Request] {
            let (at, end) = run(exchange(RequestOptions::new()), [broken(kind)].into_iter());
            assert_eq!(at.len(), 1);
            assert!(!end.unwrap_err().is_retryable());
        }
        let (at, end) = run(exchange(RequestOptions::new()), [answer(400, &[], "")].into_iter());
        assert_eq!((at.len(), end.unwrap_err().status().unwrap().as_u16()), (1, 400));
    }

    #[test]
    fn waits_as_long_as_the_server_asks() {
        let busy = || answer(503, &[("retry-after", "7")], "");
        let (at, end) = run(exchange(RequestOptions::new()), [busy(), answer(200, &[], "")].into_iter());
        assert_eq!(at, [0.0, 7.0]);
        assert!(end.is_ok());
    }

    #[test]
    fn never_sleeps_past_its_time() {
        let options = RequestOptions::new().timeout(6 * SECOND);
        let (at, end) = run(exchange(options), std::iter::repeat_with(|| answer(503, &[("retry-after", "7")], "")));
        assert_eq!(at, [0.0]);
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Api);
    }

    #[test]
    fn an_attempt_gets_no_more_than_the_time_that_is_left() {
        let mut exchange = exchange(RequestOptions::new().timeout(10 * SECOND).attempt_timeout(8 * SECOND));
        let start = Instant::now();
        assert_eq!(exchange.attempt(start).unwrap().limits.whole, Some(8 * SECOND));
        let limits = exchange.attempt(start + 7 * SECOND).unwrap().limits;
        assert_eq!((limits.whole, limits.connect), (Some(3 * SECOND), 3 * SECOND));
        let error = exchange.attempt(start + 10 * SECOND).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    }

    #[test]
    fn rate_limits_are_waited_out_on_request_only() {
        let busy = || answer(429, &[], r#"{"error":{"code":"query_run_rate_limit_exceeded","message":"busy"}}"#);
        let (at, end) = run(exchange(RequestOptions::new()), [busy()].into_iter());
        assert_eq!((at.len(), end.unwrap_err().code()), (1, Some("query_run_rate_limit_exceeded")));

        // The default total would be over after 5 minutes, and retries after 2.
        let options = RequestOptions::new().wait_out_rate_limits(400 * SECOND);
        let (at, end) = run(exchange(options), std::iter::repeat_with(busy));
        assert_eq!(&at[..7], [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 61.0]);
        assert_eq!(at.last(), Some(&391.0));
        assert_eq!(end.unwrap_err().attempts() as usize, at.len());
    }

    #[test]
    fn redirections_are_refused_with_the_host_alone() {
        let moved = answer(302, &[("location", "https://example.com/a?sig=geheim")], "");
        let (at, end) = run(exchange(RequestOptions::new()), [moved].into_iter());
        let error = end.unwrap_err();
        assert_eq!(at.len(), 1);
        assert!(error.to_string().contains("a redirection to `example.com`"), "{error}");
        assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    }

    #[test]
    fn an_idempotency_key_of_the_user_is_kept() {
        let mut exchange = exchange(RequestOptions::new().idempotency_key("mine"));
        let attempt = exchange.attempt(Instant::now()).unwrap();
        assert_eq!(attempt.request.headers()[IDEMPOTENCY_KEY], "mine");
        let get = Exchange::new(&RawRequest::<Value>::get("/v1/things"), &Config::new("k")).unwrap();
        assert!(!get.request.headers().contains_key(IDEMPOTENCY_KEY));
    }
}
