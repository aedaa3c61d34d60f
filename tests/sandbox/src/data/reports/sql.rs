//! Writes the SQL of a report's run, in Sigma's dialect.
//!
//! Expects valid parameters; every text from outside becomes a literal.

use std::fmt::Write;

use super::family::{Family, Value};
use super::{Parameters, Report};

/// Currencies without minor units, and those with three digits.
const ZERO: &str = "'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', \
    'xof', 'xpf'";
const THREE: &str = "'bhd', 'jod', 'kwd', 'omr', 'tnd'";

pub(super) fn write(report: &Report, parameters: &Parameters) -> String {
    let family = report.family;
    let columns = match &parameters.columns {
        Some(columns) => columns.clone(),
        None => report.default_columns(),
    };
    let mut sql = "select".to_owned();
    for (at, name) in columns.iter().enumerate() {
        let value = column(report, name, parameters).unwrap_or_default();
        let alias = name.replace('"', "\"\"");
        let _ = write!(sql, "{}\n  {value} as \"{alias}\"", if at > 0 { "," } else { "" });
    }
    let _ = write!(sql, "\nfrom {}", family.from);
    let mut filters: Vec<String> = Vec::new();
    if !family.filter.is_empty() {
        filters.push(family.filter.to_owned());
    }
    let table = family.table;
    if let Some(currency) = &parameters.currency {
        filters.push(format!("{table}.currency = {}", quote(&currency.to_lowercase())));
    }
    if let Some(category) = &parameters.reporting_category {
        filters.push(format!("{table}.reporting_category = {}", quote(category)));
    }
    if !parameters.connected_accounts.is_empty() {
        let accounts: Vec<_> = parameters.connected_accounts.iter().map(|account| quote(account)).collect();
        filters.push(format!("{table}.account in ({})", accounts.join(", ")));
    }
    if !filters.is_empty() {
        let _ = write!(sql, "\nwhere {}", filters.join("\n  and "));
    }
    let account = if report.connected { "bt.account, " } else { "" };
    if let Some(group) = family.group {
        let _ = write!(sql, "\ngroup by {account}{group}");
    }
    let _ = write!(sql, "\norder by {account}{}", family.order);
    let time = |time: Option<jiff::Timestamp>| {
        format!("timestamp '{}'", time.unwrap_or_default().strftime("%Y-%m-%d %H:%M:%S.%3f"))
    };
    let own = if report.connected { "account, " } else { "" };
    sql.replace("{p}", if report.connected { "connected_account_" } else { "" })
        .replace("{accounts}", own)
        .replace("{account}", own)
        .replace("{start}", &time(parameters.interval_start))
        .replace("{end}", &time(parameters.interval_end))
        .replace("{payout}", &quote(parameters.payout.as_deref().unwrap_or_default()))
}

/// The expression of a column; `None` if the report has no such column.
pub(super) fn column(report: &Report, name: &str, parameters: &Parameters) -> Option<String> {
    let zone = parameters.timezone.as_deref().unwrap_or("UTC");
    if report.connected && name == "connected_account" {
        return Some("bt.account".to_owned());
    }
    if let Some(key) = metadata(report.family, name) {
        return Some(key);
    }
    let (_, value) = report.family.columns.iter().find(|(column, _)| *column == name)?;
    Some(match value {
        Value::Sql(sql) => (*sql).to_owned(),
        Value::Utc(sql) => format!("date_format({sql}, '%Y-%m-%d %H:%i:%s')"),
        Value::Local(sql) => format!("date_format({sql} at time zone {}, '%Y-%m-%d %H:%i:%s')", quote(zone)),
        Value::Major(amount, currency) => {
            let text = major(amount, currency);
            match parameters.decimal_separator.as_deref() {
                None | Some(".") => text,
                Some(separator) => format!("replace({text}, '.', {})", quote(separator)),
            }
        }
    })
}

/// An amount as text, with as many digits as its currency has.
fn major(amount: &str, currency: &str) -> String {
    format!(
        "case when {currency} in ({ZERO}) then cast({amount} as varchar) \
         when {currency} in ({THREE}) then cast(cast({amount} as decimal(38, 3)) / 1000 as varchar) \
         else cast(cast({amount} as decimal(38, 2)) / 100 as varchar) end"
    )
}

/// The value of `payment_metadata[key]` or `refund_metadata[key]`.
fn metadata(family: &Family, name: &str) -> Option<String> {
    let (kind, key) = name.strip_suffix(']')?.split_once('[')?;
    let (table, column, id) = match kind {
        "payment_metadata" => ("charges_metadata", "charge_id", "ch.id"),
        "refund_metadata" => ("refunds_metadata", "refund_id", "re.id"),
        _ => return None,
    };
    let joined = family.from.contains("{p}refunds re") && family.group.is_none();
    joined.then(|| {
        format!("(select max(me.value) from {{p}}{table} me where me.{column} = {id} and me.key = {})", quote(key))
    })
}

fn quote(text: &str) -> String {
    // Braces are those of this module.
    format!("'{}'", text.replace('\'', "''").replace(['{', '}'], ""))
}
