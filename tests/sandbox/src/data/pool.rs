//! Read-only connections to one database in memory.
//!
//! The data exists once; each connection registers the functions, and may only read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::error::{SqlError, SqlErrorKind};
use super::functions;

/// The connections that are kept for later.
const IDLE: usize = 8;
/// The longest text of a value, in bytes.
const VALUE: i32 = 64 << 20;
/// How many operations of SQLite pass between checks of the time.
const OPERATIONS: i32 = 2_000;

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// The connections to a database.
pub(super) struct Pool {
    uri: String,
    idle: Mutex<Vec<Connection>>,
    /// Keeps the database in memory.
    _writer: Option<Mutex<Connection>>,
}

impl Pool {
    /// Creates an empty database, and the connection that fills it.
    pub(super) fn new() -> rusqlite::Result<(Pool, Connection)> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let uri = format!("file:/sandbox-{}-{number}?vfs=memdb", std::process::id());
        let writer = Connection::open_with_flags(
            &uri,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI,
        )?;
        Ok((Pool { uri, idle: Mutex::default(), _writer: None }, writer))
    }

    /// Keeps the database for as long as the pool.
    pub(super) fn keep(mut self, writer: Connection) -> Pool {
        self._writer = Some(Mutex::new(writer));
        self
    }

    pub(super) fn get(&self) -> Result<Reader<'_>, SqlError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open().map_err(|error| SqlError::new(SqlErrorKind::Failed, error.to_string()))?,
        };
        Ok(Reader { pool: self, connection })
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.uri, flags)?;
        functions::register(&connection)?;
        connection.execute_batch("pragma case_sensitive_like = on; pragma query_only = on;")?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE)?;
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        connection.authorizer(Some(|context: AuthContext<'_>| match context.action {
            AuthAction::Select | AuthAction::Read { .. } | AuthAction::Function { .. } => Authorization::Allow,
            _ => Authorization::Deny,
        }))?;
        Ok(connection)
    }
}

/// A connection that returns to the pool.
pub(super) struct Reader<'p> {
    pool: &'p Pool,
    connection: Connection,
}

impl Reader<'_> {
    /// Runs a query, which is interrupted after `deadline`.
    pub(super) fn run<T>(
        mut self,
        deadline: Option<Instant>,
        run: impl FnOnce(&Connection) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let handler = deadline.map(|deadline| move || Instant::now() >= deadline);
        let failed = |error: rusqlite::Error| SqlError::new(SqlErrorKind::Failed, error.to_string());
        self.connection.progress_handler(OPERATIONS, handler).map_err(failed)?;
        let result = run(&self.connection);
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(self.connection);
        }
        result
    }
}
