//! A short soak of both clients; `cargo xtask bench soak` is the long one.

use super::in_child;

#[path = "../../soak/mod.rs"]
mod run;

use run::{Plan, run};

const CHILD: &str = "SOAK_TEST_CHILD";

/// In its own process: it counts the threads and sockets that are left.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    for (kind, server, figures) in run(Plan { creates: 400, downloads: 60, lists: 10, concurrency: 100, seed: 1 }) {
        println!("{kind:?}, {server:?}: {figures}");
    }
}

#[test]
fn promises_hold_under_faults() {
    in_child("clients::soak::child", &[(CHILD, "1")]);
}
