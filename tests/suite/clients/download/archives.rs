//! Extracted archives and CSV rows.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

pub(super) fn zipped(names: &[&str]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(CSV.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn extracts_a_result_from_its_archive() {
    let archive = zipped(&["result.csv"]);
    let (_store, url) = pre_signed((0..4).map(|_| Reply::file(archive.clone())));
    let run = run("succeeded", Some((&url, archive.len())));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result.csv");
    let AnyClient::Async(runtime, client) = Kind::Async.client("http://127.0.0.1:1") else { panic!() };
    runtime.block_on(client.download(&run).unwrap().decompress().save_to(&path)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), CSV);
    assert_eq!(runtime.block_on(client.download(&run).unwrap().bytes(1000)).unwrap(), archive, "verbatim");
    let AnyClient::Blocking(client) = Kind::Blocking.client("http://127.0.0.1:1") else { panic!() };
    assert_eq!(client.download(&run).unwrap().decompress().bytes(1000).unwrap(), CSV);
    let error = client.download(&run).unwrap().decompress_up_to(3).bytes(1000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);

    let archive = zipped(&["a.csv", "b.csv"]);
    let (_store, url) = pre_signed([Reply::file(archive.clone())]);
    let run = super::run("succeeded", Some((&url, archive.len())));
    let error = client.download(&run).unwrap().decompress().save_to(&path).unwrap_err();
    assert!(error.to_string().contains("more than one file"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), CSV, "the existing file is kept");
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Row {
    id: String,
    amount: i64,
}

#[test]
fn reads_rows_of_any_type_zipped_or_not() {
    let archive = zipped(&["result.csv"]);
    let expected = [Row { id: "txn_1".into(), amount: 100 }, Row { id: "txn_2".into(), amount: -5 }];
    for body in [CSV.as_bytes().to_vec(), archive] {
        let (_store, url) =
            pre_signed([Reply::file(body.clone()), Reply::file(body.clone()), Reply::file(body.clone())]);
        let run = run("succeeded", Some((&url, body.len())));
        let AnyClient::Async(runtime, client) = Kind::Async.client("http://127.0.0.1:1") else { panic!() };
        let rows = runtime.block_on(async {
            let mut records = client.download(&run).unwrap().records::<Row>();
            let mut rows = Vec::new();
            while let Some(row) = records.try_next().await.unwrap() {
                rows.push(row);
            }
            rows
        });
        assert_eq!(rows, expected);
        let AnyClient::Blocking(client) = Kind::Blocking.client("http://127.0.0.1:1") else { panic!() };
        let rows: Result<Vec<Row>, _> = client.download(&run).unwrap().records().collect();
        assert_eq!(rows.unwrap(), expected);
        let rows: Result<Vec<BTreeMap<String, String>>, _> = client.download(&run).unwrap().records().collect();
        assert_eq!(rows.unwrap()[1]["amount"], "-5");
    }
}
