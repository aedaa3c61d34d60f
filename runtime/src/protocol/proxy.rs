//! Chooses the proxy of a connection by environment variables.
//!
//! A function that looks up variables and a target go in; a proxy, `None` for a direct connection, or an error comes out. An
//! invalid proxy is never bypassed.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;
use percent_encoding::percent_decode_str;

use crate::config::host;

/// The variables that name the proxy for `https`. The first that is not empty takes precedence.
///
/// `HTTP_PROXY` is ignored: it is for plain `http`, which is always direct, and a CGI program cannot trust it, since the
/// request header `Proxy` sets it.
const PROXY: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that list exempt hosts, likewise.
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The longest user name or password of SOCKS 5, in bytes.
const LONGEST_SOCKS_CREDENTIAL: usize = 255;

/// The proxy settings of the environment.
pub(crate) struct Proxies {
    proxy: Option<Result<Proxy, ProxyError>>,
    exempt: Vec<Exempt>,
}

/// A proxy.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// The protocol, host and port: `http://host:port`, `socks5://host:port`, or `socks5h://host:port`, which resolves names
    /// at the proxy.
    pub(crate) address: Uri,
    /// The user name and the password.
    pub(crate) credentials: Option<(String, String)>,
}

/// Why a proxy cannot be used. Of its address, only the scheme is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProxyError(String);

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for ProxyError {}

impl Proxies {
    /// Reads the variables with `lookup`, once.
    pub(crate) fn new(lookup: impl Fn(&'static str) -> Option<OsString>) -> Self {
        let first = |names: &[&'static str]| {
            let mut set = names.iter().filter_map(|name| Some((*name, lookup(name)?)));
            set.find(|(_, value)| !value.to_string_lossy().trim().is_empty())
        };
        let proxy = first(&PROXY).map(|(variable, value)| {
            let value = value.to_str().ok_or_else(|| invalid(variable, "is not valid Unicode"))?;
            Proxy::parse(variable, value.trim())
        });
        // A host name that is not Unicode matches no URL.
        let exempt = first(&NO_PROXY).map(|(_, value)| value.to_string_lossy().into_owned()).unwrap_or_default();
        let exempt = exempt.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty());
        Self { proxy, exempt: exempt.filter_map(Exempt::parse).collect() }
    }

    /// Returns the proxy for a target; `None` for a direct connection.
    pub(crate) fn resolve(&self, target: &Uri) -> Result<Option<&Proxy>, ProxyError> {
        let is_exempt =
            target.scheme() != Some(&Scheme::HTTPS) || self.exempt.iter().any(|exempt| exempt.matches(target));
        match &self.proxy {
            Some(proxy) if !is_exempt => proxy.as_ref().map(Some).map_err(Clone::clone),
            _ => Ok(None),
        }
    }
}

fn invalid(variable: &str, reason: &str) -> ProxyError {
    ProxyError(format!(
        "the proxy in `{variable}` {reason}; help: use `http://host:port`, `socks5://host:port` or `socks5h://host:port`, and \
         percent-encode special characters of the user name and the password"
    ))
}

impl Proxy {
    fn parse(variable: &str, text: &str) -> Result<Self, ProxyError> {
        let invalid = |reason| invalid(variable, reason);
        let url = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let uri: Uri = url.parse().map_err(|_| invalid("is not a valid address"))?;
        let authority = uri.authority().filter(|authority| !authority.host().is_empty());
        let authority = authority.ok_or_else(|| invalid("is not a valid address"))?;
        let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "http" => 80,
            "socks5" | "socks5h" => 1080,
            _ => {
                return Err(ProxyError(format!(
                    "the proxy in `{variable}` has the unsupported scheme `{scheme}://`; help: use `http://`, `socks5://` or \
                     `socks5h://`, or exempt the host in `NO_PROXY`"
                )));
            }
        };
        // An unencoded `/` or `#` in the password would make its first part the host.
        if !matches!(uri.path_and_query().map_or("", |rest| rest.as_str()), "" | "/") || url.contains('#') {
            return Err(invalid("has a path, a query or a fragment"));
        }
        if !host::has_valid_port(authority) {
            return Err(invalid("has an invalid port"));
        }
        let credentials = match authority.as_str().rsplit_once('@') {
            Some((credentials, _)) => {
                let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
                let decode = |text| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
                let decoded = decode(user).and_then(|user| Ok((user, decode(password)?)));
                Some(decoded.map_err(|_| invalid("has a user name or password that is not UTF-8"))?)
            }
            None => None,
        };
        let is_too_long = |(user, password): &(String, String)| {
            user.len().max(password.len()) > LONGEST_SOCKS_CREDENTIAL && scheme != "http"
        };
        if credentials.as_ref().is_some_and(is_too_long) {
            return Err(invalid("has a user name or password that is too long"));
        }
        let address = format!("{scheme}://{}:{}", authority.host(), authority.port_u16().unwrap_or(default_port));
        let address = address.parse().map_err(|_| invalid("is not a valid address"))?;
        Ok(Self { address, credentials })
    }
}

