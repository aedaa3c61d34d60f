//! Operations: what a request builder needs.

use super::{Doc, Field, FieldPath, Generation, Name, Origin, Type, TypePath};

/// An operation of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template, `/v1/files/{file}`.
    pub path: String,
    /// The API generation, from the path.
    pub generation: Generation,
    /// The API version that it is described for.
    pub stripe_version: String,
    /// The URL of the server.
    pub base_url: String,
    /// The request struct.
    pub request: TypePath,
    /// The type whose source file it shares.
    pub owner: TypePath,
    /// The resource that offers it as a method.
    pub attachment: Option<Attachment>,
    /// The parameters: those in the path first, the others in the order of the description.
    pub parameters: Vec<Parameter>,
    /// How the parameters outside of the path are sent.
    pub encoding: Encoding,
    /// The type of the response.
    pub response: Type,
    /// Facts about a list.
    pub listing: Option<Listing>,
    /// The documented error codes.
    pub errors: Vec<ErrorCode>,
    /// Documentation.
    pub doc: Doc,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Where it is described.
    pub origin: Origin,
}

impl Operation {
    /// The parameters as fields of the request struct.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parameters.iter().map(|parameter| &parameter.field)
    }

    /// The types of the parameters and of the response.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields().map(|field| &field.ty).chain([&self.response])
    }
}

/// HTTP methods that Stripe uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Retrieves, without changing anything.
    Get,
    /// Creates or changes.
    Post,
    /// Deletes.
    Delete,
}

impl Method {
    /// Returns the method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// The resource method that makes the request: `QueryRun::create`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// The resource.
    pub resource: TypePath,
    /// The method's name.
    pub method: Name,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it is sent.
    pub place: Place,
    /// The parameter as a field of the request struct.
    pub field: Field,
}

impl Parameter {
    /// Returns the `maximum` of an integer, if it fits.
    pub fn maximum(&self) -> Option<u32> {
        u32::try_from(self.field.constraints.get("maximum")?.as_u64()?).ok()
    }
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query or the body, see [`Encoding`].
    Payload,
}

/// How parameters outside of the path are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// In the query string.
    Query,
    /// In a form-encoded body.
    Form,
    /// In a JSON body.
    Json,
}

/// Facts about an operation that returns a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The type of an item.
    pub item: Type,
    /// How the next page is requested.
    pub pagination: Pagination,
    /// The item's `id`, the cursor: text that is optional.
    pub cursor: Option<FieldPath>,
    /// The largest page: the `maximum` of the parameter `limit`.
    pub max_page_size: Option<u32>,
}

/// How the next page of a list is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pagination {
    /// With the id of the last item (v1).
    Cursor,
    /// Never: the list has one page.
    SinglePage,
    /// With the URL in the response (v2).
    PageUrl,
}

/// A documented error of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorCode {
    /// `error.code`.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// When it happens.
    pub doc: Doc,
}
