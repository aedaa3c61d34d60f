//! The records of files whose run reports the columns.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use stripe_reporting::DownloadAccess;
use stripe_reporting::v2::data::reporting::RetrieveQueryRun;

use super::*;

/// A run that reports the columns of its file.
#[derive(serde::Deserialize)]
struct WithColumns {
    url: String,
    size: u64,
    columns: Vec<String>,
}

impl Download for WithColumns {
    type Refresh = stripe_reporting::RawRequest<Self>;
    const ACCESS: DownloadAccess = DownloadAccess::PreSigned;

    fn refresh_request(&self) -> Self::Refresh {
        stripe_reporting::RawRequest::get("/v2/data/reporting/query_runs/qryrun_1")
            .stripe_version(RetrieveQueryRun::OPERATION.stripe_version)
            .response_type()
    }

    fn result_url(&self) -> Option<&str> {
        Some(&self.url)
    }

    fn result_size(&self) -> Option<u64> {
        Some(self.size)
    }

    fn result_columns(&self) -> Option<Vec<&str>> {
        Some(self.columns.iter().map(String::as_str).collect())
    }
}

fn with_columns(url: &str, columns: &[&str], file: &str) -> WithColumns {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    WithColumns { url: url.to_owned(), size: file.len() as u64, columns }
}

fn records<T: DeserializeOwned>(client: &AnyClient, run: &WithColumns) -> Result<Vec<T>, Error> {
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
            let fresh = serde_json::json!({"url": new_url, "size": file.len(), "columns": ["id", "fees"]});
            let api = server([Reply::json(200, fresh.to_string())]);
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
