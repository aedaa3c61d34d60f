//! Sources of errors: those of libraries and custom transports are replaced by their escaped text.

use std::error::Error as StdError;
use std::{fmt, io};

use super::text::capture;

/// The maximum depth of a chain of sources, which may be cyclic.
const MAX_DEPTH: usize = 16;

/// A source that is safe to print, including its own sources.
#[derive(Debug)]
pub(crate) struct Source(Box<dyn StdError + Send + Sync>);

impl Source {
    /// Wraps an error that is safe to print.
    pub(crate) fn printable(source: Box<dyn StdError + Send + Sync>) -> Self {
        Self(source)
    }

    /// Copies the text of an error and its sources. An [`io::Error`] keeps its type, for `downcast_ref`.
    pub(crate) fn copy_of(source: &(dyn StdError + 'static)) -> Self {
        Self(copy_text(source, MAX_DEPTH))
    }

    pub(crate) fn get(&self) -> &(dyn StdError + 'static) {
        self.0.as_ref()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text of an error, and its sources.
struct ErrorText {
    display: String,
    debug: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

fn copy_text(error: &(dyn StdError + 'static), depth: usize) -> Box<dyn StdError + Send + Sync> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return match (error.raw_os_error(), error.get_ref()) {
            (Some(code), _) => Box::new(io::Error::from_raw_os_error(code)),
            (None, Some(inner)) if depth > 0 => Box::new(io::Error::new(error.kind(), copy_text(inner, depth - 1))),
            (None, _) => Box::new(io::Error::new(error.kind(), ErrorText::new(error, 0))),
        };
    }
    Box::new(ErrorText::new(error, depth))
}

impl ErrorText {
    fn new(error: &(dyn StdError + 'static), depth: usize) -> Self {
        let source = error.source().filter(|_| depth > 0);
        Self {
            display: capture(format_args!("{error}")),
            debug: capture(format_args!("{error:?}")),
            source: source.map(|source| copy_text(source, depth - 1)),
        }
    }
}

impl fmt::Display for ErrorText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display)
    }
}

impl fmt::Debug for ErrorText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.debug)
    }
}

impl StdError for ErrorText {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error with a text, and a source or itself as the source.
    #[derive(Debug)]
    struct TestError(&'static str, Option<Box<TestError>>, bool);

    impl fmt::Display for TestError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for TestError {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            if self.2 { Some(self) } else { self.1.as_deref().map(|source| source as _) }
        }
    }

    fn chain(source: &Source) -> Vec<String> {
        let mut texts = Vec::new();
        let mut next = Some(source.get());
        while let Some(error) = next {
            texts.push(format!("{error} {error:?}"));
            next = error.source();
        }
        texts
    }

    #[test]
    fn sources_are_replaced_by_their_text() {
        let inner = TestError("inner sk_live_geheim\nforged", None, false);
        let source = Source::copy_of(&TestError("outer", Some(Box::new(inner)), false));
        let texts = chain(&source);
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts[0].starts_with("outer TestError("), "{texts:?}");
        assert!(texts[1].starts_with(r"inner sk_live_[redacted]\nforged TestError("), "{texts:?}");
        assert!(!texts.concat().contains("geheim") && !texts.concat().contains('\n'), "{texts:?}");
    }

    #[test]
    fn a_cyclic_chain_is_truncated() {
        let source = Source::copy_of(&TestError("again", None, true));
        assert_eq!(chain(&source).len(), MAX_DEPTH + 1);
        let nested = (0..100).fold(io::Error::other("end"), |inner, _| io::Error::new(inner.kind(), inner));
        assert!(!chain(&Source::copy_of(&nested)).is_empty());
    }

    #[test]
    fn io_errors_keep_their_kind_and_code() {
        let io =
            |source: &Source| source.get().downcast_ref::<io::Error>().map(|error| (error.kind(), error.to_string()));
        let system = Source::copy_of(&io::Error::from_raw_os_error(2));
        assert_eq!(system.get().downcast_ref::<io::Error>().unwrap().raw_os_error(), Some(2));
        let plain = Source::copy_of(&io::Error::from(io::ErrorKind::UnexpectedEof));
        assert_eq!(io(&plain), Some((io::ErrorKind::UnexpectedEof, "unexpected end of file".to_owned())));
        let custom = io::Error::new(io::ErrorKind::InvalidData, TestError("sk_live_geheim\n", None, false));
        let outer = TestError("x", None, false);
        assert_eq!(io(&Source::copy_of(&outer)), None);
        let custom = Source::copy_of(&custom);
        assert_eq!(io(&custom), Some((io::ErrorKind::InvalidData, r"sk_live_[redacted]\n".to_owned())));
        assert!(!format!("{:?}", custom.get()).contains("geheim"), "{:?}", custom.get());
    }
}
