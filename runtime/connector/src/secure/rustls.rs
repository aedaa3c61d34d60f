//! TLS with rustls and ring.

use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

use crate::BoxError;
use crate::direct::Direct;

pub(crate) type Config = ClientConfig;

pub(crate) type Secure = HttpsConnector<Direct>;

pub(crate) fn connector(direct: Direct, config: Config) -> Secure {
    HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().wrap_connector(direct)
}

pub(crate) fn config() -> Result<Config, BoxError> {
    // Not the default provider of the process, which is for the program to choose.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new(provider.clone())?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}
