//! Translates a query of Sigma's dialect, which is Trino's, to SQL that SQLite runs.
//!
//! Resolves every name and infers every type, so that errors have positions and operations are Trino's.
//! Nothing here runs a query.

mod call;
mod expr;
mod from;
mod operators;
mod query;
mod scalar;
mod select;
mod source;
mod types;

use std::collections::HashMap;

use sqlparser::ast::{NamedWindowExpr, Query, Spanned, Statement};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Span;

use super::error::SqlError;
use super::schema::Schema;
use super::table::ColumnType;
use from::Scope;
use source::Source;
pub(super) use types::Type;
use types::Typed;

/// The longest SQL text that is read, in bytes.
const LONGEST: usize = 100_000;
/// The deepest expression. SQLite's limit is higher, since one operation here may be several there.
const DEEPEST: usize = 200;

/// What a query sees: the tables, and whose rows.
pub(super) struct Context<'a> {
    pub(super) schemas: &'a [Schema],
    pub(super) account: &'a str,
    pub(super) connected: &'a [String],
    /// The present time, in milliseconds.
    pub(super) now: i64,
}

/// A query of SQLite, and the columns of its result.
pub(super) struct Translated {
    pub(super) sql: String,
    pub(super) columns: Vec<Output>,
}

/// A column of a query's result.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) declared: ColumnType,
}

/// Translates one `SELECT` statement.
pub(super) fn translate(context: &Context<'_>, text: &str) -> Result<Translated, SqlError> {
    let source = Source { text };
    let query = parse(&source)?;
    let mut translator =
        Translator { context, source, levels: Vec::new(), ctes: Vec::new(), free: Vec::new(), names: 0, depth: 0 };
    let query = translator.query(&query)?;
    Ok(Translated { sql: query.sql, columns: query.columns })
}

fn parse(source: &Source<'_>) -> Result<Box<Query>, SqlError> {
    if source.text.len() > LONGEST {
        return Err(source.error(Span::empty(), format!("SQL is longer than {LONGEST} bytes")));
    }
    let parser = Parser::new(&GenericDialect {}).with_recursion_limit(100).try_with_sql(source.text);
    let statements = parser.and_then(|mut parser| parser.parse_statements()).map_err(|error| match error {
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => source.syntax_error(&message),
        ParserError::RecursionLimitExceeded => source.error(Span::empty(), "SQL is nested too deeply"),
    })?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => Ok(query),
        (None, _) => Err(source.error(Span::empty(), "SQL is empty")),
        (Some(_), Some(second)) => {
            Err(source.error(second.span(), "expected one statement, found several").help("run one `SELECT` at a time"))
        }
        (Some(other), None) => {
            let word = other.to_string().split_whitespace().next().unwrap_or_default().to_uppercase();
            Err(source
                .error(source.start(), format!("`{word}` is not supported"))
                .help("start with `SELECT` or `WITH`"))
        }
    }
}

/// A query inside of another, and the columns that it gives.
struct Subquery {
    sql: String,
    columns: Vec<Output>,
}

/// A query that `WITH` names.
struct Cte {
    name: String,
    alias: String,
    columns: Vec<Output>,
}

/// What is known of a `SELECT` while its expressions are translated.
#[derive(Default)]
struct Level {
    scope: Scope,
    /// The expressions that rows are grouped by.
    groups: Vec<String>,
    /// Those of them that are null in this grouping set.
    nulled: Vec<String>,
    /// The names that `ORDER BY` can use.
    aliases: Vec<(String, Typed)>,
    windows: HashMap<String, NamedWindowExpr>,
    /// How many aggregates were found.
    aggregates: usize,
    in_aggregate: bool,
    /// Why aggregates are not allowed, such as "in `WHERE`".
    no_aggregates: Option<&'static str>,
}

/// A column that is used outside of aggregates.
struct Free {
    level: usize,
    name: String,
    span: Span,
}

struct Translator<'a> {
    context: &'a Context<'a>,
    source: Source<'a>,
    levels: Vec<Level>,
    ctes: Vec<Cte>,
    free: Vec<Free>,
    names: usize,
    depth: usize,
}

impl Translator<'_> {
    fn error<T>(&self, at: Span, message: impl Into<String>) -> Result<T, SqlError> {
        Err(self.source.error(at, message))
    }

    fn unsupported<T>(&self, at: Span, what: &str) -> Result<T, SqlError> {
        self.error(at, format!("{what} is not supported"))
    }

    /// Reports what is not supported, if it occurs.
    fn refuse(&self, occurs: bool, at: Span, what: &str) -> Result<(), SqlError> {
        if occurs { self.unsupported(at, what) } else { Ok(()) }
    }

    /// A name that no other relation has.
    fn name(&mut self) -> String {
        self.names += 1;
        format!("t{}", self.names)
    }

    fn nested<T>(&mut self, at: Span, translate: impl FnOnce(&mut Self) -> Result<T, SqlError>) -> Result<T, SqlError> {
        if self.depth == DEEPEST {
            return self.error(at, "expression is nested too deeply");
        }
        self.depth += 1;
        let translated = translate(self);
        self.depth -= 1;
        translated
    }

    fn level(&mut self) -> Option<&mut Level> {
        self.levels.last_mut()
    }
}
