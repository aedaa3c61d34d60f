//! Polls a run until it is done.
//!
//! Responses and the current time go in; requests, delays and the finished run come out.

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use super::exchange::Exchange;
use super::retry::Random;
use crate::{Config, Error, ErrorKind, Request, RequestOptions, Response, RunState, Wait};

/// How often to poll a run, and for how long.
///
/// | setting | default |
/// |---|---|
/// | [`first_interval`](Self::first_interval) | 1 second |
/// | [`growth`](Self::growth) | 1.5 |
/// | [`max_interval`](Self::max_interval) | 30 seconds |
/// | [`jitter`](Self::jitter) | 0.25 |
/// | [`timeout`](Self::timeout) | 2 hours; no query runs for more than 90 minutes |
/// | [`error_timeout`](Self::error_timeout) | 5 minutes |
///
/// ```
/// use std::time::Duration;
/// use stripe_reporting_runtime::Polling;
///
/// let polling = Polling::new().first_interval(Duration::from_secs(5)).timeout(Duration::from_secs(600));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Polling {
    first_interval: Duration,
    growth: f64,
    max_interval: Duration,
    jitter: f64,
    timeout: Duration,
    error_timeout: Duration,
}

impl Polling {
    /// Creates the default settings.
    pub fn new() -> Self {
        Self {
            first_interval: Duration::from_secs(1),
            growth: 1.5,
            max_interval: Duration::from_secs(30),
            jitter: 0.25,
            timeout: Duration::from_secs(2 * 60 * 60),
            error_timeout: Duration::from_secs(5 * 60),
        }
    }

    /// Sets the delay before the first poll.
    pub fn first_interval(mut self, interval: Duration) -> Self {
        self.first_interval = interval;
        self
    }

    /// Sets the factor by which the delay grows with each poll; at least 1.
    pub fn growth(mut self, factor: f64) -> Self {
        self.growth = factor;
        self
    }

    /// Sets the longest delay.
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = interval;
        self
    }

    /// Sets the part of each delay that is random, from 0 to 1: delays are shortened by up to this part, so that many
    /// clients do not poll at once.
    pub fn jitter(mut self, part: f64) -> Self {
        self.jitter = part;
        self
    }

    /// Sets how long to wait for the run in total. It is polled once more at the deadline.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long polls may fail in a row with transient errors, such as a refused connection, 429 or 500. After this
    /// time and one more poll, the wait ends with the last error; with zero, it ends with the first error.
    ///
    /// A poll fails after its own [retries](crate::RequestOptions::max_retries). The time is counted from the start of the
    /// first poll that fails, and reset by one that succeeds.
    pub fn error_timeout(mut self, timeout: Duration) -> Self {
        self.error_timeout = timeout;
        self
    }

    /// Returns the delay before the `n`-th poll, from 0.
    fn pause(&self, n: u32, random: Random) -> Duration {
        // NaN results in the longest delay.
        let growth = self.growth.max(1.0).powi(i32::try_from(n).unwrap_or(i32::MAX));
        let seconds = (self.first_interval.as_secs_f64() * growth).min(self.max_interval.as_secs_f64());
        let jitter = self.jitter.clamp(0.0, 1.0) * random().clamp(0.0, 1.0);
        let pause = Duration::try_from_secs_f64(seconds * (1.0 - jitter)).unwrap_or(self.max_interval);
        pause.max(SHORTEST_PAUSE)
    }
}

impl Default for Polling {
    fn default() -> Self {
        Self::new()
    }
}

/// The shortest delay, whatever is configured.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How long the poll at the deadline may take.
const LAST_POLL: Duration = Duration::from_secs(10);

/// The next step of a wait.
#[derive(Debug)]
pub(crate) enum Step<T> {
    Send(Box<Exchange<T>>),
    Sleep(Duration),
    Done(T),
}

/// A wait for a run.
pub(crate) struct Poll<T: Wait> {
    id: T::Id,
    config: Config,
    options: RequestOptions,
    retrieve_with: Option<RetrieveWith<T>>,
    polling: Polling,
    random: Random,
    on_poll: Option<OnPoll<T>>,
    last: Option<T>,
    /// Whether the last state is from a poll, and not from the caller.
    is_polled: bool,
    /// The polls that failed since the last success.
    outage: Option<Outage>,
    phase: Phase,
    /// `None` until the wait begins, and when an `Instant` cannot represent the deadline.
    deadline: Option<Instant>,
    polls: u32,
}

/// Polls that fail in a row.
struct Outage {
    /// When the wait ends with the error, unless a poll succeeds; `None` if an `Instant` cannot represent it.
    deadline: Option<Instant>,
    last_error: Error,
}

/// The state of a wait.
#[derive(Debug, Clone, Copy)]
enum Phase {
    New,
    /// A poll started at this time.
    Poll(Instant),
    PauseUntil(Instant),
    Over,
}

/// Called with the result of each poll.
pub(crate) type OnPoll<T> = Box<dyn FnMut(Result<&T, &Error>) + Send>;

/// Changes the request of each poll.
pub(crate) type RetrieveWith<T> = Box<dyn Fn(<T as Wait>::Retrieve) -> <T as Wait>::Retrieve + Send + Sync>;

impl<T: Wait> Poll<T> {
    /// Creates a wait for a run by its id, and its last state if that is known.
    pub(crate) fn new(id: T::Id, run: Option<T>, config: Config) -> Self {
        Self {
            id,
            config,
            options: RequestOptions::new(),
            retrieve_with: None,
            polling: Polling::new(),
            random: fastrand::f64,
            on_poll: None,
            last: run,
            is_polled: false,
            outage: None,
            phase: Phase::New,
            deadline: None,
            polls: 0,
        }
    }

