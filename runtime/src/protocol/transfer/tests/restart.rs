//! Complete, resumed and restarted files.

use super::*;

const ETAG_1: (&str, &str) = ("etag", "\"1\"");
const ETAG_2: (&str, &str) = ("etag", "\"2\"");
const CLOSE: (&str, &str) = ("connection", "close");
const SIX: (&str, &str) = ("content-length", "6");

/// A transfer that rewinds when the file restarts.
fn rewinding(size: Option<u64>) -> Transfer {
    let mut transfer = pre_signed(size);
    transfer.rewind_on_restart();
    transfer
}

fn part(range: &str, headers: &[(&'static str, &str)], pieces: &[&'static str], end: End) -> Reply {
    respond(206, &[&[("content-range", range)], headers].concat(), pieces, end)
}

fn not_satisfiable(total: &str) -> Reply {
    respond(416, &[("content-range", total)], &[], End::Whole)
}

#[track_caller]
fn assert_whole(trace: &Trace, text: &str) {
    assert_eq!((trace.text.as_str(), trace.error().as_str()), (text, ""));
}

#[track_caller]
fn assert_failed(trace: &Trace, kind: ErrorKind) {
    assert_eq!(trace.error.as_ref().map(Error::kind), Some(kind), "{:?}", trace.text);
}

#[test]
fn an_unsatisfiable_range_never_completes_a_file() {
    for make in [pre_signed, rewinding] {
        // The server reports the position of the broken connection as the size.
        let broken = || ok(&[ETAG_1], &["ab"], End::Broken);
        let replies = vec![broken(), not_satisfiable("bytes */2"), ok(&[ETAG_1], &["abcdef"], End::Whole)];
        let trace = download(make(None), replies);
        assert_whole(&trace, "abcdef");
        assert_eq!(trace.ranges(), [None, Some("bytes=2-"), None]);

        let trace = download(make(None), vec![broken(), not_satisfiable("bytes */2"), broken()]);
        assert_failed(&trace, ErrorKind::Connection);
        let mut once = make(None);
        once.set_options(RequestOptions::new().max_retries(1));
        assert_failed(&download(once, vec![broken(), not_satisfiable("bytes */2")]), ErrorKind::Download);
    }
    // Without a requested range, it is an error response.
    let file = KeyFile(Run::with_file("https://files.stripe.com/x", None));
    let trace = download(Transfer::new(&file, Config::new("k")).unwrap(), vec![not_satisfiable("bytes */0")]);
    assert_eq!(trace.error.unwrap().status(), Some(StatusCode::RANGE_NOT_SATISFIABLE));
}

#[test]
fn a_closed_connection_does_not_complete_a_file() {
    let closed = || ok(&[CLOSE], &["abc"], End::Whole);
    for make in [pre_signed, rewinding] {
        let trace = download(make(None), vec![closed(), closed(), closed()]);
        assert_failed(&trace, ErrorKind::Connection);
        assert!(trace.error.unwrap().is_retryable());
        // Unless the size is known from the run or an earlier response.
        assert_whole(&download(make(Some(3)), vec![closed()]), "abc");
        let replies = vec![ok(&[("content-length", "3")], &["a"], End::Broken), closed()];
        assert_whole(&download(make(None), replies), "abc");
        // A part states the total size.
        let replies =
            vec![ok(&[CLOSE, ETAG_1], &["abc"], End::Whole), part("bytes 3-5/6", &[ETAG_1], &["def"], End::Whole)];
        assert_whole(&download(make(None), replies), "abcdef");
    }
}

#[test]
fn an_earlier_size_must_be_reached() {
    for make in [pre_signed, rewinding] {
        // The beginning of the file, with a marked end.
        let short = || ok(&[], &["abc"], End::Whole);
        let trace = download(make(None), vec![ok(&[SIX], &["ab"], End::Broken), short(), short(), short()]);
        assert_failed(&trace, ErrorKind::Connection);
        let replies = vec![
            ok(&[ETAG_1], &["ab"], End::Broken),
            part("bytes 2-5/6", &[ETAG_1], &["cd"], End::Broken),
            part("bytes 4-4/5", &[ETAG_1], &["e"], End::Whole),
            ok(&[SIX], &["abcdef"], End::Whole),
        ];
        let trace = download(make(None), replies);
        assert_whole(&trace, "abcdef");
        assert_eq!(trace.ranges(), [None, Some("bytes=2-"), Some("bytes=4-"), None]);
    }
}

#[test]
fn an_empty_file_is_complete() {
    assert_whole(&download(pre_signed(Some(0)), vec![ok(&[("content-length", "0")], &[], End::Whole)]), "");
    assert_whole(&download(pre_signed(Some(0)), vec![ok(&[CLOSE], &[], End::Broken)]), "");
    assert_failed(&download(pre_signed(Some(0)), vec![ok(&[], &["a"], End::Whole)]), ErrorKind::Download);
    assert_failed(&download(pre_signed(Some(u64::MAX)), vec![ok(&[SIX], &[], End::Whole)]), ErrorKind::Download);
}

#[test]
fn resumes_with_a_strong_validator_only() {
    let old = [("last-modified", "Fri, 31 Dec 1999 23:00:00 GMT"), ("date", "Fri, 31 Dec 1999 23:59:59 GMT")];
    let new = [("last-modified", "Fri, 31 Dec 1999 23:59:59 GMT"), ("date", "Fri, 31 Dec 1999 23:59:59 GMT")];
    for headers in [&[ETAG_1][..], &old] {
        let start = ok(&[&[SIX], headers].concat(), &["ab"], End::Broken);
        let trace = download(pre_signed(None), vec![start, part("bytes 2-5/6", headers, &["cdef"], End::Whole)]);
        assert_whole(&trace, "abcdef");
        assert_eq!(trace.requests[1].headers()[IF_RANGE], headers[0].1);
    }
    for headers in
        [&[][..], &[("etag", "W/\"1\"")], &[("etag", "1")], &new, &[old[0]], &[("etag", "W/\"1\""), old[0], old[1]]]
    {
        for make in [pre_signed, rewinding] {
            let response =
                |end| ok(&[&[SIX], headers].concat(), &["ab", "cdef"][..if end == End::Whole { 2 } else { 1 }], end);
            let trace = download(make(Some(6)), vec![response(End::Broken), response(End::Whole)]);
            assert_whole(&trace, "abcdef");
            assert_eq!(trace.ranges(), [None, None], "{headers:?}");
            assert!(!trace.requests[1].headers().contains_key(IF_RANGE));
        }
    }
}

#[test]
fn refuses_a_part_of_another_version() {
    let parts = [
        part("bytes 2-5/6", &[ETAG_2], &["CDEF"], End::Whole),
        part("bytes 2-5/6", &[("etag", "W/\"1\"")], &["CDEF"], End::Whole),
        part("bytes 2-5/6", &[], &["CDEF"], End::Whole),
        part("bytes 2-6/7", &[ETAG_1], &["CDEFG"], End::Whole),
        part("bytes 0-5/6", &[ETAG_1], &["ABCDEF"], End::Whole),
        part("bytes 3-5/6", &[ETAG_1], &["DEF"], End::Whole),
        part("bytes 2-5/6", &[ETAG_1, ("content-length", "9")], &["CDEFGHIJK"], End::Whole),
        respond(206, &[ETAG_1], &["CDEF"], End::Whole),
        respond(206, &[ETAG_1, ("content-type", "multipart/byteranges; boundary=x")], &["--x"], End::Whole),
        not_satisfiable("bytes */6"),
        not_satisfiable("bytes */2"),
    ];
    for (index, reply) in parts.into_iter().enumerate() {
        let replies =
            vec![ok(&[SIX, ETAG_1], &["ab"], End::Broken), reply, ok(&[SIX, ETAG_1], &["abcdef"], End::Whole)];
        let trace = download(pre_signed(None), replies);
        assert_eq!((trace.text.as_str(), trace.error().as_str()), ("abcdef", ""), "case {index}");
        assert_eq!(trace.ranges(), [None, Some("bytes=2-"), None], "case {index}");
    }
}

#[test]
fn refuses_a_part_that_was_not_requested() {
    let part = || part("bytes 0-5/6", &[ETAG_1], &["abcdef"], End::Whole);
    let trace = download(pre_signed(None), vec![part(), ok(&[], &["abcdef"], End::Whole)]);
    assert_whole(&trace, "abcdef");
    assert_failed(&download(pre_signed(None), vec![part(), part(), part()]), ErrorKind::Download);
}

#[test]
fn a_part_must_match_its_range() {
    let start = || ok(&[ETAG_1], &["ab"], End::Broken);
    // Fewer bytes than requested, and fewer than the headers say.
    let replies = vec![
        start(),
        part("bytes 2-3/*", &[ETAG_1], &["cd"], End::Whole),
        part("bytes 4-7/8", &[ETAG_1], &["e"], End::Whole),
        part("bytes 5-7/8", &[ETAG_1], &["fgh"], End::Whole),
    ];
    assert_whole(&download(pre_signed(None), replies), "abcdefgh");
    // More bytes than the headers say.
    let replies =
        vec![start(), part("bytes 2-3/*", &[ETAG_1], &["cdef"], End::Whole), ok(&[ETAG_1], &["abcd"], End::Whole)];
    assert_whole(&download(pre_signed(None), replies), "abcd");
    // A part without a total does not complete the file.
    let replies = vec![
        start(),
        part("bytes 2-3/*", &[ETAG_1], &["cd"], End::Whole),
        not_satisfiable("bytes */4"),
        ok(&[ETAG_1], &["abcd"], End::Whole),
    ];
    assert_whole(&download(pre_signed(None), replies), "abcd");
}

#[test]
fn a_stream_compares_repeated_bytes() {
    for etag in [ETAG_1, ETAG_2] {
        let start = || ok(&[SIX, ETAG_1], &["ab", "c"], End::Broken);
        let trace = download(pre_signed(None), vec![start(), ok(&[SIX, etag], &["a", "bcd", "ef"], End::Whole)]);
        assert_whole(&trace, "abcdef");
        for other in ["Xbcdef", "abXdef"] {
            let trace = download(pre_signed(Some(6)), vec![start(), ok(&[SIX, etag], &[other], End::Whole)]);
            assert_failed(&trace, ErrorKind::Download);
            assert_eq!((trace.text.as_str(), trace.rewinds), ("abc", 0));
        }
    }
    // A shorter file, and one with another size.
    let start = || ok(&[], &["abc"], End::Broken);
    assert_failed(&download(pre_signed(None), vec![start(), ok(&[], &["ab"], End::Whole)]), ErrorKind::Download);
    let shorter = ok(&[("content-length", "2")], &["ab"], End::Whole);
    assert_failed(&download(pre_signed(None), vec![start(), shorter]), ErrorKind::Download);
    let start = ok(&[SIX], &["abc"], End::Broken);
    let longer = ok(&[("content-length", "7")], &["abcdefg"], End::Whole);
    assert_failed(&download(pre_signed(None), vec![start, longer]), ErrorKind::Download);
}

#[test]
fn never_mixes_two_versions() {
    // The second version breaks during the comparison, and its rest continues it.
    let replies = || vec![ok(&[SIX, ETAG_1], &["abcd"], End::Broken), ok(&[SIX, ETAG_2], &["ab"], End::Broken)];
    let rest = |text| part("bytes 2-5/6", &[ETAG_2], text, End::Whole);
    let trace = download(pre_signed(Some(6)), [replies(), vec![rest(&["c", "def"])]].concat());
    assert_whole(&trace, "abcdef");
    assert_eq!(trace.ranges(), [None, Some("bytes=4-"), Some("bytes=2-")]);
    let trace = download(pre_signed(Some(6)), [replies(), vec![rest(&["cXef"])]].concat());
    assert_failed(&trace, ErrorKind::Download);
    assert_eq!(trace.text, "abcd");
}

#[test]
fn a_saved_file_is_rewound_instead() {
    let replies = vec![
        ok(&[SIX, ETAG_1], &["abcd"], End::Broken),
        ok(&[("content-length", "8"), ETAG_2], &["AB"], End::Broken),
        part("bytes 2-7/8", &[ETAG_2], &["CDEFGH"], End::Whole),
    ];
    let trace = download(rewinding(None), replies);
    assert_whole(&trace, "ABCDEFGH");
    assert_eq!((trace.rewinds, trace.ranges()), (1, vec![None, Some("bytes=4-"), Some("bytes=2-")]));
    let progress: Vec<_> = trace.progress.iter().map(|progress| (progress.received, progress.total)).collect();
    assert_eq!(progress, [(4, Some(6)), (8, Some(8))]);

    // A smaller version of unknown size.
    let replies = vec![ok(&[SIX, ETAG_1], &["abcd"], End::Broken), ok(&[ETAG_2], &["A", "B"], End::Whole)];
    let trace = download(rewinding(None), replies);
    assert_whole(&trace, "AB");
    assert_eq!(trace.progress.len(), 1, "progress never decreases");

    // The run reports another size.
    let replies = vec![ok(&[SIX], &["ab"], End::Broken), ok(&[("content-length", "7")], &[], End::Whole)];
    assert_failed(&download(rewinding(Some(6)), replies), ErrorKind::Download);
    // One version has one size.
    let replies =
        vec![ok(&[SIX, ETAG_1], &["ab"], End::Broken), ok(&[("content-length", "2"), ETAG_1], &["ab"], End::Whole)];
    assert_failed(&download(rewinding(None), replies), ErrorKind::Download);
}

#[test]
fn restarts_count_as_retries_until_they_progress() {
    for make in [pre_signed, rewinding] {
        let until = |text: &'static str| ok(&[SIX], &[text], End::Broken);
        let trace = download(make(None), vec![until("abc"), until("ab"), until("abc")]);
        assert_failed(&trace, ErrorKind::Connection);
        assert_eq!(trace.error.unwrap().attempts(), 3);
        let further = ["abc", "ab", "abcd", "a", "abcde", "abc", "abcdef"].map(until).into();
        assert_whole(&download(make(None), further), "abcdef");
        // A fresh URL is no progress.
        let expired = || respond(403, &[], &["expired"], End::Whole);
        let trace = download(make(None), vec![until("abc"), expired(), until("abc"), expired()]);
        assert_failed(&trace, ErrorKind::Api);
        assert_eq!(trace.refreshes, 1);
    }
}

#[test]
fn a_refresh_may_reveal_another_file() {
    let renew = |mut transfer: Transfer, size: u64| {
        let now = Instant::now();
        transfer.next(now).unwrap();
        transfer.on_response(now, &head(StatusCode::OK, &[("content-length", "6".into())])).unwrap();
        transfer.on_bytes(now, Bytes::from_static(b"abc")).unwrap();
        let fresh = FreshFile { url: URL.to_owned(), size: Some(size) };
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        transfer
            .on_refresh(Ok(Response { value: fresh, status: StatusCode::OK, headers, body, attempts: 1 }))
            .map(|()| transfer)
    };
    assert_eq!(renew(pre_signed(Some(6)), 6).unwrap().size(), Some(6));
    assert_eq!(renew(pre_signed(Some(6)), 7).err().unwrap().kind(), ErrorKind::Download);
    assert_eq!(renew(rewinding(Some(6)), 7).unwrap().size(), Some(7));
}

#[test]
fn every_step_ends_with_the_timeout() {
    let mut transfer = pre_signed(None);
    transfer.retries.set_random(|| 0.0);
    transfer.set_timeout(Duration::from_secs(20));
    let start = Instant::now();
    let after = |seconds| start + Duration::from_secs(seconds);
    let Ok(Step::Open(attempt)) = transfer.next(start) else { panic!() };
    assert_eq!(attempt.limits.whole, Some(Duration::from_secs(20)));
    transfer.on_response(start, &head(StatusCode::OK, &[])).unwrap();
    let Ok(Step::Read { within }) = transfer.next(after(15)) else { panic!() };
    assert_eq!(within, Duration::from_secs(5));
    let busy = head(StatusCode::SERVICE_UNAVAILABLE, &[("retry-after", "50".into())]);
    transfer.on_error_response(after(15), &busy, b"").unwrap();
    let Ok(Step::Sleep(pause)) = transfer.next(after(18)) else { panic!() };
    assert_eq!(pause, Duration::from_secs(2));
    assert_eq!(transfer.next(after(20)).err().unwrap().kind(), ErrorKind::Timeout);
}
