//! Looking at a run until it is done.

use std::time::{Duration, Instant};

use super::exchange::{Exchange, RawAnswer};
use super::retry::Random;
use crate::{Config, Error, ErrorKind, Request, RequestOptions, RunState, Wait};

/// How often to look at a run, and for how long.
///
/// The first look follows after 1 second, each pause is half as long again as the one before, up to 30 seconds, and is
/// shortened by up to a quarter at random, so that many clients do not ask at once. After 2 hours the wait is over: no
/// query runs for longer than 90 minutes.
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
        }
    }

    /// The pause before the first look.
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

    /// How long to wait for the run in all. At the deadline it is looked at once more.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The pause before the `n`-th look, from 0.
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

/// How long the look at the deadline may take.
const LAST_LOOK: Duration = Duration::from_secs(10);

/// What to do now.
#[derive(Debug)]
pub(crate) enum Step<T> {
    Ask(Box<Exchange>),
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
    on_state: Option<OnState<T>>,
    last: Option<T>,
    /// The error of the last look, when it may pass.
    trouble: Option<Error>,
    phase: Phase,
    /// None until it begins, and when it is further away than time can be told.
    deadline: Option<Instant>,
    looks: u32,
}

/// What a wait is at.
#[derive(Debug, Clone, Copy)]
enum Phase {
    New,
    Look,
    PauseUntil(Instant),
    Over,
}

/// Called with each state that came.
pub(crate) type OnState<T> = Box<dyn FnMut(&T) + Send>;

impl<T: Wait + Send + Sync + 'static> Poll<T> {
    /// A run by its id, and its state if that is known.
    pub(crate) fn new(id: T::Id, run: Option<T>, config: Config) -> Self {
        Self {
            id,
            config,
            options: RequestOptions::new(),
            polling: Polling::new(),
            random: fastrand::f64,
            on_state: None,
            last: run,
            trouble: None,
            phase: Phase::New,
            deadline: None,
            looks: 0,
        }
    }

    pub(crate) fn polling(&mut self) -> &mut Polling {
        &mut self.polling
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.options = options;
    }

    pub(crate) fn set_on_state(&mut self, on_state: OnState<T>) {
        self.on_state = Some(on_state);
    }

    /// What to do now.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step<T>, Error> {
        if matches!(self.phase, Phase::New) {
            self.deadline = now.checked_add(self.polling.timeout);
            self.phase = Phase::Look;
            if self.last.is_some() {
                self.tell();
                self.pause(now);
            }
        }
        if let Some(done) = self.last.take_if(|run| matches!(run.run_state(), RunState::Succeeded | RunState::Failed)) {
            return finish(done);
        }
        match self.phase {
            Phase::PauseUntil(due) if due > now => Ok(Step::Sleep(due.saturating_duration_since(now))),
            Phase::Over => Err(self.out_of_time()),
            Phase::New | Phase::Look | Phase::PauseUntil(_) => {
                self.phase = Phase::Look;
                let left = self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now));
                let request = T::retrieve_request(&self.id).with(self.options.clone());
                let exchange = Exchange::new(&request, &self.config)?.within(left.max(LAST_LOOK));
                Ok(Step::Ask(Box::new(exchange)))
            }
        }
    }

    /// Takes what the look came to.
    pub(crate) fn answered(&mut self, now: Instant, answer: Result<RawAnswer, Error>) -> Result<(), Error> {
        match answer.and_then(RawAnswer::decode::<T>) {
            Ok(answer) => {
                self.last = Some(answer.value);
                self.trouble = None;
                self.tell();
            }
            Err(error) if error.is_retryable() => self.trouble = Some(error),
            Err(error) => return Err(error),
        }
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            self.phase = Phase::Over;
        } else {
            self.pause(now);
        }
        Ok(())
    }

    fn tell(&mut self) {
        if let (Some(on_state), Some(run)) = (&mut self.on_state, &self.last) {
            on_state(run);
        }
    }

    /// Until the next look is due: at the deadline at the latest.
    fn pause(&mut self, now: Instant) {
        let due = now.checked_add(self.polling.pause(self.looks, self.random));
        self.looks = self.looks.saturating_add(1);
        let due = [due, self.deadline].into_iter().flatten().min();
        self.phase = Phase::PauseUntil(due.unwrap_or(now));
    }

    fn out_of_time(&mut self) -> Error {
        let timeout = self.polling.timeout;
        let message = match &self.last {
            Some(run) => format!("after {timeout:?} it is `{}`; it can be waited for again by its id", run.status()),
            None => format!("in {timeout:?} it could not be looked at"),
        };
        let mut error = Error::new(ErrorKind::WaitTimeout, message).retryable(true);
        if let Some(run) = self.last.take() {
            error = error.with_run(run);
        }
        match self.trouble.take() {
            Some(trouble) => error.with_source(trouble),
            None => error,
        }
    }
}

fn finish<T: Wait + Send + Sync + 'static>(run: T) -> Result<Step<T>, Error> {
    if run.run_state() == RunState::Succeeded {
        return Ok(Step::Done(run));
    }
    let message = run.failure_message().or(run.failure_code()).unwrap_or("Stripe gives no reason").to_owned();
    Err(Error::new(ErrorKind::RunFailed, message).with_run(run))
}