/// An entry of `NO_PROXY`.
struct Exempt {
    hosts: Hosts,
    port: Option<u16>,
}

enum Hosts {
    All,
    Network {
        address: IpAddr,
        prefix: u32,
    },
    /// A domain and its subdomains.
    Domain(String),
}

impl Exempt {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((address, prefix)) = entry.split_once('/') {
            let (address, prefix) = (host::ip(address)?, prefix.parse().ok()?);
            return Some(Self { hosts: Hosts::network(address, prefix)?, port: None });
        }
        // An IPv6 address without brackets has no port.
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) if host::ip(entry).is_none() => (name, Some(port.parse().ok()?)),
            _ => (entry, None),
        };
        let hosts = match host::ip(name) {
            Some(address) => Hosts::network(address, bits(address).1)?,
            None if name == "*" => Hosts::All,
            None => {
                let name = name.strip_prefix('*').unwrap_or(name);
                let name = name.strip_prefix('.').unwrap_or(name);
                Hosts::Domain(name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase())
            }
        };
        Some(Self { hosts, port })
    }

    fn matches(&self, target: &Uri) -> bool {
        let host = target.host().unwrap_or_default();
        self.port.is_none_or(|port| port == target.port_u16().unwrap_or(443))
            && match &self.hosts {
                Hosts::All => true,
                Hosts::Network { address, prefix } => host::ip(host).is_some_and(|ip| contains(*address, *prefix, ip)),
                Hosts::Domain(domain) => {
                    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
                    host.strip_suffix(domain.as_str()).is_some_and(|above| above.is_empty() || above.ends_with('.'))
                }
            }
    }
}

impl Hosts {
    fn network(address: IpAddr, prefix: u32) -> Option<Self> {
        (prefix <= bits(address).1).then_some(Self::Network { address, prefix })
    }
}

/// Returns the bits of an address and their number.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (address.to_bits().into(), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

