//! What a soak knows of the server that it runs against.

/// A server with faults.
pub(super) trait Host: Sync {
    fn url(&self) -> String;

    fn key(&self) -> &'static str;

    /// Begins or ends the faults.
    fn set_faults(&self, are_on: bool);

    /// Returns the number of requests so far.
    fn requests(&self) -> usize;

    /// Returns the runs that clients have created: the idempotency key and the id of each.
    fn runs(&self) -> Vec<(String, String)>;

    /// Returns whether the response that is stored for a key is a 500.
    fn has_stored_500(&self, key: &str) -> bool;

    /// Returns the JSON of a query run, whose URL is pre-signed, for even numbers, otherwise of a v1 file, whose URL needs the
    /// API key.
    fn file(&self, number: usize) -> String;

    fn is_a_version_of(&self, number: usize, content: &[u8]) -> bool;

    /// Whether v1 report runs are listed.
    fn has_lists(&self) -> bool;
}
