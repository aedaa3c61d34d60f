//! Why a file is refused, as the object store's XML says it.

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request has a key.
    Authorization,
    Signature,
    Expired,
    NotFound,
    Method,
    Precondition,
    /// The range begins after the end of the file, whose length this is.
    Range(usize),
    /// Any other status, with a message.
    Other(StatusCode, String),
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Authorization => StatusCode::BAD_REQUEST,
            Self::Signature | Self::Expired => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::Range(_) => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Other(status, _) => *status,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Authorization => "InvalidArgument",
            Self::Signature => "SignatureDoesNotMatch",
            Self::Expired => "AccessDenied",
            Self::NotFound => "NoSuchKey",
            Self::Method => "MethodNotAllowed",
            Self::Precondition => "PreconditionFailed",
            Self::Range(_) => "InvalidRange",
            Self::Other(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS, _) => "SlowDown",
            Self::Other(status, _) if status.is_server_error() => "InternalError",
            Self::Other(..) => "InvalidRequest",
        }
    }

    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Authorization => {
                "Only one auth mechanism allowed; only the signature in the query or the Authorization header should be \
                 specified"
            }
            Self::Signature => "The request signature we calculated does not match the signature you provided.",
            Self::Expired => "Request has expired",
            Self::NotFound => "The specified key does not exist.",
            Self::Method => "The specified method is not allowed against this resource.",
            Self::Precondition => "At least one of the pre-conditions you specified did not hold",
            Self::Range(_) => "The requested range is not satisfiable",
            Self::Other(_, message) => message,
        }
    }

    /// Returns the headers that both ports send.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Self::Range(length) = self
            && let Ok(range) = HeaderValue::from_str(&format!("bytes */{length}"))
        {
            headers.insert(header::CONTENT_RANGE, range);
        }
        headers
    }

    /// Returns the response of the second port.
    pub(crate) fn xml(&self, request: &str) -> Response<Bytes> {
        let message = self.message().replace('&', "&amp;").replace('<', "&lt;");
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{message}</Message>\
             <RequestId>{request}</RequestId></Error>",
            self.code()
        );
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status();
        *response.headers_mut() = self.headers();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        response
    }
}
