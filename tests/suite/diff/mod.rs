//! `cargo xtask diff`: every rule by an example, and its level by programs that are compiled and run.

pub(crate) mod agreement;
mod decoders;
pub(crate) mod example;
mod hostile;
mod reports;
mod rules;
mod verdicts;
mod wire;
