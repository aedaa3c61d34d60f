//! The transport of the async client, on hyper.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use stripe_reporting_connector as connector;
use stripe_reporting_connector::{ChooseProxy, Connector, Tls};

use super::transport::{Body, BoxFuture, Transport};
use crate::protocol::proxy::{Proxies, Proxy, ProxyError};
use crate::transport::{Limits, TransportError, TransportErrorKind};
use crate::{Config, Error, ErrorKind};

/// How many HTTP clients are kept; each has one connect timeout.
const MOST_CLIENTS: usize = 8;

type HttpClient = legacy::Client<Connector, Full<Bytes>>;

/// Sends requests with hyper, which reuses connections.
pub(super) struct Hyper {
    tls: Tls,
    choose_proxy: ChooseProxy,
    /// By connect timeout.
    clients: Mutex<Vec<(Duration, HttpClient)>>,
}

impl Hyper {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        crate::transport::tls::check(config)?;
        let tls = Tls::new().map_err(|error| {
            Error::new(ErrorKind::Tls, format!("cannot load the platform's root certificates: {error}"))
                .with_source(error)
        })?;
        let proxies = Proxies::new(std::env::var_os);
        let choose_proxy: ChooseProxy = Arc::new(move |target| Ok(proxies.resolve(target)?.map(proxy)));
        Ok(Self { tls, choose_proxy, clients: Mutex::new(Vec::new()) })
    }

    fn client(&self, connect: Duration) -> HttpClient {
        // A panic cannot leave the list in an invalid state.
        let mut clients = self.clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(timeout, _)| *timeout == connect) {
            return client.clone();
        }
        let client = legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(Connector::new(
            self.tls.clone(),
            self.choose_proxy.clone(),
            connect,
        ));
        if clients.len() >= MOST_CLIENTS {
            clients.remove(0);
        }
        clients.push((connect, client.clone()));
        client
    }
}

impl Transport for Hyper {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let is_secure = request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
        let response = self.client(limits.connect).request(request.map(Full::new));
        Box::pin(async move {
            let response = response.await.map_err(|error| {
                let is_connect = error.is_connect();
                let error = transport_error(error, is_connect && is_secure);
                if is_connect { error.unsent() } else { error }
            })?;
            Ok(response.map(|body| body.map_err(|error| transport_error(error, false)).boxed_unsync()))
        })
    }
}

fn proxy(proxy: &Proxy) -> connector::Proxy {
    connector::Proxy { address: proxy.address.clone(), credentials: proxy.credentials.clone() }
}

/// Classifies an error.
fn transport_error(error: impl StdError + Send + Sync + 'static, may_be_tls: bool) -> TransportError {
    let mut sources = std::iter::successors(Some(&error as &(dyn StdError + 'static)), |error| (**error).source());
    if sources.any(|error| error.is::<ProxyError>()) {
        return TransportError::new(TransportErrorKind::Request, error);
    }
    let kind = match io_kind(&error) {
        Some(io::ErrorKind::TimedOut) => TransportErrorKind::Timeout,
        // Both TLS libraries report invalid or untrusted data as this.
        Some(io::ErrorKind::InvalidData) | None if may_be_tls => TransportErrorKind::Tls,
        _ => TransportErrorKind::Connection,
    };
    TransportError::new(kind, error)
}

/// Returns the kind of the innermost I/O error.
fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut source = Some(error);
    let mut kind = None;
    while let Some(error) = source {
        let mut io = error.downcast_ref::<io::Error>();
        while let Some(error) = io {
            kind = Some(error.kind());
            // The source of an I/O error skips the error that it wraps.
            io = error.get_ref().and_then(|inner| inner.downcast_ref());
        }
        source = error.source();
    }
    kind
}
