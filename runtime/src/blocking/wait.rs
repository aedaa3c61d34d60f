//! Waiting for runs.

use std::fmt;
use std::time::{Duration, Instant};

use super::Client;
use crate::protocol::poll::{Poll, Step};
use crate::{Error, Polling, RequestOptions, Wait};

/// A wait for a run; made by [`Client::wait`].
#[must_use = "nothing is waited for until `until_done`"]
pub struct Waiting<T: Wait> {
    client: Client,
    poll: Poll<T>,
}

impl<T: Wait> Waiting<T> {
    pub(super) fn new(client: Client, poll: Poll<T>) -> Self {
        Self { client, poll }
    }

    /// How long to wait in all; 2 hours unless it is set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        let polling = self.poll.polling();
        *polling = polling.timeout(timeout);
        self
    }

    /// How often to poll, for how long, and for how long polls may fail.
    pub fn polling(mut self, polling: Polling) -> Self {
        *self.poll.polling() = polling;
        self
    }

    /// Options for each poll, such as the account that it belongs to.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.poll.set_options(options);
        self
    }

    /// Calls back with the result of each poll: the run, or the error of a poll that failed, the last one too. A run that
    /// is known when the wait begins is the first.
    ///
    /// ```
    /// # use stripe_reporting_runtime::{Wait, blocking::Waiting};
    /// # fn example<T: Wait>(waiting: Waiting<T>) -> Waiting<T> {
    /// waiting.on_poll(|poll| match poll {
    ///     Ok(run) => println!("{} is {}", run.id().as_ref(), run.status()),
    ///     Err(error) => eprintln!("the poll failed: {error}"),
    /// })
    /// # }
    /// ```
    pub fn on_poll(mut self, on_poll: impl FnMut(Result<&T, &Error>) + Send + 'static) -> Self {
        self.poll.set_on_poll(Box::new(on_poll));
        self
    }

    /// Waits, and gives the run when it succeeded.
    ///
    /// # Errors
    ///
    /// [`RunFailed`](crate::ErrorKind::RunFailed) when the run failed, [`WaitTimeout`](crate::ErrorKind::WaitTimeout)
    /// when it is not done in time, or like [`Client::send`]; transient errors do not end the wait until polls have failed
    /// for the [`error_timeout`](Polling::error_timeout).
    pub fn until_done(mut self) -> Result<T, Error> {
        loop {
            match self.poll.next(Instant::now())? {
                Step::Send(exchange) => {
                    let response = self.client.exchange(*exchange);
                    self.poll.on_response(Instant::now(), response)?;
                }
                Step::Sleep(pause) => std::thread::sleep(pause),
                Step::Done(run) => return Ok(run),
            }
        }
    }
}

impl<T: Wait> fmt::Debug for Waiting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
