use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::*;
use crate::protocol::testing::respond;
use crate::{RawRequest, Value};

/// A run with inline rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct QueryRun {
    status: String,
}

impl InlineRows for QueryRun {
    type Retrieve = RawRequest<Self>;
    const ROWS: RowsLayout = RowsLayout {
        columns: &["result", "inline", "columns"],
        rows: &["result", "inline", "rows"],
        next_page: &["result", "inline", "next_page_url"],
        page: "page",
        limit: Some(("limit", 1000)),
    };

    fn rows_request(&self) -> Self::Retrieve {
        RawRequest::get("/v2/data/query_runs/qrun_1?include[0]=result.inline").stripe_version("1").response_type()
    }

    fn rows_state(&self) -> Option<RunState> {
        Some(match self.status.as_str() {
            "running" => RunState::Running,
            "failed" => RunState::Failed,
            _ => RunState::Succeeded,
        })
    }
}

fn reader<T: DeserializeOwned>() -> RowReader<T> {
    RowReader::new(&QueryRun { status: "succeeded".into() }, Config::new("k")).unwrap()
}

/// Returns a response with these columns, the data of rows, and the next page.
fn page(columns: &[&str], rows: &[&str], next: &str) -> String {
    let columns: Vec<_> = columns.iter().map(|name| format!(r#"{{"name":"{name}","type":"quaternion"}}"#)).collect();
    let rows: Vec<_> = rows.iter().map(|data| format!(r#"{{"data":{data}}}"#)).collect();
    format!(
        r#"{{"id":"qrun_1","status":"succeeded","result":{{"inline":{{"columns":[{}],"rows":[{}],"next_page_url":{next}}}}}}}"#,
        columns.join(","),
        rows.join(",")
    )
}

/// Reads all rows; returns the requested targets, the rows and the error.
fn read<T: DeserializeOwned>(pages: &[String]) -> (Vec<String>, Vec<T>, Option<Error>) {
    let (mut reader, mut requested, mut rows) = (reader::<T>(), Vec::new(), Vec::new());
    let mut pages = pages.iter();
    loop {
        let fetched = match reader.next() {
            Ok(Step::Yield(row)) => {
                rows.push(row);
                Ok(())
            }
            Ok(Step::End) => return (requested, rows, None),
            Ok(Step::Fetch(exchange)) => {
                requested.push(exchange.uri().to_string().replace("https://api.stripe.com/v2/data/query_runs/", ""));
                reader.on_page(respond(*exchange, 200, pages.next().expect("another page").clone()))
            }
            Err(error) => Err(error),
        };
        if let Err(error) = fetched {
            assert!(matches!(reader.next(), Ok(Step::End)), "nothing follows an error");
            return (requested, rows, Some(error));
        }
    }
}

fn error<T: DeserializeOwned>(pages: &[String]) -> Error {
    read::<T>(pages).2.unwrap()
}

#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    id: String,
    amount: i64,
    note: Option<String>,
}

#[test]
fn reads_all_pages_by_tokens_and_urls() {
    let columns = ["id", "amount", "note"];
    let (requested, rows, error) = read::<Row>(&[
        page(&columns, &[r#"{"id":"a","amount":1,"note":null}"#], r#""to/ken+=""#),
        page(&columns, &[], r#""https://evil.test/v2?limit=1&page=a%2Fb&x=y#page=c""#),
        page(&columns, &[r#"{"amount":"-2","note":"n","id":7}"#, r#"{"amount":3,"id":""}"#], "null"),
    ]);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        requested,
        [
            "qrun_1?include[0]=result.inline&limit=1000",
            "qrun_1?include[0]=result.inline&limit=1000&page=to%2Fken%2B%3D",
            "qrun_1?include[0]=result.inline&limit=1000&page=a%2Fb",
        ]
    );
    let row = |id: &str, amount, note: Option<&str>| Row { id: id.into(), amount, note: note.map(str::to_owned) };
    assert_eq!(rows, [row("a", 1, None), row("7", -2, Some("n")), row("", 3, None)]);
}

#[test]
fn a_page_that_does_not_advance_is_an_error() {
    for (first, second) in [(r#""t""#, r#""t""#), (r#""t""#, r#""/v2/x?page=t""#)] {
        let pages = [page(&["a"], &[r#"{"a":1}"#], first), page(&["a"], &[r#"{"a":2}"#], second)];
        let (_, rows, error) = read::<(i64,)>(&pages);
        assert_eq!((rows.len(), error.unwrap().kind()), (1, ErrorKind::Pagination), "{second}");
    }
    for url in ["https://api.stripe.com/v2/x", "/v2/x?pages=1", "?page=", "?page=%ff"] {
        let error = error::<(i64,)>(&[page(&["a"], &[], &format!("{url:?}"))]);
        assert_eq!(error.kind(), ErrorKind::Pagination, "{url}: {error}");
    }
    let endless: Vec<_> = (0..100).map(|number| page(&["a"], &[], &format!("\"{number}\""))).collect();
    assert_eq!(error::<(i64,)>(&endless).kind(), ErrorKind::EmptyPages);
}

#[test]
fn numbers_of_any_length_are_preserved() {
    const DECIMAL: &str = "123456789012345678901234567.890";
    for (bigint, decimal) in
        [("9007199254740993", DECIMAL.to_owned()), ("\"9007199254740993\"", format!("\"{DECIMAL}\""))]
    {
        let pages = [page(&["bigint", "decimal"], &[&format!(r#"{{"decimal":{decimal},"bigint":{bigint}}}"#)], "null")];
        assert_eq!(read::<(i64, String)>(&pages).1, [(9_007_199_254_740_993, DECIMAL.to_owned())]);
        let maps = read::<BTreeMap<String, String>>(&pages).1;
        assert_eq!((maps[0]["bigint"].as_str(), maps[0]["decimal"].as_str()), ("9007199254740993", DECIMAL));
        let maps = read::<BTreeMap<String, Box<RawValue>>>(&pages).1;
        assert_eq!((maps[0]["bigint"].get(), maps[0]["decimal"].get()), (bigint, decimal.as_str()));
    }
}

#[test]
fn cells_are_what_fields_of_a_csv_file_are() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Fee,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(String);
    type Cells = (bool, f64, char, Kind, Id, Option<u8>, Option<u8>, String, Option<bool>);
    let columns = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let json = r#"{"a":true,"b":"1.5","c":"x","d":"fee","e":1,"f":null,"g":"","h":false,"i":"false"}"#;
    let expected: Cells = (true, 1.5, 'x', Kind::Fee, Id("1".into()), None, None, "false".into(), Some(false));
    assert_eq!(read::<Cells>(&[page(&columns, &[json], "null")]).1, [expected]);
    let values = read::<BTreeMap<String, Value>>(&[page(&["a", "b"], &[r#"{"a":{"x":[1]}}"#], "null")]).1;
    assert_eq!(values[0], BTreeMap::from([("a".into(), serde_json::json!({"x": [1]})), ("b".into(), Value::Null)]));
    let lists = read::<Vec<Vec<u8>>>(&[page(&["a"], &[r#"{"a":[1,2]}"#], "null")]).1;
    assert_eq!(lists, [[[1, 2]]]);
}

#[test]
fn an_error_names_the_row_and_the_column() {
    for (columns, json, expected) in [
        (
            &["id", "amount"][..],
            r#"{"id":"a","amount":"ten"}"#,
            "row 1: column `amount`: invalid digit found in string",
        ),
        (&["id", "amount"], r#"{"id":"a"}"#, "row 1: column `amount`: cannot parse integer from empty string"),
        (&["id", "note"], r#"{"id":"a"}"#, "row 1: missing field `amount`; the columns are `id`, `note`"),
        (&["id"], r#"{"id":"a","amount":1}"#, "a row has a cell for `amount`, which is no column"),
        (&["id", "id"], r#"{"id":"a"}"#, "two columns are named `id`, so their cells cannot be distinguished"),
        (&["id"], r#"{"id":"a","id":"b"}"#, "`result.inline.rows`: invalid entry: found duplicate key"),
        (&["id"], "[]", "`result.inline.rows`: invalid type: sequence"),
    ] {
        let error = error::<Row>(&[page(columns, &[json], "null")]);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(expected), "{error}");
    }
    let error = error::<(String,)>(&[page(&["a"], &[r#"{"a":1}"#], "\"t\""), page(&["b"], &[], "null")]);
    assert!(error.to_string().contains("the columns of this page are `b`, those of the first `a`"), "{error}");
    assert!(read::<(String, String)>(&[page(&["a"], &[r#"{"a":1}"#], "null")]).2.is_some());
}

#[test]
fn a_run_without_inline_rows_is_an_error() {
    for body in ["{}", r#"{"result":null}"#, r#"{"result":{"inline":{"columns":[]}}}"#, r#"{"result":{"file":{}}}"#] {
        let error = error::<Row>(&[body.to_owned()]);
        assert_eq!(error.kind(), ErrorKind::NoResult);
        assert!(error.to_string().contains("help: download its file"), "{error}");
    }
    for (status, expected) in [("running", "wait for it first"), ("failed", "the run failed")] {
        let error = RowReader::<Row>::new(&QueryRun { status: status.into() }, Config::new("k")).err().unwrap();
        assert!(error.kind() == ErrorKind::NoResult && error.to_string().contains(expected), "{error}");
    }
}
