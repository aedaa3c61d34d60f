//! Checks what all operations of a description share: the server, the version, and that their paths differ.

use std::collections::{HashMap, HashSet};

use openapiv3::ReferenceOr;

use super::context::Context;
use super::site::Site;
use crate::diagnostic::Code;

impl<'a> Context<'a> {
    /// Reports what would fail only when a request is sent.
    pub(super) fn check_documents(&mut self) {
        let documents = self.documents;
        for document in documents {
            let site = Site::root(document);
            self.check_version(&site.keys(&["info", "version"]), &document.openapi.info.version);
            if let Some(server) = document.openapi.servers.first() {
                self.check_server(&site.key("servers").index(0).key("url"), &server.url);
            }
            if document.openapi.servers.len() > 1 {
                let at = site.key("servers").index(1);
                let message = "a description cannot have several servers";
                let help = "keep one: programs choose another by the client's options";
                self.report(at.at_key(Code::UnsupportedConstruct, message, help));
            }
        }
        self.check_paths();
    }

    /// Checks the version, which is sent as a header.
    fn check_version(&mut self, site: &Site<'a>, version: &str) {
        if self.is_absent(site) {
            return;
        }
        let is_visible = version.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if version.is_empty() || !is_visible || version.trim() != version {
            let message = "this version is not valid in the header `Stripe-Version`";
            let help = "write a version such as `2024-01-31.preview`, in visible ASCII characters";
            self.report(site.at_value(Code::WrongType, message, help));
        }
    }

    fn check_server(&mut self, site: &Site<'a>, url: &str) {
        let Err(problem) = check_url(url) else { return };
        if self.is_absent(site) {
            return;
        }
        let message = format!("invalid server URL: {problem}");
        let help = "write a URL such as `https://api.stripe.com`";
        self.report(site.at_value(Code::WrongType, message, help));
    }

    /// Reports paths with a parameter twice, and paths that differ only in the names of their parameters.
    fn check_paths(&mut self) {
        let mut seen: HashMap<(String, &'a str), Site<'a>> = HashMap::new();
        let documents = self.documents;
        for document in documents {
            for (path, item) in &document.openapi.paths.paths {
                let site = Site::root(document).keys(&["paths", path]);
                self.check_path_parameters(&site, path);
                let ReferenceOr::Item(item) = item else { continue };
                for (method, _) in item.iter() {
                    let at = site.key(method);
                    let Some(other) = seen.insert((without_names(path), method), at.clone()) else { continue };
                    let message = format!("two operations have the method and path `{method} {path}`");
                    let help = "merge the two, or fix the path of one of them";
                    let diagnostic = at.at_key(Code::DuplicateOperation, message, help);
                    self.report(diagnostic.related(other.related("the other operation")));
                }
            }
        }
    }

    fn check_path_parameters(&mut self, site: &Site<'a>, path: &str) {
        let mut seen = HashSet::new();
        for name in path.split('/').filter(|part| is_parameter(part)) {
            if !seen.insert(name) {
                let message = format!("the path has two parameters `{name}`");
                let help = "rename one of the two";
                self.report(site.at_key(Code::PathParameterMismatch, message, help));
            }
        }
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Returns a path without the names of its parameters, which servers do not see.
fn without_names(path: &str) -> String {
    path.split('/').map(|part| if is_parameter(part) { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

/// Checks that a URL is an absolute HTTP URL that a path can be appended to.
fn check_url(url: &str) -> Result<(), &'static str> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Err("it does not start with `https://` or `http://`");
    };
    if rest.contains(['{', '}']) {
        return Err("it is a template");
    }
    if rest.contains(['?', '#']) {
        return Err("it has a query or a fragment");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err("it has user information");
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if port.is_some_and(|port| !is_port(port)) {
        return Err("its port is not a number up to 65535");
    }
    let is_address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match is_address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    if !is_host {
        return Err("its host is not valid");
    }
    if !path.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`|".contains(&byte)) {
        return Err("its path has characters that must be escaped");
    }
    Ok(())
}

/// Whether a part of a host name is valid.
fn is_label(label: &str) -> bool {
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !label.is_empty() && label.len() <= 63 && label.bytes().all(is_valid) && !label.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_absolute_urls() {
        for valid in [
            "https://api.stripe.com",
            "https://api.stripe.com/",
            "http://localhost:12111",
            "http://127.0.0.1:1/mock/x",
            "https://[::1]:8080",
            "https://meter-events.stripe.com",
        ] {
            assert_eq!(check_url(valid), Ok(()), "{valid}");
        }
        for (wrong, problem) in [
            ("", "start"),
            ("/", "start"),
            ("api.stripe.com", "start"),
            ("ftp://api.stripe.com", "start"),
            ("https://{host}.stripe.com", "template"),
            ("https://api.stripe.com/{version}", "template"),
            ("https://api.stripe.com?a=b", "query"),
            ("https://api.stripe.com/#a", "query"),
            ("https://user:password@api.stripe.com", "user"),
            ("https://", "host"),
            ("https://:80", "host"),
            ("https://api..stripe.com", "host"),
            ("https://api stripe.com", "host"),
            ("https://-a.com", "host"),
            ("https://[::1", "host"),
            ("https://é.com", "host"),
            ("https://api.stripe.com:", "port"),
            ("https://api.stripe.com:65536", "port"),
            ("https://api.stripe.com:+1", "port"),
            ("https://api.stripe.com/a b", "path"),
            ("https://api.stripe.com/é", "path"),
        ] {
            let found = check_url(wrong).unwrap_err();
            assert!(found.contains(problem), "{wrong}: {found}");
        }
    }

    #[test]
    fn names_of_parameters_make_no_difference() {
        assert_eq!(without_names("/v1/a/{b}/c"), without_names("/v1/a/{d}/c"));
        assert_ne!(without_names("/v1/a/{b}"), without_names("/v1/a/b"));
    }
}
