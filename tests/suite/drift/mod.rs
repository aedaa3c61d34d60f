//! `cargo xtask drift`: published descriptions and the curated ones.

mod causes;
mod mutations;
mod rules;
mod shared;
