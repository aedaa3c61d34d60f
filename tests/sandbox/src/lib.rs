//! Stripe's reporting APIs on this machine.
#![forbid(unsafe_code)]

pub mod data;
