use super::*;
use crate::Request;
use crate::RequestOptions;
use crate::protocol::exchange::Outcome;
use crate::protocol::testing::{ListPages, ListRuns, Run, respond};

fn page(ids: &[&str], has_more: bool) -> String {
    let data = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect::<Vec<_>>().join(",");
    format!(r#"{{"object":"list","data":[{data}],"has_more":{has_more},"url":"/v1/runs"}}"#)
}

fn page_v2(ids: &[&str], next: &str, previous: &str) -> String {
    let data = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect::<Vec<_>>().join(",");
    format!(r#"{{"data":[{data}],"next_page_url":{next},"previous_page_url":{previous}}}"#)
}

/// Reads pages until the end; returns the requested targets, and the error.
fn read<R: ListRequest>(mut pager: Pager<R>, pages: &[String]) -> (Vec<String>, Option<Error>) {
    let mut requested = Vec::new();
    let mut pages = pages.iter();
    while let Some(exchange) = pager.next() {
        requested.push(exchange.uri().to_string().replace("https://api.stripe.com", ""));
        let page = pages.next().expect("another page").clone();
        if let Err(error) = respond(exchange, 200, page).and_then(|response| pager.read(response)) {
            return (requested, Some(error));
        }
    }
    assert_eq!(pages.len(), 0, "not all pages were read");
    (requested, None)
}

fn v1(request: &ListRuns) -> Pager<ListRuns> {
    Pager::new(request, &Config::new("k")).unwrap()
}

fn v2() -> Pager<ListPages> {
    Pager::new(&ListPages { status: "a" }, &Config::new("k")).unwrap()
}

#[test]
fn reads_forwards_and_keeps_the_filters() {
    let request = ListRuns { status: Some("a b"), ..ListRuns::default() };
    let (requested, error) =
        read::<ListRuns>(v1(&request), &[page(&["a", "b"], true), page(&["c_1&"], true), page(&[], false)]);
    assert_eq!(
        requested,
        [
            "/v1/runs?status=a+b&limit=100",
            "/v1/runs?status=a+b&limit=100&starting_after=b",
            "/v1/runs?status=a+b&limit=100&starting_after=c_1%26",
        ]
    );
    assert!(error.is_none());
}

#[test]
fn reading_backwards_requires_ending_before() {
    let error = v1(&ListRuns::default()).backwards().unwrap_err();
    assert!(error.to_string().contains("set `ending_before`"), "{error}");
    assert!(v1(&ListRuns { ending_before: Some("z"), ..ListRuns::default() }).is_backward);
}

#[test]
fn a_cursor_that_does_not_advance_is_an_error() {
    let same = page(&["a", "b"], true);
    let (requested, error) = read::<ListRuns>(v1(&ListRuns::default()), &[same.clone(), same]);
    assert_eq!(requested.len(), 2);
    let error = error.unwrap();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Pagination, Some("req_1")));
    let circle = [page(&["a"], true), page(&["b"], true), page(&["a"], true)];
    assert_eq!(read::<ListRuns>(v1(&ListRuns::default()), &circle).1.unwrap().kind(), ErrorKind::Pagination);
    let (_, error) = read::<ListRuns>(v1(&ListRuns::default()), &[page(&[], true)]);
    assert!(error.unwrap().to_string().contains("has no id"));
    let next = r#""/v2/runs?page=1""#;
    let (_, error) = read::<ListPages>(v2(), &[page_v2(&["a"], next, "null"), page_v2(&["b"], next, "null")]);
    assert_eq!(error.unwrap().kind(), ErrorKind::Pagination);
}

