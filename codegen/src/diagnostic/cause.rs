//! Decides which errors may only follow from others.

use std::collections::HashSet;

use super::{Code, Diagnostic};
use crate::location::FileId;
use crate::pointer::Pointer;

/// The errors that others may follow from, indexed by place: a description may have as many of both as it has lines.
#[derive(Default)]
pub(super) struct Causes {
    files: HashSet<FileId>,
    items: HashSet<(FileId, String)>,
    items_of_any_file: HashSet<String>,
    /// The components and operations around them.
    described: HashSet<(FileId, String)>,
    /// Their places, and the two levels around them.
    around: HashSet<(FileId, Pointer)>,
    missing_in: HashSet<(FileId, Pointer)>,
    /// Files with an error that may hide components.
    components: HashSet<FileId>,
    has_unread: bool,
}

impl Causes {
    pub(super) fn new(diagnostics: &[Diagnostic]) -> Self {
        let mut causes = Self::default();
        for cause in diagnostics {
            let file = cause.location.file;
            let item = cause.pointer.item();
            causes.files.insert(file);
            causes.described.insert((file, cause.pointer.described().to_owned()));
            causes.items.insert((file, item.to_owned()));
            causes.items_of_any_file.insert(item.to_owned());
            let parent = cause.pointer.parent();
            let around = [cause.pointer.clone(), parent.parent(), parent];
            causes.around.extend(around.map(|place| (file, place)));
            if cause.code == Code::MissingKeyword {
                causes.missing_in.insert((file, cause.pointer.clone()));
            }
            let depth = cause.pointer.segments().count();
            if depth == 1 || (depth == 2 && cause.pointer.as_str().starts_with("/components/")) {
                causes.components.insert(file);
            }
            causes.has_unread |= depth == 0 || matches!(cause.code, Code::SyntaxError | Code::TooDeep);
        }
        causes
    }

    /// Returns whether an error may only follow from one of these.
    pub(super) fn lead_to(&self, diagnostic: &Diagnostic) -> bool {
        let file = diagnostic.location.file;
        let item = || diagnostic.pointer.item().to_owned();
        match diagnostic.code {
            // They depend on other schemas of the description, or on the rest of the path.
            Code::UnknownField | Code::UnknownState | Code::PathParameterMismatch | Code::InvalidExample => {
                self.items.contains(&(file, item()))
            }
            // It depends on schemas and paths of the description, and `x-replacedBy` on those of all descriptions.
            Code::UnknownOperation => self.has_unread || self.files.contains(&file),
            // They depend on all descriptions, some of which may not have been parsed.
            Code::UnknownResource | Code::MissingEnvelope => {
                let schemas = self.items_of_any_file.contains("/components/schemas");
                self.has_unread || schemas || !self.components.is_empty()
            }
            Code::UnresolvedReference | Code::WrongReferenceKind => {
                self.components.contains(&file) || self.around.contains(&(file, diagnostic.pointer.clone()))
            }
            // It depends on the other keys of the component or the operation.
            Code::MisplacedKeyword => self.described.contains(&(file, diagnostic.pointer.described().to_owned())),
            // It depends on everything.
            Code::UnusedComponent => !self.files.is_empty(),
            // They depend on a missing key, or on the values around.
            _ => {
                self.missing_in.contains(&(file, diagnostic.pointer.parent()))
                    || self.around.contains(&(file, diagnostic.pointer.clone()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;

    fn at(code: Code, file: usize, path: &str) -> Diagnostic {
        let location = Location { file: FileId(file), line: 1, column: 1, span: 0..0 };
        let pointer = path.split('.').filter(|key| !key.is_empty()).fold(Pointer::root(), |at, key| at.join(key));
        Diagnostic { code, message: String::new(), pointer, location, related: Vec::new(), help: None }
    }

    #[test]
    fn errors_that_follow_are_found_by_their_place() {
        let cause = || at(Code::WrongType, 0, "components.schemas.a.type");
        for (code, file, path, expected) in [
            (Code::NameCollision, 0, "components.schemas.a.type", true),
            (Code::NameCollision, 0, "components.schemas.a", true),
            (Code::NameCollision, 0, "components.schemas", true),
            (Code::NameCollision, 0, "components", false),
            (Code::NameCollision, 0, "components.schemas.a.type.b", false),
            (Code::NameCollision, 0, "components.schemas.b", false),
            (Code::NameCollision, 1, "components.schemas.a", false),
            (Code::UnknownField, 0, "components.schemas.b", true),
            (Code::UnknownField, 1, "components.schemas.b", false),
            (Code::PathParameterMismatch, 0, "paths.a", false),
            (Code::UnknownOperation, 0, "paths.a", true),
            (Code::UnknownOperation, 1, "paths.a", false),
            (Code::UnknownResource, 1, "components.schemas.b", true),
            (Code::UnknownResource, 1, "paths.b", true),
            (Code::UnresolvedReference, 0, "paths.b", false),
            (Code::MisplacedKeyword, 0, "components.schemas.a.items.b", true),
            (Code::MisplacedKeyword, 0, "components.schemas.b", false),
        ] {
            assert_eq!(Causes::new(&[cause()]).lead_to(&at(code, file, path)), expected, "{code:?} {file} {path}");
        }
        let missing = at(Code::MissingKeyword, 0, "paths.a.get");
        assert!(Causes::new(&[missing]).lead_to(&at(Code::NameCollision, 0, "paths.a.get.responses")));
        let lost = at(Code::UnknownKeyword, 0, "components.schemass");
        assert!(Causes::new(&[lost]).lead_to(&at(Code::UnresolvedReference, 0, "paths.b")));
        let elsewhere = at(Code::WrongType, 0, "paths.a");
        assert!(!Causes::new(&[elsewhere]).lead_to(&at(Code::UnknownResource, 0, "paths.b")));
        let unread = at(Code::SyntaxError, 1, "");
        assert!(Causes::new(&[unread]).lead_to(&at(Code::UnknownResource, 0, "paths.b")));
        assert!(Causes::new(&[at(Code::WrongType, 0, "")]).lead_to(&at(Code::MissingOperationId, 0, "")));
    }
}
