//! The transport of the blocking client, on ureq.

use std::io::{self, Read};

use bytes::{Bytes, BytesMut};
use ureq::{Agent, BodyReader};

use super::transport::{Body, ReadBody, Transport};
use crate::protocol::proxy::{Proxies, Proxy};
use crate::transport::{Limits, TransportError, TransportErrorKind};

/// How many bytes are read at a time.
const PIECE: usize = 64 << 10;

/// Sends requests with ureq, which reuses connections.
pub(super) struct Ureq {
    agent: Agent,
    proxies: Proxies,
}

impl Ureq {
    pub(super) fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept("")
            .accept_encoding("")
            .user_agent("")
            // Otherwise ureq reads the environment, and ignores proxies that it does not support.
            .proxy(None);
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let config = config.tls_config(tls());
        Self { agent: config.build().new_agent(), proxies: Proxies::new(std::env::var_os) }
    }
}

/// Trusts the platform's root certificates, like the async client.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn tls() -> ureq::tls::TlsConfig {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

    let provider = if cfg!(feature = "native-tls") { TlsProvider::NativeTls } else { TlsProvider::Rustls };
    TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).provider(provider).build()
}

impl Transport for Ureq {
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Body>, TransportError> {
        let (parts, body) = request.into_parts();
        let proxy = self.proxies.resolve(&parts.uri);
        let proxy = proxy.map_err(|error| TransportError::new(TransportErrorKind::Request, error))?;
        let proxy = proxy.map(self::proxy).transpose().map_err(transport_error)?;
        let response = if body.is_empty() && parts.method != http::Method::POST {
            self.run(http::Request::from_parts(parts, ()), proxy, limits)
        } else {
            self.run(http::Request::from_parts(parts, body.as_ref()), proxy, limits)
        };
        Ok(response.map_err(transport_error)?.map(|body| Box::new(Pieces(body.into_reader())) as Body))
    }
}

impl Ureq {
    fn run(
        &self,
        request: http::Request<impl ureq::AsSendBody>,
        proxy: Option<ureq::Proxy>,
        limits: Limits,
    ) -> Result<http::Response<ureq::Body>, ureq::Error> {
        let request = self.agent.configure_request(request);
        let request = request
            .proxy(proxy)
            .timeout_resolve(Some(limits.connect))
            .timeout_connect(Some(limits.connect))
            .timeout_send_request(Some(limits.head))
            .timeout_send_body(Some(limits.head))
            .timeout_recv_response(Some(limits.head))
            .timeout_per_read(Some(limits.read))
            .timeout_per_write(Some(limits.read))
            .timeout_per_call(limits.whole)
            .build();
        self.agent.run(request)
    }
}

fn proxy(proxy: &Proxy) -> Result<ureq::Proxy, ureq::Error> {
    let builder = ureq::Proxy::builder(match proxy.address.scheme_str() {
        Some("socks5") => ureq::ProxyProtocol::Socks5,
        Some("socks5h") => ureq::ProxyProtocol::Socks5h,
        _ => ureq::ProxyProtocol::Http,
    });
    let builder = builder.host(proxy.address.host().unwrap_or_default());
    let builder = builder.port(proxy.address.port_u16().unwrap_or_default());
    match &proxy.credentials {
        Some((user, password)) => builder.username(user).password(password),
        None => builder,
    }
    .build()
}

struct Pieces(BodyReader<'static>);

impl ReadBody for Pieces {
    fn read(&mut self) -> Result<Option<Bytes>, TransportError> {
        let mut piece = BytesMut::zeroed(PIECE);
        let length = loop {
            match self.0.read(&mut piece) {
                Ok(length) => break length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(error)),
            }
        };
        piece.truncate(length);
        Ok((length > 0).then(|| piece.freeze()))
    }
}

/// Classifies an error.
fn transport_error(error: ureq::Error) -> TransportError {
    let kind = match &error {
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            return TransportError::new(TransportErrorKind::Timeout, error).unsent();
        }
        ureq::Error::HostNotFound | ureq::Error::ConnectProxyFailed(_) => {
            return TransportError::new(TransportErrorKind::Connection, error).unsent();
        }
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        ureq::Error::Io(error) => return io_error(io::Error::new(error.kind(), error.to_string())),
        ureq::Error::Tls(_) => TransportErrorKind::Tls,
        #[cfg(feature = "rustls")]
        ureq::Error::Rustls(_) => TransportErrorKind::Tls,
        #[cfg(feature = "native-tls")]
        ureq::Error::NativeTls(_) | ureq::Error::Der(_) => TransportErrorKind::Tls,
        ureq::Error::Http(_) | ureq::Error::InvalidProxyUrl => TransportErrorKind::Request,
        // The message of ureq contains the URL.
        ureq::Error::BadUri(_) => return TransportError::new(TransportErrorKind::Request, "invalid URL"),
        _ => TransportErrorKind::Connection,
    };
    TransportError::new(kind, error)
}

/// Classifies an error while reading, which may wrap one of ureq.
fn read_error(error: io::Error) -> TransportError {
    match error.downcast::<ureq::Error>() {
        Ok(error) => transport_error(error),
        Err(error) => io_error(error),
    }
}

fn io_error(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::Timeout,
        // Both TLS libraries report invalid or untrusted data as this.
        io::ErrorKind::InvalidData => TransportErrorKind::Tls,
        _ => TransportErrorKind::Connection,
    };
    // Any other error may occur while the request is being sent.
    let is_unsent = error.kind() == io::ErrorKind::ConnectionRefused;
    let error = TransportError::new(kind, error);
    if is_unsent { error.unsent() } else { error }
}
