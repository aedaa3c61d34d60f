//! The generated data is consistent, and queries, reports and an independent computation agree on it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{fs, thread};

use stripe_reporting_sandbox::data::reports::{self, Parameters, Report};
use stripe_reporting_sandbox::data::{Database, Limits, Role, Scope, Table};

static DATABASE: LazyLock<Database> = LazyLock::new(|| Database::new(1, None).unwrap());

fn query(database: &Database, account: &str, sql: &str) -> Table {
    database
        .query(sql, &Scope::Account(account.to_owned()), &Limits::default())
        .unwrap_or_else(|error| panic!("{sql}\n{error}"))
}

fn none(database: &Database, account: &str, sql: &str) {
    let table = query(database, account, sql);
    assert!(table.rows.is_empty(), "{sql}\n{}", String::from_utf8_lossy(&table.to_csv()));
}

/// Every table with the column `account`, as CSV files.
fn dump(database: &Database, directory: &std::path::Path) {
    for schema in database.schemas().iter().filter(|schema| !schema.name.starts_with("connected_account_")) {
        let mut csv = String::new();
        for account in database.accounts() {
            let table = query(database, &account.id, &format!("select * from {}", schema.name));
            let text = String::from_utf8(table.to_csv()).unwrap();
            let mut lines = text.lines();
            let header = lines.next().unwrap();
            if csv.is_empty() {
                writeln!(csv, "account,{header}").unwrap();
            }
            lines.for_each(|line| writeln!(csv, "{},{line}", account.id).unwrap());
        }
        fs::write(directory.join(format!("{}.csv", schema.name)), csv).unwrap();
    }
}

#[test]
fn balances_reconcile_for_every_seed() {
    let seeds: Vec<_> = (1..5).map(|seed| thread::spawn(move || reconcile(seed))).collect();
    seeds.into_iter().for_each(|seed| seed.join().unwrap());
}

