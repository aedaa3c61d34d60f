//! No TLS.

use crate::BoxError;
use crate::direct::Direct;

#[derive(Clone)]
pub(crate) struct Config;

pub(crate) type Secure = Direct;

pub(crate) fn connector(direct: Direct, _: Config) -> Secure {
    direct.only_http()
}

#[expect(clippy::unnecessary_wraps, reason = "with TLS it can fail")]
pub(crate) fn config() -> Result<Config, BoxError> {
    Ok(Config)
}
