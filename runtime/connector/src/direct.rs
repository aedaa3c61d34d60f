//! Connections before TLS, or without it.

use std::error::Error as StdError;
use std::io;
use std::task::{Context, Poll};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::{BoxError, ChooseProxy, Connecting, Proxy};

/// Connects to a server directly, or through its proxy.
#[derive(Clone)]
pub struct Direct {
    http: HttpConnector,
    choose_proxy: ChooseProxy,
}

impl Direct {
    pub(crate) fn new(choose_proxy: ChooseProxy) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self { http, choose_proxy }
    }

    /// Refuses `https`, since this build has no TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn only_http(mut self) -> Self {
        self.http.enforce_http(true);
        self.choose_proxy = std::sync::Arc::new(|_| Ok(None));
        self
    }
}

impl Service<Uri> for Direct {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let mut http = self.http.clone();
        let proxy = (self.choose_proxy)(&target);
        Box::pin(async move {
            match proxy? {
                None => http.call(target).await.map_err(Into::into),
                Some(proxy) => through(proxy, http, target).await,
            }
        })
    }
}

async fn through(proxy: Proxy, http: HttpConnector, target: Uri) -> Result<TokioIo<TcpStream>, BoxError> {
    let Proxy { address, credentials } = proxy;
    if address.scheme() == Some(&Scheme::HTTP) {
        let mut tunnel = Tunnel::new(address, http);
        if let Some((user, password)) = credentials {
            let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
            tunnel = tunnel.with_auth(HeaderValue::try_from(format!("Basic {credentials}"))?);
        }
        return tunnel.call(target).await.map_err(failed);
    }
    let target = if address.scheme_str() == Some("socks5") { resolved(target).await? } else { target };
    let mut socks = SocksV5::new(address, http);
    if let Some((user, password)) = credentials {
        socks = socks.with_auth(user, password);
    }
    socks.call(target).await.map_err(failed)
}

/// Wraps the error of a proxy in an I/O error, so that it is not mistaken for one of TLS.
fn failed(error: impl StdError + Send + Sync + 'static) -> BoxError {
    io::Error::other(error).into()
}

/// Resolves the host of a target. hyper-util would block the polling thread.
async fn resolved(target: Uri) -> Result<Uri, BoxError> {
    let host = target.host().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let port = target.port_u16().unwrap_or(443);
    let mut addresses = tokio::net::lookup_host((host, port)).await?;
    let address = addresses.next().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the host has no address"))?;
    Ok(Uri::builder().scheme(Scheme::HTTPS).authority(address.to_string()).path_and_query("/").build()?)
}
