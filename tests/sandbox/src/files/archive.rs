//! Compresses a CSV file: the same file gives the same archive.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// The name of the file in the archive. Runs with the same result share the archive.
const NAME: &str = "result.csv";

pub(super) fn archive(csv: &[u8]) -> std::io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .large_file(u32::try_from(csv.len()).is_err());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(NAME, options)?;
    archive.write_all(csv)?;
    Ok(archive.finish()?.into_inner())
}
