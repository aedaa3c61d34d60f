//! Reads the inline rows of a run, page by page.
//!
//! Pages go in; the requests for the next ones and records come out. The URL of a page is never followed: only its token is
//! used, as a parameter of the request that retrieves the run.

mod cells;
mod page;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

pub(crate) use self::page::RowsPage;
use super::exchange::Exchange;
use super::pager::progress::Progress;
use super::pager::with_parameter;
use crate::{Config, Error, ErrorKind, InlineRows, Request, RequestOptions, Response, RowsLayout, RunState};

/// Creates the request for the first page, whatever the type of the run.
type First = dyn Fn(&RequestOptions, &Config) -> Result<Exchange<RowsPage>, Error> + Send + Sync;

/// Reads rows from pages. After an error, it has ended.
pub(crate) struct RowReader<T> {
    config: Config,
    options: RequestOptions,
    first: Box<First>,
    layout: RowsLayout,
    next: Next,
    progress: Progress,
    /// The columns of the first page, which all pages have.
    columns: Option<Arc<[String]>>,
    rows: std::vec::IntoIter<page::Cells>,
    /// The number of rows that were read.
    number: u64,
    record: PhantomData<fn() -> T>,
}

/// The page to request next.
enum Next {
    First,
    Page(String),
    End,
}

/// The next step of reading rows.
pub(crate) enum Step<T> {
    /// Send this, and call [`RowReader::on_page`].
    Fetch(Box<Exchange<RowsPage>>),
    /// Hand this to the caller.
    Yield(T),
    End,
}

impl<T: DeserializeOwned> RowReader<T> {
    /// Creates a reader of the rows of a run.
    pub(crate) fn new<R: InlineRows>(run: &R, config: Config) -> Result<Self, Error> {
        let message = match run.rows_state() {
            Some(RunState::Running) => Some("the run has no rows yet; help: wait for it first"),
            Some(RunState::Failed) => Some("the run failed and has no rows"),
            Some(RunState::Canceled) => Some("the run was canceled and has no rows"),
            _ => None,
        };
        if let Some(message) = message {
            return Err(Error::new(ErrorKind::NoResult, message));
        }
        let request = run.rows_request();
        let first = move |options: &RequestOptions, config: &Config| {
            let exchange = Exchange::new(&request.clone().with(options.clone()), config)?;
            Ok(exchange.decoding(page::decode::<R>))
        };
        Ok(Self {
            config,
            options: RequestOptions::new(),
            first: Box::new(first),
            layout: R::ROWS,
            next: Next::First,
            progress: Progress::default(),
            columns: None,
            rows: Vec::new().into_iter(),
            number: 0,
            record: PhantomData,
        })
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.options = options;
    }

    /// Returns what to do now. [`Step::Fetch`] stays the same until its outcome is reported.
    pub(crate) fn next(&mut self) -> Result<Step<T>, Error> {
        let step = self.step();
        if step.is_err() {
            self.end();
        }
        step
    }

    fn step(&mut self) -> Result<Step<T>, Error> {
        if let (Some(cells), Some(columns)) = (self.rows.next(), &self.columns) {
            self.number += 1;
            let row = T::deserialize(cells::Row { columns, cells: &cells });
            return row.map(Step::Yield).map_err(|error| self.undecodable(&error.to_string()));
        }
        let token = match &self.next {
            Next::End => return Ok(Step::End),
            Next::First => None,
            Next::Page(token) => Some(token),
        };
        let exchange = (self.first)(&self.options, &self.config)?;
        let mut uri = exchange.uri().clone();
        if let Some((name, maximum)) = self.layout.limit {
            uri = with_parameter(&uri, name, &maximum.to_string(), &[])?;
        }
        if let Some(token) = token {
            uri = with_parameter(&uri, self.layout.page, token, &[])?;
        }
        Ok(Step::Fetch(Box::new(exchange.at(uri))))
    }

    /// Takes the page that was requested, or its error.
    pub(crate) fn on_page(&mut self, response: Result<Response<RowsPage>, Error>) -> Result<(), Error> {
        let result = response.and_then(|response| self.read(response));
        if result.is_err() {
            self.end();
        }
        result
    }

    fn read(&mut self, response: Response<RowsPage>) -> Result<(), Error> {
        let (status, request_id) = (response.status, response.request_id().map(str::to_owned));
        let RowsPage { columns, rows, next } = response.value;
        let context = |error: Error| error.with_response(status, request_id);
        if let Some(first) = self.columns.as_ref().filter(|first| **first != columns) {
            let [first, columns] = [first, &columns].map(|names| names.join("`, `"));
            let message = format!("the columns of this page are `{columns}`, those of the first `{first}`");
            return Err(context(Error::new(ErrorKind::Decode, message)));
        }
        self.columns = Some(columns);
        self.progress.on_page(rows.is_empty());
        self.rows = rows.into_iter();
        self.next = match next.as_deref().filter(|next| !next.is_empty()) {
            None => Next::End,
            Some(next) => {
                let token = token(next, self.layout.page).and_then(|token| {
                    self.progress.advance(&token)?;
                    Ok(token)
                });
                Next::Page(token.map_err(context)?)
            }
        };
        Ok(())
    }

    fn end(&mut self) {
        (self.next, self.rows) = (Next::End, Vec::new().into_iter());
    }

    fn undecodable(&self, message: &str) -> Error {
        let mut message = format!("row {}: {message}", self.number);
        if message.contains(": missing field")
            && let Some(columns) = &self.columns
        {
            message.push_str(&format!("; the columns are `{}`", columns.join("`, `")));
        }
        Error::new(ErrorKind::Decode, message)
    }
}

/// Returns the token of a page: the text itself, or the parameter of a URL.
fn token(next: &str, parameter: &str) -> Result<String, Error> {
    let is_url = next.starts_with("http://") || next.starts_with("https://") || next.contains('?');
    if !is_url {
        return Ok(next.to_owned());
    }
    let query = next.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or(query)).unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(name, _)| *name == parameter).map(|(_, value)| percent_decode_str(value).decode_utf8());
    match value {
        Some(Ok(token)) if !token.is_empty() => Ok(token.into_owned()),
        _ => {
            let message = format!("the URL of the next page has no parameter `{parameter}`");
            Err(Error::new(ErrorKind::Pagination, message))
        }
    }
}
