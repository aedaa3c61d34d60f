//! Functions that SQLite calls, for what its own functions do not do as Trino does.
//!
//! Registers those of the modules below; the dialect writes the calls, with operands of the right type.

mod aggregate;
pub(crate) mod decimal;
mod number;
mod text;
pub(crate) mod time;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{FromSql, Value, ValueRef};
use rusqlite::{Connection, ToSql};

/// A value that a function cannot compute. The text is the message of the query's error.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) String);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

pub(crate) fn fault<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault(message.into()))
}

/// The arguments of a call. A null argument makes the result null, unless the function allows it.
pub(crate) struct Arguments<'a, 'c>(&'a Context<'c>);

impl Arguments<'_, '_> {
    fn get<T: FromSql>(&self, at: usize) -> Result<T, Fault> {
        self.0.get(at).map_err(|error| Fault(format!("invalid argument: {error}")))
    }

    fn int(&self, at: usize) -> Result<i64, Fault> {
        self.get(at)
    }

    fn text(&self, at: usize) -> Result<&str, Fault> {
        match self.0.get_raw(at) {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| Fault("text is not UTF-8".to_owned())),
            _ => fault("invalid argument: expected text"),
        }
    }

    fn value(&self, at: usize) -> ValueRef<'_> {
        self.0.get_raw(at)
    }
}

/// Registers functions on a connection.
pub(crate) struct Registry<'c> {
    connection: &'c Connection,
    flags: FunctionFlags,
}

impl Registry<'_> {
    /// Registers `name`, whose result is null if an argument is, and `try_name`, whose result is null if it fails.
    fn scalar<T, F>(&self, name: &str, arguments: i32, function: F) -> rusqlite::Result<()>
    where
        T: ToSql,
        F: Fn(&Arguments<'_, '_>) -> Result<T, Fault> + Copy + Send + Sync + std::panic::UnwindSafe + 'static,
    {
        let call = move |context: &Context<'_>| {
            if (0..context.len()).any(|at| context.get_raw(at) == ValueRef::Null) {
                return Ok(None);
            }
            function(&Arguments(context)).map(Some)
        };
        self.connection.create_scalar_function(name, arguments, self.flags, move |context| {
            call(context).map_err(|fault| rusqlite::Error::UserFunctionError(Box::new(fault)))
        })?;
        self.connection.create_scalar_function(format!("try_{name}").as_str(), arguments, self.flags, move |context| {
            Ok(call(context).unwrap_or(None))
        })
    }
}

/// Registers all functions.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let registry = Registry { connection, flags };
    time::register(&registry)?;
    decimal::register(&registry)?;
    number::register(&registry)?;
    text::register(&registry)?;
    registry.scalar("fault", 1, |a| fault::<i64>(a.text(0)?))?;
    aggregate::register(&registry)
}

/// A copy of a value.
fn owned(value: ValueRef<'_>) -> Value {
    Value::try_from(value).unwrap_or(Value::Null)
}
