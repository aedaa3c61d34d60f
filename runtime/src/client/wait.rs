//! Waiting for runs.

use std::fmt;
use std::time::{Duration, Instant};

use super::{BoxFuture, Client};
use crate::protocol::poll::{Poll, Step};
use crate::{Error, Polling, RequestOptions, Wait};

/// A wait for a run, to be awaited; made by [`Client::wait`].
#[must_use = "nothing is waited for until it is awaited"]
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
    /// # use stripe_reporting_runtime::{Wait, client::Waiting};
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
}

impl<T: Wait> IntoFuture for Waiting<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            loop {
                match self.poll.next(Instant::now())? {
                    Step::Send(exchange) => {
                        let response = self.client.exchange(*exchange).await;
                        self.poll.on_response(Instant::now(), response)?;
                    }
                    Step::Sleep(pause) => super::sleep(pause).await?,
                    Step::Done(run) => return Ok(run),
                }
            }
        })
    }
}

impl<T: Wait> fmt::Debug for Waiting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
