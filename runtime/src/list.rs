//! Lists: their responses, and how to request the next page.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Call, Request};

/// A page of a v1 list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "list")]
#[non_exhaustive]
pub struct List<T> {
    /// The items, newest first.
    pub data: Vec<T>,
    /// Whether more items follow, or precede when paginating backwards.
    #[serde(default)]
    pub has_more: bool,
    /// The path of the list.
    #[serde(default)]
    pub url: String,
}

/// A page of a v2 list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items; may be empty even if a next page exists.
    pub data: Vec<T>,
    /// The URL of the next page, relative to the server, verbatim.
    pub next_page_url: Option<String>,
    /// The URL of the previous page.
    pub previous_page_url: Option<String>,
}

/// A request for a page of a list.
pub trait ListRequest: Request<Response: ListResponse<Item = Self::Item> + Send + 'static> {
    /// The type of the items.
    type Item: DeserializeOwned;

    /// How the next page is requested.
    const PAGINATION: Pagination;

    /// The maximum of the parameter `limit`.
    const MAX_PAGE_SIZE: Option<u32> = None;

    /// Returns the cursor of an item, for [`Pagination::Cursor`].
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

/// How the next page of a list is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// With the cursor of the last item as `starting_after`, or of the first as `ending_before` (v1).
    Cursor,
    /// The list has one page only.
    SinglePage,
    /// With the URL in the response, verbatim (v2).
    PageUrl,
}

/// The response to a [`ListRequest`].
pub trait ListResponse {
    /// The type of the items.
    type Item;

    /// Returns the items.
    fn items(&self) -> &[Self::Item];

    /// Consumes the response and returns the items.
    fn into_items(self) -> Vec<Self::Item>;

    /// Returns whether another page exists.
    fn has_more(&self) -> bool;

    /// Returns the URL of the next page, if the response has one.
    fn next_page(&self) -> Option<&str> {
        None
    }

    /// Returns the URL of the previous page, if the response has one.
    fn previous_page(&self) -> Option<&str> {
        None
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

macro_rules! list_response {
    ($list:ident: $($method:item)*) => {
        /// Creates the only page of a list, for tests.
        impl<T> From<Vec<T>> for $list<T> {
            fn from(data: Vec<T>) -> Self {
                Self { data, ..Self::default() }
            }
        }

        impl<T> ListResponse for $list<T> {
            type Item = T;

            fn items(&self) -> &[T] {
                &self.data
            }

            fn into_items(self) -> Vec<T> {
                self.data
            }

            $($method)*
        }

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

list_response! { List:
    fn has_more(&self) -> bool {
        self.has_more
    }
}

list_response! { Page:
    fn has_more(&self) -> bool {
        self.next_page().is_some()
    }

    /// An empty URL marks the last page, like null.
    fn next_page(&self) -> Option<&str> {
        self.next_page_url.as_deref().filter(|url| !url.is_empty())
    }

    fn previous_page(&self) -> Option<&str> {
        self.previous_page_url.as_deref().filter(|url| !url.is_empty())
    }
}
