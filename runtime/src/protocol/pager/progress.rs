//! Detects pages that do not end.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Error, ErrorKind};

/// After this many pages in a row without items, the list is considered endless.
const MOST_EMPTY_PAGES: u32 = 100;

/// The pages so far.
#[derive(Default)]
pub(crate) struct Progress {
    /// Hashes of the cursors, tokens and URLs, to detect loops.
    seen: HashSet<u64>,
    /// How many pages in a row had no items.
    empty_pages: u32,
}

impl Progress {
    /// Takes a page.
    pub(crate) fn on_page(&mut self, is_empty: bool) {
        self.empty_pages = if is_empty { self.empty_pages + 1 } else { 0 };
    }

    /// Takes the cursor of the next page.
    pub(crate) fn advance(&mut self, cursor: &str) -> Result<(), Error> {
        if self.empty_pages >= MOST_EMPTY_PAGES {
            let message = format!("{MOST_EMPTY_PAGES} pages in a row have no items");
            return Err(Error::new(ErrorKind::EmptyPages, message));
        }
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Pagination, "the cursor does not advance"))
    }
}
