//! Data to report on, and the SQL and the reports that compute results from it.
//!
//! A database is made from a seed or from CSV files, never changes, and does no HTTP.

mod dialect;
mod error;
mod functions;
mod load;
mod pool;
pub mod reports;
mod schema;
mod seed;
mod table;

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

pub use error::{LoadError, SqlError, SqlErrorKind};
pub use schema::{ForeignKey, Schema, SchemaColumn};
pub use seed::{Account, Role};
pub use table::{Cell, Column, ColumnType, Table};

use dialect::{Context, Output, Translated, Type};
use pool::Pool;
use seed::Window;

/// The end of the data that [`Database::new`] makes: 2026-07-01, in milliseconds.
const END: i64 = 1_782_864_000_000;
/// The stack of the thread that translates, since expressions are trees.
const STACK: usize = 256 << 20;

/// Whose rows a query sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One account, and through `connected_account_…` those connected to it.
    Account(String),
    /// All accounts of the organization: a result for each, with the column `account`.
    Organization,
}

/// When a query is ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The longest execution.
    pub time: Option<Duration>,
    /// The largest result, in bytes of CSV.
    pub bytes: Option<u64>,
}

/// Tables of several accounts, read-only. Queries run on the calling thread.
pub struct Database {
    pool: Pool,
    schemas: Vec<Schema>,
    accounts: Vec<Account>,
    connected: Vec<String>,
    window: Window,
}

impl Database {
    /// Makes the data of a year that ends at 2026-07-01, and loads the CSV files of `data`, if given.
    ///
    /// A file `charges.csv` replaces the table `charges`. Its header has the columns, as `name` or `name:type`; types
    /// are inferred where they are missing. A column `account` says whose the rows are; without it, all accounts see
    /// them.
    pub fn new(seed: u64, data: Option<&Path>) -> Result<Database, LoadError> {
        Database::ending_at(seed, data, jiff::Timestamp::from_millisecond(END).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    /// Makes the data of a year that ends with the midnight (UTC) before `end`.
    pub fn ending_at(seed: u64, data: Option<&Path>, end: jiff::Timestamp) -> Result<Database, LoadError> {
        let mut schemas = schema::schemas();
        let window = Window::before(end.as_millisecond());
        let (pool, mut writer) = Pool::new()?;
        let transaction = writer.transaction()?;
        for schema in
            schemas.iter().filter(|schema| schema.source == schema.name && schema.rows != schema::Rows::Connected)
        {
            let columns: Vec<_> = schema.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let sql = format!("create table \"{}\" (\"account\", {})", schema.source, columns.join(", "));
            transaction.execute(&sql, ())?;
        }
        let accounts = seed::fill(&transaction, seed, window)?;
        if let Some(directory) = data {
            load::load(&transaction, directory, &mut schemas)?;
        }
        transaction.commit()?;
        let connected = accounts.iter().filter(|account| account.role == Role::Connected);
        let connected = connected.map(|account| account.id.clone()).collect();
        Ok(Database { pool: pool.keep(writer), schemas, accounts, connected, window })
    }

    /// Returns the tables.
    pub fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// Returns the accounts: the platform first.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Returns the interval of the data: the start is inclusive, the end exclusive.
    pub fn window(&self) -> (jiff::Timestamp, jiff::Timestamp) {
        let time = |ms| jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        (time(self.window.start), time(self.window.end))
    }

    /// Returns the time that `now()` gives: three hours after the end of the data.
    pub fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.now_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    fn now_ms(&self) -> i64 {
        self.window.end + 3 * 3_600_000
    }

    /// Runs one `SELECT` statement of Sigma's dialect.
    pub fn query(&self, sql: &str, scope: &Scope, limits: &Limits) -> Result<Table, SqlError> {
        let deadline = limits.time.map(|time| Instant::now() + time);
        let mut bytes = limits.bytes;
        let accounts: Vec<&str> = match scope {
            Scope::Account(account) => vec![account.as_str()],
            Scope::Organization => {
                let members = self.accounts.iter().filter(|account| account.role != Role::Connected);
                members.map(|account| account.id.as_str()).collect()
            }
        };
        let mut result: Option<Table> = None;
        for account in accounts {
            let translated = self.translate(sql, account)?;
            let connection = self.pool.get()?;
            let mut table = connection.run(deadline, |connection| run(connection, &translated, &mut bytes))?;
            if *scope == Scope::Organization {
                let column = Column { name: "account".to_owned(), column_type: ColumnType::Varchar };
                table.columns.insert(0, column);
                for row in &mut table.rows {
                    row.insert(0, Cell::Text(account.to_owned()));
                }
            }
            match &mut result {
                None => result = Some(table),
                Some(result) => result.rows.append(&mut table.rows),
            }
        }
        result.ok_or_else(|| SqlError::new(SqlErrorKind::Failed, "the organization has no accounts"))
    }

    fn translate(&self, sql: &str, account: &str) -> Result<Translated, SqlError> {
        let platform = self.accounts.first().is_some_and(|platform| platform.id == account);
        let connected: &[String] = if platform { &self.connected } else { &[] };
        let context = Context { schemas: &self.schemas, account, connected, now: self.now_ms() };
        let failed = || SqlError::new(SqlErrorKind::Failed, "could not translate the query");
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || dialect::translate(&context, sql))
                .map_err(|_| failed())?;
            thread.join().unwrap_or_else(|_| Err(failed()))
        })
    }
}

