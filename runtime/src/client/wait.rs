//! Waiting for runs.

use std::time::Instant;

use super::{BoxFuture, Client};
use crate::protocol::poll::{Poll, Step};
use crate::shared::{opaque_debug, waiting_methods};
use crate::{Error, Wait};

/// A wait for a run, which polls it while awaited; created by [`Client::wait`].
#[must_use = "the run is polled when this is awaited"]
pub struct Waiting<T: Wait> {
    client: Client,
    poll: Poll<T>,
}

impl<T: Wait> Waiting<T> {
    waiting_methods!("client::Waiting");
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
                    Step::Sleep(delay) => super::sleep(delay).await?,
                    Step::Done(run) => return Ok(run),
                }
            }
        })
    }
}

opaque_debug!(Waiting<T: Wait>);
