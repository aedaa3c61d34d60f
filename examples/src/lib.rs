//! Programs to start from; see the files beside this directory, and run them with `cargo run --example NAME`.
//!
//! All of them read the API key from `STRIPE_API_KEY`, and the server from `STRIPE_API_BASE` if it is set.
#![forbid(unsafe_code)]
