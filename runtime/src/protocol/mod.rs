//! Decides what both clients do next, without I/O and without a clock.
//!
//! Events and the current time go in; steps such as "send this" or "sleep" come out, which a client performs.
//!
//! - [`exchange`] performs one request with its retries;
//! - [`listing`] reads a list: [`pager`] page by page, [`items`] item by item;
//! - [`rows`] reads the inline rows of a run;
//! - [`poll`] polls a run until it is done;
//! - [`transfer`] downloads a file and resumes it; [`decoder`] extracts it from its archive, `records` reads its rows;
//! - [`origin`] decides which servers may receive the API key, [`proxy`] which proxy a connection uses.

pub(crate) mod body;
pub(crate) mod decoder;
pub(crate) mod exchange;
pub(crate) mod items;
pub(crate) mod listing;
pub(crate) mod origin;
pub(crate) mod pager;
pub(crate) mod poll;
pub(crate) mod proxy;
#[cfg(feature = "csv")]
pub(crate) mod records;
pub(crate) mod retry;
pub(crate) mod rows;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod transfer;
#[cfg(feature = "zip")]
mod unzip;