fn run(connection: &Connection, query: &Translated, bytes: &mut Option<u64>) -> Result<Table, SqlError> {
    let mut statement = connection.prepare(&query.sql).map_err(|error| failure(&error))?;
    let mut rows = statement.query(()).map_err(|error| failure(&error))?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next().map_err(|error| failure(&error))? {
        let mut record = Vec::with_capacity(query.columns.len());
        for (at, column) in query.columns.iter().enumerate() {
            let value = row.get_ref(at).map_err(|error| failure(&error))?;
            record.push(cell(value, column)?);
        }
        if let Some(left) = bytes {
            let size: usize = record.iter().map(|cell| cell.to_string().len() + 1).sum();
            *left = left.checked_sub(size as u64).ok_or_else(|| {
                SqlError::new(SqlErrorKind::TooLarge, "the result is larger than the limit").help("select fewer rows")
            })?;
        }
        cells.push(record);
    }
    let column = |column: &Output| Column { name: column.name.clone(), column_type: column.declared };
    Ok(Table { columns: query.columns.iter().map(column).collect(), rows: cells })
}

/// The value of a result, of the type that its column is reported with.
fn cell(value: ValueRef<'_>, column: &Output) -> Result<Cell, SqlError> {
    let broken = || SqlError::new(SqlErrorKind::Failed, format!("column `{}`: {} overflow", column.name, column.ty));
    let decimal = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).map(|bytes| i128::from_be_bytes(bytes) ^ i128::MIN);
    let fault = |fault: functions::Fault| SqlError::new(SqlErrorKind::Failed, fault.0);
    let typed = match (value, &column.ty) {
        (ValueRef::Null, _) => Cell::Null,
        (ValueRef::Integer(value), Type::Boolean) => Cell::Boolean(value != 0),
        (ValueRef::Integer(days), Type::Date) => Cell::Text(functions::time::date_text(days).map_err(fault)?),
        (ValueRef::Integer(ms), Type::Timestamp) => Cell::Text(functions::time::timestamp_text(ms).map_err(fault)?),
        (ValueRef::Integer(ms), Type::Zoned(zone)) => Cell::Text(functions::time::zoned_text(ms, zone).map_err(fault)?),
        (ValueRef::Integer(ms), Type::Days) => Cell::Text(functions::time::interval_text(ms)),
        (ValueRef::Integer(months), Type::Months) => Cell::Text(format!("{}-{}", months / 12, (months % 12).abs())),
        (ValueRef::Integer(value), Type::Double) => Cell::Text(format!("{value}.0")),
        (ValueRef::Integer(value), _) => Cell::Bigint(value),
        (ValueRef::Real(value), Type::Double) => Cell::Double(value),
        (ValueRef::Real(_), _) => return Err(broken()),
        (ValueRef::Blob(bytes), Type::Decimal(_, scale)) => {
            let value = decimal(bytes).map_err(|_| broken())?;
            Cell::Text(functions::decimal::text(value, (*scale).into()))
        }
        (ValueRef::Blob(_), _) => return Err(broken()),
        (ValueRef::Text(bytes), _) => Cell::Text(String::from_utf8_lossy(bytes).into_owned()),
    };
    Ok(match (typed, column.declared) {
        (Cell::Null, _) => Cell::Null,
        (cell @ Cell::Boolean(_), ColumnType::Boolean)
        | (cell @ Cell::Bigint(_), ColumnType::Bigint | ColumnType::Integer)
        | (cell @ Cell::Double(_), ColumnType::Double) => cell,
        (cell, _) => Cell::Text(cell.to_string()),
    })
}

/// The error of a query that SQLite ended.
fn failure(error: &rusqlite::Error) -> SqlError {
    use rusqlite::ErrorCode::{OperationInterrupted, TooBig};
    match error {
        rusqlite::Error::SqliteFailure(code, _) if code.code == OperationInterrupted => {
            SqlError::new(SqlErrorKind::Timeout, "the query took longer than the limit").help("select fewer rows")
        }
        rusqlite::Error::SqliteFailure(code, _) if code.code == TooBig => {
            SqlError::new(SqlErrorKind::TooLarge, "a value of the result is larger than the limit")
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) | rusqlite::Error::SqlInputError { msg: message, .. } => {
            SqlError::new(SqlErrorKind::Failed, message.clone())
        }
        other => SqlError::new(SqlErrorKind::Failed, other.to_string()),
    }
}
