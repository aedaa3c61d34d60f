//! The reports of v1 and v2: their parameters and columns, and the tables that they compute by SQL.
//!
//! Report types are listed in `types.txt`: id, parameters (`!` if required), name. The SQL is in `family`.

mod family;
mod sql;

use std::fmt;
use std::sync::LazyLock;

use super::error::{SqlError, similar};
use super::{Database, Limits, Role, Scope, Table, functions};
use family::{FAMILIES, Family};

/// The parameters of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// The start of the interval, inclusive.
    pub interval_start: Option<jiff::Timestamp>,
    /// The end of the interval, exclusive.
    pub interval_end: Option<jiff::Timestamp>,
    /// The time zone of times in the result.
    pub timezone: Option<String>,
    /// The columns of the result, in order.
    pub columns: Option<Vec<String>>,
    /// Only transactions in this currency.
    pub currency: Option<String>,
    /// Only transactions of this category.
    pub reporting_category: Option<String>,
    /// The payout of reports `….by_id.…`.
    pub payout: Option<String>,
    /// The connected accounts; all of them if empty. `connected_account` is a list of one.
    pub connected_accounts: Vec<String>,
    /// What separates the fraction of amounts.
    pub decimal_separator: Option<String>,
}

impl Parameters {
    fn given(&self) -> impl Iterator<Item = &'static str> {
        let accounts = if self.connected_accounts.len() > 1 { "connected_accounts" } else { "connected_account" };
        [
            ("interval_start", self.interval_start.is_some()),
            ("interval_end", self.interval_end.is_some()),
            ("timezone", self.timezone.is_some()),
            ("columns", self.columns.is_some()),
            ("currency", self.currency.is_some()),
            ("reporting_category", self.reporting_category.is_some()),
            ("payout", self.payout.is_some()),
            (accounts, !self.connected_accounts.is_empty()),
            ("decimal_separator", self.decimal_separator.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
    }
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportError {
    /// What failed, and how to fix it.
    pub message: String,
    /// The parameter that is not valid; `None` if the query failed.
    pub parameter: Option<&'static str>,
    /// Why the query failed.
    pub sql: Option<SqlError>,
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReportError {}

fn invalid<T>(parameter: &'static str, message: impl Into<String>) -> Result<T, ReportError> {
    Err(ReportError { message: message.into(), parameter: Some(parameter), sql: None })
}

/// A report that can be run.
pub struct Report {
    /// The id: `balance.summary.1`, or `report_…` in v2.
    pub id: &'static str,
    /// The id without version.
    pub name: String,
    /// The display name.
    pub title: &'static str,
    /// The number at the end of the id of v1, and 1 in v2.
    pub version: u32,
    /// The parameters that a run needs.
    pub required: Vec<&'static str>,
    /// The other parameters that a run accepts.
    pub optional: Vec<&'static str>,
    /// Whether the id is one of a sandbox, in v2.
    pub test: bool,
    /// Whether the report is about connected accounts.
    pub connected: bool,
    family: &'static Family,
}

const V2: [(&str, &str, &str); 7] = [
    ("balance_change_from_activity.itemized", "report_61SucuXxBYxjgGS9S5", "report_test_61SucuXLznFThA3WE5"),
    ("balance_change_from_activity.summary", "report_61SucxGjCGSg88wJ35", "report_test_61SucxGq2c7o4WsCv5"),
    ("balance.summary", "report_61Sud3n5oAGVCWiSr5", "report_test_61Sud3nd37HpUFYD75"),
    (
        "connected_account_balance_change_from_activity.itemized",
        "report_61SzynA3fHL4mB8oA5",
        "report_test_61SzynA5GEyQ4ozfF5",
    ),
    (
        "connected_account_balance_change_from_activity.summary",
        "report_61SzyfUwaJOWeK1Ci5",
        "report_test_61SzyfU025CEjE4Tg5",
    ),
    ("connected_account_balance.summary", "report_61SzxuMc9QCVud7Rw5", "report_test_61SzxuMxWjr81HBtM5"),
    // The id in a sandbox is not published.
    ("payouts.itemized", "report_61Sud0tJaM66vrZ2H5", ""),
];

static TYPES: LazyLock<Vec<Report>> = LazyLock::new(|| include_str!("types.txt").lines().filter_map(parse).collect());

static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let report = |(name, id, test): (&str, &'static str, bool)| {
        let v1 = TYPES.iter().filter(|report| report.name == name).max_by_key(|report| report.optional.len())?;
        let (required, mut optional) = (v1.required.clone(), v1.optional.clone());
        optional.retain(|name| *name != "decimal_separator");
        let (name, title, connected, family) = (v1.name.clone(), v1.title, v1.connected, v1.family);
        Some(Report { id, name, title, version: 1, required, optional, test, connected, family })
    };
    let ids = V2.into_iter().flat_map(|(name, live, test)| [(name, live, false), (name, test, true)]);
    ids.filter(|(_, id, _)| !id.is_empty()).filter_map(report).collect()
});

fn parse(line: &'static str) -> Option<Report> {
    let (words, title) = line.split_once(" | ")?;
    let mut words = words.split_whitespace();
    let id = words.next()?;
    let (name, version) = id.rsplit_once('.')?;
    let (required, optional): (Vec<_>, Vec<_>) = words.partition(|word| word.ends_with('!'));
    let own = name.strip_prefix("connected_account_");
    let family = FAMILIES.iter().find(|family| family.name == own.unwrap_or(name))?;
    Some(Report {
        id,
        name: name.to_owned(),
        title,
        version: version.parse().ok()?,
        required: required.into_iter().map(|word| word.trim_end_matches('!')).collect(),
        optional,
        test: false,
        connected: own.is_some(),
        family,
    })
}

/// Returns the report types of v1.
pub fn report_types() -> &'static [Report] {
    &TYPES
}

