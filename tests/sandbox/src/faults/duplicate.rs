//! Finds the page before the one that a request asks for, in the log.

use http::{Method, StatusCode, Uri};

use crate::state::Core;

/// The parameters that refer to a page of a list or of inline rows.
const CURSORS: &[&str] = &["starting_after", "ending_before", "page"];

/// Returns the URI of the latest other page of the same list that has the cursor. Others, such as the later pages of another
/// reader, would let the list advance. Returns `None` if the request has no cursor.
pub(super) fn previous(core: &Core, uri: &Uri) -> Option<Uri> {
    let query = uri.query()?;
    let (list, cursors) = split(query);
    let (_, cursor) = cursors.first()?.split_once('=')?;
    core.log.find(|exchange| {
        let is_page = exchange.method == Method::GET && exchange.status == StatusCode::OK;
        let is_other = exchange.path == uri.path() && exchange.query != query && split(&exchange.query).0 == list;
        let has_cursor = || String::from_utf8_lossy(&exchange.response).contains(cursor);
        let uri = || format!("{}?{}", exchange.path, exchange.query).parse().ok();
        if is_page && is_other && has_cursor() { uri() } else { None }
    })
}

/// Splits a query into the parameters of the list and those of the page.
fn split(query: &str) -> (Vec<&str>, Vec<&str>) {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.partition(|pair| !CURSORS.contains(&pair.split('=').next().unwrap_or_default()))
}
