//! A short soak of either client; `cargo xtask bench soak` is the long one.
#![forbid(unsafe_code)]

use stripe_reporting_tests::soak::{Kind, Plan, run};

/// One test, since nothing else may run beside it in the process.
#[test]
fn promises_hold_under_faults() {
    for (kind, seed) in [(Kind::Async, 1), (Kind::Blocking, 2)] {
        for figures in run(kind, Plan { creates: 600, downloads: 60, concurrency: 100, seed }) {
            println!("{kind:?}: {figures}");
        }
    }
}
