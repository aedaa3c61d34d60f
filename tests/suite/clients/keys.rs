//! Live keys are sent over TLS or to loopback only.

use stripe_reporting::{ErrorKind, Generation, Operation, ParameterEncoding, Value, http};

use super::*;

const LIVE: &str = "sk_live_geheim";

/// A request whose description has its own server.
#[derive(serde::Serialize)]
struct Described {
    #[serde(skip)]
    base_url: &'static str,
}

impl Request for Described {
    type Response = Value;
    const OPERATION: Operation = Operation {
        id: "Described",
        method: http::Method::GET,
        path: "/v1/x",
        parameters: ParameterEncoding::Query,
        generation: Generation::V1,
        stripe_version: "",
        base_url: "",
    };

    fn operation(&self) -> Operation {
        Operation { base_url: self.base_url, ..Self::OPERATION }
    }
}

/// Returns a URL of a local server that does not count as loopback.
fn elsewhere(server: &Server) -> String {
    server.url().replace("127.0.0.1", "0.0.0.0")
}

fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = format!("{error} {error:?}");
    assert!(text.contains("is not sent to `0.0.0.0` over plain `http://`") && !text.contains("geheim"), "{text}");
}

#[test]
fn sends_a_live_key_over_plain_http_to_loopback_only() {
    each(|kind| {
        let server = Server::start_with(|_| Reply::json(200, "{}"));
        let (here, elsewhere) = (server.url(), elsewhere(&server));
        for refused in [Config::builder(LIVE).base_url(&elsewhere), Config::builder(LIVE).files_url(&elsewhere)] {
            assert_refused(refused.build());
        }
        let client = kind.configured(Config::new(LIVE));
        assert_refused(client.send(Described { base_url: elsewhere.clone().leak() }));
        assert_eq!(lines(&server.requests()), [""; 0]);

        client.send(Described { base_url: here.leak() }).unwrap();
        let config = Config::builder(LIVE).base_url(&elsewhere).allow_live_key_over_plain_http(true);
        kind.configured(config.build().unwrap()).send(Described { base_url: "" }).unwrap();
        kind.configured(Config::new(KEY)).send(Described { base_url: elsewhere.leak() }).unwrap();
        let keys: Vec<_> =
            server.requests().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
        assert_eq!(keys, ["Bearer sk_live_geheim", "Bearer sk_live_geheim", "Bearer sk_test_geheim"]);
    });
}

#[test]
fn redirects_and_page_urls_do_not_leak_a_live_key() {
    each(|kind| {
        let other = Server::start_with(|_| Reply::file("abc"));
        let target = elsewhere(&other);
        let page = format!(r#"{{"data":[],"next_page_url":"{target}/v2/data/reporting/query_runs"}}"#);
        let server = Server::start_with(move |request| match request.path() {
            "/v1/file" => Reply::redirect(302, &format!("{target}/v1/file")),
            _ => Reply::json(200, page.clone()),
        });
        let config = Config::builder(LIVE).base_url(server.url()).options(quick()).build().unwrap();
        let client = kind.configured(config);
        client.bytes(&file(&format!("{}/v1/file", server.url()), 3), 10).unwrap();
        let error = client.list(stripe_reporting::v2::core::Event::list()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(other.requests().iter().all(|request| request.header("authorization").is_none()));
        assert_eq!(other.requests().len(), 1);
    });
}
