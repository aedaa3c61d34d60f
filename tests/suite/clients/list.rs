//! Lists, by page and by item.

use stripe_reporting::v1::reporting::{ReportRun, ReportType};
use stripe_reporting::v2::core::Event;
use stripe_reporting::{ErrorKind, Request, RequestOptions};

use super::*;

pub(super) fn page(ids: &[&str], has_more: bool) -> Reply {
    let data: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"id":"{id}","object":"reporting.report_run","created":1600000000,"error":null,"livemode":false,
                "parameters":{{}},"report_type":"balance.summary.1","result":null,"status":"pending","succeeded_at":null}}"#
            )
        })
        .collect();
    let data = data.join(",");
    Reply::json(
        200,
        format!(r#"{{"object":"list","url":"/v1/reporting/report_runs","has_more":{has_more},"data":[{data}]}}"#),
    )
}

fn events(ids: &[&str], next: Option<&str>, previous: Option<&str>) -> Reply {
    let url = |url: Option<&str>| url.map_or("null".to_owned(), |url| format!("{url:?}"));
    let data: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"id":"{id}","object":"v2.core.event","type":"v2.data.reporting.query_run.succeeded",
                "created":"2026-10-01T00:00:00.000Z","livemode":false}}"#
            )
        })
        .collect();
    let body = format!(
        r#"{{"data":[{}],"next_page_url":{},"previous_page_url":{}}}"#,
        data.join(","),
        url(next),
        url(previous)
    );
    Reply::json(200, body)
}

#[test]
fn reads_a_v1_list_with_filters_and_options() {
    each(|kind| {
        let server = server([page(&["frr_3", "frr_2"], true), page(&["frr_1"], false)]);
        let since = stripe_reporting::Timestamp::from_second(5).unwrap();
        let request = ReportRun::list().created(since..).with(RequestOptions::new().account("acct_1"));
        let runs = kind.client(&server.url()).list(request).unwrap();
        assert_eq!(runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["frr_3", "frr_2", "frr_1"]);
        let requests = server.finish();
        assert_eq!(
            lines(&requests),
            [
                "GET /v1/reporting/report_runs?created[gte]=5&limit=100",
                "GET /v1/reporting/report_runs?created[gte]=5&limit=100&starting_after=frr_2",
            ]
        );
        assert!(requests.iter().all(|request| request.header("stripe-account") == Some("acct_1")));
    });
}

#[test]
fn reads_a_v1_list_backwards_from_an_item() {
    each(|kind| {
        let server = server([page(&["frr_6", "frr_5"], true), page(&["frr_8", "frr_7"], false)]);
        let request = ReportRun::list().ending_before("frr_4").limit(2);
        let runs = kind.client(&server.url()).list(request).unwrap();
        assert_eq!(runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["frr_5", "frr_6", "frr_7", "frr_8"]);
        assert_eq!(
            lines(&server.finish()),
            [
                "GET /v1/reporting/report_runs?limit=2&ending_before=frr_4",
                "GET /v1/reporting/report_runs?limit=2&ending_before=frr_6",
            ]
        );
    });
}

#[test]
fn requests_a_single_page_list_once() {
    each(|kind| {
        let server = server([Reply::json(200, r#"{"object":"list","url":"/v1/x","has_more":true,"data":[]}"#)]);
        assert!(kind.client(&server.url()).list(ReportType::list()).unwrap().is_empty());
        assert_eq!(lines(&server.finish()), ["GET /v1/reporting/report_types"]);
    });
}

#[test]
fn decodes_an_event_about_a_singleton() {
    each(|kind| {
        let page = r#"{"next_page_url":null,"previous_page_url":null,"data":[
            {"id":"evt_1","object":"v2.core.event","type":"v1.balance.available","created":"2026-10-01T00:00:00.000Z",
             "livemode":false,"related_object":{"type":"balance","url":"/v1/balance"}},
            {"id":"evt_2","object":"v2.core.event","type":"v2.core.event_destination.ping","data":null,
             "created":"2026-10-01T00:00:00.000Z","livemode":false}]}"#;
        let server = server([Reply::json(200, page)]);
        let events = kind.client(&server.url()).list(Event::list().include(["reason.request.client"])).unwrap();
        assert_eq!(events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["evt_1", "evt_2"]);
        assert_eq!(events[0].related_object.as_ref().unwrap().id, None);
        assert_eq!(lines(&server.finish()), ["GET /v2/core/events?include[0]=reason.request.client"]);
    });
}

#[test]
fn reads_a_v2_list_backwards_from_a_page() {
    let server = server([
        events(&["evt_3", "evt_4"], None, Some("/v2/core/events?page=1")),
        events(&["evt_1", "evt_2"], None, None),
    ]);
    let AnyClient::Blocking(client) = Kind::Blocking.client(&server.url()) else { panic!() };
    let items = client.list(Event::list()).starting_at_page("/v2/core/events?page=2").backwards();
    let ids: Vec<_> = items.map(|event| event.unwrap().id.into_string()).collect();
    assert_eq!(ids, ["evt_4", "evt_3", "evt_2", "evt_1"]);
    assert_eq!(lines(&server.finish()), ["GET /v2/core/events?page=2", "GET /v2/core/events?page=1"]);
}

#[test]
fn retries_pages_and_ends_after_an_error() {
    each(|kind| {
        let server = server([Reply::json(500, "{}"), page(&["frr_1"], true), Reply::json(400, "{}")]);
        match kind.client(&server.url()) {
            AnyClient::Async(runtime, client) => runtime.block_on(async {
                let mut items = client.list(ReportRun::list());
                assert_eq!(items.try_next().await.unwrap().unwrap().id, "frr_1");
                assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Api);
                assert!(items.try_next().await.unwrap().is_none());
            }),
            AnyClient::Blocking(client) => {
                let mut items = client.list(ReportRun::list());
                assert_eq!(items.next().unwrap().unwrap().id, "frr_1");
                assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Api);
                assert!(items.next().is_none());
            }
        }
        let _ = server.finish();
    });
}

