//! The tables, their columns and keys, read from `schema.txt`.
//!
//! A table that `connected` marks exists a second time as `connected_account_…`, with the column `account`.

use super::table::ColumnType;

/// A table that queries can read.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The table's name.
    pub name: String,
    /// What a row is.
    pub description: String,
    /// The columns, in order.
    pub columns: Vec<SchemaColumn>,
    /// The names of the v2 reports that are computed from the table.
    pub relevant_reports: Vec<&'static str>,
    /// The table of SQLite, which differs for `connected_account_…`.
    pub(crate) source: String,
    /// Which rows the account of a query sees.
    pub(crate) rows: Rows,
}

/// The rows of a table that the account of a query sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    All,
    Own,
    Connected,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct SchemaColumn {
    /// The column's name.
    pub name: String,
    /// The type that is declared.
    pub column_type: ColumnType,
    /// What the value is.
    pub description: String,
    /// Whether the value identifies the row.
    pub is_primary_key: bool,
    /// The columns that refer to this one.
    pub foreign_keys_from: Vec<ForeignKey>,
    /// The columns that this one refers to.
    pub foreign_keys_to: Vec<ForeignKey>,
    /// The digits after the point that a decimal has.
    pub(crate) scale: u8,
}

/// One end of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The table.
    pub schema: String,
    /// The column of the table.
    pub column: String,
}

const REPORTS: [(&str, &[&str]); 3] = [
    (
        "balance_transactions",
        &["balance.summary", "balance_change_from_activity.itemized", "balance_change_from_activity.summary"],
    ),
    ("payouts", &["payouts.itemized"]),
    (
        "connected_account_balance_transactions",
        &[
            "connected_account_balance.summary",
            "connected_account_balance_change_from_activity.itemized",
            "connected_account_balance_change_from_activity.summary",
        ],
    ),
];

/// Reads the description of the generated tables.
pub(crate) fn schemas() -> Vec<Schema> {
    let mut tables: Vec<Schema> = Vec::new();
    let mut connected = Vec::new();
    for line in include_str!("schema.txt").lines() {
        let mut words = line.split_whitespace().peekable();
        if line.starts_with(' ') {
            let (Some(name), Some(column_type), Some(table)) =
                (words.next(), words.next().and_then(ColumnType::from_name), tables.last_mut())
            else {
                continue;
            };
            let is_primary_key = words.next_if_eq(&"key").is_some();
            let foreign_keys_to = words
                .next_if(|word| word.starts_with('>'))
                .and_then(|word| word.trim_start_matches('>').split_once('.'))
                .map(|(schema, column)| ForeignKey { schema: schema.to_owned(), column: column.to_owned() });
            table.columns.push(SchemaColumn {
                name: name.to_owned(),
                column_type,
                description: words.collect::<Vec<_>>().join(" "),
                is_primary_key,
                foreign_keys_from: Vec::new(),
                foreign_keys_to: foreign_keys_to.into_iter().collect(),
                scale: 12,
            });
        } else if let Some(name) = words.next() {
            if words.next_if_eq(&"connected").is_some() {
                connected.push(name);
            }
            let rows = if words.next_if_eq(&"all").is_some() { Rows::All } else { Rows::Own };
            tables.push(Schema {
                name: name.to_owned(),
                description: words.collect::<Vec<_>>().join(" "),
                columns: Vec::new(),
                relevant_reports: Vec::new(),
                source: name.to_owned(),
                rows,
            });
        }
    }
    for name in connected {
        if let Some(table) = tables.iter().find(|table| table.name == name) {
            tables.push(of_connected_accounts(table));
        }
    }
    refer_back(&mut tables);
    tables
}

/// The table of the rows of connected accounts, which name their account.
pub(crate) fn of_connected_accounts(table: &Schema) -> Schema {
    let mut table = table.clone();
    table.name = format!("connected_account_{}", table.name);
    table.description = format!("{} Of connected accounts.", table.description);
    table.rows = Rows::Connected;
    for key in table.columns.iter_mut().flat_map(|column| &mut column.foreign_keys_to) {
        key.schema = format!("connected_account_{}", key.schema);
    }
    let account = SchemaColumn {
        name: "account".to_owned(),
        column_type: ColumnType::Varchar,
        description: "The connected account.".to_owned(),
        is_primary_key: false,
        foreign_keys_from: Vec::new(),
        foreign_keys_to: vec![ForeignKey { schema: "connected_accounts".to_owned(), column: "id".to_owned() }],
        scale: 0,
    };
    table.columns.insert(0, account);
    table
}

/// Sets the other end of every reference, and drops references to tables or columns that do not exist.
pub(crate) fn refer_back(tables: &mut [Schema]) {
    for table in tables.iter_mut() {
        let reports = REPORTS.iter().find(|(name, _)| *name == table.name);
        table.relevant_reports = reports.map(|(_, reports)| reports.to_vec()).unwrap_or_default();
        table.columns.iter_mut().for_each(|column| column.foreign_keys_from.clear());
    }
    for at in 0..tables.len() {
        let Some(table) = tables.get(at) else { continue };
        let name = table.name.clone();
        let mut missing = Vec::new();
        let keys = table.columns.iter().flat_map(|column| column.foreign_keys_to.iter().map(|to| (&column.name, to)));
        for (column, to) in keys.map(|(column, to)| (column.clone(), to.clone())).collect::<Vec<_>>() {
            let other = tables.iter_mut().find(|table| table.name == to.schema);
            match other.and_then(|table| table.columns.iter_mut().find(|column| column.name == to.column)) {
                Some(other) => other.foreign_keys_from.push(ForeignKey { schema: name.clone(), column }),
                None => missing.push(to),
            }
        }
        for column in tables.get_mut(at).into_iter().flat_map(|table| &mut table.columns) {
            column.foreign_keys_to.retain(|key| !missing.contains(key));
        }
    }
}