    pub(crate) fn polling(&mut self) -> &mut Polling {
        &mut self.polling
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.options = options;
    }

    pub(crate) fn set_retrieve_with(&mut self, retrieve_with: RetrieveWith<T>) {
        self.retrieve_with = Some(retrieve_with);
    }

    pub(crate) fn set_on_poll(&mut self, on_poll: OnPoll<T>) {
        self.on_poll = Some(on_poll);
    }

    /// Returns what to do now.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step<T>, Error> {
        if matches!(self.phase, Phase::New) {
            self.deadline = now.checked_add(self.polling.timeout);
            if let Some(run) = &self.last {
                if let Some(on_poll) = &mut self.on_poll {
                    on_poll(Ok(run));
                }
                if !self.lacks_parameters() {
                    self.pause(now);
                }
            }
        }
        let lacks_parameters = self.lacks_parameters();
        if let Some(done) = self.last.take_if(|run| is_done(run) && !lacks_parameters) {
            return finish(done);
        }
        match self.phase {
            Phase::PauseUntil(due) if due > now => Ok(Step::Sleep(due.saturating_duration_since(now))),
            Phase::Over => Err(self.timed_out()),
            Phase::New | Phase::Poll(_) | Phase::PauseUntil(_) => {
                self.phase = Phase::Poll(now);
                let left = self.limits().map(|limit| limit.saturating_duration_since(now)).min();
                let request = T::retrieve_request(&self.id);
                let request = match &self.retrieve_with {
                    Some(retrieve_with) => retrieve_with(request),
                    None => request,
                };
                let exchange = Exchange::new(&request.with(self.options.clone()), &self.config)?
                    .within(left.unwrap_or(Duration::MAX).max(LAST_POLL));
                Ok(Step::Send(Box::new(exchange)))
            }
        }
    }

    /// Takes the result of a poll.
    pub(crate) fn on_response(&mut self, now: Instant, response: Result<Response<T>, Error>) -> Result<(), Error> {
        let result = response.map(|response| response.value);
        if let Some(on_poll) = &mut self.on_poll {
            on_poll(result.as_ref());
        }
        match result {
            Ok(run) => {
                self.last = Some(run);
                self.is_polled = true;
                self.outage = None;
            }
            Err(last_error) => {
                let begin = if let Phase::Poll(begin) = self.phase { begin } else { now };
                let deadline = match &self.outage {
                    Some(outage) => outage.deadline,
                    None => begin.checked_add(self.polling.error_timeout),
                };
                // The first poll by id fails like any request, since the id may be wrong.
                let is_over = self.last.is_none() || deadline.is_some_and(|deadline| now >= deadline);
                if is_over || !last_error.is_retryable() {
                    return Err(self.with_last_run(last_error));
                }
                self.outage = Some(Outage { deadline, last_error });
            }
        }
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            self.phase = Phase::Over;
        } else {
            self.pause(now);
        }
        Ok(())
    }

    /// Returns whether the run had succeeded before the wait, and is retrieved once with the parameters of its caller.
    fn lacks_parameters(&self) -> bool {
        let has_succeeded = self.last.as_ref().is_some_and(|run| run.run_state() == RunState::Succeeded);
        has_succeeded && !self.is_polled && self.retrieve_with.is_some()
    }

    /// Returns the times at which the wait ends.
    fn limits(&self) -> impl Iterator<Item = Instant> {
        [self.deadline, self.outage.as_ref().and_then(|outage| outage.deadline)].into_iter().flatten()
    }

    /// Pauses until the next poll is due, at most until the wait ends.
    fn pause(&mut self, now: Instant) {
        let due = now.checked_add(self.polling.pause(self.polls, self.random));
        self.polls = self.polls.saturating_add(1);
        let due = self.limits().chain(due).min().unwrap_or(now);
        self.phase = Phase::PauseUntil(due);
        if self.config.skips_delays() {
            self.skip(due.saturating_duration_since(now));
        }
    }

    /// Skips a pause, which counts as time of the wait.
    fn skip(&mut self, pause: Duration) {
        let earlier = |time: Instant| time.checked_sub(pause).unwrap_or(time);
        self.deadline = self.deadline.map(earlier);
        if let Some(outage) = &mut self.outage {
            outage.deadline = outage.deadline.map(earlier);
        }
        if let Phase::PauseUntil(due) = &mut self.phase {
            *due = earlier(*due);
        }
    }

    fn timed_out(&mut self) -> Error {
        let timeout = self.polling.timeout;
        let status = self.last.as_ref().map(T::status).unwrap_or_default();
        let what = if self.lacks_parameters() {
            format!("could not retrieve the `{status}` run within {timeout:?}")
        } else {
            format!("the run is still `{status}` after {timeout:?}")
        };
        let message = format!("{what}; help: resume with `Client::wait_for`");
        let error = self.with_last_run(Error::new(ErrorKind::WaitTimeout, message).retryable(true));
        match self.outage.take() {
            Some(outage) => error.with_source(outage.last_error),
            None => error,
        }
    }

    fn with_last_run(&mut self, error: Error) -> Error {
        match self.last.take() {
            Some(run) => error.with_run(run),
            None => error,
        }
    }
}

fn is_done<T: Wait>(run: &T) -> bool {
    matches!(run.run_state(), RunState::Succeeded | RunState::Failed | RunState::Canceled)
}

fn finish<T: Wait>(run: T) -> Result<Step<T>, Error> {
    let kind = match run.run_state() {
        RunState::Succeeded => return Ok(Step::Done(run)),
        RunState::Canceled => ErrorKind::RunCanceled,
        _ => ErrorKind::RunFailed,
    };
    let message = run.failure_message().or(run.failure_code()).unwrap_or("Stripe gave no reason").to_owned();
    Err(Error::new(kind, message).with_run(run))
}
