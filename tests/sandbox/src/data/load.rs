//! Loads the CSV files of a directory as tables, in place of those of the same name.
//!
//! The types of columns come from the header, else from the declaration of the table, else from the values.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::error::LoadError;
use super::functions::{decimal, time};
use super::schema::{self, Rows, Schema, SchemaColumn};
use super::table::ColumnType;

/// The column that says whose a row is.
const ACCOUNT: &str = "account";

pub(super) fn load(connection: &Connection, directory: &Path, schemas: &mut Vec<Schema>) -> Result<(), LoadError> {
    let failed = |error: std::io::Error| LoadError(format!("could not read `{}`: {error}", directory.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
    for path in files {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
        let table = read(connection, &name, &path, schemas)?;
        let connected = format!("connected_account_{name}");
        let had_connected = schemas.iter().any(|schema| schema.name == connected);
        schemas.retain(|schema| schema.name != name && schema.name != connected);
        if had_connected && table.rows == Rows::Own {
            schemas.push(schema::of_connected_accounts(&table));
        }
        schemas.push(table);
    }
    schema::refer_back(schemas);
    Ok(())
}

fn read(connection: &Connection, name: &str, path: &Path, schemas: &[Schema]) -> Result<Schema, LoadError> {
    let failed = |error: csv::Error| LoadError(format!("could not read `{}`: {error}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let declared = schemas.iter().find(|schema| schema.name == name);
    let mut columns: Vec<SchemaColumn> = Vec::new();
    for (at, title) in header.iter().enumerate() {
        let (title, type_name) = title.split_once(':').map_or((title, None), |(name, ty)| (name, Some(ty)));
        let known = declared.and_then(|table| table.columns.iter().find(|column| column.name == title));
        let values = || records.iter().filter_map(move |record| record.get(at)).filter(|value| !value.is_empty());
        let column_type = match (type_name, known) {
            (Some(type_name), _) => ColumnType::from_name(type_name).ok_or_else(|| {
                let names = ColumnType::ALL.map(ColumnType::as_str).join("`, `");
                LoadError(format!("{}: unknown type `{type_name}`\nhelp: use `{names}`", path.display()))
            })?,
            (None, Some(known)) => known.column_type,
            (None, None) => infer(values),
        };
        if columns.iter().any(|column| column.name == title) {
            return Err(LoadError(format!("{}: column `{title}` occurs twice", path.display())));
        }
        let mut column = known.cloned().unwrap_or_else(|| SchemaColumn {
            name: title.to_owned(),
            column_type,
            description: String::new(),
            is_primary_key: false,
            foreign_keys_from: Vec::new(),
            foreign_keys_to: Vec::new(),
            scale: 0,
        });
        column.column_type = column_type;
        let digits = values().filter_map(|value| value.split_once('.')).map(|(_, fraction)| fraction.len()).max();
        column.scale = u8::try_from(digits.unwrap_or(0)).unwrap_or(18).min(18);
        columns.push(column);
    }
    write(connection, name, path, &columns, &records)?;
    let own = columns.iter().any(|column| column.name == ACCOUNT);
    columns.retain(|column| column.name != ACCOUNT);
    Ok(Schema {
        name: name.to_owned(),
        description: declared.map_or_else(|| format!("Rows of `{name}.csv`."), |table| table.description.clone()),
        columns,
        relevant_reports: Vec::new(),
        source: name.to_owned(),
        rows: if own { Rows::Own } else { Rows::All },
    })
}

fn write(
    connection: &Connection,
    name: &str,
    path: &Path,
    columns: &[SchemaColumn],
    records: &[csv::StringRecord],
) -> Result<(), LoadError> {
    let table = name.replace('"', "\"\"");
    let names: Vec<_> = columns.iter().map(|column| format!("\"{}\"", column.name.replace('"', "\"\""))).collect();
    let names = names.join(", ");
    connection.execute(&format!("drop table if exists \"{table}\""), ())?;
    connection.execute(&format!("create table \"{table}\" ({names})"), ())?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("insert into \"{table}\" values ({places})"))?;
    for (at, record) in records.iter().enumerate() {
        let mut values = Vec::with_capacity(columns.len());
        for (column, text) in columns.iter().zip(record) {
            values.push(value(text, column).ok_or_else(|| {
                let (path, row, name) = (path.display(), at + 2, &column.name);
                LoadError(format!("{path}: row {row}: `{text}` in column `{name}` is not a {}", column.column_type))
            })?);
        }
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// The first type that all values have.
fn infer<'v, V: Iterator<Item = &'v str>>(values: impl Fn() -> V) -> ColumnType {
    let candidates = [
        ColumnType::Boolean,
        ColumnType::Bigint,
        ColumnType::Decimal,
        ColumnType::Double,
        ColumnType::Date,
        ColumnType::Timestamp,
    ];
    let fits = |column_type: &ColumnType| values().all(|text| of_type(text, *column_type, 18).is_some());
    let some = values().next().is_some();
    candidates.into_iter().find(|candidate| some && fits(candidate)).unwrap_or(ColumnType::Varchar)
}

fn value(text: &str, column: &SchemaColumn) -> Option<Value> {
    if text.is_empty() { Some(Value::Null) } else { of_type(text, column.column_type, column.scale) }
}

fn of_type(text: &str, column_type: ColumnType, scale: u8) -> Option<Value> {
    Some(match column_type {
        ColumnType::Bigint => Value::Integer(text.parse().ok()?),
        ColumnType::Integer => Value::Integer(text.parse::<i32>().ok()?.into()),
        ColumnType::Boolean => Value::Integer(text.parse::<bool>().ok()?.into()),
        ColumnType::Date => Value::Integer(time::parse_date(text).ok()?),
        ColumnType::Datetime | ColumnType::Timestamp => Value::Integer(time::parse_timestamp(text).ok()?.0),
        ColumnType::Double => Value::Real(text.parse().ok()?),
        ColumnType::Decimal => {
            if text.contains(['e', 'E']) {
                return None;
            }
            let value = decimal::parse(text, 38, scale.into()).ok()?;
            Value::Blob((value ^ i128::MIN).to_be_bytes().to_vec())
        }
        ColumnType::Varchar => Value::Text(text.to_owned()),
    })
}
