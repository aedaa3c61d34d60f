//! Secure connections.

use crate::{Config, Error};

/// Refuses to go on when requests could not be sent for want of TLS, before any is made.
pub(crate) fn check(config: &Config) -> Result<(), Error> {
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    if has_tls || config.allows_plain_http() {
        return Ok(());
    }
    Err(Error::new(
        crate::ErrorKind::Tls,
        "the crate was built without TLS; turn on its feature `rustls` or `native-tls`",
    ))
}
