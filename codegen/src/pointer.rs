//! JSON pointers (RFC 6901).

use std::fmt;

/// A way from the top of a document to something in it: `/paths/~1v1~1files/get`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// What stands under a key of this.
    #[must_use]
    pub fn join(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// An entry of this list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// What this stands in; the whole document stands in itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default())
    }

    /// Whether this is the other place, or one below it.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The keys, from the top, as they are in the document.
    pub fn segments(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
    }

    /// The part of the document that this belongs to: a path, or all components of a kind.
    pub(crate) fn item(&self) -> &str {
        self.first(2)
    }

    /// The component or the operation that this belongs to.
    pub(crate) fn described(&self) -> &str {
        self.first(3)
    }

    fn first(&self, count: usize) -> &str {
        let end = self.0.match_indices('/').nth(count).map_or(self.0.len(), |(end, _)| end);
        self.0.get(..end).unwrap_or_default()
    }

    /// The pointer as text.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_and_come_back() {
        let pointer = Pointer::root().join("paths").join("/v1/a~b").join("get").index(0);
        assert_eq!(pointer.as_str(), "/paths/~1v1~1a~0b/get/0");
        assert_eq!(pointer.segments().collect::<Vec<_>>(), ["paths", "/v1/a~b", "get", "0"]);
        assert_eq!(pointer.parent().parent().as_str(), "/paths/~1v1~1a~0b");
        assert_eq!(Pointer::root().parent(), Pointer::root());
    }

    #[test]
    fn a_place_belongs_to_an_item() {
        let path = Pointer::root().join("paths").join("/v1/a");
        assert_eq!(path.join("get").join("parameters").item(), path.as_str());
        assert_eq!(path.item(), path.as_str());
    }
}
