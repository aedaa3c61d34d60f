//! The crate as its users see it: generated code, and who depends on that. One binary, so that there is one to link.
#![allow(clippy::unwrap_used)] // Helpers of tests are no tests to clippy.
#![allow(unreachable_pub)] // `mini` is written as generated code is, whose items are public.

mod answers;
mod contract;
mod events;
mod http;
mod mini;
