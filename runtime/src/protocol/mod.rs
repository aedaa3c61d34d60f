//! What to do next: decided here, without I/O and without a clock, once for all clients.
//!
//! - [`exchange`] takes one request through its attempts;
//! - [`pager`] goes from page to page, and [`items`] from item to item;
//! - [`poll`] looks at a run until it is done;
//! - [`transfer`] fetches a file, however often the connection breaks; [`decoder`] takes it out of its archive and
//!   `records` reads it.
//!
//! Each is told what happened and says what is next; a client sends, reads and sleeps. The present moment is an argument.

pub(crate) mod body;
pub(crate) mod decoder;
pub(crate) mod exchange;
pub(crate) mod items;
pub(crate) mod origin;
pub(crate) mod pager;
pub(crate) mod poll;
pub(crate) mod proxy;
#[cfg(feature = "csv")]
pub(crate) mod records;
pub(crate) mod retry;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod transfer;
#[cfg(feature = "zip")]
mod unzip;
