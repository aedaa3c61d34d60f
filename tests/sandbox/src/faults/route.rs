//! Which requests a fault is about: a method and a pattern of paths.

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

/// The path of all files on the second port.
pub(super) const FILES: &str = "/files/**";

/// A method, or any, and a pattern of paths.
///
/// In the pattern, `*` and `{name}` are any segment, and `**` at the end is any number of segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Route {
    method: Option<String>,
    pattern: String,
}

impl Route {
    pub(super) fn new(text: &str) -> Self {
        match text.trim().split_once(' ') {
            Some((method, pattern)) => {
                Self { method: Some(method.to_ascii_uppercase()), pattern: pattern.trim().to_owned() }
            }
            None => Self { method: None, pattern: text.trim().to_owned() },
        }
    }

    pub(super) fn accepts(&self, method: &Method, path: &str) -> bool {
        if self.method.as_ref().is_some_and(|name| name != method.as_str()) {
            return false;
        }
        let mut path = path.split('/');
        for pattern in self.pattern.split('/') {
            let is_any = pattern == "*" || (pattern.starts_with('{') && pattern.ends_with('}'));
            match path.next() {
                _ if pattern == "**" => return true,
                Some(segment) if is_any || segment == pattern => {}
                _ => return false,
            }
        }
        path.next().is_none()
    }
}

impl Default for Route {
    fn default() -> Self {
        Self { method: None, pattern: "/**".into() }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.method {
            Some(method) => write!(f, "{method} {}", self.pattern),
            None => f.write_str(&self.pattern),
        }
    }
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.to_string()
    }
}

impl TryFrom<String> for Route {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let route = Self::new(&text);
        let is_path = route.pattern.starts_with('/');
        if is_path { Ok(route) } else { Err(format!("expected a method and a path, found `{text}`")) }
    }
}
