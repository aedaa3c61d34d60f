//! Details that the clients add to an error.

use super::run::Run;
use super::{Error, Redacted, Verbatim};

impl Error {
    /// Adds the method and path of the request.
    pub(crate) fn with_endpoint(mut self, endpoint: impl Into<Redacted>) -> Self {
        self.0.endpoint = Some(endpoint.into());
        self
    }

    /// Replaces the message.
    pub(crate) fn with_message(mut self, message: impl Into<Redacted>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Adds the item of a page that the error is about, and prefixes the path with it.
    pub(crate) fn with_item(mut self, index: usize, id: Option<String>) -> Self {
        let path = match self.path() {
            None | Some(".") => format!("data[{index}]"),
            Some(path) if path.starts_with('[') => format!("data[{index}]{path}"),
            Some(path) => format!("data[{index}].{path}"),
        };
        self.0.path = Some(path.into());
        self.0.item_index = Some(index);
        self.0.item_id = id.map(Verbatim::from);
        self
    }

    /// Adds the number of attempts.
    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Adds the idempotency key of the request, and whether Stripe may have processed it.
    pub(crate) fn with_request(mut self, idempotency_key: Option<&str>, may_have_been_processed: bool) -> Self {
        self.0.idempotency_key = idempotency_key.map(Verbatim::from);
        self.0.may_have_been_processed = may_have_been_processed;
        self
    }

    /// Adds the run.
    pub(crate) fn with_erased_run(mut self, run: Run) -> Self {
        self.0.run = Some(run);
        self
    }
}
