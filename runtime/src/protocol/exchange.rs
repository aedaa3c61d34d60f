//! One request, from its first attempt to its decoded response.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde::de::DeserializeOwned;

use super::origin::Origin;
#[cfg(test)]
use super::retry::Random;
use super::retry::{Policy, Retries};
use crate::request::encoding::IDEMPOTENCY_KEY;
use crate::transport::{Limits, TransportError};
use crate::{Config, Error, Request, Response, response};

/// A request in progress: what to send, when to retry, and how to decode the response.
#[derive(Debug)]
pub(crate) struct Exchange<T> {
    sending: Sending,
    decode: Decode<T>,
}

/// Decodes a 2xx response.
pub(crate) type Decode<T> = fn(&http::Response<Bytes>) -> Result<T, Error>;

/// The part of an exchange that does not depend on the type of the response.
#[derive(Debug, Clone)]
struct Sending {
    request: http::Request<Bytes>,
    /// The path template of the operation.
    template: &'static str,
    policy: Policy,
    retries: Retries,
    attempts: u32,
    /// Whether Stripe may have processed one of the attempts.
    may_have_been_processed: bool,
}

/// A request to send now.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) request: http::Request<Bytes>,
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans show it"))]
    pub(crate) template: &'static str,
    pub(crate) limits: Limits,
    /// Counts from 1.
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans show it"))]
    pub(crate) number: u32,
}

/// The outcome of an attempt.
#[derive(Debug)]
pub(crate) enum Outcome<T> {
    Done(Response<T>),
    Retry { after: Duration },
}

impl<T: DeserializeOwned> Exchange<T> {
    /// Prepares a request. The idempotency key is generated here, so that all attempts have the same.
    pub(crate) fn new<R: Request<Response = T>>(request: &R, config: &Config) -> Result<Self, Error> {
        let operation = request.operation();
        let options = request.options().cloned().unwrap_or_default().or(config.options());
        let mut http = request.to_http(config)?;
        if operation.takes_idempotency_key() && !http.headers().contains_key(IDEMPOTENCY_KEY) {
            let key = HeaderValue::try_from(uuid::Uuid::new_v4().to_string());
            http.headers_mut().insert(
                IDEMPOTENCY_KEY,
                key.map_err(|error| {
                    Error::invalid_request("the idempotency key cannot be sent in a header").with_source(error)
                })?,
            );
        }
        let policy = Policy::new(&options);
        let sending = Sending {
            request: http,
            template: operation.path,
            retries: Retries::new(&policy, config.retry_policy(), false),
            policy,
            attempts: 0,
            may_have_been_processed: false,
        };
        Ok(Self {
            sending,
            decode: |response| response::decode(response.status(), response.headers(), response.body()),
        })
    }
}

impl<T> Exchange<T> {
    /// Returns the same request to another URL, with no attempts.
    pub(crate) fn at(&self, uri: Uri) -> Self {
        let mut exchange = self.clone();
        *exchange.sending.request.uri_mut() = uri;
        exchange
    }

    /// Returns the same request with another decoder for its response.
    pub(crate) fn decoding<U>(self, decode: Decode<U>) -> Exchange<U> {
        Exchange { sending: self.sending, decode }
    }

    pub(crate) fn uri(&self) -> &Uri {
        self.sending.request.uri()
    }

    /// Limits the time for all attempts.
    pub(crate) fn within(mut self, total: Duration) -> Self {
        let policy = &mut self.sending.policy;
        policy.total = policy.total.min(total);
        self
    }

    #[cfg(test)]
    pub(crate) fn with_random(mut self, random: Random) -> Self {
        self.sending.retries.set_random(random);
        self
    }

    /// Returns what to send now.
    pub(crate) fn attempt(&mut self, now: Instant) -> Result<Attempt, Error> {
        self.sending.attempt(now)
    }

    /// Takes the response to an attempt, or its error. A 2xx response with a truncated body is a failed attempt.
    pub(crate) fn on_response(
        &mut self,
        now: Instant,
        response: Result<http::Response<Bytes>, TransportError>,
    ) -> Result<Outcome<T>, Error> {
        self.sending.may_have_been_processed |= may_have_been_processed(&response);
        let after = match response {
            Ok(response) if response.status().is_success() => match (self.decode)(&response) {
                Ok(value) => {
                    let (parts, body) = response.into_parts();
                    let (status, headers, attempts) = (parts.status, parts.headers, self.sending.attempts);
                    return Ok(Outcome::Done(Response { value, status, headers, body, attempts }));
                }
                Err(error) => self.sending.retry(now, error, response.headers())?,
            },
            Ok(response) => self.sending.retry(now, api_error(&response), response.headers())?,
            Err(error) => self.sending.retry(now, error.into(), &HeaderMap::new())?,
        };
        Ok(Outcome::Retry { after })
    }
}

