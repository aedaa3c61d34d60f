//! Decides which servers may receive the API key.

use http::Uri;

use crate::Config;
use crate::config::host::has_valid_port;

/// Stripe's own servers.
const STRIPE: [&str; 2] = ["https://api.stripe.com", "https://files.stripe.com"];

/// The server of v1 files.
const FILES: &str = "https://files.stripe.com";

/// The scheme, host and port of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    is_secure: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// Returns the origin of an absolute `http` or `https` URL.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let is_secure = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        // A user name can make a URL look like one of another host.
        if authority.as_str().contains('@') || !has_valid_port(authority) {
            return None;
        }
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        Some(Self { is_secure, host: uri.host()?.to_ascii_lowercase(), port })
    }

    fn parse(url: &str) -> Option<Self> {
        Self::of(&url.parse().ok()?)
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

/// Returns whether a reference is a path on the same server.
pub(crate) fn is_path(reference: &str) -> bool {
    reference.starts_with('/') && !reference.starts_with("//")
}

/// Returns the URL with another path and query.
pub(crate) fn with_path(uri: &Uri, path_and_query: &str) -> Result<Uri, http::Error> {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.parse()?);
    Ok(Uri::from_parts(parts)?)
}

impl Config {
    /// Returns whether the server may receive the API key: Stripe and the configured servers may.
    pub(crate) fn trusts(&self, origin: &Origin) -> bool {
        let named = [self.base_url(), self.files_url()].into_iter().flatten();
        named.chain(STRIPE).any(|url| Origin::parse(url).as_ref() == Some(origin))
    }

    /// Returns whether the base URL is plain `http`, such as that of a mock server.
    pub(crate) fn allows_plain_http(&self) -> bool {
        self.base_url().and_then(Origin::parse).is_some_and(|origin| !origin.is_secure)
    }

    /// Returns the URL to fetch a v1 file from, on the configured server if there is one.
    pub(crate) fn file_location(&self, url: &str) -> String {
        let path = url.strip_prefix(FILES).filter(|path| path.starts_with('/'));
        match (path, self.files_url()) {
            (Some(path), Some(server)) => format!("{}{path}", server.trim_end_matches('/')),
            _ => url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(config: &Config, url: &str) -> bool {
        Origin::parse(url).is_some_and(|origin| config.trusts(&origin))
    }

    #[test]
    fn trusts_stripe_and_no_lookalike() {
        let config = Config::new("k");
        for url in ["https://api.stripe.com/v1", "https://API.stripe.com:443/", "https://files.stripe.com/v1/files"] {
            assert!(trusts(&config, url), "{url}");
        }
        for url in [
            "http://api.stripe.com/",
            "https://api.stripe.com:444/",
            "https://api.stripe.com:99999/",
            "https://api.stripe.com:/",
            "https://api.stripe.com.example.com/",
            "https://stripeusercontent.com/",
            "https://api.stripe.com@example.com/",
            "https://user@api.stripe.com/",
            "ftp://api.stripe.com/",
            "/v1",
        ] {
            assert!(!trusts(&config, url), "{url}");
        }
    }

    #[test]
    fn trusts_the_configured_servers() {
        let config =
            Config::builder("k").base_url("http://127.0.0.1:1/x").files_url("http://127.0.0.1:2").build().unwrap();
        assert!(trusts(&config, "http://127.0.0.1:1/v1") && trusts(&config, "http://127.0.0.1:2/"));
        assert!(!trusts(&config, "http://127.0.0.1:3/") && !trusts(&config, "https://127.0.0.1:1/"));
    }

    #[test]
    fn fetches_files_from_the_configured_server() {
        let url = "https://files.stripe.com/v1/files/file_1/contents";
        assert_eq!(Config::new("k").file_location(url), url);
        let config = Config::builder("k").base_url("http://127.0.0.1:1/").build().unwrap();
        assert_eq!(config.file_location(url), "http://127.0.0.1:1/v1/files/file_1/contents");
        assert_eq!(config.file_location("https://files.stripe.com.evil/x"), "https://files.stripe.com.evil/x");
    }
}