fn reconcile(seed: u64) {
    let database = Database::new(seed, None).unwrap();
    for account in database.accounts() {
        let none = |sql: &str| none(&database, &account.id, sql);
        none("select id from balance_transactions where net <> amount - fee");
        none(
            "select c.id from charges c left join balance_transactions b on b.id = c.balance_transaction_id
              where c.paid and (b.id is null or b.amount <> c.amount or b.source_id <> c.id or b.created <> c.created)",
        );
        none("select p.id from payouts p left join (select automatic_transfer_id, sum(net) as net from
              balance_transactions group by 1) b on b.automatic_transfer_id = p.id where p.amount <> coalesce(b.net, 0)");
        none(
            "select p.id from payouts p left join balance_transactions b on b.id = p.balance_transaction_id
              where b.amount is distinct from - p.amount or b.source_id <> p.id",
        );
        none(
            "select r.id from refunds r left join charges c on c.id = r.charge_id
              where c.id is null or r.created <= c.created or r.amount > c.amount or r.currency <> c.currency",
        );
        none(
            "select id from charges where amount_refunded <> coalesce(
              (select sum(amount) from refunds r where r.charge_id = charges.id), 0)",
        );
        none("select d.id from disputes d left join charges c on c.dispute_id = d.id where c.id is null");
        none(
            "select b.id from balance_transactions b left join (select balance_transaction_id as id, sum(amount) as fee
              from balance_transaction_fee_details group by 1) f on f.id = b.id where b.fee <> coalesce(f.fee, 0)",
        );
        none(
            "select i.id from invoices i join charges c on c.id = i.charge_id where i.paid <> c.paid or i.total <> c.amount",
        );
        none("select id from charges where customer_id not in (select id from customers)");
        none(
            "select b.id from balance_transactions b join payouts p on p.id = b.automatic_transfer_id
              where b.created >= p.created or b.currency <> p.currency",
        );
        // At the end of any month: the balance is what no payout has paid out.
        for month in [1, 5, 9] {
            let at = format!("date_add('month', -{month}, timestamp '2026-07-01 00:00:00')");
            none(&format!(
                "select currency, sum(net) as balance from balance_transactions where created < {at} group by 1
                 except select b.currency, sum(case when b.reporting_category <> 'payout' and (p.created is null or
                 p.created >= {at}) then b.net else 0 end) from balance_transactions b left join payouts p
                 on p.id = b.automatic_transfer_id where b.created < {at} group by 1"
            ));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let csv = |database: &Database| {
        let schemas = database.schemas().iter().map(|schema| format!("select * from {}", schema.name));
        let account = &database.accounts()[0].id;
        schemas.map(|sql| query(database, account, &sql).to_csv()).collect::<Vec<_>>()
    };
    let again = Database::new(1, None).unwrap();
    assert_eq!(csv(&DATABASE), csv(&again));
    let other = Database::new(2, None).unwrap();
    assert_ne!(DATABASE.accounts(), other.accounts());
    let later = Database::ending_at(1, None, "2026-11-20T12:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(later.window().1.to_string(), "2026-11-20T00:00:00Z");
    let count =
        |database: &Database| query(database, &database.accounts()[0].id, "select count(*), sum(amount) from charges");
    assert_eq!(count(&DATABASE), count(&later));
}

#[test]
fn csv_files_replace_tables() {
    let directory = tempfile::tempdir().unwrap();
    dump(&DATABASE, directory.path());
    fs::write(
        directory.path().join("plans.csv"),
        "id,price,since,active,seats:integer,share\nbasic,9.90,2026-01-01,true,1,1e-1\n\"a \"\"b\"\"\",1000,,false,,0.5\n",
    )
    .unwrap();
    let loaded = Database::new(7, Some(directory.path())).unwrap();
    let plans = loaded.schemas().iter().find(|schema| schema.name == "plans").unwrap();
    let types: Vec<_> = plans.columns.iter().map(|column| column.column_type.as_str()).collect();
    assert_eq!(types, ["varchar", "decimal", "date", "boolean", "integer", "double"]);
    let account = &loaded.accounts()[0].id;
    let table = query(&loaded, account, "select *, price * 2 as twice from plans order by price");
    let expected = "id,price,since,active,seats,share,twice\nbasic,9.90,2026-01-01,true,1,0.1,19.80\n\
                    \"a \"\"b\"\"\",1000.00,,false,,0.5,2000.00\n";
    assert_eq!(String::from_utf8(table.to_csv()).unwrap(), expected);
    // The rows of the dump belong to the accounts of the other database.
    for account in DATABASE.accounts() {
        for table in ["charges", "balance_transactions", "payouts"] {
            let sql = format!("select * from {table} order by id");
            assert_eq!(query(&DATABASE, &account.id, &sql), query(&loaded, &account.id, &sql));
        }
    }
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("plans.csv"), "id:number\n1\n").unwrap();
    let error = Database::new(7, Some(directory.path())).err().unwrap().to_string();
    assert!(error.contains("unknown type `number`"), "{error}");
    fs::write(directory.path().join("plans.csv"), "id:bigint\nx\n").unwrap();
    let error = Database::new(7, Some(directory.path())).err().unwrap().to_string();
    assert!(error.contains("row 2: `x` in column `id` is not a bigint"), "{error}");
}

#[test]
fn references_of_schemas_exist_on_both_sides() {
    let schemas = DATABASE.schemas();
    let column = |table: &str, name: &str| {
        schemas.iter().find(|schema| schema.name == table).unwrap().columns.iter().find(|c| c.name == name).unwrap()
    };
    let mut references = 0;
    for schema in schemas {
        for own in &schema.columns {
            assert!(!own.description.is_empty(), "{}.{}", schema.name, own.name);
            for to in &own.foreign_keys_to {
                let back = &column(&to.schema, &to.column).foreign_keys_from;
                assert!(back.iter().any(|from| from.schema == schema.name && from.column == own.name));
                references += 1;
            }
        }
    }
    assert!(references > 40);
}

/// The required parameters of a report, and nothing else.
fn required(report: &Report) -> Parameters {
    let (_, end) = DATABASE.window();
    let connected = DATABASE.accounts().iter().find(|account| account.role == Role::Connected).unwrap();
    let mut parameters = Parameters::default();
    for name in &report.required {
        match *name {
            "interval_start" => parameters.interval_start = Some(end - jiff::SignedDuration::from_hours(24 * 60)),
            "interval_end" => parameters.interval_end = Some(end),
            "connected_account" => parameters.connected_accounts = vec![connected.id.clone()],
            "payout" => {
                let sql = match report.connected {
                    true => format!("select max(id) from connected_account_payouts where account = '{}'", connected.id),
                    false => "select max(id) from payouts".to_owned(),
                };
                parameters.payout = Some(query(&DATABASE, &DATABASE.accounts()[0].id, &sql).rows[0][0].to_string());
            }
            other => panic!("{other}"),
        }
    }
    parameters
}

