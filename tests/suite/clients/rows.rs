//! Inline rows, page by page.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::json;
use stripe_reporting::ErrorKind;
use stripe_reporting::v2::data::QueryRun;

use super::*;

impl AnyClient {
    fn rows<T: DeserializeOwned>(&self, options: RequestOptions) -> (Vec<T>, Option<Error>) {
        let run: QueryRun = serde_json::from_str(&data_query_run("succeeded", "null", "null")).unwrap();
        let mut rows = Vec::new();
        let error = match self {
            Self::Async(runtime, client) => runtime.block_on(async {
                let mut read = client.rows(&run).unwrap().options(options);
                loop {
                    match read.try_next().await {
                        Ok(Some(row)) => rows.push(row),
                        Ok(None) => return None,
                        Err(error) => {
                            assert!(matches!(read.try_next().await, Ok(None)), "nothing follows an error");
                            return Some(error);
                        }
                    }
                }
            }),
            Self::Blocking(client) => client.rows(&run).unwrap().options(options).find_map(|row| match row {
                Ok(row) => {
                    rows.push(row);
                    None
                }
                Err(error) => Some(error),
            }),
        };
        (rows, error)
    }
}

/// Returns a page of a run with these rows; the type of a column is not a known one.
fn page(rows: &str, next: &str) -> Reply {
    let columns = r#"[{"name":"id","type":"bigint"},{"name":"amount","type":"quaternion"}]"#;
    let inline = format!(r#"{{"inline":{{"columns":{columns},"rows":{rows},"next_page_url":{next}}}}}"#);
    data_run("succeeded", &inline, "null")
}

const DECIMAL: &str = "123456789012345678901234567.890";

#[test]
fn reads_the_rows_of_all_pages() {
    let first = format!(r#"[{{"data":{{"amount":{DECIMAL},"id":9007199254740993}}}}]"#);
    let pages = || {
        [
            page(&first, r#""token/1""#),
            Reply::json(500, "{}"),
            page(r#"[{"data":{"id":"2","amount":null}}]"#, r#""https://evil.test/x?page=token2&limit=1""#),
            page(r#"[{"data":{"id":3}}]"#, "null"),
        ]
    };
    each(|kind| {
        let api = server(pages());
        let options = RequestOptions::new().context("acct_1");
        let (rows, error) = kind.client(&api.url()).rows::<(i64, Option<String>)>(options);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(rows, [(9_007_199_254_740_993, Some(DECIMAL.to_owned())), (2, None), (3, None)]);
        let requests = api.finish();
        let path = "GET /v2/data/query_runs/qrun_1?include[0]=result.inline&limit=1000";
        let second = format!("{path}&page=token%2F1");
        assert_eq!(lines(&requests), [path, &second, &second, &format!("{path}&page=token2")]);
        assert!(requests.iter().all(|request| request.header("stripe-context") == Some("acct_1")));

        let api = server(pages());
        let (maps, error) = kind.client(&api.url()).rows::<BTreeMap<String, String>>(RequestOptions::new());
        assert!(error.is_none(), "{error:?}");
        assert_eq!(json!(maps[..2]), json!([{"id": "9007199254740993", "amount": DECIMAL}, {"id": "2", "amount": ""}]));
    });
}

#[test]
fn ends_after_an_error() {
    each(|kind| {
        let row = r#"[{"data":{"id":1,"amount":2}}]"#;
        let api = server([page(row, r#""t""#), page(row, r#""?page=t""#)]);
        let (rows, error) = kind.client(&api.url()).rows::<(i64, i64)>(RequestOptions::new());
        assert_eq!((rows, error.unwrap().kind()), (vec![(1, 2)], ErrorKind::Pagination));
        let api = server([page(r#"[{"data":{"id":1,"amount":2}},{"data":{"id":"x","amount":2}}]"#, "null")]);
        let (rows, error) = kind.client(&api.url()).rows::<(i64, i64)>(RequestOptions::new());
        let error = error.unwrap();
        assert_eq!((rows, error.kind()), (vec![(1, 2)], ErrorKind::Decode));
        assert!(error.to_string().contains("row 2: column `id`: invalid digit found in string"), "{error}");
        let api = server([data_run("succeeded", &data_file("https://example.com/file", &["id"], 7), "null")]);
        let (_, error) = kind.client(&api.url()).rows::<(i64, i64)>(RequestOptions::new());
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::NoResult);
        assert!(error.to_string().contains("the result has no inline rows; help: download its file"), "{error}");
        let api = server([Reply::json(404, r#"{"error":{"code":"not_found","message":"No such run"}}"#)]);
        let (_, error) = kind.client(&api.url()).rows::<(i64, i64)>(RequestOptions::new());
        assert_eq!(error.unwrap().kind(), ErrorKind::Api);
    });
}
