//! The records of files whose run reports the columns.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use stripe_reporting::v2::data::QueryRun;

use super::*;

fn with_columns(url: &str, columns: &[&str], file: &str) -> QueryRun {
    let result = data_file(url, columns, file.len());
    serde_json::from_str(&data_query_run("succeeded", &result, "null")).unwrap()
}

fn records<T: DeserializeOwned>(client: &AnyClient, run: &QueryRun) -> Result<Vec<T>, Error> {
    match client {
        AnyClient::Async(runtime, client) => runtime.block_on(async {
            let (mut records, mut rows) = (client.download(run)?.records(), Vec::new());
            while let Some(row) = records.try_next().await? {
                rows.push(row);
            }
            Ok(rows)
        }),
        AnyClient::Blocking(client) => client.download(run)?.records().collect(),
    }
}

#[derive(Debug, serde::Deserialize)]
struct Fee {
    #[expect(dead_code, reason = "read by serde")]
    fee: i64,
}

#[test]
fn the_header_equals_the_columns_before_the_first_row() {
    each(|kind| {
        let (store, url) = pre_signed(vec![Reply::file(CSV); 3]);
        let client = kind.client("http://127.0.0.1:1");
        let rows: Vec<BTreeMap<String, String>> =
            records(&client, &with_columns(&url, &["id", "amount"], CSV)).unwrap();
        assert_eq!((rows.len(), rows[0]["amount"].as_str()), (2, "100"));
        let error = records::<BTreeMap<String, String>>(&client, &with_columns(&url, &["amount", "id"], CSV));
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let expected = "the header is `id`, `amount`, expected the columns `amount`, `id`";
        assert!(error.to_string().contains(expected), "{kind:?}: {error}");
        let error = records::<Fee>(&client, &with_columns(&url, &["id", "amount"], CSV)).unwrap_err();
        assert!(error.to_string().contains("missing field `fee`; the columns are `id`, `amount`"), "{error}");
        assert_eq!(store.finish().len(), 3);
    });
}

/// The caller knows the columns of its run, not those of the run that is retrieved for a fresh URL.
#[test]
fn a_fresh_url_does_not_change_the_columns() {
    let expired = || Reply::new(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
    let changed = "id,fees\ntxn_1,100\ntxn_2,-5\n";
    each(|kind| {
        for (file, is_error) in [(CSV, false), (changed, true)] {
            let (_old, old_url) = pre_signed([expired()]);
            let (_new, new_url) = pre_signed([Reply::file(file)]);
            let api = server([data_run("succeeded", &data_file(&new_url, &["id", "fees"], file.len()), "null")]);
            let run = with_columns(&old_url, &["id", "amount"], CSV);
            let rows = records::<BTreeMap<String, String>>(&kind.client(&api.url()), &run);
            let expected = "the header is `id`, `fees`, expected the columns `id`, `amount`";
            match rows {
                Ok(_) => assert!(!is_error, "{kind:?}"),
                Err(error) => assert!(is_error && error.to_string().contains(expected), "{kind:?}: {error}"),
            }
        }
    });
}
