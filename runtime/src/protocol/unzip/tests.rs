use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::*;

const CSV: &str = "id,amount\ntxn_1,100\ntxn_2,-5\n";

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method)
}

fn archive(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Creates an archive without seeking, in which the sizes follow the data.
fn streamed(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer: ZipWriter<StreamWriter<Vec<u8>>> = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Extracts the file of an archive in chunks of this size.
fn unzip(archive: &[u8], size: usize, largest: u64) -> Result<Vec<u8>, Error> {
    let mut unzip = Unzip::new(largest);
    let mut file = Vec::new();
    for piece in archive.chunks(size) {
        unzip.feed(piece);
        while let Some(bytes) = unzip.next()? {
            assert!(!bytes.is_empty());
            file.extend_from_slice(&bytes);
        }
    }
    unzip.finish()?;
    Ok(file)
}

fn message(archive: &[u8]) -> String {
    unzip(archive, 50, 1 << 20).unwrap_err().to_string()
}

#[test]
fn extracts_a_file_from_chunks_of_any_size() {
    let deflated = options(CompressionMethod::Deflated);
    let archives = [
        archive(&[("a.csv", CSV.as_bytes())], deflated),
        archive(&[("directory/a.csv", CSV.as_bytes())], options(CompressionMethod::Stored)),
        archive(&[("a.csv", CSV.as_bytes())], deflated.large_file(true)),
        streamed(&[("a.csv", CSV.as_bytes())], deflated),
        streamed(&[("a.csv", CSV.as_bytes())], deflated.large_file(true)),
        archive(&[("empty.csv", b"")], deflated),
    ];
    for (index, archive) in archives.iter().enumerate() {
        let expected = if index == 5 { "" } else { CSV };
        for size in [1, 2, 3, 7, 31, 64, archive.len()] {
            let file = unzip(archive, size, 1 << 20).unwrap_or_else(|error| panic!("{index}, {size}: {error}"));
            assert_eq!(file, expected.as_bytes(), "archive {index} in pieces of {size}");
        }
    }
}

#[test]
fn extracts_a_large_file_in_pieces() {
    let text: Vec<u8> = (0..3_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let archive = streamed(&[("a", &text)], options(CompressionMethod::Deflated));
    assert!(unzip(&archive, 10_000, u64::MAX).unwrap() == text);
}

#[test]
fn more_than_one_file_is_refused() {
    let files: &[(&str, &[u8])] = &[("a.csv", b"a"), ("b.csv", b"b")];
    for archive in [
        archive(files, options(CompressionMethod::Deflated)),
        archive(files, options(CompressionMethod::Stored)),
        streamed(files, options(CompressionMethod::Deflated)),
    ] {
        assert!(message(&archive).contains("more than one file"), "{}", message(&archive));
    }
}

#[test]
fn refuses_a_contradictory_directory_and_trailing_data() {
    let whole = archive(&[("a.csv", CSV.as_bytes())], options(CompressionMethod::Deflated));
    let central = whole.windows(4).rposition(|window| window == CENTRAL).unwrap();
    let changed = |at: usize, value: u8| {
        let mut archive = whole.clone();
        archive[at] = value;
        archive
    };
    let end = whole.len() - 22;
    for (archive, expected) in [
        (changed(central + 16, whole[central + 16] ^ 1), "does not match the entry"),
        (changed(end + 4, 1), "multi-part"),
        (changed(end + 10, 2), "it lists 2 files"),
        (changed(end + 20, 9), "is truncated"),
        ([whole.as_slice(), &whole].concat(), "trailing data"),
        ([whole.as_slice(), &[0; LARGEST_TAIL]].concat(), "the central directory is too large"),
        ([whole.as_slice(), b"x"].concat(), "trailing data"),
        ([&whole[..end], &whole[central..]].concat(), "more than one file"),
    ] {
        assert!(message(&archive).contains(expected), "{expected}: {}", message(&archive));
    }
}

#[test]
fn refuses_unsafe_file_names() {
    for (name, expected) in [
        ("/etc/passwd", "is absolute"),
        ("\\a", "is absolute"),
        ("C:\\a", "is absolute"),
        ("../a", "leads to a parent directory"),
        ("a/../../b", "leads to a parent directory"),
        ("a\\..\\b", "leads to a parent directory"),
        ("a/", "is not a file"),
    ] {
        // The library fixes some names when it writes them.
        let placeholder = "x".repeat(name.len());
        let mut archive = archive(&[(&placeholder, b"a")], options(CompressionMethod::Stored));
        while let Some(at) = archive.windows(name.len()).position(|window| window == placeholder.as_bytes()) {
            archive[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        assert!(message(&archive).contains(expected), "{name}: {}", message(&archive));
    }
}

#[test]
fn refuses_a_zip_bomb() {
    let zeros = vec![0; 10 << 20];
    let archive = archive(&[("a", &zeros)], options(CompressionMethod::Deflated));
    assert!(archive.len() < 20_000);
    let mut unzip = Unzip::new(1 << 20);
    unzip.feed(&archive);
    let mut taken = 0;
    let error = loop {
        match unzip.next() {
            Ok(bytes) => taken += bytes.expect("an error before the end").len(),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(taken <= 1 << 20);
}

#[test]
fn detects_damage() {
    let deflated = options(CompressionMethod::Deflated);
    let long = CSV.repeat(50);
    for archive in [archive(&[("a", long.as_bytes())], deflated), streamed(&[("a", long.as_bytes())], deflated)] {
        for cut in 0..archive.len() - 1 {
            let error = unzip(&archive[..cut], 64, 1 << 20).expect_err("a cut archive");
            assert_eq!(error.kind(), ErrorKind::Download, "cut at {cut}");
        }
        // Whatever is changed, a complete file is the original.
        for at in 0..archive.len() {
            let mut damaged = archive.clone();
            damaged[at] ^= 0x10;
            if let Ok(file) = unzip(&damaged, 64, 1 << 20) {
                assert_eq!(file, long.as_bytes(), "changed at {at}");
            }
        }
    }
}

#[test]
fn refuses_encryption_and_unknown_compression() {
    let mut encrypted = archive(&[("a", b"a")], options(CompressionMethod::Stored));
    encrypted[6] |= 1;
    assert!(message(&encrypted).contains("is encrypted"));
    let mut other = archive(&[("a", b"a")], options(CompressionMethod::Stored));
    other[8] = 14;
    assert!(message(&other).contains("compression method 14"));
    let mut unsized_file = archive(&[("a", b"a")], options(CompressionMethod::Stored));
    unsized_file[6] |= 8;
    assert!(message(&unsized_file).contains("missing size"));
}