fn run(report: &Report, parameters: &Parameters, account: usize) -> Result<Table, reports::ReportError> {
    let scope = Scope::Account(DATABASE.accounts()[account].id.clone());
    reports::run(&DATABASE, &scope, report, parameters, &Limits::default())
}

/// The values of `x-knownValues` under a heading of a description, with their descriptions.
fn known(description: &str, before: &str) -> Vec<(String, String)> {
    let start = description.find(before).unwrap();
    let text = &description[start..];
    let values = &text[..text.find("\n        object:").unwrap()];
    let values = values.split("- value: ").skip(1);
    values
        .map(|value| value.split_once('\n').unwrap())
        .map(|(id, rest)| (id.trim().to_owned(), rest.to_owned()))
        .collect()
}

#[test]
fn every_report_of_the_description_runs() {
    let spec = |name| fs::read_to_string(format!("{}/../../spec/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (id, description) in known(&spec("v1.yaml"), "The report type's id, such as `balance.summary.1`.\n          #")
    {
        let report = reports::report_type(&id).unwrap_or_else(|| panic!("no report type {id}"));
        let text = description.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((_, text)) = text.split_once("Requires ") {
            let (requires, accepts) = text.split_once("; accepts ").unwrap_or((text, ""));
            let names = |text: &str| {
                let mut names: Vec<_> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
                names.sort();
                names
            };
            let sorted = |names: &[&str]| {
                let mut names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
                names.sort();
                names
            };
            assert_eq!(names(requires), sorted(&report.required), "{id}");
            assert_eq!(names(accepts), sorted(&report.optional), "{id}");
        }
        let mut parameters = required(report);
        let table = run(report, &parameters, 0).unwrap();
        assert!(!table.rows.is_empty(), "{id}");
        let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&table), report.default_columns());
        if report.accepts_columns() && report.version == 1 {
            let mut columns = report.columns();
            columns.reverse();
            parameters.columns = Some(columns.clone());
            assert_eq!(names(&run(report, &parameters, 0).unwrap()), columns);
        }
    }
    for (id, _) in known(&spec("v2.yaml"), "The report's id, prefixed with `report_`") {
        let report = reports::report(&id).unwrap_or_else(|| panic!("no report {id}"));
        let parameters = Parameters { interval_start: Some(DATABASE.window().0), ..required(report) };
        let table = run(report, &parameters, 0).unwrap();
        assert_eq!(query(&DATABASE, &DATABASE.accounts()[0].id, &report.default_sql(&DATABASE)), table, "{id}");
    }
}

#[test]
fn parameters_of_reports() {
    let itemized = reports::report_type("balance_change_from_activity.itemized.3").unwrap();
    let columns = ["currency", "gross", "created_utc", "created", "payment_metadata[city]"].map(str::to_owned);
    let mut parameters = required(itemized);
    parameters.columns = Some(columns.to_vec());
    parameters.timezone = Some("Asia/Tokyo".to_owned());
    parameters.reporting_category = Some("charge".to_owned());
    let csv = String::from_utf8(run(itemized, &parameters, 2).unwrap().to_csv()).unwrap();
    insta::assert_snapshot!(csv.lines().take(4).collect::<Vec<_>>().join("\n"));
    // The interval's start is inclusive, its end exclusive.
    let first: jiff::Timestamp =
        format!("{}Z", csv.lines().nth(1).unwrap().split(',').nth(2).unwrap()).parse().unwrap();
    let count = |start: jiff::Timestamp, end: jiff::Timestamp| {
        let interval = Parameters { interval_start: Some(start), interval_end: Some(end), ..parameters.clone() };
        run(itemized, &interval, 2).unwrap().rows.len()
    };
    let second = jiff::SignedDuration::from_secs(1);
    assert_eq!((count(first, first + second), count(first - second, first)), (1, 0));

    let error = |change: &dyn Fn(&mut Parameters)| {
        let mut parameters = required(itemized);
        change(&mut parameters);
        let error = run(itemized, &parameters, 0).unwrap_err();
        format!("{}: {}", error.parameter.unwrap_or("-"), error.message.replace('\n', " "))
    };
    let day = jiff::SignedDuration::from_hours(24);
    let (start, end) = DATABASE.window();
    let errors = [
        error(&|p| p.columns = Some(vec!["gros".to_owned()])),
        error(&|p| p.columns = Some(vec!["net".to_owned(), "net".to_owned()])),
        error(&|p| p.columns = Some(Vec::new())),
        error(&|p| p.interval_end = None),
        error(&|p| p.interval_end = Some(end + day)),
        error(&|p| p.interval_start = Some(start - day)),
        error(&|p| p.interval_start = p.interval_end),
        error(&|p| p.timezone = Some("Mars/Base".to_owned())),
        error(&|p| p.payout = Some("po_1".to_owned())),
        error(&|p| p.decimal_separator = Some("x".to_owned())),
    ];
    insta::assert_snapshot!(errors.join("\n"));
    let by_id = reports::report_type("payout_reconciliation.by_id.itemized.4").unwrap();
    let parameters = Parameters { payout: Some("po_1' or '1' = '1".to_owned()), ..Parameters::default() };
    assert_eq!(run(by_id, &parameters, 0).unwrap_err().parameter, Some("payout"));
    let mut parameters = required(itemized);
    parameters.decimal_separator = Some(",".to_owned());
    parameters.columns = Some(vec!["net".to_owned()]);
    assert!(run(itemized, &parameters, 0).unwrap().rows.iter().all(|row| row[0].to_string().contains(',')));
}

