//! The transport on reqwest.

use std::error::Error as StdError;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;

use super::transport::{Body, BoxFuture, Transport};
use crate::transport::{Limits, TransportError, TransportErrorKind};
use crate::{Config, Error};

/// How many clients are kept: reqwest has one time to connect per client.
const MOST_CLIENTS: usize = 8;

/// Sends with reqwest, which keeps connections open between requests.
#[derive(Debug)]
pub(super) struct Reqwest {
    #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
    tls: rustls::ClientConfig,
    /// By their time to connect.
    clients: Mutex<Vec<(Duration, reqwest::Client)>>,
}

impl Reqwest {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        crate::tls::check(config)?;
        Ok(Self {
            #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
            tls: crate::tls::rustls()?,
            clients: Mutex::new(Vec::new()),
        })
    }

    fn client(&self, connect: Duration) -> Result<reqwest::Client, TransportError> {
        // A poisoned lock only means that a client was not added.
        let mut clients = self.clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(timeout, _)| *timeout == connect) {
            return Ok(client.clone());
        }
        let builder = reqwest::Client::builder()
            .connect_timeout(connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only();
        #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
        let builder = builder.tls_backend_preconfigured(self.tls.clone());
        #[cfg(feature = "native-tls")]
        let builder = builder.tls_backend_native();
        let client =
            builder.build().map_err(|error| TransportError::new(TransportErrorKind::Tls, error.without_url()))?;
        if clients.len() >= MOST_CLIENTS {
            clients.remove(0);
        }
        clients.push((connect, client.clone()));
        Ok(client)
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let is_secure = request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
            let client = self.client(limits.connect)?;
            let request = reqwest::Request::try_from(request).map_err(|error| of(error, is_secure))?;
            let response = client.execute(request).await.map_err(|error| of(error, is_secure))?;
            let response = http::Response::<reqwest::Body>::from(response);
            Ok(response.map(|body| body.map_err(move |error| of(error, is_secure)).boxed_unsync()))
        })
    }
}

/// What an error means. It is told without the URL, which may give access.
fn of(error: reqwest::Error, is_secure: bool) -> TransportError {
    let error = error.without_url();
    let kind = match io_kind(&error) {
        _ if error.is_timeout() => TransportErrorKind::Timeout,
        _ if error.is_builder() => TransportErrorKind::Request,
        Some(io::ErrorKind::TimedOut) => TransportErrorKind::Timeout,
        // What both TLS libraries report what they do not understand or trust as.
        Some(io::ErrorKind::InvalidData) | None if error.is_connect() && is_secure => TransportErrorKind::Tls,
        _ => TransportErrorKind::Connection,
    };
    TransportError::new(kind, error)
}

/// The kind of the innermost I/O error that it is about.
fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut source = Some(error);
    let mut kind = None;
    while let Some(error) = source {
        let mut io = error.downcast_ref::<io::Error>();
        while let Some(error) = io {
            kind = Some(error.kind());
            // The source of an I/O error is the source of what it wraps, which is passed over.
            io = error.get_ref().and_then(|inner| inner.downcast_ref());
        }
        source = error.source();
    }
    kind
}
