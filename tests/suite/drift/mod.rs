//! `cargo xtask drift`: published descriptions and the curated ones.

mod causes;
pub(crate) mod mutations;
mod rules;
mod shared;
