//! Requests: plain data that knows how to become HTTP.

pub(crate) mod encoding;
mod operation;
mod raw;

use bytes::Bytes;
pub use operation::{Generation, Operation, ParameterEncoding};
pub use raw::RawRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Config, Error, RequestOptions, response};

/// A request to Stripe, and the type of its answer.
///
/// Requests are plain data: they can be built, compared and printed without a client. Generated code implements this
/// trait; what is serialised are the parameters outside of the path.
///
/// Its methods, such as [`with`](Self::with) and [`when`](Self::when), need the trait in scope: import it, or all traits
/// of the crate with its [`prelude`](crate::prelude).
pub trait Request: Serialize {
    /// What the answer is decoded as.
    type Response: DeserializeOwned;

    /// The facts of the operation.
    const OPERATION: Operation;

    /// The values for the path template, in its order.
    fn path_parameters(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The facts that hold for this very request; [`Self::OPERATION`] unless its type has no single one.
    fn operation(&self) -> Operation {
        Self::OPERATION
    }

    /// The path, percent-encoded: the template, with the parameters in it.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when a parameter is empty, `.` or `..`: the path would lead
    /// to another operation.
    fn path(&self) -> Result<String, Error> {
        encoding::expand_path(self.operation().path, &self.path_parameters())
    }

    /// The options that are set on this request.
    fn options(&self) -> Option<&RequestOptions> {
        None
    }

    /// The request with options of its own. Options that were set before stay where `options` sets nothing.
    fn with(self, options: RequestOptions) -> Call<Self>
    where
        Self: Sized,
    {
        let options = match self.options() {
            Some(earlier) => options.or(earlier),
            None => options,
        };
        Call { request: self, options }
    }

    /// Applies a setter if there is a value for it, which may be held in an `Option`:
    /// `ReportRun::list().when(cursor, |request, cursor| request.starting_after(cursor))`.
    ///
    /// A setter can be named as well as called; [`RequestOptions::when`] does the same for options.
    ///
    /// ```
    /// use stripe_reporting_runtime::{RawRequest, RequestOptions, prelude::*};
    ///
    /// fn balance(version: Option<&'static str>, account: Option<&str>) -> impl Request {
    ///     RawRequest::get("/v1/balance")
    ///         .when(version, RawRequest::stripe_version)
    ///         .with(RequestOptions::new().when(account, |options, account| options.account(account)))
    /// }
    /// # let options = |account| balance(Some("1"), account).options().and_then(|o| o.get_account().map(str::to_owned));
    /// # assert_eq!(balance(Some("1"), None).operation().stripe_version, "1");
    /// # assert_eq!(balance(None, None).operation().stripe_version, "");
    /// # assert_eq!((options(Some("acct_1")).as_deref(), options(None)), (Some("acct_1"), None));
    /// ```
    #[must_use]
    fn when<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self
    where
        Self: Sized,
    {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// The HTTP request: URL, headers with the API key, body.
    ///
    /// An idempotency key is sent if the options have one; none is invented here.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when a path parameter, an option or the URL is invalid, or
    /// a parameter cannot be encoded. Nothing has been sent then.
    fn to_http(&self, config: &Config) -> Result<http::Request<Bytes>, Error> {
        let operation = self.operation();
        let parameters = encoding::encode_parameters(operation.parameters, self)?;
        encoding::http_request(&operation, &self.path()?, parameters, self.options(), config)
    }

    /// The answer's value.
    ///
    /// # Errors
    ///
    /// [`Api`](crate::ErrorKind::Api) when the status is not 2xx, whatever the body holds;
    /// [`Decode`](crate::ErrorKind::Decode) when the status is 2xx and the body is not the [`Response`](Self::Response).
    fn decode(response: http::Response<impl AsRef<[u8]>>) -> Result<Self::Response, Error> {
        response::decode(response.status(), response.headers(), response.body().as_ref())
    }
}

/// A request with options of its own, made by [`Request::with`].
#[derive(Debug, Clone, PartialEq)]
pub struct Call<R> {
    request: R,
    options: RequestOptions,
}

impl<R> Call<R> {
    /// The request.
    pub fn request(&self) -> &R {
        &self.request
    }

    /// The request and its options, apart.
    pub fn into_parts(self) -> (R, RequestOptions) {
        (self.request, self.options)
    }
}

impl<R: Serialize> Serialize for Call<R> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.request.serialize(serializer)
    }
}

impl<R: Request> Request for Call<R> {
    type Response = R::Response;
    const OPERATION: Operation = R::OPERATION;

    fn path_parameters(&self) -> Vec<&str> {
        self.request.path_parameters()
    }

    fn operation(&self) -> Operation {
        self.request.operation()
    }

    fn path(&self) -> Result<String, Error> {
        self.request.path()
    }

    fn options(&self) -> Option<&RequestOptions> {
        Some(&self.options)
    }
}
