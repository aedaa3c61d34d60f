#![forbid(unsafe_code)]
//! Connections of the async client of `stripe-reporting`: directly or through a proxy, with TLS, in time.
//!
//! It is a package of its own so that the features `rustls` and `native-tls` of the client can choose what comes with the
//! async client without bringing that client along.
//!
//! Depend on `stripe-reporting`; this crate's API follows the client's needs.

mod direct;
#[cfg(feature = "native-tls")]
#[path = "secure/native_tls.rs"]
mod secure;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
#[path = "secure/rustls.rs"]
mod secure;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[path = "secure/none.rs"]
mod secure;

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use tower_service::Service;

use self::direct::Direct;
use self::secure::Secure;

/// Why there is no connection.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A connection that is being made.
pub type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Chooses the proxy for connections to a target; `None` stands for a direct connection, and an error for no connection.
pub type ChooseProxy = Arc<dyn Fn(&Uri) -> Result<Option<Proxy>, BoxError> + Send + Sync>;

/// A proxy.
#[derive(Clone)]
pub struct Proxy {
    /// How it is asked for a connection.
    pub protocol: ProxyProtocol,
    /// Its host and port, as `http://host:port`, whatever the protocol.
    pub address: Uri,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

/// How a proxy is asked for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyProtocol {
    /// HTTP `CONNECT`.
    Http,
    /// SOCKS 5, with names resolved on this machine.
    Socks5,
    /// SOCKS 5, with names resolved by the proxy.
    Socks5h,
}

/// What TLS needs: how it is spoken, and the certificates that the platform trusts. Nothing in a build without TLS.
#[derive(Clone)]
pub struct Tls(secure::Config);

impl Tls {
    /// As the platform has it.
    ///
    /// # Errors
    ///
    /// When the platform has no certificates, or none that can be used.
    pub fn new() -> Result<Self, BoxError> {
        secure::config().map(Self)
    }
}

/// Makes connections, within a time that includes TLS.
#[derive(Clone)]
pub struct Connector {
    secure: Secure,
    timeout: Duration,
}

impl Connector {
    /// Connections that are not made within the time are errors of the kind [`io::ErrorKind::TimedOut`].
    #[must_use]
    pub fn new(tls: Tls, choose_proxy: ChooseProxy, timeout: Duration) -> Self {
        Self { secure: secure::connector(Direct::new(choose_proxy), tls.0), timeout }
    }
}

impl Service<Uri> for Connector {
    type Response = <Secure as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.secure.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let (connecting, timeout) = (self.secure.call(target), self.timeout);
        Box::pin(async move {
            match tokio::time::timeout(timeout, connecting).await {
                Ok(connection) => connection,
                Err(_) => {
                    let message = format!("no connection within {timeout:?}");
                    Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
                }
            }
        })
    }
}
