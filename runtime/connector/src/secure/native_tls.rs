//! TLS with the library of the platform.

use hyper_tls::HttpsConnector;

use crate::BoxError;
use crate::direct::Direct;

pub(crate) type Config = tokio_native_tls::TlsConnector;

pub(crate) type Secure = HttpsConnector<Direct>;

pub(crate) fn connector(direct: Direct, config: Config) -> Secure {
    HttpsConnector::from((direct, config))
}

pub(crate) fn config() -> Result<Config, BoxError> {
    Ok(native_tls::TlsConnector::new()?.into())
}
