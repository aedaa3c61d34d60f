//! Custom transports.

use std::sync::Mutex;
use std::time::Duration;

use stripe_reporting::client::{self, BoxFuture};
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{
    Bytes, Client, Config, Limits, RequestOptions, TransportError, TransportErrorKind, blocking, http,
};

use super::*;

/// Fails first, and then returns a run.
#[derive(Default)]
struct Memory(Mutex<Vec<(String, Limits)>>);

impl Memory {
    fn respond(&self, request: &http::Request<Bytes>, limits: Limits) -> Result<String, TransportError> {
        let mut requests = self.0.lock().unwrap();
        requests.push((request.uri().to_string(), limits));
        match requests.len() {
            1 => Err(TransportError::new(TransportErrorKind::Connection, "out of order")),
            _ => Ok(query_run("running", None)),
        }
    }
}

impl client::Transport for Memory {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<client::Body>, TransportError>> {
        let response = self.respond(&request, limits);
        Box::pin(async move {
            let body = http_body_util::Full::new(Bytes::from(response?));
            let body = http_body_util::BodyExt::map_err(body, |never| match never {});
            Ok(http::Response::new(http_body_util::BodyExt::boxed_unsync(body)))
        })
    }
}

struct Pieces(Option<String>);

impl blocking::ReadBody for Pieces {
    fn read(&mut self) -> Result<Option<Bytes>, TransportError> {
        Ok(self.0.take().map(Bytes::from))
    }
}

impl blocking::Transport for Memory {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<blocking::Body>, TransportError> {
        Ok(http::Response::new(Box::new(Pieces(Some(self.respond(&request, limits)?)))))
    }
}

#[test]
fn a_custom_transport_is_retried() {
    let options = RequestOptions::new().connect_timeout(Duration::from_secs(3)).attempt_timeout(Duration::from_secs(7));
    let config = Config::builder(KEY).options(options).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::with_transport(config.clone(), Memory::default());
    assert_eq!(runtime.block_on(client.execute(QueryRun::retrieve("qryrun_1"))).unwrap().attempts, 2);
    let client = blocking::Client::with_transport(config, Memory::default());
    assert_eq!(client.execute(QueryRun::retrieve("qryrun_1")).unwrap().attempts, 2);
}

struct Panicking;

impl client::Transport for Panicking {
    fn send(
        &self,
        _: http::Request<Bytes>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<client::Body>, TransportError>> {
        panic!("the transport panics")
    }
}

/// The unit tests of `blocking::prefetch` cover its threads.
#[test]
fn propagates_a_panic_in_a_task() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::with_transport(Config::new(KEY), Panicking);
    let mut items = client.list(stripe_reporting::v1::reporting::ReportRun::list());
    let next = std::panic::AssertUnwindSafe(|| runtime.block_on(items.try_next()));
    let panic = std::panic::catch_unwind(next).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"the transport panics"));
}
