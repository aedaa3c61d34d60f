//! Checks that TLS is compiled in.

use crate::{Config, Error};

/// Returns an error if the server is `https` and no TLS feature is enabled.
pub(crate) fn check(config: &Config) -> Result<(), Error> {
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    if has_tls || config.allows_plain_http() {
        return Ok(());
    }
    Err(Error::new(
        crate::ErrorKind::Tls,
        "the crate was built without TLS; help: enable its feature `rustls` or `native-tls`",
    ))
}
