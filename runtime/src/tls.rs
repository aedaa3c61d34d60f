//! Secure connections.

use crate::{Config, Error};

/// Refuses to go on when requests could not be sent for want of TLS, before any is made.
pub(crate) fn check(config: &Config) -> Result<(), Error> {
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    if has_tls || config.is_plain() {
        return Ok(());
    }
    Err(Error::new(
        crate::ErrorKind::Tls,
        "the crate was built without TLS; turn on its feature `rustls` or `native-tls`",
    ))
}

/// rustls with ring, trusting what the platform trusts.
#[cfg(all(feature = "client", feature = "rustls", not(feature = "native-tls")))]
pub(crate) fn rustls() -> Result<rustls::ClientConfig, Error> {
    use std::sync::Arc;

    let refuse = |error: rustls::Error| {
        Error::new(crate::ErrorKind::Tls, format!("no secure connections can be made: {error}")).with_source(error)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone()).map_err(refuse)?;
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().map_err(refuse)?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}
