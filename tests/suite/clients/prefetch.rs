//! Pages that are fetched before they are needed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use stripe_reporting::v1::reporting::ReportRun;

use super::list::page;
use super::*;

/// The second page is requested while the first is read.
#[test]
fn prefetches_the_next_page() {
    each(|kind| {
        let server = server([page(&["frr_3", "frr_2"], true), page(&["frr_1"], false)]);
        match kind.client(&server.url()) {
            AnyClient::Async(runtime, client) => runtime.block_on(async {
                let mut items = client.list(ReportRun::list());
                items.try_next().await.unwrap().unwrap();
                has_seen(&server, 2);
                assert_eq!(items.try_collect().await.unwrap().len(), 2);
            }),
            AnyClient::Blocking(client) => {
                let mut items = client.list(ReportRun::list());
                items.next().unwrap().unwrap();
                has_seen(&server, 2);
                assert_eq!(items.count(), 2);
            }
        }
        let _ = server.finish();
    });
}

/// Waits until the server has received this many requests.
fn has_seen(server: &Server, requests: usize) {
    let begin = Instant::now();
    while server.requests().len() < requests {
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", lines(&server.requests()));
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Starts two lists, by item and by page, and drops both once the server has received the requests for their next pages.
fn start_and_drop(kind: Kind, server: &Server) -> AnyClient {
    let retry = |failed: &FailedAttempt<'_>| failed.default_delay().map(|_| Duration::from_secs(1));
    let config = Config::builder(KEY).base_url(server.url()).options(quick()).retry_policy(retry).build().unwrap();
    let client = kind.configured(config);
    match &client {
        AnyClient::Async(runtime, client) => runtime.block_on(async {
            drop((client.list(ReportRun::list()), client.list(ReportRun::list()).pages()));
            let (mut items, mut pages) = (client.list(ReportRun::list()), client.list(ReportRun::list()).pages());
            items.try_next().await.unwrap().unwrap();
            pages.try_next().await.unwrap().unwrap();
            has_seen(server, 4);
        }),
        AnyClient::Blocking(client) => {
            drop((client.list(ReportRun::list()), client.list(ReportRun::list()).pages()));
            let (mut items, mut pages) = (client.list(ReportRun::list()), client.list(ReportRun::list()).pages());
            items.next().unwrap().unwrap();
            pages.next().unwrap().unwrap();
            has_seen(server, 4);
        }
    }
    client
}

#[test]
fn dropping_a_list_stops_its_prefetch() {
    std::thread::scope(|scope| {
        for kind in [Kind::Async, Kind::Blocking] {
            scope.spawn(move || {
                let server = Server::start_with(|request| match request.target.contains("starting_after") {
                    false => page(&["frr_1"], true),
                    true => Reply::json(503, "{}"),
                });
                let _client = start_and_drop(kind, &server);
                std::thread::sleep(Duration::from_millis(1300));
                assert_eq!(server.requests().len(), 4, "{kind:?}: {:?}", lines(&server.requests()));
            });
            scope.spawn(move || {
                let server = Server::start_with(|request| match request.target.contains("starting_after") {
                    false => page(&["frr_1"], true),
                    true => Reply::never(),
                });
                let begin = Instant::now();
                let _client = start_and_drop(kind, &server);
                assert!(
                    begin.elapsed() < Duration::from_secs(3),
                    "{kind:?}: dropping does not wait for an attempt in flight"
                );
            });
        }
    });
}

#[test]
fn limits_the_prefetch_threads_without_losing_pages() {
    static BUSY: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let server = Server::start_with(|request| {
        if !request.target.contains("starting_after") {
            return page(&["frr_2"], true);
        }
        MOST.fetch_max(BUSY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(200));
        BUSY.fetch_sub(1, Ordering::SeqCst);
        page(&["frr_1"], false)
    });
    let AnyClient::Blocking(client) = Kind::Blocking.client(&server.url()) else { panic!() };
    let begin = |_| {
        let mut items = client.clone().list(ReportRun::list());
        items.next().unwrap().unwrap();
        items
    };
    let lists: Vec<_> = (0..10).map(begin).collect();
    has_seen(&server, 14);
    let most = MOST.load(Ordering::SeqCst);
    assert!((1..=4).contains(&most), "{most} concurrent requests");
    for items in lists {
        assert_eq!(items.map(|run| run.unwrap().id.into_string()).collect::<Vec<_>>(), ["frr_1"]);
    }
    assert_eq!(server.requests().len(), 20);
}
