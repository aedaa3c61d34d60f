//! What generated code and the runtime do together: the crate of `fixtures/contract.yaml` and
//! `contract_data.yaml`, which the build script generates, with
//! neither client.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a failed test")]
#![allow(dead_code, reason = "the tests use a part of the generated items")]
#![allow(unexpected_cfgs, reason = "the features of the generated crate are not those of the tests")]

mod events;
mod generated;
mod requests;
mod responses;

include!(concat!(env!("OUT_DIR"), "/contract.rs"));
