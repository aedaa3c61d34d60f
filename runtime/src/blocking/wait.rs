//! Waiting for runs.

use std::time::Instant;

use super::Client;
use crate::protocol::poll::{Poll, Step};
use crate::shared::{opaque_debug, waiting_methods};
use crate::{Error, Wait};

/// A wait for a run; created by [`Client::wait`].
#[must_use = "the run is polled by `until_done`"]
pub struct Waiting<T: Wait> {
    client: Client,
    poll: Poll<T>,
}

impl<T: Wait> Waiting<T> {
    waiting_methods!("blocking::Waiting");

    /// Polls the run until it is done, and returns it if it succeeded.
    ///
    /// # Errors
    ///
    /// - [`RunFailed`](crate::ErrorKind::RunFailed) if the run failed;
    /// - [`RunCanceled`](crate::ErrorKind::RunCanceled) if the run was canceled;
    /// - [`WaitTimeout`](crate::ErrorKind::WaitTimeout) if it is not done within the [`timeout`](Self::timeout);
    /// - those of [`Client::send`]; transient ones only after polls have failed for the
    ///   [`error_timeout`](crate::Polling::error_timeout).
    pub fn until_done(mut self) -> Result<T, Error> {
        loop {
            match self.poll.next(Instant::now())? {
                Step::Send(exchange) => {
                    let response = self.client.exchange(*exchange);
                    self.poll.on_response(Instant::now(), response)?;
                }
                Step::Sleep(delay) => std::thread::sleep(delay),
                Step::Done(run) => return Ok(run),
            }
        }
    }
}

opaque_debug!(Waiting<T: Wait>);
