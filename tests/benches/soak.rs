//! Both clients under faults, for as long as it takes. `cargo xtask bench soak` runs it.

#[path = "../soak/mod.rs"]
mod run;

use run::{Plan, run};

fn main() {
    let seed = std::env::var("SOAK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(42);
    for (kind, server, figures) in run(Plan { creates: 10_000, downloads: 1_000, lists: 50, concurrency: 200, seed }) {
        println!("{kind:?}, {server:?}: {figures}");
    }
}
