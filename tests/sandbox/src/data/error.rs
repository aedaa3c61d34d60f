//! The errors of queries and of loading data.
//!
//! A message says what failed and where, then `help:`; nothing here decides how a server reports it.

use std::fmt;

/// Why a query failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlErrorKind {
    /// The SQL is not valid, or uses what is not supported.
    Invalid,
    /// A value cannot be computed, such as a division by zero.
    Failed,
    /// The query took longer than its limit.
    Timeout,
    /// The result is larger than its limit.
    TooLarge,
}

/// A query that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlError {
    /// Why the query failed.
    pub kind: SqlErrorKind,
    /// What failed, its line and column, and how to fix it.
    pub message: String,
    /// The position in the SQL, in bytes.
    pub offset: Option<usize>,
}

impl SqlError {
    pub(crate) fn new(kind: SqlErrorKind, message: impl Into<String>) -> SqlError {
        SqlError { kind, message: message.into(), offset: None }
    }

    pub(crate) fn help(mut self, help: impl fmt::Display) -> SqlError {
        self.message = format!("{}\nhelp: {help}", self.message);
        self
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SqlError {}

/// Data that cannot be loaded.
#[derive(Debug)]
pub struct LoadError(pub(crate) String);

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LoadError {}

impl From<rusqlite::Error> for LoadError {
    fn from(error: rusqlite::Error) -> LoadError {
        LoadError(format!("could not create the database: {error}"))
    }
}

/// ` did you mean …`: the name that is most similar to `name`.
pub(crate) fn similar<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let mut best = None;
    for candidate in names {
        let distance = strsim::damerau_levenshtein(&name, &candidate.to_lowercase());
        let limit = 1 + name.len() / 4;
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
