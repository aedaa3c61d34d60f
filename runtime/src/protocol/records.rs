//! Reads records from CSV that arrives in chunks.
//!
//! Chunks go in, values of any type that serde can deserialize come out.

use std::marker::PhantomData;
use std::task::Poll;

use bytes::{Buf, Bytes};
use csv::{ByteRecord, Position};
use csv_core::{ReadRecordResult, Reader};
use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind};

/// The largest record, in bytes.
const LARGEST_RECORD: usize = 16 << 20;

/// The most fields of a record.
const MOST_FIELDS: usize = 1 << 16;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How many columns an error shows.
const MOST_SHOWN: usize = 20;

/// Reads records from chunks. The first record is the header, which names the columns.
pub(crate) struct RecordReader<T> {
    reader: Reader,
    input: Bytes,
    /// The error that ended the input.
    input_error: Option<Error>,
    is_complete: bool,
    is_over: bool,
    /// The fields of the current record, concatenated, and where each ends.
    output: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    ended: usize,
    header: Option<ByteRecord>,
    /// What the header must be.
    columns: Option<Vec<String>>,
    /// The line on which the record begins.
    line: u64,
    records: u64,
    record: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> RecordReader<T> {
    pub(crate) fn new(columns: Option<Vec<String>>) -> Self {
        Self {
            reader: Reader::new(),
            input: Bytes::new(),
            input_error: None,
            is_complete: false,
            is_over: false,
            output: vec![0; 4096],
            written: 0,
            ends: vec![0; 64],
            ended: 0,
            header: None,
            columns,
            line: 1,
            records: 0,
            record: PhantomData,
        }
    }

    /// Takes the next chunk, the end or an error of the input, once [`Self::next`] is pending.
    pub(crate) fn feed(&mut self, chunk: Result<Option<Bytes>, Error>) {
        match chunk {
            Ok(Some(bytes)) if self.input.is_empty() => self.input = bytes,
            Ok(Some(bytes)) => self.input = [&self.input[..], &bytes[..]].concat().into(),
            Ok(None) => {
                self.is_complete = true;
                // Completes every record except one with an open quote, which takes it as data.
                self.input = [&self.input[..], b"\n"].concat().into();
            }
            Err(error) => self.input_error = Some(error),
        }
    }

    /// Returns the next record, `None` at the end and after an error, or `Pending` when more input is needed.
    pub(crate) fn next(&mut self) -> Poll<Option<Result<T, Error>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        match self.record() {
            Ok(None) if !self.is_complete => Poll::Pending,
            record => {
                self.is_over = !matches!(record, Ok(Some(_)));
                Poll::Ready(record.transpose())
            }
        }
    }

    fn record(&mut self) -> Result<Option<T>, Error> {
        if let Some(error) = self.input_error.take() {
            return Err(error);
        }
        loop {
            let Some(record) = self.read()? else {
                // Only an empty file has no header.
                return if self.is_complete && self.header.is_none() {
                    self.check(&ByteRecord::new())
                } else {
                    Ok(None)
                };
            };
            match &self.header {
                None => {
                    self.check(&record)?;
                    self.header = Some(record);
                }
                Some(header) if header.len() != record.len() => {
                    return Err(self.malformed(format!(
                        "the record has {} fields, the header has {}",
                        record.len(),
                        header.len()
                    )));
                }
                Some(header) => {
                    return record
                        .deserialize(Some(header))
                        .map(Some)
                        .map_err(|error| self.undecodable(header, &error));
                }
            }
        }
    }