#[test]
fn follows_page_urls_verbatim_past_empty_pages() {
    let pages = [
        page_v2(&["a"], r#""/v2/runs?page=1%2B2&x""#, "null"),
        page_v2(&[], r#""https://api.stripe.com/v2/runs?page=3""#, "null"),
        page_v2(&["b"], r#""""#, "null"),
    ];
    let (requested, error) = read::<ListPages>(v2(), &pages);
    assert_eq!(requested, ["/v2/runs?status=a", "/v2/runs?page=1%2B2&x", "/v2/runs?page=3"]);
    assert!(error.is_none());
}

#[test]
fn a_hundred_empty_pages_in_a_row_are_an_error() {
    let pages = |number: usize, is_empty: fn(usize) -> bool| {
        let page = |index| {
            let next = if index == number { "null".to_owned() } else { format!(r#""/v2/runs?page={index}""#) };
            page_v2(if is_empty(index) { &[] } else { &["a"] }, &next, "null")
        };
        (1..=number).map(page).collect::<Vec<_>>()
    };
    let (requested, error) = read::<ListPages>(v2(), &pages(300, |_| true));
    let error = error.unwrap();
    assert_eq!((requested.len(), error.kind(), error.request_id()), (100, ErrorKind::EmptyPages, Some("req_1")));
    assert!(!error.is_retryable() && error.endpoint() == Some("GET /v2/runs"));
    let text = "the list does not end: 100 pages in a row have no items";
    assert!(error.to_string().starts_with(text), "{error}");

    let (requested, error) = read::<ListPages>(v2(), &pages(300, |index| index % 100 != 0));
    assert!((requested.len(), error.is_none()) == (300, true), "one item resets the count");
    let (requested, error) = read::<ListPages>(v2(), &pages(100, |_| true));
    assert!((requested.len(), error.is_none()) == (100, true), "the hundredth may be the last one");
}

const BROKEN: &str = r#"{"id":"run_x","status":5}"#;

/// Reads items until the end; returns the requested targets, and the ids of the items. An item that does not decode is its
/// index, id and path; another error is its kind.
fn read_items<R: ListRequest<Item = Run>>(mut pager: Pager<R>, pages: &[&str]) -> (Vec<String>, Vec<String>) {
    let (mut requested, mut read) = (Vec::new(), Vec::new());
    let mut pages = pages.iter();
    while let Some(exchange) = pager.next() {
        requested.push(exchange.uri().path_and_query().unwrap().to_string());
        let page = pages.next().expect("another page").to_string();
        let items = respond(exchange, 200, page).and_then(|response| pager.read_items(response)).unwrap();
        read.extend(items.map(|item| match item {
            Ok(run) => run.id,
            Err(error) => match error.item_index() {
                Some(index) => {
                    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Decode, Some("req_1")));
                    format!("{index} {} {}", error.item_id().unwrap_or("-"), error.path().unwrap())
                }
                None => format!("{:?}", error.kind()),
            },
        }));
    }
    assert_eq!(pages.len(), 0, "not all pages were read");
    (requested, read)
}

fn list(items: &[&str], has_more: bool) -> String {
    format!(r#"{{"object":"list","data": [{}],"has_more":{has_more},"url":"/v1/runs"}}"#, items.join(" , "))
}

#[test]
fn a_list_ends_after_an_item_without_an_id() {
    let page = list(&["7", r#"{"id":"a"}"#, r#"{"name":"b"}"#], true);
    let (requested, items) = read_items(v1(&ListRuns::default()), &[&page]);
    assert_eq!(requested.len(), 1);
    assert_eq!(items, ["0 - data[0]", "a", "2 - data[2]", "Pagination"]);
}

#[test]
fn the_envelope_of_a_page_must_decode() {
    let mut pager = v1(&ListRuns::default());
    let page = format!(r#"{{"object":"list","data":[{BROKEN}],"has_more":"yes"}}"#);
    let response = respond(pager.next().unwrap(), 200, page).unwrap();
    let error = pager.read_items(response).err().unwrap();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Decode, Some("data[0].status")));
    assert!(pager.next().is_none() && error.item_index().is_none());
}

#[test]
fn a_page_with_far_too_many_items_fails_as_a_whole() {
    let read = |number: usize| {
        let mut pager = v1(&ListRuns::default());
        let response = respond(pager.next().unwrap(), 200, list(&vec!["1"; number], false)).unwrap();
        pager.read_items(response).map(Iterator::count)
    };
    assert_eq!(read(1_000).unwrap(), 1_000);
    assert_eq!(read(1_001).unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn retries_a_truncated_page() {
    for page in [format!(r#"{{"object":"list","data":[{BROKEN},{{"id"#), r#"{"object":"list","data":["#.to_owned()] {
        let mut exchange = v1(&ListRuns::default()).next().unwrap();
        exchange.attempt(std::time::Instant::now()).unwrap();
        let response = http::Response::new(page.into());
        let outcome = exchange.on_response(std::time::Instant::now(), Ok(response));
        assert!(matches!(outcome, Ok(Outcome::Retry { .. })));
    }
}

#[test]
fn refuses_a_page_on_another_host() {
    for url in [
        "https://evil.test/v2/runs",
        "//evil.test/v2/runs",
        "http://api.stripe.com/v2/runs",
        "https://api.stripe.com:444/v2",
        "https://api.stripe.com@evil.test/",
        "v2/runs",
        "\\\\\\\\evil.test",
        "/v2/ruñs\\u0000",
    ] {
        let (requested, error) = read::<ListPages>(v2(), &[page_v2(&["a"], &format!("\"{url}\""), "null")]);
        assert_eq!(requested.len(), 1, "{url}");
        assert_eq!(error.unwrap().kind(), ErrorKind::Pagination, "{url}");
    }
}

#[test]
fn keeps_the_options_and_the_base_path() {
    let config = Config::builder("k").base_url("http://127.0.0.1:1/mock/").build().unwrap();
    let request = ListPages { status: "a" }.with(RequestOptions::new().context("acct_1"));
    let mut pager = Pager::new(&request, &config).unwrap();
    let page = page_v2(&["a"], r#""/v2/runs?page=2""#, "null");
    let response = respond(pager.next().unwrap(), 200, page).unwrap();
    pager.read(response).unwrap();
    let mut next = pager.next().unwrap();
    let sent = next.attempt(std::time::Instant::now()).unwrap().request;
    assert_eq!(sent.uri(), "http://127.0.0.1:1/mock/v2/runs?page=2");
    assert_eq!(sent.headers()["stripe-context"], "acct_1");
    assert!(sent.headers().contains_key("authorization"));
}
