//! Host names and IP addresses.

use std::net::IpAddr;

use http::uri::Authority;

/// Parses the host of a URL as an IP address, with or without the brackets of IPv6.
pub(crate) fn ip(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// Returns whether the port is missing or valid: `http` accepts any digits, and reports an invalid port as missing.
pub(crate) fn has_valid_port(authority: &Authority) -> bool {
    let without_user = authority.as_str().rsplit('@').next();
    authority.port().is_some() || without_user == Some(authority.host())
}

/// Returns whether the host of a URL is loopback: 127.0.0.0/8, ::1 or `localhost`. Subdomains of `localhost` are not: some
/// resolvers look them up elsewhere.
pub(crate) fn is_loopback(host: &str) -> bool {
    if let Some(ip) = ip(host) {
        return ip.to_canonical().is_loopback();
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_localhost_and_the_reserved_addresses() {
        for host in ["127.0.0.1", "127.255.1.2", "[::1]", "::1", "[::ffff:127.0.0.1]", "localhost", "LocalHost."] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "128.0.0.1",
            "0.0.0.0",
            "[::]",
            "127.1",
            "2130706433",
            "a.localhost",
            "localhost.example.com",
            "notlocalhost",
            "10.0.0.1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
