//! Tests from outside, with real sockets.
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a failed test")]

mod accounts;
mod admin;
mod client;
mod description;
mod errors;
mod events;
mod faults;
mod files;
mod idempotency;
mod lists;
mod page;
mod receiver;
mod rows;
mod runs;
mod send_event;
mod sha256;