fn contains(network: IpAddr, prefix: u32, address: IpAddr) -> bool {
    let ((network, length), (address, other)) = (bits(network), bits(address));
    length == other && (network ^ address).checked_shr(length - prefix).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the proxy for a target with these variables.
    fn resolve(variables: &[(&str, &str)], target: &str) -> Result<Option<Proxy>, String> {
        let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        let proxies = Proxies::new(lookup);
        proxies.resolve(&target.parse().unwrap()).map(Option::<&Proxy>::cloned).map_err(|error| error.to_string())
    }

    /// Returns the host and port of the proxy.
    fn address(variables: &[(&str, &str)], target: &str) -> Option<String> {
        resolve(variables, target).unwrap().map(|proxy| proxy.address.authority().unwrap().to_string())
    }

    const STRIPE: &str = "https://api.stripe.com/v1";

    #[test]
    fn the_first_variable_that_is_not_empty_takes_precedence() {
        let mut variables = vec![];
        for (name, value) in
            [("all_proxy", "a:1"), ("ALL_PROXY", "b:1"), ("https_proxy", "c:1"), ("HTTPS_PROXY", "d:1")]
        {
            variables.push((name, value));
            assert_eq!(address(&variables, STRIPE).as_deref(), Some(value));
            let emptied = [&[("HTTPS_PROXY", " "), ("https_proxy", "")], &variables[..]].concat();
            let expected = if variables.len() == 1 { "a:1" } else { "b:1" };
            assert_eq!(address(&emptied, STRIPE).as_deref(), Some(expected));
        }
        assert_eq!(address(&[], STRIPE), None);
        assert_eq!(address(&[("HTTPS_PROXY", "")], STRIPE), None);
    }

    #[test]
    fn plain_http_is_direct_and_http_proxy_is_ignored() {
        let all = [("ALL_PROXY", "p"), ("HTTPS_PROXY", "p"), ("HTTP_PROXY", "p"), ("http_proxy", "p")];
        assert_eq!(address(&all, "http://api.stripe.com"), None);
        assert_eq!(address(&all[2..], STRIPE), None);
        assert_eq!(address(&[("ALL_PROXY", "socks4://p")], "http://api.stripe.com"), None);
        // In a CGI program.
        assert_eq!(address(&[("REQUEST_METHOD", "GET"), ("HTTPS_PROXY", "p:1")], STRIPE).as_deref(), Some("p:1"));
    }

    #[test]
    fn parses_credentials_and_default_ports() {
        for (value, address, credentials) in [
            ("proxy", "http://proxy:80", None),
            ("proxy:8080/", "http://proxy:8080", None),
            (" http://proxy ", "http://proxy:80", None),
            ("HTTP://proxy:8080/", "http://proxy:8080", None),
            ("http://[::1]:3128", "http://[::1]:3128", None),
            ("http://[::1]", "http://[::1]:80", None),
            ("user:pw@proxy:8080", "http://proxy:8080", Some(("user", "pw"))),
            ("http://user@proxy", "http://proxy:80", Some(("user", ""))),
            ("http://u%40s:p%3Aw%2F%23%C3%A9:x@proxy", "http://proxy:80", Some(("u@s", "p:w/#é:x"))),
            ("socks5://proxy", "socks5://proxy:1080", None),
            ("SOCKS5h://u:p@10.0.0.1:9050", "socks5h://10.0.0.1:9050", Some(("u", "p"))),
        ] {
            let proxy = resolve(&[("HTTPS_PROXY", value)], STRIPE).unwrap().unwrap();
            assert_eq!(proxy.address.to_string(), format!("{address}/"), "{value}");
            let read = proxy.credentials.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
            assert_eq!(read, credentials, "{value}");
        }
    }

    #[test]
    fn an_invalid_proxy_is_an_error_without_its_password() {
        let long = format!("socks5://u:{}@proxy", "geheim".repeat(50));
        for (value, expected) in [
            (
                "https://u:geheim@proxy",
                "has the unsupported scheme `https://`; help: use `http://`, `socks5://` or `socks5h://`",
            ),
            ("socks4://u:geheim@proxy", "has the unsupported scheme `socks4://`"),
            ("socks4a://proxy", "has the unsupported scheme `socks4a://`"),
            ("socks://proxy", "has the unsupported scheme `socks://`"),
            ("ftp://proxy", "has the unsupported scheme `ftp://`"),
            ("http://", "is not a valid address; help: use `http://host:port`"),
            ("/geheim", "is not a valid address"),
            ("http://u:geheim@", "is not a valid address"),
            ("http://:8080", "is not a valid address"),
            ("http://a b", "is not a valid address"),
            ("proxy:99999", "has an invalid port"),
            ("proxy:geheim", "has an invalid port"),
            ("http://u:1#geheim@proxy", "has a path, a query or a fragment"),
            ("http://u:1/geheim@proxy", "has a path, a query or a fragment"),
            ("http://u:1?geheim@proxy", "has a path, a query or a fragment"),
            ("http://u:geheim%FF@proxy", "has a user name or password that is not UTF-8"),
            (long.as_str(), "has a user name or password that is too long"),
        ] {
            for variable in PROXY {
                let error = resolve(&[(variable, value)], STRIPE).err().unwrap_or_else(|| panic!("{value}"));
                assert!(error.starts_with(&format!("the proxy in `{variable}` {expected}")), "{value}: {error}");
                assert!(!error.contains("geheim"), "{error}");
                assert_eq!(address(&[(variable, value), ("NO_PROXY", "stripe.com")], STRIPE), None);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_unicode_is_an_error() {
        use std::os::unix::ffi::OsStringExt;

        let proxies = Proxies::new(|name| (name == "all_proxy").then(|| OsString::from_vec(vec![b'p', 0xff])));
        let error = proxies.resolve(&STRIPE.parse().unwrap()).err().unwrap();
        assert!(error.to_string().starts_with("the proxy in `all_proxy` is not valid Unicode"));
    }

    #[test]
    fn no_proxy_exempts_names_addresses_and_networks() {
        let is_exempt = |list: &str, target: &str| {
            let exempt = NO_PROXY.map(|name| address(&[("ALL_PROXY", "p"), (name, list)], target).is_none());
            assert_eq!(exempt[0], exempt[1], "{list} {target}");
            exempt[0]
        };
        for (list, target) in [
            ("*", STRIPE),
            ("stripe.com", STRIPE),
            (".stripe.com", STRIPE),
            ("*.stripe.com", STRIPE),
            ("a.test, API.stripe.com.", STRIPE),
            ("a.test api.stripe.com", STRIPE),
            ("api.stripe.com:443", STRIPE),
            (".stripe.com", "https://STRIPE.com."),
            ("*:8443", "https://a.test:8443"),
            ("10.1.2.3", "https://10.1.2.3"),
            ("10.1.2.3:8443", "https://10.1.2.3:8443"),
            ("10.0.0.0/8", "https://10.1.2.3"),
            ("10.1.2.3/32", "https://10.1.2.3"),
            ("0.0.0.0/0", "https://10.1.2.3"),
            ("::1", "https://[::1]"),
            ("[::1]", "https://[::1]"),
            ("[::1]:443", "https://[::1]"),
            ("fd00::/8", "https://[fd12::1]"),
            ("::/0", "https://[fd12::1]"),
        ] {
            assert!(is_exempt(list, target), "{list} {target}");
        }
        for (list, target) in [
            ("", STRIPE),
            ("api.stripe.com:444", STRIPE),
            ("a.api.stripe.com", STRIPE),
            ("ripe.com", STRIPE),
            ("https://api.stripe.com", STRIPE),
            ("api.stripe.com:", STRIPE),
            ("10.0.0.0/8", "https://11.1.2.3"),
            ("10.0.0.0/33", "https://10.0.0.0"),
            ("10.0.0.0/8", "https://10.1.2.3.test"),
            ("0.0.0.0/0", "https://[::1]"),
            ("fd00::/8", "https://[fe00::1]"),
            ("::1", "https://[::2]"),
        ] {
            assert!(!is_exempt(list, target), "{list} {target}");
        }
        assert!(address(&[("ALL_PROXY", "p"), ("NO_PROXY", "a.test"), ("no_proxy", "*")], STRIPE).is_some());
    }
}
