//! A list that is being read: a [`Pager`] until the list ends or fails, then nothing. The clients use it, not the pager.

use super::exchange::Exchange;
use super::items::Fetched;
use super::pager::{Pager, Read};
use crate::{Config, Error, ListRequest, Response};

/// A list that is being read. After an error, it has ended.
pub(crate) struct Listing<R: ListRequest>(Option<Result<Pager<R>, Error>>);

impl<R: ListRequest> Listing<R> {
    /// Creates a list; an invalid request is reported by [`Self::next`].
    pub(crate) fn new(request: &R, config: &Config) -> Self {
        Self(Some(Pager::new(request, config)))
    }

    /// Changes where the list starts, or its direction; an error is reported by [`Self::next`].
    pub(crate) fn configure(&mut self, change: impl FnOnce(&mut Pager<R>) -> Result<(), Error>) {
        if let Some(Ok(pager)) = &mut self.0
            && let Err(error) = change(pager)
        {
            self.fail(error);
        }
    }

    /// Returns the request for the next page, once; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Exchange<Fetched<R>>>, Error> {
        match &mut self.0 {
            Some(Ok(pager)) => Ok(pager.next()),
            ended => ended.take().transpose().map(|_| None),
        }
    }

    /// Returns the request for the next page without taking it.
    #[cfg(feature = "blocking")]
    pub(crate) fn peek(&self) -> Option<&Exchange<Fetched<R>>> {
        self.0.as_ref()?.as_ref().ok()?.peek()
    }

    /// Reads a page, and prepares the request for the next one.
    pub(crate) fn read<P>(
        &mut self,
        response: Result<Response<Fetched<R>>, Error>,
        read: Read<R, P>,
    ) -> Result<Option<P>, Error> {
        let Some(mut pager) = self.0.take().transpose()? else { return Ok(None) };
        let page = read(&mut pager, response?)?;
        self.0 = Some(Ok(pager));
        Ok(Some(page))
    }

    /// Reports this error in place of the next page.
    pub(crate) fn fail(&mut self, error: Error) {
        self.0 = Some(Err(error));
    }
}
