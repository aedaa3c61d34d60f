//! Random descriptions, and the crates that are generated from them.

use std::collections::BTreeSet;
use std::thread;

use stripe_reporting_codegen::dialect::Pair;
use stripe_reporting_codegen::diff::diff;
use stripe_reporting_codegen::{Code, Diagnostics, Options, Source, generate, read_with_keywords, render_human};
use stripe_reporting_tests::random;

use crate::workspace::Generated;

/// A random description.
pub(super) struct Case {
    pub(super) seed: u64,
    pub(super) text: String,
    /// The places and keywords that it has.
    pub(super) keywords: BTreeSet<Pair>,
}

/// Creates a number of cases, beginning with a seed, on two threads.
pub(super) fn cases(seed: u64, count: usize) -> (Vec<Case>, Vec<Generated>) {
    let half = count.div_ceil(2);
    let every_other = |first: u64, count: usize| (first..).step_by(2).filter_map(Case::new).take(count).collect();
    thread::scope(|scope| {
        let odd = scope.spawn(move || -> Vec<_> { every_other(seed + 1, count - half) });
        let mut cases: Vec<_> = every_other(seed, half);
        cases.extend(odd.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        cases.into_iter().unzip()
    })
}

impl Case {
    /// Creates the case with this seed, or returns `None` if two of its names become one in Rust.
    fn new(seed: u64) -> Option<(Self, Generated)> {
        let (name, text) = (format!("seed_{seed}"), random::description(seed));
        let source = Source { name: format!("{seed}.yaml"), text };
        let sources = std::slice::from_ref(&source);
        let options = Options::new(&name, "0.1.0", "../../runtime");
        let generated = match generate(sources, &options) {
            Ok(generated) => generated,
            Err(diagnostics) => {
                assert!(is_collision(&diagnostics), "seed {seed} is refused:\n{}", refused(&diagnostics, &source));
                return None;
            }
        };
        let (api, keywords) =
            read_with_keywords(sources).unwrap_or_else(|_| panic!("seed {seed} is read in one way only"));
        // Generating takes most of the time, and what could differ differs often.
        if seed.is_multiple_of(8) {
            let again = generate(sources, &options).map(|again| again.files);
            assert!(again.is_ok_and(|files| files == generated.files), "seed {seed} gives two crates");
        }
        assert!(diff(&generated.api, &api).changes.is_empty(), "seed {seed} differs from itself");
        Some((Self { seed, text: source.text, keywords }, Generated { name, files: generated.files }))
    }
}

/// Whether two names of a description become one.
fn is_collision(diagnostics: &Diagnostics) -> bool {
    let collisions = [Code::NameCollision, Code::EnumValueCollision];
    diagnostics.iter().any(|diagnostic| collisions.contains(&diagnostic.code))
}

fn refused(diagnostics: &Diagnostics, source: &Source) -> String {
    let path = std::env::temp_dir().join(format!("random-{}", source.name));
    let written = std::fs::write(&path, &source.text);
    format!("{}\n{} {written:?}", render_human(diagnostics, std::slice::from_ref(source)), path.display())
}
