use std::sync::{Arc, Mutex};

use super::*;
use crate::RawRequest;
use crate::protocol::testing::{Run, response};

const SECOND: Duration = Duration::from_secs(1);

fn poll(run: Option<Run>, polling: Polling) -> Poll<Run> {
    let mut poll = Poll::new("run_1".into(), run, Config::new("k"));
    *poll.polling() = polling;
    poll.random = || 0.0;
    poll
}

/// Waits with a clock that only sleeping advances; returns the seconds of the polls, and the result.
fn wait(poll: Poll<Run>, polls: impl FnMut(usize) -> Result<Response<Run>, Error>) -> (Vec<u64>, Result<Run, Error>) {
    wait_slowly(poll, Duration::ZERO, polls)
}

/// The same with polls that take some time, within their limits.
fn wait_slowly(
    mut poll: Poll<Run>,
    each: Duration,
    mut polls: impl FnMut(usize) -> Result<Response<Run>, Error>,
) -> (Vec<u64>, Result<Run, Error>) {
    let start = Instant::now();
    let (mut now, mut at) = (start, Vec::new());
    let end = loop {
        match poll.next(now) {
            Ok(Step::Sleep(pause)) => now += pause,
            Ok(Step::Send(mut exchange)) => {
                assert_eq!(exchange.uri().path(), "/v1/runs/run_1");
                at.push((now - start).as_secs());
                now += each.min(exchange.attempt(now).unwrap().limits.whole.unwrap());
                if let Err(error) = poll.on_response(now, polls(at.len())) {
                    break Err(error);
                }
            }
            Ok(Step::Done(run)) => break Ok(run),
            Err(error) => break Err(error),
        }
    };
    (at, end)
}

