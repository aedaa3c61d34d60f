//! Runs the stages: parses descriptions, lowers them together, and renders the crate.

use std::collections::BTreeSet;

use crate::api::Api;
use crate::diagnostic::Diagnostics;
use crate::dialect::grammar::Kind;
use crate::dialect::{EXTENSIONS, Keyword, Pair};
use crate::location::FileId;
use crate::lower;
use crate::options::Options;
use crate::parse::parse;
use crate::render::{self, File};
use crate::source::Source;

/// A generated crate.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The files of the crate, sorted by path.
    pub files: Vec<File>,
    /// What the descriptions describe.
    pub api: Api,
}

/// Generates a crate from descriptions.
///
/// # Errors
///
/// All errors in the descriptions; nothing is generated then.
pub fn generate(sources: &[Source], options: &Options) -> Result<Generated, Diagnostics> {
    let api = read(sources)?;
    Ok(Generated { files: render::render(&api, options), api })
}

/// Reads descriptions without generating anything.
///
/// # Errors
///
/// All errors in the descriptions.
pub fn read(sources: &[Source]) -> Result<Api, Diagnostics> {
    read_with_keywords(sources).map(|(api, _)| api)
}

/// Reads descriptions, and returns them with their keywords, each with its place.
///
/// # Errors
///
/// All errors in the descriptions.
pub fn read_with_keywords(sources: &[Source]) -> Result<(Api, BTreeSet<Pair>), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let documents: Vec<_> = sources
        .iter()
        .enumerate()
        .filter_map(|(index, source)| parse(FileId(index), source, &mut diagnostics))
        .collect();
    let mut found = Diagnostics::default();
    let (api, mut keywords) = lower::lower(sources, &documents, &diagnostics, &mut found);
    for document in &documents {
        document.check_values(&mut found);
    }
    // Lowering also runs on descriptions that failed to parse in part, so that one run reports all errors, except those that
    // only follow from others.
    diagnostics.extend_independent(found);
    if !diagnostics.is_empty() {
        diagnostics.sort();
        return Err(diagnostics);
    }
    keywords.extend(documents.iter().flat_map(|document| document.keywords()));
    Ok((api, keywords))
}

/// Returns every keyword and extension at every place where a description may have it.
#[must_use]
pub fn keywords() -> BTreeSet<Keyword> {
    let mut found = lower::schema_keywords();
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Schema) {
        let place = kind.name();
        let keywords = kind.keywords().iter();
        found.extend(keywords.map(|member| Keyword {
            place,
            keyword: member.name.to_owned(),
            ignored: member.ignored,
        }));
        let extensions = EXTENSIONS.iter().filter(|extension| extension.is_on(*kind));
        found.extend(extensions.flat_map(|extension| extension.keywords(place)));
    }
    found
}