#[test]
fn summaries_are_the_sums_of_items() {
    let parse = |text: &str| (text.parse::<f64>().unwrap() * 1000.0).round() as i64;
    for name in ["balance_change_from_activity", "payouts", "payout_reconciliation", "ending_balance_reconciliation"] {
        for account in 0..3 {
            let [items, sums] = ["itemized", "summary"].map(|kind| {
                let report = reports::report_type(&format!("{name}.{kind}.1")).unwrap();
                let columns = ["currency", "net"].map(str::to_owned).to_vec();
                let parameters = Parameters { columns: Some(columns), ..required(report) };
                let mut sums = std::collections::BTreeMap::<String, i64>::new();
                for row in run(report, &parameters, account).unwrap().rows {
                    *sums.entry(row[0].to_string()).or_default() += parse(&row[1].to_string());
                }
                sums
            });
            assert_eq!(items, sums, "{name}");
        }
    }
}

/// The count and the sum of the rows that a filter keeps, without SQL.
fn computed(filter: &Filter) -> String {
    let account = &DATABASE.accounts()[filter.account].id;
    let table = query(&DATABASE, account, &format!("select * from {}", filter.table));
    let at = |name: &str| table.columns.iter().position(|column| column.name == name).unwrap();
    let (mut count, mut sum) = (0, 0);
    for row in &table.rows {
        let kept = filter.conditions().iter().all(|(column, operator, value)| {
            let cell = row[at(column)].to_string();
            match (*operator, *column) {
                ("null", _) => cell.is_empty(),
                ("notnull", _) => !cell.is_empty(),
                ("=", _) => cell == *value,
                (">=", "amount") => cell.parse::<i64>().unwrap() >= value.parse().unwrap(),
                (">=", _) => cell >= *value,
                _ => cell < *value,
            }
        });
        if kept {
            count += 1;
            sum += row[at(filter.sum)].to_string().parse::<i64>().unwrap();
        }
    }
    format!("{count} {sum}")
}

#[test]
fn random_filters_agree_with_rust() {
    let mut random = fastrand::Rng::with_seed(17);
    for filter in (0..20).map(|_| Filter::random(&mut random)) {
        let table = query(&DATABASE, &DATABASE.accounts()[filter.account].id, &filter.sql());
        assert_eq!(format!("{} {}", table.rows[0][0], table.rows[0][1]), computed(&filter), "{}", filter.sql());
    }
}

