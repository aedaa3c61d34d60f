//! Lists: one answer, and the facts for asking for the next.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Call, Request};

/// One answer of a v1 list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "list")]
#[non_exhaustive]
pub struct List<T> {
    /// The items, newest first.
    pub data: Vec<T>,
    /// Whether there are more after these, or before these when the request went backwards.
    #[serde(default)]
    pub has_more: bool,
    /// The path that lists them.
    #[serde(default)]
    pub url: String,
}

/// One answer of a v2 list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items; there may be none although there is a next page.
    pub data: Vec<T>,
    /// Where the next page is, relative to the server, as it came.
    pub next_page_url: Option<String>,
    /// Where the previous page is.
    pub previous_page_url: Option<String>,
}

/// A request that lists, and how its next page is asked for.
pub trait ListRequest: Request<Response: ListResponse<Item = Self::Item> + Send + 'static> {
    /// What is listed.
    type Item: DeserializeOwned;

    /// How the next page is asked for.
    const PAGINATION: Pagination;

    /// The largest page that can be asked for, with the parameter `limit`.
    const MAX_PAGE_SIZE: Option<u32> = None;

    /// What of an item the next page is asked for with, see [`Pagination::Cursor`].
    fn cursor(item: &Self::Item) -> Option<&str> {
        let _ = item;
        None
    }
}

impl<R: ListRequest> ListRequest for Call<R> {
    type Item = R::Item;
    const PAGINATION: Pagination = R::PAGINATION;
    const MAX_PAGE_SIZE: Option<u32> = R::MAX_PAGE_SIZE;

    fn cursor(item: &Self::Item) -> Option<&str> {
        R::cursor(item)
    }
}

/// How the next page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// With `starting_after`, the cursor of the last item, or `ending_before`, that of the first (v1).
    Cursor,
    /// There is only one page.
    SinglePage,
    /// With the URL that the answer holds, as it is (v2).
    PageUrl,
}

/// The answer to a [`ListRequest`].
pub trait ListResponse {
    /// What is listed.
    type Item;

    /// The items.
    fn items(&self) -> &[Self::Item];

    /// The items, taken out.
    fn into_items(self) -> Vec<Self::Item>;

    /// Whether there is another page.
    fn has_more(&self) -> bool;

    /// Where the next page is, if the answer says.
    fn next_page(&self) -> Option<&str> {
        None
    }

    /// Where the previous page is, if the answer says.
    fn previous_page(&self) -> Option<&str> {
        None
    }
}

impl<T> ListResponse for List<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        &self.data
    }

    fn into_items(self) -> Vec<T> {
        self.data
    }

    fn has_more(&self) -> bool {
        self.has_more
    }
}

impl<T> ListResponse for Page<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        &self.data
    }

    fn into_items(self) -> Vec<T> {
        self.data
    }

    fn has_more(&self) -> bool {
        self.next_page().is_some()
    }

    /// An empty URL is the end, as null is.
    fn next_page(&self) -> Option<&str> {
        self.next_page_url.as_deref().filter(|url| !url.is_empty())
    }

    fn previous_page(&self) -> Option<&str> {
        self.previous_page_url.as_deref().filter(|url| !url.is_empty())
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { data: Vec::new(), has_more: false, url: String::new() }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { data: Vec::new(), next_page_url: None, previous_page_url: None }
    }
}

macro_rules! iterate {
    ($list:ident) => {
        impl<T> IntoIterator for $list<T> {
            type Item = T;
            type IntoIter = std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.data.into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $list<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.data.iter()
            }
        }
    };
}

iterate!(List);
iterate!(Page);
