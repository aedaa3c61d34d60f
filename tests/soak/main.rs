//! A short soak of both clients; `cargo xtask bench soak` is the long one.
#![forbid(unsafe_code)]
#![allow(deprecated, reason = "Stripe may deprecate what the tests use")]

mod run;

use run::{Plan, run};

/// One test, since nothing else may run beside it in the process.
#[test]
fn promises_hold_under_faults() {
    for (kind, server, figures) in run(Plan { creates: 400, downloads: 60, lists: 10, concurrency: 100, seed: 1 }) {
        println!("{kind:?}, {server:?}: {figures}");
    }
}
