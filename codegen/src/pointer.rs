//! JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;

/// A place in a document: `/paths/~1v1~1files/get`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses the text of a pointer.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Parses a `$ref` into its own document: the URI fragment of a pointer, with percent-encoding.
    pub(crate) fn from_reference(reference: &str) -> Option<Self> {
        let decoded = percent_encoding::percent_decode_str(reference.strip_prefix("#/")?).decode_utf8().ok()?;
        Some(decoded.split('/').fold(Self::root(), |pointer, segment| pointer.join(&unescape(segment))))
    }

    /// Returns the key of the component at this place, if it is one of this kind, such as `schemas`.
    pub(crate) fn component(&self, kind: &str) -> Option<String> {
        let key = self.0.strip_prefix("/components/")?.strip_prefix(kind)?.strip_prefix('/')?;
        (!key.contains('/')).then(|| unescape(key))
    }

    /// Returns the place of a key in the object at this place.
    #[must_use]
    pub fn join(&self, key: &str) -> Self {
        Self([&self.0, "/", &escape(key)].concat())
    }

    /// Returns the place of an entry in the list at this place.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Returns the place of the object or list around this one; of the whole document, the whole document.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default())
    }

    /// Returns whether this is the other place, or one inside of it.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the keys and indices on the path to this place, unescaped.
    pub fn segments(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Returns the place of the path, or of all components of a kind, that this is in.
    pub(crate) fn item(&self) -> &str {
        self.first(2)
    }

    /// Returns the place of the component or the operation that this is in.
    pub(crate) fn described(&self) -> &str {
        self.first(3)
    }

    fn first(&self, count: usize) -> &str {
        let end = self.0.match_indices('/').nth(count).map_or(self.0.len(), |(end, _)| end);
        self.0.get(..end).unwrap_or_default()
    }

    /// Returns the pointer as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Nearly all keys are the same in both forms.
fn escape(key: &str) -> Cow<'_, str> {
    match key.contains('~') || key.contains('/') {
        true => key.replace('~', "~0").replace('/', "~1").into(),
        false => key.into(),
    }
}

fn unescape(segment: &str) -> String {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~"),
        false => segment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_and_unescaped() {
        let pointer = Pointer::root().join("paths").join("/v1/a~b").join("get").index(0);
        assert_eq!(pointer.as_str(), "/paths/~1v1~1a~0b/get/0");
        assert_eq!(pointer.segments().collect::<Vec<_>>(), ["paths", "/v1/a~b", "get", "0"]);
        assert_eq!(pointer.parent().parent().as_str(), "/paths/~1v1~1a~0b");
        assert_eq!(Pointer::root().parent(), Pointer::root());
    }

    #[test]
    fn references_are_unescaped() {
        for (reference, expected) in [
            ("#/components/schemas/a", Some("a")),
            ("#/components/schemas/a~1b~0c", Some("a/b~c")),
            ("#/components/schemas/a%20b%C3%A9", Some("a bé")),
            ("#/components/schemas/a%2Fb", None),
            ("#/components/schemas/a%7E1b", Some("a/b")),
            ("#/components/schemas/%FF", None),
            ("#/components/schemas/a/b", None),
            ("#/components/parameters/a", None),
            ("components/schemas/a", None),
        ] {
            let key = Pointer::from_reference(reference).and_then(|pointer| pointer.component("schemas"));
            assert_eq!(key.as_deref(), expected, "{reference}");
        }
    }

    #[test]
    fn a_place_belongs_to_an_item() {
        let path = Pointer::root().join("paths").join("/v1/a");
        assert_eq!(path.join("get").join("parameters").item(), path.as_str());
        assert_eq!(path.item(), path.as_str());
    }
}
