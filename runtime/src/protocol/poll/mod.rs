//! Looking at a run until it is done.

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use super::exchange::Exchange;
use super::retry::Random;
use crate::{Config, Error, ErrorKind, Request, RequestOptions, Response, RunState, Wait};

/// How often to poll a run, and for how long.
///
/// The first poll follows after 1 second, each pause is half as long again as the one before, up to 30 seconds, and is
/// shortened by up to a quarter at random, so that many clients do not poll at once. After 2 hours the wait is over: no
/// query runs for longer than 90 minutes. Transient errors do not end the wait, unless polls do nothing but fail for
/// 5 minutes.
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
    /// As above.
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

    /// The pause before the first poll.
    pub fn first_interval(mut self, interval: Duration) -> Self {
        self.first_interval = interval;
        self
    }

    /// How much longer each pause is than the one before: 1 keeps them all the same. Less than 1 counts as 1.
    pub fn growth(mut self, factor: f64) -> Self {
        self.growth = factor;
        self
    }

    /// The longest pause.
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = interval;
        self
    }

    /// How much of a pause may be left out at random, from 0 to 1.
    pub fn jitter(mut self, part: f64) -> Self {
        self.jitter = part;
        self
    }

    /// How long to wait for the run in all. At the deadline it is polled once more.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long polls may fail in a row, with errors that are transient: nobody listens, 429, 500. A poll that succeeds
    /// starts the time anew; after it, and one more poll, the wait ends with the last error. 5 minutes by default, which
    /// survives the restart of a network; with zero, the first poll that fails ends the wait.
    ///
    /// It is counted from the start of the first poll that failed, after its own
    /// [retries](crate::RequestOptions::max_retries).
    pub fn error_timeout(mut self, timeout: Duration) -> Self {
        self.error_timeout = timeout;
        self
    }

    /// The pause before the `n`-th poll, from 0.
    fn pause(&self, n: u32, random: Random) -> Duration {
        // What NaN makes of it is no time, and counts as the longest pause.
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

/// Whatever is configured, the server is not asked more often.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How long the poll at the deadline may take.
const LAST_POLL: Duration = Duration::from_secs(10);

/// What to do now.
#[derive(Debug)]
pub(crate) enum Step<T> {
    Send(Box<Exchange<T>>),
    Sleep(Duration),
    Done(T),
}

/// A run that is waited for.
pub(crate) struct Poll<T: Wait> {
    id: T::Id,
    config: Config,
    options: RequestOptions,
    polling: Polling,
    random: Random,
    on_poll: Option<OnPoll<T>>,
    last: Option<T>,
    /// The polls that failed since the last one that did not.
    outage: Option<Outage>,
    phase: Phase,
    /// `None` until the wait begins, and when an `Instant` cannot represent the deadline.
    deadline: Option<Instant>,
    polls: u32,
}

/// Polls that fail in a row.
struct Outage {
    /// When the wait ends with the error, unless a poll succeeds; `None` when an `Instant` cannot represent it.
    deadline: Option<Instant>,
    last_error: Error,
}

/// What a wait is at.
#[derive(Debug, Clone, Copy)]
enum Phase {
    New,
    /// A poll is being made since then.
    Poll(Instant),
    PauseUntil(Instant),
    Over,
}

/// Called with what each poll came to.
pub(crate) type OnPoll<T> = Box<dyn FnMut(Result<&T, &Error>) + Send>;

impl<T: Wait> Poll<T> {
    /// A run by its id, and its state if that is known.
    pub(crate) fn new(id: T::Id, run: Option<T>, config: Config) -> Self {
        Self {
            id,
            config,
            options: RequestOptions::new(),
            polling: Polling::new(),
            random: fastrand::f64,
            on_poll: None,
            last: run,
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

    pub(crate) fn set_on_poll(&mut self, on_poll: OnPoll<T>) {
        self.on_poll = Some(on_poll);
    }

    /// What to do now.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step<T>, Error> {
        if matches!(self.phase, Phase::New) {
            self.deadline = now.checked_add(self.polling.timeout);
            if let Some(run) = &self.last {
                if let Some(on_poll) = &mut self.on_poll {
                    on_poll(Ok(run));
                }
                self.pause(now);
            }
        }
        if let Some(done) = self.last.take_if(|run| matches!(run.run_state(), RunState::Succeeded | RunState::Failed)) {
            return finish(done);
        }
        match self.phase {
            Phase::PauseUntil(due) if due > now => Ok(Step::Sleep(due.saturating_duration_since(now))),
            Phase::Over => Err(self.timed_out()),
            Phase::New | Phase::Poll(_) | Phase::PauseUntil(_) => {
                self.phase = Phase::Poll(now);
                let left = self.limits().map(|limit| limit.saturating_duration_since(now)).min();
                let request = T::retrieve_request(&self.id).with(self.options.clone());
                let exchange =
                    Exchange::new(&request, &self.config)?.within(left.unwrap_or(Duration::MAX).max(LAST_POLL));
                Ok(Step::Send(Box::new(exchange)))
            }
        }
    }

    /// Takes what the poll came to.
    pub(crate) fn on_response(&mut self, now: Instant, response: Result<Response<T>, Error>) -> Result<(), Error> {
        let result = response.map(|response| response.value);
        if let Some(on_poll) = &mut self.on_poll {
            on_poll(result.as_ref());
        }
        match result {
            Ok(run) => {
                self.last = Some(run);
                self.outage = None;
            }
            Err(last_error) => {
                let begin = if let Phase::Poll(begin) = self.phase { begin } else { now };
                let deadline = match &self.outage {
                    Some(outage) => outage.deadline,
                    None => begin.checked_add(self.polling.error_timeout),
                };
                // Whether the id leads anywhere shows at the first poll: it fails as any request does.
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

    /// The points of time at which the wait ends.
    fn limits(&self) -> impl Iterator<Item = Instant> {
        [self.deadline, self.outage.as_ref().and_then(|outage| outage.deadline)].into_iter().flatten()
    }

    /// Until the next poll is due: at the end of the wait at the latest.
    fn pause(&mut self, now: Instant) {
        let due = now.checked_add(self.polling.pause(self.polls, self.random));
        self.polls = self.polls.saturating_add(1);
        self.phase = Phase::PauseUntil(self.limits().chain(due).min().unwrap_or(now));
    }

    fn timed_out(&mut self) -> Error {
        let status = self.last.as_ref().map(T::status).unwrap_or_default();
        let timeout = self.polling.timeout;
        let message = format!("after {timeout:?} it is `{status}`; it can be waited for again by its id");
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

fn finish<T: Wait>(run: T) -> Result<Step<T>, Error> {
    if run.run_state() == RunState::Succeeded {
        return Ok(Step::Done(run));
    }
    let message = run.failure_message().or(run.failure_code()).unwrap_or("Stripe gives no reason").to_owned();
    Err(Error::new(ErrorKind::RunFailed, message).with_run(run))
}