/// Returns the report type of v1 with this id.
pub fn report_type(id: &str) -> Option<&'static Report> {
    TYPES.iter().find(|report| report.id == id)
}

/// Returns the reports of v2.
pub fn reports() -> &'static [Report] {
    &REPORTS
}

/// Returns the report of v2 with this id.
pub fn report(id: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.id == id)
}

/// Runs a report.
pub fn run(
    database: &Database,
    scope: &Scope,
    report: &Report,
    parameters: &Parameters,
    limits: &Limits,
) -> Result<Table, ReportError> {
    let sql = report.sql(database, parameters)?;
    let table = database.query(&sql, scope, limits).map_err(|error| ReportError {
        message: error.message.clone(),
        parameter: None,
        sql: Some(error),
    })?;
    match &parameters.payout {
        Some(payout) if table.rows.is_empty() => invalid("payout", format!("no such automatic payout: `{payout}`")),
        _ => Ok(table),
    }
}

impl Report {
    /// Returns the columns of a run that names none.
    pub fn default_columns(&self) -> Vec<String> {
        let account = self.connected.then(|| "connected_account".to_owned());
        let columns = self.family.columns.iter().take(self.family.defaults);
        account.into_iter().chain(columns.map(|(name, _)| (*name).to_owned())).collect()
    }

    /// Returns all columns, except for metadata.
    pub fn columns(&self) -> Vec<String> {
        let account = self.connected.then(|| "connected_account".to_owned());
        let columns = self.family.columns.iter();
        account.into_iter().chain(columns.map(|(name, _)| (*name).to_owned())).collect()
    }

    /// Returns whether a run accepts `columns`.
    pub fn accepts_columns(&self) -> bool {
        self.optional.contains(&"columns")
    }

    /// Returns the interval that runs may ask for, both ends inclusive.
    pub fn available(&self, database: &Database) -> (jiff::Timestamp, jiff::Timestamp) {
        database.window()
    }

    /// Returns the SQL of a run over all data, with the required parameters only.
    pub fn default_sql(&self, database: &Database) -> String {
        let (start, end) = self.available(database);
        let given = Parameters { interval_start: Some(start), interval_end: Some(end), ..Parameters::default() };
        sql::write(self, &given)
    }

    /// Returns the SQL of a run, or the first parameter that is not valid.
    pub fn sql(&self, database: &Database, parameters: &Parameters) -> Result<String, ReportError> {
        self.check(database, parameters)?;
        Ok(sql::write(self, parameters))
    }

    fn check(&self, database: &Database, parameters: &Parameters) -> Result<(), ReportError> {
        for name in parameters.given() {
            if !self.required.contains(&name) && !self.optional.contains(&name) {
                return invalid(name, format!("`{}` does not accept the parameter `{name}`", self.id));
            }
        }
        let given: Vec<_> = parameters.given().collect();
        if let Some(name) = self.required.iter().find(|name| !given.contains(name)) {
            return invalid(name, format!("missing parameter `{name}`"));
        }
        let (first, last) = self.available(database);
        let interval = [("interval_start", parameters.interval_start), ("interval_end", parameters.interval_end)];
        for (name, time) in interval {
            if time.is_some_and(|time| time < first || time > last) {
                return invalid(name, format!("`{name}` is outside of the available data, {first} to {last}"));
            }
        }
        if let (Some(start), Some(end)) = (parameters.interval_start, parameters.interval_end)
            && start >= end
        {
            return invalid("interval_start", "`interval_start` must be before `interval_end`");
        }
        if let Some(zone) = &parameters.timezone {
            functions::time::zone(zone).or_else(|fault| invalid("timezone", fault.0))?;
        }
        if let Some(separator) = &parameters.decimal_separator
            && !matches!(separator.as_str(), "." | ",")
        {
            return invalid(
                "decimal_separator",
                format!("unknown decimal separator `{separator}`\nhelp: use `.` or `,`"),
            );
        }
        for account in &parameters.connected_accounts {
            let known = database.accounts().iter().any(|a| a.role == Role::Connected && a.id == *account);
            if !known {
                return invalid("connected_account", format!("no such connected account: `{account}`"));
            }
        }
        self.check_columns(parameters)
    }

    fn check_columns(&self, parameters: &Parameters) -> Result<(), ReportError> {
        let Some(columns) = &parameters.columns else { return Ok(()) };
        if columns.is_empty() {
            return invalid("columns", "`columns` is empty\nhelp: omit it for the default columns");
        }
        for (at, name) in columns.iter().enumerate() {
            if sql::column(self, name, parameters).is_none() {
                let all = self.columns();
                let help = similar(name, all.iter().map(String::as_str));
                let help = help.map(|name| format!("\nhelp: did you mean `{name}`?")).unwrap_or_default();
                return invalid("columns", format!("unknown column `{name}`{help}"));
            }
            if columns.iter().take(at).any(|before| before == name) {
                return invalid("columns", format!("column `{name}` occurs twice"));
            }
        }
        Ok(())
    }
}
