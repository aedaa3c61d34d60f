//! Builds the request for a file, and follows redirects.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, IF_RANGE, LOCATION, RANGE};
use http::{HeaderMap, Method, Uri};

use super::{Phase, Transfer};
use crate::protocol::origin::{Origin, is_path, with_path};
use crate::request::encoding;
use crate::{DownloadAccess, Error, ErrorKind};

/// How many redirects are followed.
pub(super) const MOST_REDIRECTIONS: u32 = 5;

impl Transfer {
    pub(super) fn redirect(&mut self, headers: &HeaderMap) -> Result<(), Error> {
        let refuse = |transfer: &Self, reason| Err(transfer.with_context(Error::new(ErrorKind::Download, reason)));
        self.redirections += 1;
        if self.redirections > MOST_REDIRECTIONS {
            return refuse(self, "too many redirects");
        }
        let from = match &self.phase {
            Phase::Open { at: Some(uri) } => uri.clone(),
            _ => self.checked_url()?,
        };
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| resolve(&from, location));
        let Some(target) = target else { return refuse(self, "the redirect has no valid URL") };
        let is_secure = |uri: &Uri| Origin::of(uri).is_some_and(|origin| origin.is_secure());
        if is_secure(&from) && !is_secure(&target) {
            return refuse(self, "the redirect leads from `https://` to `http://`");
        }
        self.phase = Phase::Open { at: Some(target) };
        Ok(())
    }

    /// Returns the URL of the file, if it can be fetched.
    pub(super) fn checked_url(&self) -> Result<Uri, Error> {
        // Messages do not contain the URL, which may give access to the file.
        let refuse = |reason: &str| Error::new(ErrorKind::Download, reason);
        let uri: Uri =
            self.url.parse().map_err(|error: http::uri::InvalidUri| refuse("invalid file URL").with_source(error))?;
        let origin = Origin::of(&uri).ok_or_else(|| refuse("the file URL is not a valid `http` or `https` URL"))?;
        match self.access {
            DownloadAccess::ApiKey if !self.config.trusts(&origin) => {
                Err(refuse(&format!("the file is on `{}`, which is not trusted with the API key", origin.host())))
            }
            DownloadAccess::PreSigned if !origin.is_secure() && !self.config.allows_plain_http() => {
                Err(refuse("the file URL is not `https://`"))
            }
            _ => Ok(uri),
        }
    }

    /// Returns the request for the missing bytes. The key is sent only if the file needs it and the server is trusted.
    pub(super) fn request(&self, uri: Uri) -> Result<http::Request<Bytes>, Error> {
        let with_key =
            self.access == DownloadAccess::ApiKey && Origin::of(&uri).is_some_and(|origin| self.config.trusts(&origin));
        let mut headers = if with_key {
            encoding::headers(&self.operation, &self.options.clone().or(self.config.options()), &self.config, &uri)?
        } else {
            encoding::anonymous_headers(&self.operation)
        };
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(validator) = self.resumes_with() {
            let range = HeaderValue::try_from(format!("bytes={}-", self.delivered.position()));
            headers.insert(RANGE, range.map_err(|error| Error::invalid_request("invalid range").with_source(error))?);
            headers.insert(IF_RANGE, validator.value().clone());
        }
        let mut request = http::Request::new(Bytes::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// Returns the URL of a redirect from `base`.
fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    let without_fragment = location.split('#').next()?;
    if is_path(without_fragment) {
        return with_path(base, without_fragment).ok();
    }
    let uri: Uri = without_fragment.parse().ok()?;
    Origin::of(&uri).map(|_| uri)
}