impl Sending {
    fn attempt(&mut self, now: Instant) -> Result<Attempt, Error> {
        let left = self.time_left(now);
        if left.is_zero() {
            return Err(self.with_context(Error::new(crate::ErrorKind::Timeout, "no time left for another attempt")));
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

    /// Returns the delay before the next attempt, or the error if there is none.
    fn retry(&mut self, now: Instant, error: Error, headers: &HeaderMap) -> Result<Duration, Error> {
        let error = self.with_context(error);
        let delay = self.retries.delay(now, &error, headers);
        let left = self.time_left(now);
        delay.filter(|delay| *delay < left).ok_or(error)
    }

    fn time_left(&mut self, now: Instant) -> Duration {
        let elapsed = self.retries.elapsed(now);
        self.policy.total.saturating_add(self.retries.waited()).saturating_sub(elapsed)
    }

    fn with_context(&self, error: Error) -> Error {
        let endpoint = format!("{} {}", self.request.method(), self.request.uri().path());
        let key = self.request.headers().get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok());
        let error = error.with_endpoint(endpoint).with_attempts(self.attempts);
        error.with_request(key, self.may_have_been_processed)
    }
}

// A derive would require `T: Clone`.
impl<T> Clone for Exchange<T> {
    fn clone(&self) -> Self {
        Self { sending: self.sending.clone(), decode: self.decode }
    }
}

/// Returns the error that a non-2xx response describes.
fn api_error(response: &http::Response<Bytes>) -> Error {
    let (status, headers) = (response.status(), response.headers());
    let error = Error::api_error(status, response::request_id(headers), response.body());
    if !status.is_redirection() {
        return error;
    }
    let host = headers.get(LOCATION).and_then(|location| Uri::try_from(location.as_bytes()).ok());
    let host = host.as_ref().and_then(Origin::of).map(|origin| format!(" to `{}`", origin.host()));
    error.with_message(format!("unexpected redirect{}; redirects are not followed", host.unwrap_or_default()))
}

/// Returns whether Stripe may have processed the request: not if it was never sent, nor if it was refused. A conflict means
/// that another request with the same key was processed, or still is.
fn may_have_been_processed(response: &Result<http::Response<Bytes>, TransportError>) -> bool {
    match response {
        Ok(response) => !response.status().is_client_error() || response.status() == StatusCode::CONFLICT,
        Err(error) => error.may_have_been_sent(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::TransportErrorKind;
    use crate::{ErrorKind, RawRequest, RequestOptions, Value};

    const SECOND: Duration = Duration::from_secs(1);

    fn exchange(options: RequestOptions) -> Exchange<Value> {
        let request = RawRequest::post("/v1/things", Value::Null).with(options);
        Exchange::new(&request, &Config::new("k")).unwrap().with_random(|| 0.0)
    }

    fn response(
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

    /// Returns the seconds at which attempts were made, and the result.
    fn run(
        mut exchange: Exchange<Value>,
        mut outcomes: impl Iterator<Item = Result<http::Response<Bytes>, TransportError>>,
    ) -> (Vec<f64>, Result<Response<Value>, Error>) {
        let start = Instant::now();
        let (mut now, mut at, mut keys) = (start, Vec::new(), Vec::new());
        let end = loop {
            let attempt = match exchange.attempt(now) {
                Ok(attempt) => attempt,
                Err(error) => break Err(error),
            };
            at.push((now - start).as_secs_f64());
            keys.push(attempt.request.headers().get(IDEMPOTENCY_KEY).cloned());
            match exchange.on_response(now, outcomes.next().expect("another outcome")) {
                Ok(Outcome::Done(response)) => break Ok(response),
                Ok(Outcome::Retry { after }) => now += after,
                Err(error) => break Err(error),
            }
        };
        assert!(keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "all attempts have one key: {keys:?}");
        (at, end)
    }

    #[test]
    fn retries_and_counts_attempts() {
        let outcomes = [broken(TransportErrorKind::Connection), response(500, &[], ""), response(200, &[], "{}")];
        let (at, end) = run(exchange(RequestOptions::new()), outcomes.into_iter());
        assert_eq!(at, [0.0, 0.5, 1.5]);
        assert_eq!(end.unwrap().attempts, 3);
    }

    #[test]
    fn never_sleeps_past_its_time() {
        let options = RequestOptions::new().timeout(6 * SECOND);
        let (at, end) = run(exchange(options), std::iter::repeat_with(|| response(503, &[("retry-after", "7")], "")));
        assert_eq!(at, [0.0]);
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Api);
    }

    #[test]
    fn an_attempt_is_limited_to_the_remaining_time() {
        let mut exchange = exchange(RequestOptions::new().timeout(10 * SECOND).attempt_timeout(8 * SECOND));
        let start = Instant::now();
        assert_eq!(exchange.attempt(start).unwrap().limits.whole, Some(8 * SECOND));
        let limits = exchange.attempt(start + 7 * SECOND).unwrap().limits;
        assert_eq!((limits.whole, limits.connect), (Some(3 * SECOND), 3 * SECOND));
        let error = exchange.attempt(start + 10 * SECOND).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    }

    #[test]
    fn retries_rate_limits_only_when_configured() {
        let busy = || response(429, &[], r#"{"error":{"code":"query_run_rate_limit_exceeded","message":"busy"}}"#);
        let (at, end) = run(exchange(RequestOptions::new()), [busy()].into_iter());
        assert_eq!((at.len(), end.unwrap_err().code()), (1, Some("query_run_rate_limit_exceeded")));

        // Longer than the default timeout, with more attempts than the default retries.
        let options = RequestOptions::new().retry_rate_limits_for(400 * SECOND);
        let (at, end) = run(exchange(options), std::iter::repeat_with(busy));
        assert_eq!(&at[..7], [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 61.0]);
        assert_eq!(at.last(), Some(&391.0));
        assert_eq!(end.unwrap_err().attempts() as usize, at.len());
    }

    #[test]
    fn retries_a_truncated_response() {
        for body in ["", "{", r#"{"id":"run_1","status":"runn"#, r#"{"a":[1,2"#] {
            let outcomes = [response(200, &[], body), response(200, &[], "{}")];
            let (at, end) = run(exchange(RequestOptions::new()), outcomes.into_iter());
            assert_eq!((at.len(), end.is_ok()), (2, true), "{body}");
            let (at, end) = run(exchange(RequestOptions::new()), std::iter::repeat_with(|| response(200, &[], body)));
            let error = end.unwrap_err();
            assert_eq!(
                (at.len(), error.kind(), error.status()),
                (3, ErrorKind::Decode, Some(StatusCode::OK)),
                "{body}"
            );
            assert!(error.is_retryable() && error.may_have_been_processed(), "{body}");
        }
        for body in ["<html>", "{]", "nulx"] {
            let (at, end) = run(exchange(RequestOptions::new()), [response(200, &[], body)].into_iter());
            let error = end.unwrap_err();
            assert_eq!((at.len(), error.kind(), error.is_retryable()), (1, ErrorKind::Decode, false), "{body}");
            assert!(error.may_have_been_processed(), "{body}");
        }
    }

    #[test]
    fn an_error_has_the_idempotency_key_and_may_have_been_processed() {
        let once = || RequestOptions::new().max_retries(0).idempotency_key("mine");
        let end = |outcome| run(exchange(once()), [outcome].into_iter()).1.unwrap_err();
        let unsent = || Err(TransportError::new(TransportErrorKind::Connection, "refused").unsent());
        for outcome in [unsent(), broken(TransportErrorKind::Request), response(400, &[], ""), response(429, &[], "")] {
            let error = end(outcome);
            assert_eq!((error.idempotency_key(), error.may_have_been_processed()), (Some("mine"), false), "{error}");
        }
        for outcome in [
            broken(TransportErrorKind::Connection),
            broken(TransportErrorKind::Timeout),
            broken(TransportErrorKind::TooLarge),
            response(302, &[], ""),
            response(409, &[], ""),
            response(500, &[], ""),
            response(200, &[], "{"),
        ] {
            let error = end(outcome);
            assert_eq!((error.idempotency_key(), error.may_have_been_processed()), (Some("mine"), true), "{error}");
        }
        // A later refusal does not undo what an earlier attempt may have done.
        let outcomes = [broken(TransportErrorKind::Timeout), response(401, &[], "")];
        let error = run(exchange(RequestOptions::new()), outcomes.into_iter()).1.unwrap_err();
        assert!(error.may_have_been_processed() && error.idempotency_key().is_some());
        let mut get = Exchange::new(&RawRequest::get("/v1/things"), &Config::new("k")).unwrap();
        let error = get.on_response(Instant::now(), response(404, &[], "")).unwrap_err();
        assert_eq!(error.idempotency_key(), None);
    }

    #[test]
    fn a_custom_policy_decides_within_the_timeout() {
        let config = Config::builder("k").retry_policy(|failed| {
            assert_eq!(failed.elapsed(), 3 * SECOND * (failed.attempt() - 1));
            let is_ours = failed.error().status().is_some_and(|status| status == 418);
            (is_ours && failed.attempt() < 5).then_some(3 * SECOND)
        });
        let config = config.build().unwrap();
        let teapot = || std::iter::repeat_with(|| response(418, &[], ""));
        let exchange = |options| {
            let request = RawRequest::post("/v1/things", Value::Null).with(options);
            Exchange::new(&request, &config).unwrap()
        };
        let (at, end) = run(exchange(RequestOptions::new()), teapot());
        assert_eq!((at, end.unwrap_err().attempts()), (vec![0.0, 3.0, 6.0, 9.0, 12.0], 5));
        let (at, _) = run(exchange(RequestOptions::new().timeout(7 * SECOND)), teapot());
        assert_eq!(at, [0.0, 3.0, 6.0]);
        let (at, _) = run(exchange(RequestOptions::new()), [response(500, &[], "")].into_iter());
        assert_eq!(at, [0.0]);
    }
}
