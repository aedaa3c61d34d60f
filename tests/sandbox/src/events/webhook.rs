//! The URLs of webhooks: plain `http` only.

use std::fmt;

use http::Uri;

/// The URL of a webhook.
#[derive(Debug, Clone)]
pub(crate) struct WebhookUrl {
    pub(super) uri: Uri,
    /// The URL, as it was set.
    pub(super) text: String,
}

/// A webhook's URL cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookError(String);

impl WebhookUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, WebhookError> {
        let error = |reason: &str| {
            WebhookError(format!(
                "cannot send events to `{text}`: {reason}\nhelp: use a URL such as `http://127.0.0.1:4242/webhook`"
            ))
        };
        let uri: Uri = text.parse().map_err(|_| error("the URL is not valid"))?;
        match (uri.scheme_str(), uri.authority()) {
            (Some("http"), Some(authority)) if authority.as_str().contains('@') => {
                Err(error("the URL has a user or a password"))
            }
            (Some("http"), Some(_)) => Ok(Self { uri, text: text.to_owned() }),
            (Some("https"), _) => Err(error("`https` is not supported")),
            _ => Err(error("the URL is not an `http` URL")),
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WebhookError {}
