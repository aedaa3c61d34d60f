//! How a crate is generated: its name, its version and its place in a workspace.

/// The package to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// The package's name.
    pub crate_name: String,
    /// The package's version.
    pub version: String,
    /// The path of the runtime's package, relative to the manifest.
    pub runtime_path: String,
    /// The workspace that the package belongs to.
    pub workspace: Workspace,
}

/// The workspace that a package belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workspace {
    /// The one around it, if any.
    Member,
    /// One of its own: a workspace around it does not list it.
    Own,
}

impl Options {
    /// Creates options for a package that is a member of the workspace around it.
    pub fn new(crate_name: &str, version: &str, runtime_path: &str) -> Self {
        Self {
            crate_name: crate_name.to_owned(),
            version: version.to_owned(),
            runtime_path: runtime_path.to_owned(),
            workspace: Workspace::Member,
        }
    }

    /// Checks that a package can have this name.
    ///
    /// # Errors
    ///
    /// The reason why it cannot.
    pub fn check_crate_name(name: &str) -> Result<(), String> {
        let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !plain {
            return Err(
                "a package name consists of ASCII letters, digits, `-` and `_`, and starts with a letter".to_owned()
            );
        }
        match syn::parse_str::<proc_macro2::Ident>(&name.replace('-', "_")) {
            Ok(_) if !["test", "core", "std", "alloc", "proc_macro"].contains(&name) => Ok(()),
            _ => Err(format!("`{name}` is a reserved word in Rust")),
        }
    }

    /// The crate's name as an identifier; `generated` if the package's name is not valid.
    pub(crate) fn crate_ident(&self) -> String {
        match Self::check_crate_name(&self.crate_name) {
            Ok(()) => self.crate_name.replace('-', "_"),
            Err(_) => "generated".to_owned(),
        }
    }
}
