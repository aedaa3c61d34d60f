//! The corpus of reporting queries, `queries/*.sql`, and the messages of invalid queries.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use stripe_reporting_sandbox::data::{Cell, ColumnType, Database, Limits, Scope, SqlErrorKind, Table};

static DATABASE: LazyLock<Database> = LazyLock::new(|| Database::new(1, None).unwrap());

fn platform() -> Scope {
    Scope::Account(DATABASE.accounts()[0].id.clone())
}

fn query(sql: &str) -> Table {
    DATABASE.query(sql, &platform(), &Limits::default()).unwrap_or_else(|error| panic!("{sql}\n{error}"))
}

fn message(sql: &str) -> String {
    DATABASE.query(sql, &platform(), &Limits::default()).unwrap_err().message
}

#[test]
fn corpus() {
    let mut files: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("queries"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 40);
    for file in files {
        let table = query(&fs::read_to_string(&file).unwrap());
        let types: Vec<_> = table.columns.iter().map(|column| column.column_type.as_str()).collect();
        let csv = String::from_utf8(table.to_csv()).unwrap();
        let head: Vec<_> = csv.lines().take(7).collect();
        let text = format!("{}\n{}\n({} rows)", types.join(","), head.join("\n"), table.rows.len());
        insta::assert_snapshot!(file.file_stem().unwrap().to_str().unwrap(), text);
    }
}

