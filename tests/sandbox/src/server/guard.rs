//! Refuses requests of the page and of admin endpoints that another site makes: DNS rebinding and forms across sites.

use std::net::IpAddr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderMap, StatusCode, header};

/// Passes a request on if it comes from this machine, and not from another site.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let named = request.uri().authority().is_none_or(is_loopback);
    let reason = match host(request.headers()) {
        Some(host) if named && is_loopback(&host) => {
            if request.method().is_safe() || is_same_site(request.headers(), &host) {
                return next.run(request).await;
            }
            "the request comes from another site"
        }
        _ => "the header `Host` does not name this machine\nhelp: use `127.0.0.1` or `localhost`",
    };
    (StatusCode::FORBIDDEN, reason).into_response()
}

/// Returns the only `Host`.
fn host(headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?.parse().ok()?;
    hosts.next().is_none().then_some(host)
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_local_name = host.eq_ignore_ascii_case("localhost");
    !authority.as_str().contains('@')
        && (is_local_name || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}

/// Whether the headers that browsers send name the same origin. Other clients send neither.
fn is_same_site(headers: &HeaderMap, host: &Authority) -> bool {
    let is = |name, expected: &dyn Fn(&str) -> bool| {
        headers.get_all(name).iter().all(|value| value.to_str().is_ok_and(expected))
    };
    is("sec-fetch-site", &|site| matches!(site, "same-origin" | "none"))
        && is("origin", &|origin| origin.strip_prefix("http://").is_some_and(|origin| origin == host.as_str()))
}
