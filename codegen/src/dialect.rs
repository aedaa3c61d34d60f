//! The dialect as a list: which keywords descriptions may have, and where.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::lower;
use crate::parse::extensions::{EXTENSIONS, Extension, members};
use crate::parse::grammar::Kind;
use crate::parse::parse;
use crate::source::Source;
use crate::{FileId, api::Api};

/// A keyword or an extension at a place where a description may have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keyword {
    /// What it stands in: `an operation`, `the items of an array`.
    pub place: &'static str,
    /// The keyword, or the way to a member of an extension: `x-wait.failure.code`.
    pub keyword: String,
    /// Whether it is accepted without any effect.
    pub ignored: bool,
}

/// A place, and a keyword that stands there.
pub type Pair = (&'static str, String);

/// Returns every keyword at every place where a description may have it.
#[must_use]
pub fn keywords() -> BTreeSet<Keyword> {
    let mut found = lower::schema_keywords();
    for kind in Kind::OBJECTS {
        let place = kind.name();
        for member in kind.keywords() {
            found.insert(Keyword { place, keyword: member.name.to_owned(), ignored: member.ignored });
        }
        for extension in EXTENSIONS.iter().filter(|extension| extension.on.contains(kind)) {
            found.extend(extension_at(place, extension));
        }
    }
    found
}

/// Returns an extension and the members of its value at a place.
pub(crate) fn extension_at(place: &'static str, extension: &Extension) -> Vec<Keyword> {
    let members = members(extension.name, None);
    let members = members.into_iter().map(|member| Keyword { place, keyword: member.path, ignored: member.ignored });
    let itself = Keyword { place, keyword: extension.name.to_owned(), ignored: !extension.used };
    std::iter::once(itself).chain(members).collect()
}

/// Reads descriptions, and returns them with the places and keywords that they have.
///
/// # Errors
///
/// All mistakes that are found, when there is one.
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