#[test]
fn messages() {
    let invalid = [
        "select amont from charges",
        "select c.amount from charges",
        "select ch.amount from charges c",
        "select amount from charge",
        "select\n  id\nfrom charges\nwhere creatd > now()",
        "select datetrunc('day', created) from charges",
        "select json_parse('{}')",
        "select id from charges where created > '2026-01-01'",
        "select id || 1 from charges",
        "select 'a' + 1",
        "select count(*) from charges where sum(amount) > 1",
        "select sum(count(*)) from charges",
        "select currency, id, count(*) from charges group by currency",
        "select *, count(*) from charges",
        "select id from charges, refunds",
        "select id from charges join refunds on charges.id = refunds.charge_id",
        "select 1 from charges join refunds",
        "select * from charges natural join refunds",
        "select 1 union select 'a'",
        "select 1, 2 union select 1",
        "select cast(1 as uuid)",
        "select cast(date '2026-01-01' as bigint)",
        "select date '2026-13-01'",
        "select timestamp '2026-01-01 00:00:00' at time zone 'AMERICA/NEW_YORK'",
        "select interval '1' fortnight",
        "select date_trunc('dai', now())",
        "select row_number() from charges",
        "select case when 1 then 2 end",
        "select 1 where 2",
        "select id from charges order by 2",
        "select id from charges limit 1 + 1",
        "select t.* from charges c",
        "select (select id, amount from charges)",
        "select transform(array[1], x -> x + 1)",
        "select approx_distinct(id) over () from charges",
        "with recursive t as (select 1) select * from t",
        "select * from charges tablesample bernoulli (10)",
        "select * from (select 1 as a, 2 as b) as t(x)",
        "select * from charges c, refunds c",
        "selec 1",
        "select 'a",
        "select 1; select 2",
        "",
        "insert into charges values (1)",
        "with t as (select 1) delete from charges",
        "pragma table_info(charges)",
        "attach database 'x' as y",
        "select * from sqlite_master",
        "select * from pragma_table_list()",
        "select load_extension('x')",
        "select (select id from charges)",
        "select 1 / 0",
        "select 1 / 0.0",
        "select amount / (amount - amount) from charges",
        "select cast('abc' as bigint)",
        "select cast(99999 as decimal(4, 1))",
        "select cast(3000000000 as integer)",
        "select 9223372036854775807 + 1",
        "select sum(9223372036854775807) from charges",
        "select date_parse('x', '%Y')",
        "select regexp_like('a', '(')",
        "select cast('99999999999999999999999999999999999999' as decimal(38, 0)) * 10",
        "select cardinality(sequence(1, 1000000))",
    ];
    let text: Vec<_> =
        invalid.iter().map(|sql| format!("{sql}\n    {}", message(sql).replace('\n', "\n    "))).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn offsets_are_those_of_the_name() {
    for (sql, name) in [
        ("select amont from charges", "amont"),
        ("select id,\n  'é', foo(1)\nfrom charges", "foo"),
        ("select 1 from chrges", "chrges"),
        ("-- é\nselect sum(amount),\n\tfe from balance_transactions", "fe from"),
    ] {
        let error = DATABASE.query(sql, &platform(), &Limits::default()).unwrap_err();
        assert_eq!(error.kind, SqlErrorKind::Invalid);
        assert!(sql[error.offset.unwrap()..].starts_with(name), "{sql}: {error:?}");
    }
}

#[test]
fn deep_and_long_queries_are_errors() {
    let deep = format!("select {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let chain = format!("select {}1", "1+".repeat(20_000));
    let cases = format!("select {}1{}", "case when true then ".repeat(3_000), " end".repeat(3_000));
    let queries = format!("select * from {}charges{}", "(select * from ".repeat(2_000), ")".repeat(2_000));
    for sql in [deep, chain, queries] {
        assert!(message(&sql).contains("nested too deeply"), "{}", message(&sql));
    }
    message(&cases);
    assert!(message(&format!("select '{}'", "x".repeat(300_000))).contains("longer than"));
}

#[test]
fn types_are_declared_cast_or_varchar() {
    let table = query(
        "with t as (select id, amount, created, paid, cast(amount as double) as d, amount + 1 as sum from charges)
         select *, cast(amount as decimal(10, 2)) as c, (amount) as p, cast(created as date) as e, count(*) over () as n,
           cast(id as varchar) || '' as v, coalesce(amount, 0) as f from t union all select * from t, (values (cast(
           null as decimal(10, 2)), 1, current_date, 2, '', 3)) limit 1",
    );
    use ColumnType::{Bigint, Boolean, Date, Decimal, Double, Timestamp, Varchar};
    let types: Vec<_> = table.columns.iter().map(|column| column.column_type).collect();
    let union = [Varchar, Bigint, Timestamp, Boolean, Double, Varchar];
    assert_eq!(types[..6], union);
    assert!(types[6..].iter().all(|ty| *ty == Varchar), "values have no declared type: {types:?}");
    let table = query(
        "select cast(amount as decimal(10, 2)), (amount), cast(created as date), amount + 1 from charges limit 1",
    );
    let types: Vec<_> = table.columns.iter().map(|column| column.column_type).collect();
    assert_eq!(types, [Decimal, Bigint, Date, Varchar]);
    assert!(matches!(table.rows[0][..], [Cell::Text(_), Cell::Bigint(_), Cell::Text(_), Cell::Text(_)]));
}

#[test]
fn limits_end_a_query() {
    let slow =
        "select count(*) from charges a, charges b, charges c, charges d where a.amount + b.amount + c.amount = d.fee";
    let slow = slow.replace("d.fee", "- d.amount");
    let limits = Limits { time: Some(Duration::from_millis(50)), bytes: None };
    let error = DATABASE.query(&slow, &platform(), &limits).unwrap_err();
    assert_eq!(error.kind, SqlErrorKind::Timeout, "{error}");
    let limits = Limits { time: None, bytes: Some(1000) };
    let error = DATABASE.query("select * from charges", &platform(), &limits).unwrap_err();
    assert_eq!(error.kind, SqlErrorKind::TooLarge, "{error}");
    assert_eq!(query("select 1").rows.len(), 1);
}

#[test]
fn an_organization_has_a_result_for_each_account() {
    let sql = "select currency, count(*) as n from charges group by 1 order by 1";
    let all = DATABASE.query(sql, &Scope::Organization, &Limits::default()).unwrap();
    assert_eq!(all.columns[0].name, "account");
    let accounts: std::collections::HashSet<_> = all.rows.iter().map(|row| row[0].to_string()).collect();
    assert_eq!(accounts.len(), 3);
    let member = DATABASE.accounts()[2].id.clone();
    let own: Vec<_> = all.rows.iter().filter(|row| row[0].to_string() == member).map(|row| row[1..].to_vec()).collect();
    assert_eq!(own, DATABASE.query(sql, &Scope::Account(member.clone()), &Limits::default()).unwrap().rows);
    let connected = "select count(*) from connected_account_charges";
    let rows = DATABASE.query(connected, &Scope::Account(member), &Limits::default()).unwrap().rows;
    assert_eq!(rows, [[Cell::Text("0".to_owned())]]);
}

#[test]
fn cells_are_lossless() {
    let table = query(
        "select cast(9007199254740993 as bigint) as a, cast('0.1' as decimal(38, 30)) as b, 'x,\"y\"' as c, null as d",
    );
    assert_eq!(table.rows[0][0].to_json().to_string(), "9007199254740993");
    let csv = String::from_utf8(table.to_csv()).unwrap();
    assert_eq!(csv, "a,b,c,d\n9007199254740993,0.100000000000000000000000000000,\"x,\"\"y\"\"\",\n");
}
