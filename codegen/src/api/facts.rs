//! Facts about resources: how to wait for a run, and where its result is.

use super::{Name, Origin, Type, TypePath};

/// How to wait for a run: its states, and where a failure is reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// The resource's `id` field, which is required.
    pub id: Name,
    /// The operation that retrieves the run.
    pub retrieve: String,
    /// The status field.
    pub status: FieldPath,
    /// The enum of the status.
    pub status_type: TypePath,
    /// States of a run in progress.
    pub running: Vec<Name>,
    /// States of a run whose result is available.
    pub succeeded: Vec<Name>,
    /// States of a run that failed, without a result.
    pub failed: Vec<Name>,
    /// States of a run that was canceled, without a result.
    pub canceled: Vec<Name>,
    /// The code of a failure or cancellation.
    pub failure_code: Option<FieldPath>,
    /// The message of a failure or cancellation.
    pub failure_message: Option<FieldPath>,
    /// When the run was canceled.
    pub canceled_at: Option<FieldPath>,
    /// Where it is described.
    pub origin: Origin,
}

/// A downloadable result.
#[derive(Debug, Clone, PartialEq)]
pub struct Download {
    /// The resource's `id` field, which is required.
    pub id: Name,
    /// The operation that retrieves the resource, with a fresh URL.
    pub retrieve: String,
    /// The URL.
    pub url: FieldPath,
    /// How the URL is authorized.
    pub access: Access,
    /// The size in bytes.
    pub size: Option<FieldPath>,
    /// The content type of the file.
    pub content_type: Option<FieldPath>,
    /// When the URL expires.
    pub expires_at: Option<FieldPath>,
    /// The columns of a CSV file.
    pub columns: Option<Columns>,
    /// Where it is described.
    pub origin: Origin,
}

/// A result with its rows inline.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The resource's `id` field, which is required.
    pub id: Name,
    /// The operation that retrieves the resource, with a page of rows.
    pub retrieve: String,
    /// The columns.
    pub columns: Columns,
    /// The array of rows.
    pub rows: FieldPath,
    /// The token of the next page, or a URL with it.
    pub next_page: FieldPath,
    /// The parameter that takes the token, by its name on the wire.
    pub page: String,
    /// The parameter that takes the number of rows per page, and the number that is requested.
    pub limit: Option<(String, u32)>,
    /// What requests the rows.
    pub include: Option<Include>,
    /// Where it is described.
    pub origin: Origin,
}

/// A value of a parameter that is an array, which requests more of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Include {
    /// The parameter.
    pub parameter: Name,
    /// The value on the wire.
    pub wire: String,
    /// The variant, if values are an enum.
    pub variant: Option<(TypePath, Name)>,
}

/// The columns of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The array of columns.
    pub list: FieldPath,
    /// The type of a column, a struct.
    pub column: TypePath,
    /// Its field with the name, which is required.
    pub name: FieldPath,
}

/// How a result's URL is authorized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// With the API key.
    ApiKey,
    /// By the URL itself; the API key must not be sent.
    PreSigned,
}

/// A path from a struct to a value inside of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPath {
    /// The steps, at least one.
    pub steps: Vec<FieldStep>,
    /// The type of the value.
    pub ty: Type,
}

impl FieldPath {
    /// Returns the rest of the path after some steps.
    pub(crate) fn skip(mut self, steps: usize) -> Self {
        self.steps.drain(..steps.min(self.steps.len()));
        self
    }
}

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq)]
pub enum FieldStep {
    /// Into a field.
    Field {
        /// Its name.
        name: Name,
        /// Whether it is an `Option`.
        optional: bool,
    },
    /// To a key of a map, which is optional.
    Key {
        /// The key.
        key: String,
        /// Whether its value is nullable.
        nullable: bool,
    },
}
