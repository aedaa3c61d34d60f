//! Curated descriptions, read once for any number of comparisons with published ones.

use serde_json::Value as Json;

use super::described::described;
use super::node::Node;
use super::sides::Sides;
use crate::diagnostic::Diagnostics;
use crate::generate::read;
use crate::parse::{self, Tree};
use crate::source::Source;

/// Curated descriptions.
pub struct Curated {
    pub(super) sources: Vec<Source>,
    pub(super) files: Vec<File>,
    pub(super) sides: Sides,
}

/// The content of a curated description.
pub(super) struct File {
    pub(super) tree: Tree,
    pub(super) root: Json,
}

impl Curated {
    /// Reads curated descriptions. Sentences that are still to be written are no error: they are not compared.
    ///
    /// # Errors
    ///
    /// All errors in the descriptions.
    pub fn read(sources: &[Source]) -> Result<Self, Diagnostics> {
        let sources: Vec<Source> = sources.iter().map(described).collect();
        read(&sources)?;
        // What has been read has no syntax error.
        let trees = sources.iter().filter_map(|source| parse::tree(&source.text).ok());
        let files: Vec<File> = trees.map(|tree| File { root: tree.value(), tree }).collect();
        let sides = Sides::new(sources.iter().zip(&files).map(|(source, file)| (source.name.clone(), &file.root)))?;
        Ok(Self { sources, files, sides })
    }

    pub(super) fn roots(&self) -> Vec<Node<'_>> {
        self.files.iter().map(|file| Node::root(&file.root)).collect()
    }
}
