//! The kinds of mistakes.

/// Declares the codes once: the variant, the stable text, and what it means.
macro_rules! codes {
    ($($variant:ident = $text:literal, $summary:literal;)*) => {
        /// What kind of mistake a diagnostic is about. The text of a code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as it is shown.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What it means.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
}

codes! {
    SyntaxError = "syntax-error", "The text is neither YAML nor JSON.";
    UnsupportedYaml = "unsupported-yaml", "A feature of YAML that descriptions don't use.";
    TooDeep = "too-deep", "Objects and lists are nested too deep.";
    DuplicateKey = "duplicate-key", "A key stands twice in an object.";
    WrongType = "wrong-type", "A value is not of the kind that its key asks for.";
    UnknownKeyword = "unknown-keyword", "A key that means nothing where it stands.";
    MisplacedKeyword = "misplaced-keyword", "A key that has no effect where it stands.";
    MissingKeyword = "missing-keyword", "A key that must be there is not.";
    UnknownType = "unknown-type", "A `type` that does not exist.";
    UnknownFormat = "unknown-format", "A `format` that the dialect does not know.";
    UnknownProperty = "unknown-property", "A property is named that does not exist.";
    UnsupportedVersion = "unsupported-version", "Another version of OpenAPI than 3.0.";
    UnsupportedConstruct = "unsupported-construct", "Something that OpenAPI has and the dialect has not.";
    InvalidExample = "invalid-example", "An `example` or a `default` that does not fit its schema.";
    UnknownExtension = "unknown-extension", "An `x-` key that the dialect does not know.";
    MalformedExtension = "malformed-extension", "An `x-` key with a value that it can't have.";
    UnresolvedReference = "unresolved-reference", "A `$ref` that leads nowhere.";
    WrongReferenceKind = "wrong-reference-kind", "A `$ref` that leads to something else than is needed.";
    UnusedComponent = "unused-component", "A component, or a keyword of it, that has an effect only where something refers to it, and nothing does.";
    ReferenceCycle = "reference-cycle", "A `$ref` that leads back to itself.";
    MissingOperationId = "missing-operation-id", "An operation without an `operationId`.";
    DuplicateOperationId = "duplicate-operation-id", "Two operations with one `operationId`.";
    DuplicateOperation = "duplicate-operation", "Two operations with one method and path.";
    PathParameterMismatch = "path-parameter-mismatch", "A parameter in the path's template or in the list, but not in both, or in the template twice.";
    NameCollision = "name-collision", "Two things that would have one name in Rust.";
    EnumValueCollision = "enum-value-collision", "Two values of an enum that would have one name in Rust.";
    Contradiction = "contradiction", "Two places that say different things about the same.";
    InvalidName = "invalid-name", "A name that Rust can't have.";
    UnknownField = "unknown-field", "A path to a field that does not exist or is of the wrong type.";
    UnknownState = "unknown-state", "A state that the status does not have, or one that is not accounted for.";
    UnknownOperation = "unknown-operation", "An operation is needed that is not described.";
    UnknownResource = "unknown-resource", "A resource is named that is not described.";
    DuplicateResource = "duplicate-resource", "Two schemas with one `x-resourceId`.";
    MissingEnvelope = "missing-envelope", "An event without a schema for the whole event.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_each_code_is_its_own() {
        let texts: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }
}
