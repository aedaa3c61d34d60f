//! Resources with the rows of their result inline.

use serde::de::DeserializeOwned;

use crate::{Request, RunState};

/// A resource whose result has its rows inline, in pages, such as a query run.
///
/// Implemented by generated code, for the clients to read the rows.
pub trait InlineRows: DeserializeOwned {
    /// The request that retrieves the resource with a page of its rows.
    type Retrieve: Request<Response = Self> + Clone + Send + Sync + 'static;

    /// Where the rows are, and how the next page is requested.
    const ROWS: RowsLayout;

    /// Creates the request that retrieves the resource with the first page of its rows.
    fn rows_request(&self) -> Self::Retrieve;

    /// Returns the state of the run whose result has the rows; `None` if the resource is not a run.
    fn rows_state(&self) -> Option<RunState> {
        None
    }
}

/// Where a response has rows, by the names of the members on the path, and how the next page is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsLayout {
    /// The array of columns, objects with a `name`.
    pub columns: &'static [&'static str],
    /// The array of rows, objects with a map `data` from column to cell.
    pub rows: &'static [&'static str],
    /// The token of the next page, or a URL with it.
    pub next_page: &'static [&'static str],
    /// The parameter that takes the token.
    pub page: &'static str,
    /// The parameter that takes the number of rows per page, and its maximum.
    pub limit: Option<(&'static str, u32)>,
}
