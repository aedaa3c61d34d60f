//! Requests: plain data that is encoded as HTTP.

pub(crate) mod encoding;
mod operation;
mod raw;

use bytes::Bytes;
pub use operation::{Generation, Operation, ParameterEncoding};
pub use raw::RawRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Config, Error, RequestOptions, response};

/// An API request.
///
/// Requests are plain data: they can be built, compared and printed without a client. Generated code implements this trait;
/// the parameters outside the path are those that it serializes.
///
/// To call its methods, such as [`with`](Self::with) and [`when`](Self::when), import the trait or the
/// [`prelude`](crate::prelude).
pub trait Request: Serialize {
    /// The type of the response.
    type Response: DeserializeOwned;

    /// The operation.
    const OPERATION: Operation;

    /// Returns the parameters in the path, in the order of the template.
    fn path_parameters(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Returns the operation of this request. Differs from [`Self::OPERATION`] for types such as [`RawRequest`].
    fn operation(&self) -> Operation {
        Self::OPERATION
    }

    /// Returns the path, percent-encoded.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if a path parameter is empty, `.` or `..`, which would be the
    /// path of another operation.
    fn path(&self) -> Result<String, Error> {
        encoding::expand_path(self.operation().path, &self.path_parameters())
    }

    /// Returns the options of this request.
    fn options(&self) -> Option<&RequestOptions> {
        None
    }

    /// Sets options for this request. Options that were set before are kept unless `options` sets them as well.
    fn with(self, options: RequestOptions) -> Call<Self>
    where
        Self: Sized,
    {
        let options = match self.options() {
            Some(earlier) => options.or(earlier),
            None => options,
        };
        Call { request: self, options, stripe_version: None }
    }

    /// Applies a setter if the value is `Some`, and returns the request unchanged otherwise:
    /// `ReportRun::list().when(cursor, |request, cursor| request.starting_after(cursor))`.
    ///
    /// See also [`RequestOptions::when`].
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

    /// Encodes the request as HTTP: URL, headers with the API key, body.
    ///
    /// The idempotency key is that of the options; unlike the clients, this does not generate one.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if a path parameter, an option or the URL is invalid, or a
    /// parameter cannot be encoded.
    fn to_http(&self, config: &Config) -> Result<http::Request<Bytes>, Error> {
        let operation = self.operation();
        let parameters = encoding::encode_parameters(operation.parameters, self)?;
        encoding::http_request(&operation, &self.path()?, parameters, self.options(), config)
    }

    /// Decodes a response.
    ///
    /// # Errors
    ///
    /// - [`Api`](crate::ErrorKind::Api) if the status is not 2xx.
    /// - [`Decode`](crate::ErrorKind::Decode) if the body is not a valid [`Response`](Self::Response).
    fn decode(response: http::Response<impl AsRef<[u8]>>) -> Result<Self::Response, Error> {
        response::decode(response.status(), response.headers(), response.body().as_ref())
    }
}

/// A request with options, created by [`Request::with`].
#[derive(Debug, Clone, PartialEq)]
pub struct Call<R> {
    request: R,
    options: RequestOptions,
    stripe_version: Option<&'static str>,
}

impl<R> Call<R> {
    /// Returns the request.
    pub fn request(&self) -> &R {
        &self.request
    }

    /// Sets the default `Stripe-Version`, in place of the one that the request is described for.
    #[must_use]
    pub fn stripe_version(self, version: &'static str) -> Self {
        Self { stripe_version: Some(version), ..self }
    }

    /// Returns the request and its options.
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
        let operation = self.request.operation();
        Operation { stripe_version: self.stripe_version.unwrap_or(operation.stripe_version), ..operation }
    }

    fn path(&self) -> Result<String, Error> {
        self.request.path()
    }

    fn options(&self) -> Option<&RequestOptions> {
        Some(&self.options)
    }
}