/// Returns the page with an invalid `livemode` in one item.
fn with_odd_item(page: Reply, id: &str) -> Reply {
    page.map_body(|body| {
        let (before, item) = body.split_once(&format!(r#""id":"{id}""#)).unwrap();
        format!(r#"{before}"id":"{id}"{}"#, item.replacen(r#""livemode":false"#, r#""livemode":"maybe""#, 1))
    })
}

/// Returns the ids of the items of a list; an item that does not decode is its error.
fn items_and_errors<R: ListRequest>(client: &AnyClient, request: R, id: fn(&R::Item) -> &str) -> Vec<String> {
    let text = |item: Result<R::Item, Error>| item.map_or_else(|error| error.to_string(), |item| id(&item).to_owned());
    match client {
        AnyClient::Async(runtime, client) => runtime.block_on(async {
            let (mut items, mut texts) = (client.list(request), Vec::new());
            while let Some(item) = items.try_next().await.transpose() {
                texts.push(text(item));
            }
            texts
        }),
        AnyClient::Blocking(client) => client.list(request).map(text).collect(),
    }
}

#[test]
fn continues_after_an_item_that_does_not_decode() {
    each(|kind| {
        let pages = || {
            [
                with_odd_item(page(&["frr_6", "frr_5", "frr_4"], true), "frr_5").request_id("req_1"),
                with_odd_item(page(&["frr_3", "frr_2"], true), "frr_2").request_id("req_2"),
                page(&["frr_1"], false),
            ]
        };
        let error = |path: &str, id: &str, request: u32| {
            format!(
                "decoding failed at `{path}`: invalid type: string \"maybe\", expected a boolean (item {id}, status 200, \
                 request req_{request}, endpoint GET /v1/reporting/report_runs)"
            )
        };
        let server = server(pages());
        let items = items_and_errors(&kind.client(&server.url()), ReportRun::list(), |run| run.id.as_str());
        let (first, second) = (error("data[1].livemode", "frr_5", 1), error("data[1].livemode", "frr_2", 2));
        assert_eq!(items, ["frr_6", &first, "frr_4", "frr_3", &second, "frr_1"]);
        let url = "GET /v1/reporting/report_runs?limit=100";
        assert_eq!(
            lines(&server.finish()),
            [url.to_owned(), format!("{url}&starting_after=frr_4"), format!("{url}&starting_after=frr_2")]
        );

        let server = Server::start(pages());
        let request = ReportRun::list().ending_before("frr_0");
        let items = items_and_errors(&kind.client(&server.url()), request, |run| run.id.as_str());
        assert_eq!(items, ["frr_4", &first, "frr_6", &second, "frr_3", "frr_1"]);

        let server = Server::start([
            with_odd_item(events(&["evt_1", "evt_2"], Some("/v2/core/events?page=2"), None), "evt_2"),
            events(&["evt_3"], None, None),
        ]);
        let items = items_and_errors(&kind.client(&server.url()), Event::list(), |event| event.id.as_str());
        assert_eq!((items.len(), items[0].as_str(), items[2].as_str()), (3, "evt_1", "evt_3"));
        assert!(items[1].contains("`data[1].livemode`") && items[1].contains("item evt_2"), "{items:?}");

        let server = Server::start(pages());
        let error = kind.client(&server.url()).list(ReportRun::list()).unwrap_err();
        assert_eq!((error.kind(), error.item_index(), error.item_id()), (ErrorKind::Decode, Some(1), Some("frr_5")));
    });
}

#[test]
fn a_page_with_an_item_that_does_not_decode_ends_the_list() {
    each(|kind| {
        let server = server([with_odd_item(page(&["frr_3", "frr_2"], true), "frr_2").request_id("req_1")]);
        let client = kind.client(&server.url());
        let errors: Vec<_> = match &client {
            AnyClient::Async(runtime, client) => runtime.block_on(async {
                let mut pages = client.list(ReportRun::list()).pages();
                let error = pages.try_next().await.unwrap_err();
                assert!(pages.try_next().await.unwrap().is_none());
                vec![error]
            }),
            AnyClient::Blocking(client) => client.list(ReportRun::list()).pages().map(Result::unwrap_err).collect(),
        };
        assert_eq!(
            (errors.len(), errors[0].kind(), errors[0].path()),
            (1, ErrorKind::Decode, Some("data[1].livemode"))
        );
        assert_eq!(server.requests().len(), 1, "the next page is not fetched");
        let sent = Server::start([with_odd_item(page(&["frr_3", "frr_2"], true), "frr_2").request_id("req_1")]);
        let error = kind.client(&sent.url()).send(ReportRun::list().limit(100)).unwrap_err();
        assert_eq!(error.to_string(), errors[0].to_string());
    });
}

#[test]
fn an_invalid_request_is_reported_by_the_first_item() {
    each(|kind| {
        let server = server([]);
        let request = ReportRun::list().with(RequestOptions::new().account(""));
        assert_eq!(kind.client(&server.url()).list(request).unwrap_err().kind(), ErrorKind::InvalidRequest);
    });
}