#[test]
fn random_filters_agree_with_python() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: python3 is not installed");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    dump(&DATABASE, directory.path());
    let mut random = fastrand::Rng::with_seed(13);
    let filters: Vec<_> = (0..200).map(|_| Filter::random(&mut random)).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle.py");
    let mut python = Command::new("python3")
        .args([script, directory.path().to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = filters.iter().map(|filter| format!("{}\n", filter.json())).collect();
    python.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(output.lines().count(), filters.len());
    let mut rows = 0;
    for (filter, expected) in filters.iter().zip(output.lines()) {
        let table = query(&DATABASE, &DATABASE.accounts()[filter.account].id, &filter.sql());
        assert_eq!(format!("{} {}", table.rows[0][0], table.rows[0][1]), expected, "{}", filter.sql());
        rows += expected.split(' ').next().unwrap().parse::<u64>().unwrap();
        if let Some(report) = filter.report() {
            assert_eq!(report, expected, "{}", filter.sql());
        }
    }
    assert!(rows > 10_000);
}

/// A filter of balance transactions or charges.
struct Filter {
    table: &'static str,
    account: usize,
    sum: &'static str,
    currency: Option<&'static str>,
    category: Option<&'static str>,
    days: Option<(i64, i64)>,
    least: Option<i64>,
    open: Option<bool>,
}

impl Filter {
    fn random(random: &mut fastrand::Rng) -> Filter {
        let charges = random.u8(0..3) == 0;
        let first = random.i64(0..360);
        let sums = if charges { ["amount", "amount_refunded", "outcome_risk_score"] } else { ["amount", "fee", "net"] };
        let categories = ["charge", "refund", "dispute", "platform_earning", "transfer", "fee"];
        Filter {
            table: if charges { "charges" } else { "balance_transactions" },
            account: random.usize(0..6),
            sum: sums[random.usize(0..3)],
            currency: (random.u8(0..2) == 0).then(|| ["usd", "eur", "jpy", "gbp"][random.usize(0..4)]),
            category: (!charges && random.bool()).then(|| categories[random.usize(0..categories.len())]),
            days: (random.u8(0..4) > 0).then(|| (first, random.i64(first + 1..=365))),
            least: (random.u8(0..3) == 0).then(|| random.i64(-5_000..20_000)),
            open: (random.u8(0..4) == 0).then(|| random.bool()),
        }
    }

    fn times(&self) -> Option<[jiff::Timestamp; 2]> {
        let day = |n: i64| DATABASE.window().0 + jiff::SignedDuration::from_hours(24 * n);
        self.days.map(|(first, last)| [day(first), day(last)])
    }

    fn empty_column(&self) -> &'static str {
        if self.table == "charges" { "dispute_id" } else { "automatic_transfer_id" }
    }

    fn conditions(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut conditions = Vec::new();
        conditions.extend(self.currency.map(|currency| ("currency", "=", currency.to_owned())));
        conditions.extend(self.category.map(|category| ("reporting_category", "=", category.to_owned())));
        if let Some([start, end]) = self.times() {
            conditions.push(("created", ">=", start.strftime("%F %T.000").to_string()));
            conditions.push(("created", "<", end.strftime("%F %T.000").to_string()));
        }
        conditions.extend(self.least.map(|least| ("amount", ">=", least.to_string())));
        conditions
            .extend(self.open.map(|open| (self.empty_column(), if open { "null" } else { "notnull" }, String::new())));
        conditions
    }

    fn json(&self) -> serde_json::Value {
        let account = &DATABASE.accounts()[self.account].id;
        serde_json::json!({"table": self.table, "account": account, "sum": self.sum, "where": self.conditions()})
    }

    fn sql(&self) -> String {
        let mut sql = format!("select count(*), coalesce(sum({}), 0) from {} where true", self.sum, self.table);
        for (column, operator, value) in self.conditions() {
            let condition = match (column, operator) {
                (_, "null") => format!("{column} is null"),
                (_, "notnull") => format!("{column} is not null"),
                ("created", _) => format!("created {operator} timestamp '{value}'"),
                ("amount", _) => format!("amount {operator} {value}"),
                _ => format!("{column} {operator} '{value}'"),
            };
            write!(sql, " and {condition}").unwrap();
        }
        sql
    }

    /// The count and the sum by a report, if one has the filter's parameters.
    fn report(&self) -> Option<String> {
        let [start, end] = self.times()?;
        let category = self.category.filter(|category| *category != "payout")?;
        let currency = self.currency?;
        if self.least.is_some() || self.open.is_some() {
            return None;
        }
        let report = reports::report_type("balance_change_from_activity.itemized.3").unwrap();
        let parameters = Parameters {
            interval_start: Some(start),
            interval_end: Some(end),
            currency: Some(currency.to_owned()),
            reporting_category: Some(category.to_owned()),
            columns: Some(vec![if self.sum == "amount" { "gross".to_owned() } else { self.sum.to_owned() }]),
            ..Parameters::default()
        };
        let table = run(report, &parameters, self.account).unwrap();
        let sum: i64 = table.rows.iter().map(|row| row[0].to_string().replace('.', "").parse::<i64>().unwrap()).sum();
        Some(format!("{} {sum}", table.rows.len()))
    }
}
