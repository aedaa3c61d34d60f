//! The result of a query: columns with types, and rows.
//!
//! Cells are lossless: integers have 64 bits, decimals are text. Nothing here knows about SQL.

use std::fmt;

/// The type of a column, as `/v2/data` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A 64-bit integer.
    Bigint,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time without a time zone.
    Datetime,
    /// An exact number.
    Decimal,
    /// A floating-point number.
    Double,
    /// A 32-bit integer.
    Integer,
    /// A time.
    Timestamp,
    /// Text.
    Varchar,
}

impl ColumnType {
    pub(crate) const ALL: [ColumnType; 9] = [
        ColumnType::Bigint,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Datetime,
        ColumnType::Decimal,
        ColumnType::Double,
        ColumnType::Integer,
        ColumnType::Timestamp,
        ColumnType::Varchar,
    ];

    /// Returns the name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            ColumnType::Bigint => "bigint",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
            ColumnType::Datetime => "datetime",
            ColumnType::Decimal => "decimal",
            ColumnType::Double => "double",
            ColumnType::Integer => "integer",
            ColumnType::Timestamp => "timestamp",
            ColumnType::Varchar => "varchar",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<ColumnType> {
        ColumnType::ALL.into_iter().find(|ty| ty.as_str() == name)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name in the header.
    pub name: String,
    /// The type of the cells.
    pub column_type: ColumnType,
}

/// A value of a result. Decimals, dates and times are text, in the form that CSV files have.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A value that is missing.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A bigint or an integer.
    Bigint(i64),
    /// A double.
    Double(f64),
    /// A value of any other type.
    Text(String),
}

impl Cell {
    /// Returns the value of an inline row: decimals and times are strings.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Cell::Null => serde_json::Value::Null,
            Cell::Boolean(value) => (*value).into(),
            Cell::Bigint(value) => (*value).into(),
            Cell::Double(value) => (*value).into(),
            Cell::Text(value) => value.as_str().into(),
        }
    }
}

impl fmt::Display for Cell {
    /// Writes the text in CSV files, which is empty for null.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => Ok(()),
            Cell::Boolean(value) => value.fmt(f),
            Cell::Bigint(value) => value.fmt(f),
            Cell::Double(value) if value.is_infinite() => {
                f.write_str(if *value > 0.0 { "Infinity" } else { "-Infinity" })
            }
            Cell::Double(value) => write!(f, "{value:?}"),
            Cell::Text(value) => f.write_str(value),
        }
    }
}

/// The result of a query or of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns, in the order of the header.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns the CSV file: a header, then the rows.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail, and all records have the same length.
        let _ = csv.write_record(self.columns.iter().map(|column| &column.name));
        for row in &self.rows {
            let _ = csv.write_record(row.iter().map(Cell::to_string));
        }
        csv.into_inner().unwrap_or_default()
    }
}