fn status(status: &'static str) -> Result<Response<Run>, Error> {
    response(200, format!(r#"{{"id":"run_1","status":"{status}"}}"#))
}

#[test]
fn pauses_grow_up_to_a_bound() {
    let polling = Polling::new().growth(2.0).max_interval(10 * SECOND);
    let polls = |poll| status(if poll < 7 { "running" } else { "succeeded" });
    let (at, end) = wait(poll(Some(Run::new("running")), polling), polls);
    assert_eq!(at, [1, 3, 7, 15, 25, 35, 45]);
    assert_eq!(end.unwrap().status, "succeeded");
}

#[test]
fn polls_once_more_at_the_deadline() {
    let polling = Polling::new().growth(1.0).first_interval(4 * SECOND).timeout(10 * SECOND);
    let (at, end) = wait(poll(None, polling), |_| status("running"));
    assert_eq!(at, [0, 4, 8, 10]);
    let error = end.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert_eq!(error.run::<Run>().unwrap().status, "running");
    assert!(error.to_string().contains("the run is still `running` after 10s"), "{error}");

    let (at, end) = wait(poll(None, polling), |poll| status(if poll < 4 { "running" } else { "succeeded" }));
    assert_eq!((at.len(), end.is_ok()), (4, true), "the last poll counts");
    let (at, end) = wait(poll(Some(Run::new("running")), polling.timeout(Duration::ZERO)), |_| status("running"));
    assert_eq!((at, end.is_err()), (vec![0], true), "polls once even with a zero timeout");
}

#[test]
fn keeps_polling_an_unknown_state_until_the_deadline() {
    let polling = Polling::new().growth(1.0).timeout(3 * SECOND);
    let (at, end) = wait(poll(None, polling), |_| status("pondering"));
    assert_eq!(at, [0, 1, 2, 3]);
    assert_eq!(end.unwrap_err().run_status(), Some("pondering"));
}

#[test]
fn a_timeout_has_the_last_error_as_its_source() {
    let polling = Polling::new().growth(1.0).timeout(2 * SECOND);
    let (_, end) = wait(poll(Some(Run::new("running")), polling), |_| gone());
    let error = end.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection failed: gone");
}

#[test]
fn a_canceled_run_is_an_error_of_its_own_kind() {
    let (at, end) = wait(poll(None, Polling::new()), |poll| status(if poll < 2 { "running" } else { "canceled" }));
    let error = end.unwrap_err();
    assert_eq!((at.len(), error.kind(), error.run_status()), (2, ErrorKind::RunCanceled, Some("canceled")));
    assert_eq!(error.run_canceled_at(), Some(crate::Timestamp::UNIX_EPOCH));
    assert_eq!(
        error.to_string(),
        "the run was canceled: Stripe gave no reason (run run_1, status canceled, canceled at 1970-01-01T00:00:00Z)"
    );
    let (at, end) = wait(poll(Some(Run::new("canceled")), Polling::new()), |_| status("running"));
    assert_eq!((at.len(), end.unwrap_err().kind()), (0, ErrorKind::RunCanceled));
}

/// A wait whose polls have a parameter.
fn poll_with_include(run: Option<Run>, polling: Polling) -> Poll<Run> {
    let mut poll = poll(run, polling);
    poll.set_retrieve_with(Box::new(|_| RawRequest::get("/v1/runs/run_1?include=size").response_type()));
    poll
}

#[test]
fn a_run_that_has_succeeded_is_retrieved_once_with_the_parameters() {
    let succeeded = || Some(Run::new("succeeded"));
    let with = |polls: fn(usize) -> Result<Response<Run>, Error>, polling: Polling| {
        wait(poll_with_include(succeeded(), polling), polls)
    };
    let (at, end) = with(|_| response(200, r#"{"id":"run_1","status":"succeeded","size":7}"#), Polling::new());
    assert_eq!((at, end.unwrap().size), (vec![0], Some(7)), "at once, and what it returns");
    let (at, end) = with(|poll| if poll < 3 { gone() } else { status("succeeded") }, Polling::new().growth(1.0));
    assert_eq!((at, end.is_ok()), (vec![0, 1, 2], true), "transient errors do not end it");
    let (at, end) = with(|poll| status(if poll < 2 { "running" } else { "succeeded" }), Polling::new());
    assert_eq!((at, end.is_ok()), (vec![0, 1], true), "its new state counts");

    let (at, end) = with(|_| gone(), Polling::new().timeout(Duration::ZERO));
    let error = end.unwrap_err();
    assert_eq!((at, error.kind(), error.run_status()), (vec![0], ErrorKind::WaitTimeout, Some("succeeded")));
    assert!(error.to_string().contains("could not retrieve the `succeeded` run within 0ns"), "{error}");

    for (state, kind) in [("failed", ErrorKind::RunFailed), ("canceled", ErrorKind::RunCanceled)] {
        let (at, end) = wait(poll_with_include(Some(Run::new(state)), Polling::new()), |_| status("running"));
        assert_eq!((at.len(), end.unwrap_err().kind()), (0, kind), "its error is known");
    }
}

fn gone() -> Result<Response<Run>, Error> {
    Err(Error::new(ErrorKind::Connection, "gone").retryable(true))
}

#[test]
fn gives_up_with_the_last_error_after_the_error_timeout() {
    let running = || Some(Run::new("running"));
    let polling = Polling::new().growth(1.0).first_interval(7 * SECOND).error_timeout(20 * SECOND);
    let (at, end) = wait(poll(running(), polling), |_| gone());
    assert_eq!(at, [7, 14, 21, 27], "20 seconds from the first failure, and one more poll");
    let error = end.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Connection, true));
    assert_eq!(error.run::<Run>(), Some(&Run::new("running")), "the last state is preserved");

    let rate_limit = |_| Err(Error::api_error(http::StatusCode::TOO_MANY_REQUESTS, None, b"{}"));
    let (at, end) = wait(poll(running(), Polling::new().jitter(0.0)), rate_limit);
    assert_eq!((*at.first().unwrap(), *at.last().unwrap()), (1, 301), "5 minutes by default");
    assert_eq!(end.unwrap_err().status(), Some(http::StatusCode::TOO_MANY_REQUESTS));

    let polls = |poll| if poll % 3 == 0 { status("running") } else { gone() };
    let (at, end) = wait(poll(running(), polling.timeout(100 * SECOND)), polls);
    assert_eq!((*at.last().unwrap(), end.unwrap_err().kind()), (100, ErrorKind::WaitTimeout), "a success resets it");

    let (at, end) = wait(poll(running(), polling.error_timeout(Duration::ZERO)), |_| gone());
    assert_eq!((at, end.unwrap_err().kind()), (vec![7], ErrorKind::Connection));
    let (at, _) = wait(poll(running(), polling.error_timeout(Duration::MAX).timeout(50 * SECOND)), |_| gone());
    assert_eq!(at.last(), Some(&50));
}

#[test]
fn slow_polls_count_towards_the_error_timeout() {
    let polling = Polling::new().growth(1.0).error_timeout(100 * SECOND);
    let (at, end) = wait_slowly(poll(Some(Run::new("running")), polling), 70 * SECOND, |_| gone());
    assert_eq!(at, [1, 72], "the second poll has 29 seconds left");
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Connection);
}

#[test]
fn reports_polls_with_their_errors() {
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
fn extreme_settings_do_not_panic() {
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
    assert!(matches!(endless.next(Instant::now()), Ok(Step::Send(_))));
    endless.on_response(Instant::now(), status("running")).unwrap();
    assert!(matches!(endless.next(Instant::now()), Ok(Step::Sleep(_))));
}
