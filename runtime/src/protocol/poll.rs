//! Looking at a run until it is done.

use std::time::{Duration, Instant};

use super::exchange::Exchange;
use super::retry::Random;
use crate::{Answer, Config, Error, ErrorKind, Request, RequestOptions, RunState, Wait};

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
    Ask(Box<Exchange<T>>),
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
    /// None until it begins, and when it is further away than time can be told.
    deadline: Option<Instant>,
    polls: u32,
}

/// Polls that fail in a row.
struct Outage {
    /// When the wait ends with the error, unless a poll succeeds. None when that is further away than time can be told.
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
            Phase::Over => Err(self.out_of_time()),
            Phase::New | Phase::Poll(_) | Phase::PauseUntil(_) => {
                self.phase = Phase::Poll(now);
                let left = self.limits().map(|limit| limit.saturating_duration_since(now)).min();
                let request = T::retrieve_request(&self.id).with(self.options.clone());
                let exchange =
                    Exchange::new(&request, &self.config)?.within(left.unwrap_or(Duration::MAX).max(LAST_POLL));
                Ok(Step::Ask(Box::new(exchange)))
            }
        }
    }

    /// Takes what the poll came to.
    pub(crate) fn answered(&mut self, now: Instant, answer: Result<Answer<T>, Error>) -> Result<(), Error> {
        let result = answer.map(|answer| answer.value);
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

    fn out_of_time(&mut self) -> Error {
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::protocol::testing::{Run, answer};

    const SECOND: Duration = Duration::from_secs(1);

    fn poll(run: Option<Run>, polling: Polling) -> Poll<Run> {
        let mut poll = Poll::new("run_1".into(), run, Config::new("k"));
        *poll.polling() = polling;
        poll.random = || 0.0;
        poll
    }

    /// Waits with a clock that only sleeping moves; gives the seconds at which the run was polled, and the end.
    fn wait(poll: Poll<Run>, looks: impl FnMut(usize) -> Result<Answer<Run>, Error>) -> (Vec<u64>, Result<Run, Error>) {
        wait_slowly(poll, Duration::ZERO, looks)
    }

    /// The same where each poll takes some time, but no more than it may.
    fn wait_slowly(
        mut poll: Poll<Run>,
        each: Duration,
        mut looks: impl FnMut(usize) -> Result<Answer<Run>, Error>,
    ) -> (Vec<u64>, Result<Run, Error>) {
        let start = Instant::now();
        let (mut now, mut at) = (start, Vec::new());
        let end = loop {
            match poll.next(now) {
                Ok(Step::Sleep(pause)) => now += pause,
                Ok(Step::Ask(mut exchange)) => {
                    assert_eq!(exchange.uri().path(), "/v1/runs/run_1");
                    at.push((now - start).as_secs());
                    now += each.min(exchange.attempt(now).unwrap().limits.whole.unwrap());
                    if let Err(error) = poll.answered(now, looks(at.len())) {
                        break Err(error);
                    }
                }
                Ok(Step::Done(run)) => break Ok(run),
                Err(error) => break Err(error),
            }
        };
        (at, end)
    }

    fn status(status: &'static str) -> Result<Answer<Run>, Error> {
        answer(200, format!(r#"{{"id":"run_1","status":"{status}"}}"#))
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let polling = Polling::new().growth(2.0).max_interval(10 * SECOND);
        let looks = |look| status(if look < 7 { "running" } else { "succeeded" });
        let (at, end) = wait(poll(Some(Run::new("running")), polling), looks);
        assert_eq!(at, [1, 3, 7, 15, 25, 35, 45]);
        assert_eq!(end.unwrap().status, "succeeded");
    }

    #[test]
    fn an_id_is_looked_at_at_once_and_a_run_that_is_done_never() {
        let (at, end) = wait(poll(None, Polling::new()), |_| status("succeeded"));
        assert_eq!((at, end.unwrap().status.as_str()), (vec![0], "succeeded"));
        let (at, end) = wait(poll(Some(Run::new("succeeded")), Polling::new()), |_| unreachable!());
        assert!(at.is_empty() && end.is_ok());
        let (at, end) = wait(poll(Some(Run::new("failed")), Polling::new()), |_| unreachable!());
        assert!(at.is_empty());
        assert_eq!(end.unwrap_err().kind(), ErrorKind::RunFailed);
    }

    #[test]
    fn a_failed_run_is_an_error_that_holds_it() {
        let (_, end) = wait(poll(None, Polling::new()), |_| status("failed"));
        let error = end.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RunFailed);
        assert_eq!((error.run_id(), error.code()), (Some("run_1"), Some("internal_error")));
        assert_eq!(error.run::<Run>(), Some(&Run::new("failed")));
        assert_eq!(
            error.to_string(),
            "the run failed: something broke (code internal_error, run run_1, status failed)"
        );
        assert!(!error.is_retryable());
    }

    #[test]
    fn the_deadline_is_kept_with_one_last_look() {
        let polling = Polling::new().growth(1.0).first_interval(4 * SECOND).timeout(10 * SECOND);
        let (at, end) = wait(poll(None, polling), |_| status("running"));
        assert_eq!(at, [0, 4, 8, 10]);
        let error = end.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitTimeout);
        assert_eq!(error.run::<Run>().unwrap().status, "running");
        assert!(error.to_string().contains("after 10s it is `running`"), "{error}");

        let (at, end) = wait(poll(None, polling), |look| status(if look < 4 { "running" } else { "succeeded" }));
        assert_eq!((at.len(), end.is_ok()), (4, true), "the last look counts");
        let (at, end) = wait(poll(Some(Run::new("running")), polling.timeout(Duration::ZERO)), |_| status("running"));
        assert_eq!((at, end.is_err()), (vec![0], true), "there is a look even without time");
    }

    #[test]
    fn an_unknown_state_goes_on_and_is_told_at_the_deadline() {
        let polling = Polling::new().growth(1.0).timeout(3 * SECOND);
        let (at, end) = wait(poll(None, polling), |_| status("pondering"));
        assert_eq!(at, [0, 1, 2, 3]);
        assert_eq!(end.unwrap_err().run_status(), Some("pondering"));
    }

    #[test]
    fn what_may_pass_does_not_end_it_and_what_stays_does() {
        let polling = Polling::new().growth(1.0);
        let looks = |look| match look {
            1 => status("running"),
            2..5 => Err(Error::new(ErrorKind::Connection, "gone").retryable(true)),
            _ => status("succeeded"),
        };
        let (at, end) = wait(poll(None, polling), looks);
        assert_eq!((at, end.is_ok()), (vec![0, 1, 2, 3, 4], true));

        let (at, end) =
            wait(poll(None, polling), |_| answer::<Run>(404, "{}").and_then(|_| Err(Error::new(ErrorKind::Api, "no"))));
        assert_eq!((at.len(), end.unwrap_err().kind()), (1, ErrorKind::Api));

        let (_, end) = wait(poll(Some(Run::new("running")), polling.timeout(2 * SECOND)), |_| gone());
        let error = end.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitTimeout);
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection failed: gone");
    }

    fn gone() -> Result<Answer<Run>, Error> {
        Err(Error::new(ErrorKind::Connection, "gone").retryable(true))
    }

    #[test]
    fn the_first_retrieval_of_an_id_fails_as_any_request_does() {
        let (at, end) = wait(poll(None, Polling::new()), |_| gone());
        let error = end.unwrap_err();
        assert_eq!((at, error.kind(), error.run_id()), (vec![0], ErrorKind::Connection, None));
        assert_eq!(error.to_string(), "connection failed: gone");
        let polls = |poll| match poll {
            1 => status("running"),
            2 => gone(),
            _ => status("succeeded"),
        };
        let (at, end) = wait(poll(None, Polling::new().growth(1.0)), polls);
        assert_eq!((at, end.is_ok()), (vec![0, 1, 2], true), "a run that is known may be out of reach for a while");
    }

    #[test]
    fn polls_that_do_nothing_but_fail_end_it_with_the_last_error() {
        let running = || Some(Run::new("running"));
        let polling = Polling::new().growth(1.0).first_interval(7 * SECOND).error_timeout(20 * SECOND);
        let (at, end) = wait(poll(running(), polling), |_| gone());
        assert_eq!(at, [7, 14, 21, 27], "20 seconds from the first failure, and one more poll then");
        let error = end.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Connection, true));
        assert_eq!(error.run::<Run>(), Some(&Run::new("running")), "the last state is not lost");

        let rate_limit = |_| Err(Error::api_error(http::StatusCode::TOO_MANY_REQUESTS, None, b"{}"));
        let (at, end) = wait(poll(running(), Polling::new().jitter(0.0)), rate_limit);
        assert_eq!((*at.first().unwrap(), *at.last().unwrap()), (1, 301), "5 minutes unless it is set");
        assert_eq!(end.unwrap_err().status(), Some(http::StatusCode::TOO_MANY_REQUESTS));

        let polls = |poll| if poll % 3 == 0 { status("running") } else { gone() };
        let (at, end) = wait(poll(running(), polling.timeout(100 * SECOND)), polls);
        assert_eq!(
            (*at.last().unwrap(), end.unwrap_err().kind()),
            (100, ErrorKind::WaitTimeout),
            "a success resets it"
        );

        let (at, end) = wait(poll(running(), polling.error_timeout(Duration::ZERO)), |_| gone());
        assert_eq!((at, end.unwrap_err().kind()), (vec![7], ErrorKind::Connection));
        let (at, _) = wait(poll(running(), polling.error_timeout(Duration::MAX).timeout(50 * SECOND)), |_| gone());
        assert_eq!(at.last(), Some(&50));
    }

    #[test]
    fn polls_that_take_long_are_part_of_the_error_timeout() {
        let polling = Polling::new().growth(1.0).error_timeout(100 * SECOND);
        let (at, end) = wait_slowly(poll(Some(Run::new("running")), polling), 70 * SECOND, |_| gone());
        assert_eq!(at, [1, 72], "the second poll has 29 seconds left");
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Connection);
    }

    #[test]
    fn polls_are_reported_with_their_errors() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let watched = |run, polling| {
            let (mut poll, seen) = (poll(run, polling), seen.clone());
            poll.set_on_poll(Box::new(move |result| {
                let text = result.map_or_else(Error::to_string, |run| run.status.clone());
                seen.lock().unwrap().push(text);
            }));
            poll
        };
        let polls = |poll| match poll {
            1 => Err(Error::new(ErrorKind::Timeout, "slow").retryable(true)),
            2 => status("running"),
            _ => status("failed"),
        };
        wait(watched(Some(Run::new("running")), Polling::new()), polls).1.unwrap_err();
        assert_eq!(*seen.lock().unwrap(), ["running", "timed out: slow", "running", "failed"]);
        seen.lock().unwrap().clear();
        wait(watched(None, Polling::new()), |_| gone()).1.unwrap_err();
        assert_eq!(*seen.lock().unwrap(), ["connection failed: gone"], "the last error, too");
    }

    #[test]
    fn odd_settings_are_survived() {
        for growth in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            for jitter in [f64::NAN, f64::INFINITY, -1.0, 7.0] {
                for interval in [Duration::ZERO, Duration::MAX] {
                    let polling = Polling::new().growth(growth).jitter(jitter).first_interval(interval);
                    for n in [0, 1, 1000, u32::MAX] {
                        let pause = polling.pause(n, || 1.0);
                        assert!(pause >= SHORTEST_PAUSE && pause <= polling.max_interval, "{polling:?}: {pause:?}");
                    }
                }
            }
        }
        let mut endless = poll(None, Polling::new().timeout(Duration::MAX).max_interval(Duration::MAX));
        assert!(matches!(endless.next(Instant::now()), Ok(Step::Ask(_))));
        endless.answered(Instant::now(), status("running")).unwrap();
        assert!(matches!(endless.next(Instant::now()), Ok(Step::Sleep(_))));
    }
}
