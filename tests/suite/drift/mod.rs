//! `cargo xtask drift`: published descriptions and the curated ones.

mod mutations;
mod rules;
