//! Example values of models, and a transport with scripted responses: what tests of a program need.
//!
//! Goes in: the examples that generated code states, the responses that a test scripts. Comes out: models, responses, the
//! requests that were sent. Must not happen here: decisions on retries, pages or polls, which stay with the clients.

mod example;
#[cfg(feature = "__io")]
mod mock;

pub use serde_json::json;

pub use self::example::Example;
#[cfg(feature = "__io")]
pub use self::mock::{MockResponse, MockTransport, config};
