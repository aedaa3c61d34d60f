//! The codes of diagnostics.
//!
//! A new code needs a fixture of its name in `tests/fixtures/diagnostics`.

/// Declares each code once: its variant, its stable text and its summary.
macro_rules! codes {
    ($($variant:ident = $text:literal, $summary:literal;)*) => {
        /// The kind of an error. The text of a code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the text of the code: `wrong-type`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Returns what the code means, in one sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
}

codes! {
    SyntaxError = "syntax-error", "The text is not valid YAML or JSON.";
    UnsupportedYaml = "unsupported-yaml", "A feature of YAML that the dialect does not have.";
    TooDeep = "too-deep", "Objects, lists or schemas are nested too deep.";
    DuplicateKey = "duplicate-key", "An object has a key twice.";
    WrongType = "wrong-type", "A value has another type than its key requires.";
    UnknownKeyword = "unknown-keyword", "A key is not a keyword of its object.";
    MisplacedKeyword = "misplaced-keyword", "A keyword has no effect at its place.";
    MissingKeyword = "missing-keyword", "A required keyword is missing.";
    EmptyDescription = "empty-description", "A description is still to be written.";
    UnknownType = "unknown-type", "A `type` does not exist.";
    UnknownFormat = "unknown-format", "The dialect does not have a `format`.";
    UnknownProperty = "unknown-property", "A list or an `encoding` names a property that does not exist.";
    UnsupportedVersion = "unsupported-version", "The version of OpenAPI is not 3.0.";
    UnsupportedConstruct = "unsupported-construct", "The dialect does not have a construct of OpenAPI.";
    InvalidExample = "invalid-example", "An `example`, a `default` or an `x-preset` does not match its schema.";
    UnknownExtension = "unknown-extension", "The dialect does not have an `x-` key.";
    MalformedExtension = "malformed-extension", "The value of an `x-` key is not valid.";
    UnresolvedReference = "unresolved-reference", "The target of a `$ref` does not exist.";
    WrongReferenceKind = "wrong-reference-kind", "The target of a `$ref` is a component of another kind.";
    UnusedComponent = "unused-component", "A component, or a keyword of it, takes effect only through a `$ref`, and has none.";
    ReferenceCycle = "reference-cycle", "A `$ref`, an `x-replacedBy` or an `x-sameIdsAs` refers to itself.";
    MissingOperationId = "missing-operation-id", "An operation has no `operationId`.";
    DuplicateOperationId = "duplicate-operation-id", "Two operations have the same `operationId`.";
    DuplicateOperation = "duplicate-operation", "Two operations have the same method and path.";
    PathParameterMismatch = "path-parameter-mismatch", "A path's template and its parameters differ, or the template has a parameter twice.";
    NameCollision = "name-collision", "Two items have the same name in Rust.";
    EnumValueCollision = "enum-value-collision", "Two values of an enum have the same name in Rust.";
    Contradiction = "contradiction", "Two places contradict each other.";
    InvalidName = "invalid-name", "A name is not valid in Rust.";
    UnknownField = "unknown-field", "A path names a field that does not exist or has another type.";
    UnknownState = "unknown-state", "The states in `x-wait` and those of the status differ.";
    UnknownOperation = "unknown-operation", "A required operation is not described.";
    UnknownResource = "unknown-resource", "A resource is not described, or has no id.";
    DuplicateResource = "duplicate-resource", "Two schemas have the same `x-resourceId`.";
    MissingEnvelope = "missing-envelope", "The envelope of an event is missing.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_codes_are_unique() {
        let texts: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }
}
