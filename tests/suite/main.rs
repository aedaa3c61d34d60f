//! The test suite: each module says what it guards.
#![forbid(unsafe_code)]
#![allow(deprecated, reason = "Stripe may deprecate what the tests use")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cargo;
mod clients;
mod compiled;
mod dependencies;
mod determinism;
mod diagnostics;
mod dialect;
mod dialect_schema;
mod diff;
mod drift;
mod events;
mod examples;
mod fixture_examples;
mod hostile;
mod import;
mod json_lines;
mod keywords;
mod models;
mod modules;
mod null;
mod one_error;
mod open_objects;
mod places;
mod random;
mod refused;
mod sandbox;
mod seeds;
mod shared_errors;
mod shared_modules;
mod testing;
mod workspace;
