//! Prints what queries can read, as a tree: tables, their columns and keys.
//!
//! `cargo run --example schemas`, or with the name of a table: `cargo run --example schemas -- charges`

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use stripe_reporting::Client;
use stripe_reporting::v2::data::{Schema, SchemaColumn, SchemaId, SchemaInclude};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let stripe = Client::from_env()?;
    let schemas: Vec<Schema> = stripe.list(Schema::list().include([SchemaInclude::Columns])).try_collect().await?;
    // Foreign keys name the other table by its id.
    let names: BTreeMap<&SchemaId, &str> = schemas.iter().map(|schema| (&schema.id, schema.name.as_str())).collect();
    let wanted = std::env::args().nth(1);
    let shown: Vec<_> =
        schemas.iter().filter(|schema| wanted.as_ref().is_none_or(|name| *name == schema.name)).collect();
    if let (Some(name), []) = (&wanted, shown.as_slice()) {
        return Err(format!("unknown table `{name}`").into());
    }
    // A reader such as `head` may end early: that is an error, not a panic.
    let mut out = io::stdout().lock();
    for schema in shown {
        writeln!(out, "{}: {}", schema.name, schema.description)?;
        let columns = schema.columns.as_deref().unwrap_or_default();
        for (index, column) in columns.iter().enumerate() {
            let branch = if index + 1 == columns.len() { "└" } else { "├" };
            writeln!(out, "{branch} {:<32} {}{}", column.name, column.type_, keys(column, &names))?;
        }
    }
    Ok(())
}

/// The keys of a column: whether it is the primary key, and the columns that it refers to.
fn keys(column: &SchemaColumn, names: &BTreeMap<&SchemaId, &str>) -> String {
    let mut keys = String::new();
    if column.is_primary_key == Some(true) {
        keys.push_str(", primary key");
    }
    for key in column.foreign_keys_to.iter().flatten() {
        let table = names.get(&key.schema).copied().unwrap_or(key.schema.as_str());
        keys.push_str(&format!(" → {table}.{}", key.column));
    }
    keys
}
