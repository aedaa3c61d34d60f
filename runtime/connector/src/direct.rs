//! Connections without TLS, or before it.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::{BoxError, Connecting};

/// Connects to a server or, for `https`, to its proxy if the environment names one (`HTTPS_PROXY`, `ALL_PROXY`,
/// `NO_PROXY`).
#[derive(Clone)]
pub struct Direct {
    http: HttpConnector,
    proxies: Arc<Matcher>,
}

impl Direct {
    pub(crate) fn new() -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self { http, proxies: Arc::new(Matcher::from_env()) }
    }

    /// What can't be encrypted is not sent.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn only_http(mut self) -> Self {
        self.http.enforce_http(true);
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
        let is_secure = target.scheme() == Some(&Scheme::HTTPS);
        let Some(proxy) = self.proxies.intercept(&target).filter(|_| is_secure) else {
            let connecting = self.http.call(target);
            return Box::pin(async move { connecting.await.map_err(Into::into) });
        };
        if proxy.uri().scheme() != Some(&Scheme::HTTP) {
            let message = "the proxy of the environment is not `http://…`, which is the only kind that is spoken";
            return Box::pin(async move { Err(message.into()) });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.http.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        let connecting = tunnel.call(target);
        Box::pin(async move { connecting.await.map_err(Into::into) })
    }
}
