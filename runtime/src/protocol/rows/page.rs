//! Decodes a page of rows. Cells keep their JSON text.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Error, ErrorKind, InlineRows, response};

/// A page of rows.
#[derive(Debug)]
pub(crate) struct RowsPage {
    pub(super) columns: Arc<[String]>,
    pub(super) rows: Vec<Cells>,
    /// The token of the next page, or a URL with it.
    pub(super) next: Option<String>,
}

/// The cells of a row, in the order of the columns; `None` if a cell is missing or null.
pub(super) type Cells = Vec<Option<Box<RawValue>>>;

#[derive(Deserialize)]
struct Column {
    name: String,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, deserialize_with = "serde_with::rust::maps_duplicate_key_is_error::deserialize")]
    data: HashMap<String, &'a RawValue>,
}

/// Decodes the response to the request for a page.
pub(super) fn decode<R: InlineRows>(response: &http::Response<Bytes>) -> Result<RowsPage, Error> {
    let layout = R::ROWS;
    let body: Box<RawValue> = response::decode(response.status(), response.headers(), response.body())?;
    let (Some(columns), Some(rows)) = (member(&body, layout.columns)?, member(&body, layout.rows)?) else {
        let message = "the result has no inline rows; help: download its file";
        return Err(Error::new(ErrorKind::NoResult, message));
    };
    let columns: Vec<Column> = parsed(columns, layout.columns)?;
    let columns: Arc<[String]> = columns.into_iter().map(|column| column.name).collect();
    for (index, name) in columns.iter().enumerate() {
        if columns.iter().take(index).any(|other| other == name) {
            let message = format!("two columns are named `{name}`, so their cells cannot be distinguished");
            return Err(Error::new(ErrorKind::Decode, message));
        }
    }
    let rows: Vec<Row<'_>> = parsed(rows, layout.rows)?;
    let rows = rows.into_iter().map(|row| cells(row, &columns)).collect::<Result<_, _>>()?;
    let next = member(&body, layout.next_page)?.map(|next| parsed(next, layout.next_page)).transpose()?;
    Ok(RowsPage { columns, rows, next })
}

fn cells(row: Row<'_>, columns: &[String]) -> Result<Cells, Error> {
    let mut data = row.data;
    let cells = columns.iter().map(|name| data.remove(name).filter(|cell| !is_null(cell)).map(ToOwned::to_owned));
    let cells = cells.collect();
    match data.keys().min() {
        Some(other) => {
            Err(Error::new(ErrorKind::Decode, format!("a row has a cell for `{other}`, which is no column")))
        }
        None => Ok(cells),
    }
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// Returns the value at the end of a path; `None` if a member is missing or null.
fn member<'a>(mut value: &'a RawValue, path: &[&str]) -> Result<Option<&'a RawValue>, Error> {
    for (index, name) in path.iter().enumerate() {
        let members: HashMap<String, &RawValue> = parsed(value, path.get(..index).unwrap_or_default())?;
        match members.get(*name) {
            Some(member) if !is_null(member) => value = member,
            _ => return Ok(None),
        }
    }
    Ok(Some(value))
}

fn parsed<'a, T: Deserialize<'a>>(value: &'a RawValue, path: &[&str]) -> Result<T, Error> {
    serde_json::from_str(value.get())
        .map_err(|error| Error::new(ErrorKind::Decode, format!("`{}`: {error}", path.join("."))))
}
