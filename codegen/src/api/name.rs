//! Names in the generated crate.

use std::fmt;

/// A valid Rust identifier that is not a keyword. Only the `names` module of lowering creates one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    pub(crate) fn from_valid(name: String) -> Self {
        Self(name)
    }

    /// Returns the identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A module of the crate, from its root: `v2::data::reporting`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModulePath(pub Vec<Name>);

impl ModulePath {
    /// Returns the module and all modules around it, outermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = ModulePath> {
        (1..=self.0.len()).map(|depth| ModulePath(self.0.iter().take(depth).cloned().collect()))
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("::")?;
            }
            f.write_str(name.as_str())?;
        }
        Ok(())
    }
}

/// The path of a public type: `v2::data::reporting::QueryRun`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypePath {
    /// The module that exports it.
    pub module: ModulePath,
    /// Its name.
    pub name: Name,
}

impl fmt::Display for TypePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.module, self.name)
    }
}
