#![forbid(unsafe_code)]
//! Connections of the async client of `stripe-reporting`: direct or through a proxy, with TLS and a timeout.
//!
//! It is a package of its own so that the features `rustls` and `native-tls` of the client select its TLS library only if
//! the async client is enabled.
//!
//! Depend on `stripe-reporting` instead; the API of this crate is not stable.

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

/// Why a connection failed.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A pending connection.
pub type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Returns the proxy for a target; `None` for a direct connection.
pub type ChooseProxy = Arc<dyn Fn(&Uri) -> Result<Option<Proxy>, BoxError> + Send + Sync>;

/// A proxy.
#[derive(Clone)]
pub struct Proxy {
    /// The protocol, host and port: `http://host:port`, `socks5://host:port`, or `socks5h://host:port`, which resolves names
    /// at the proxy.
    pub address: Uri,
    /// The user name and the password.
    pub credentials: Option<(String, String)>,
}

/// The TLS configuration, with the certificates that the platform trusts; empty in a build without TLS.
#[derive(Clone)]
pub struct Tls(secure::Config);

impl Tls {
    /// Loads the configuration of the platform.
    ///
    /// # Errors
    ///
    /// If the platform has no usable certificates.
    pub fn new() -> Result<Self, BoxError> {
        secure::config().map(Self)
    }
}

/// Connects within a timeout that includes the TLS handshake.
#[derive(Clone)]
pub struct Connector {
    secure: Secure,
    timeout: Duration,
}

impl Connector {
    /// Creates a connector. A connection that exceeds the timeout is an error of the kind [`io::ErrorKind::TimedOut`].
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
