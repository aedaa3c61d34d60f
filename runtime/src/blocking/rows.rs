//! Inline rows as an iterator.

use serde::de::DeserializeOwned;

use super::Client;
use crate::Error;
use crate::protocol::rows::{RowReader, Step};
use crate::shared::{opaque_debug, rows_methods};

/// An iterator over the inline rows of a run; created by [`Client::rows`].
///
/// It ends after an error.
#[must_use = "the first page is requested when it is read"]
pub struct Rows<T> {
    client: Client,
    reader: RowReader<T>,
}

impl<T: DeserializeOwned> Rows<T> {
    rows_methods!();

    pub(super) fn new(client: Client, reader: RowReader<T>) -> Self {
        Self { client, reader }
    }

    /// Returns the next row; `None` at the end.
    ///
    #[doc = include_str!("../shared/rows_errors.md")]
    pub fn try_next(&mut self) -> Result<Option<T>, Error> {
        loop {
            match self.reader.next()? {
                Step::Fetch(exchange) => {
                    let response = self.client.exchange(*exchange);
                    self.reader.on_page(response)?;
                }
                Step::Yield(row) => return Ok(Some(row)),
                Step::End => return Ok(None),
            }
        }
    }
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.try_next().transpose()
    }
}

opaque_debug!(Rows<T>);