    /// Reads the fields of the next record; `None` when more input is needed, or at the end.
    fn read(&mut self) -> Result<Option<ByteRecord>, Error> {
        loop {
            // The parser skips a byte order mark only if it is whole.
            let is_start = self.records == 0 && self.written == 0 && self.reader.line() == 1;
            let is_mark = is_start && self.input.len() < MARK.len() && MARK.starts_with(&self.input);
            if (self.input.is_empty() || is_mark) && !self.is_complete {
                return Ok(None);
            }
            let is_end = self.input.is_empty();
            let output = self.output.get_mut(self.written..).unwrap_or_default();
            let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
            let (result, read, written, ended) = self.reader.read_record(&self.input, output, ends);
            self.input.advance(read.min(self.input.len()));
            self.written += written;
            self.ended += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.output.len() >= LARGEST_RECORD => {
                    return Err(self.too_large(LARGEST_RECORD, "bytes"));
                }
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() >= MOST_FIELDS => {
                    return Err(self.too_large(MOST_FIELDS, "fields"));
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record if is_end => {
                    return Err(Error::new(
                        ErrorKind::Decode,
                        format!(
                            "record {}: a quoted field is not closed; the record starts on line {}",
                            self.records, self.line
                        ),
                    ));
                }
                ReadRecordResult::Record => return Ok(Some(self.take())),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    fn take(&mut self) -> ByteRecord {
        let mut record = ByteRecord::with_capacity(self.written, self.ended);
        let mut start = 0;
        for end in self.ends.iter().take(self.ended) {
            record.push_field(self.output.get(start..*end).unwrap_or_default());
            start = *end;
        }
        let mut position = Position::new();
        position.set_line(self.line).set_record(self.records);
        record.set_position(Some(position));
        self.line = self.reader.line();
        self.records += 1;
        (self.written, self.ended) = (0, 0);
        record
    }

    /// Checks that the header equals the columns.
    fn check(&self, header: &ByteRecord) -> Result<Option<T>, Error> {
        let Some(columns) = &self.columns else { return Ok(None) };
        if header.iter().eq(columns.iter().map(String::as_bytes)) {
            return Ok(None);
        }
        let found = match shown(header) {
            found if found.is_empty() => "the file has no header".to_owned(),
            found => format!("the header is {found}"),
        };
        let at = header.iter().zip(columns).take_while(|(found, name)| *found == name.as_bytes()).count() + 1;
        let expected = shown(columns);
        let message = format!("{found}, expected the columns {expected}; they differ at column {at}");
        Err(Error::new(ErrorKind::Decode, message))
    }

    fn too_large(&self, limit: usize, what: &str) -> Error {
        let message = format!("the record on line {} has more than {limit} {what}", self.line);
        Error::new(ErrorKind::TooLarge, message)
    }

    fn malformed(&self, message: String) -> Error {
        Error::new(ErrorKind::Decode, format!("record {}: {message}", self.records.saturating_sub(1)))
    }

    /// Names the column.
    fn undecodable(&self, header: &ByteRecord, error: &csv::Error) -> Error {
        let csv::ErrorKind::Deserialize { err, .. } = error.kind() else { return self.malformed(error.to_string()) };
        let column = err.field().and_then(|index| header.get(usize::try_from(index).ok()?));
        let message = match column.map(String::from_utf8_lossy) {
            Some(column) => format!("column `{column}`: {}", err.kind()),
            None => match err.kind().to_string() {
                missing if missing.starts_with("missing field") => {
                    format!("{missing}; the columns are {}", shown(header))
                }
                message => message,
            },
        };
        self.malformed(message)
    }
}

/// Lists names of columns.
fn shown<N: AsRef<[u8]>>(names: impl IntoIterator<Item = N>) -> String {
    let mut names = names.into_iter();
    let first = names.by_ref().take(MOST_SHOWN);
    let mut shown: Vec<_> = first.map(|name| format!("`{}`", String::from_utf8_lossy(name.as_ref()))).collect();
    let more = names.count();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        id: String,
        amount: i64,
        note: Option<String>,
    }

    /// Reads all records of a text in chunks of this size; returns those before an error with it.
    fn read_all(text: &str, size: usize) -> (Vec<Row>, Option<Error>) {
        read_with(None, text, size)
    }

    fn read_with(columns: Option<&[&str]>, text: &str, size: usize) -> (Vec<Row>, Option<Error>) {
        let columns = columns.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let (mut reader, mut rows) = (RecordReader::new(columns), Vec::new());
        let mut chunks = text.as_bytes().chunks(size);
        loop {
            match reader.next() {
                Poll::Ready(Some(Ok(row))) => rows.push(row),
                Poll::Ready(Some(Err(error))) => {
                    assert!(matches!(reader.next(), Poll::Ready(None)), "nothing follows an error");
                    return (rows, Some(error));
                }
                Poll::Ready(None) => return (rows, None),
                Poll::Pending => reader.feed(Ok(chunks.next().map(Bytes::copy_from_slice))),
            }
        }
    }

    fn read(text: &str, size: usize) -> Result<Vec<Row>, Error> {
        let (rows, error) = read_all(text, size);
        error.map_or(Ok(rows), Err)
    }

    #[test]
    fn reads_records_from_chunks_of_any_size() {
        let text = "id,note,amount\r\ntxn_1,\"a, \"\"b\"\"\nc\",100\r\ntxn_2,,-5";
        let expected = [
            Row { id: "txn_1".into(), amount: 100, note: Some("a, \"b\"\nc".into()) },
            Row { id: "txn_2".into(), amount: -5, note: None },
        ];
        for size in 1..=text.len() {
            assert_eq!(read(text, size).unwrap(), expected, "in pieces of {size}");
        }
        assert_eq!(read("", 1).unwrap(), []);
        assert_eq!(read("id,note,amount\n", 1).unwrap(), []);
    }

    #[test]
    fn an_error_names_the_record_and_the_column() {
        let error = read("id,note,amount\ntxn_1,,1\ntxn_2,,ten\n", 7).unwrap_err();
        assert_eq!(error.to_string(), "decoding failed: record 2: column `amount`: invalid digit found in string");
        let error = read("id,note,amount\ntxn_1\n", 7).unwrap_err();
        assert_eq!(error.to_string(), "decoding failed: record 1: the record has 1 fields, the header has 3");
        let error = read("id,note\ntxn_1,x\n", 7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "decoding failed: record 1: missing field `amount`; the columns are `id`, `note`"
        );
    }

    #[test]
    fn the_header_must_equal_the_columns() {
        let columns: &[&str] = &["id", "note", "amount"];
        for (text, expected) in [
            ("id,note,amount\na,,1\n", None),
            ("\u{feff}id,note,amount\na,,1\n", None),
            ("\u{feff}\"id\",\"note\",amount\r\na,,1", None),
            (
                "id,amount,note\na,1,\n",
                Some(
                    "the header is `id`, `amount`, `note`, expected the columns `id`, `note`, `amount`; they differ at column 2",
                ),
            ),
            (
                "id,note\na,\n",
                Some(
                    "the header is `id`, `note`, expected the columns `id`, `note`, `amount`; they differ at column 3",
                ),
            ),
            (
                "id,note,amount,id\na,,1,a\n",
                Some(
                    "the header is `id`, `note`, `amount`, `id`, expected the columns `id`, `note`, `amount`; they differ at column 4",
                ),
            ),
            (
                "ID,note,amount\n",
                Some(
                    "the header is `ID`, `note`, `amount`, expected the columns `id`, `note`, `amount`; they differ at column 1",
                ),
            ),
            ("", Some("the file has no header, expected the columns `id`, `note`, `amount`; they differ at column 1")),
            (
                "\u{feff}\n",
                Some("the file has no header, expected the columns `id`, `note`, `amount`; they differ at column 1"),
            ),
        ] {
            for size in 1..=text.len().max(1) {
                let (rows, error) = read_with(Some(columns), text, size);
                let error = error.map(|error| (error.kind(), error.to_string()));
                let expected = expected.map(|message| (ErrorKind::Decode, format!("decoding failed: {message}")));
                assert_eq!((rows.len(), error), (usize::from(expected.is_none()), expected), "{text:?} in {size}");
            }
        }
        assert!(read_with(Some(&[]), "", 1).1.is_none());
        let many: Vec<_> = (0..30).map(|number| format!("c{number}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        let error = read_with(Some(&many), "c0\n1\n", 9).1.unwrap().to_string();
        assert!(error.ends_with("`c19`, and 10 more; they differ at column 2"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_may_arrive_in_pieces() {
        let text = "\u{feff}\"id\",note,amount\na,,1\n";
        for size in 1..=text.len() {
            assert_eq!(read(text, size).unwrap().len(), 1, "in pieces of {size}");
        }
        assert_eq!(read("\u{feff}", 1).unwrap(), []);
    }

    #[test]
    fn an_unterminated_quote_is_an_error_after_the_preceding_rows() {
        let text = "id,note,amount\ntxn_1,\"a\",1\ntxn_2,\"cut, off";
        for size in 1..=text.len() {
            let (rows, error) = read_all(text, size);
            let (rows, error) = (rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), error.unwrap());
            assert_eq!((rows.as_slice(), error.kind()), (&["txn_1".to_owned()][..], ErrorKind::Decode));
            assert!(
                error.to_string().contains("record 2: a quoted field is not closed; the record starts on line 3"),
                "{error}"
            );
        }
        for text in [
            "\"id",
            "id,note,amount\n\"",
            "id,note,amount\na,\"x\"\"",
            "id,note,amount\na,b,\"1\n",
            "id,note,amount\r\n\"\r",
        ] {
            assert_eq!(read(text, 3).unwrap_err().kind(), ErrorKind::Decode, "{text:?}");
        }
        for text in [
            "id,note,amount\na,,1",
            "id,note,amount\na,,\"1\"",
            "id,note,amount\na,b\",1\r",
            "\"id\",note,amount\n\n\n",
        ] {
            assert!(read(text, 3).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn limits_the_size_of_a_record() {
        let large = format!("id,note,amount\nx,{},1\n", "y".repeat(100_000));
        assert_eq!(read(&large, 1000).unwrap()[0].note.as_ref().unwrap().len(), 100_000);
        let endless = format!("id,note,amount\nx,\"{}", "y".repeat(LARGEST_RECORD));
        assert_eq!(read(&endless, 1 << 16).unwrap_err().kind(), ErrorKind::TooLarge);
        let wide = "a,".repeat(MOST_FIELDS + 1);
        assert_eq!(read(&wide, 1 << 16).unwrap_err().kind(), ErrorKind::TooLarge);
    }
}
