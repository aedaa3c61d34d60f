//! Follows the descriptions that Stripe publishes: how they differ from the curated ones, and what they have that is missing.
//!
//! Texts go in, values come out. `drift` compares what `curated` and `read` have read: `pairing` finds the counterparts, `facts` the
//! differences, and each fact has the edits that take it over. `sides` compares both with facts and without, `causes` finds the
//! facts of each change. `import` writes what is missing. `translate` brings parts into the dialect. Nothing that a published
//! description contains may fail.

mod adopt;
mod apply;
mod causes;
mod choice;
mod curated;
mod described;
mod deviation;
mod drift;
mod event;
mod fact;
mod facts;
mod import;
mod import_files;
mod import_names;
mod import_refused;
mod import_target;
mod import_what;
mod leave_out;
mod nearby;
mod node;
mod operation;
mod pairing;
mod read;
mod report;
mod schema;
mod sides;
mod translate;
mod translate_errors;
mod translate_objects;
mod translate_schema;
mod version;

pub use curated::Curated;
pub use deviation::Deviation;
pub use drift::{Compared, Deviations, Drift, drift};
pub use fact::{Fact, Value};
pub use facts::Foreign;
pub use import::{Import, ImportError, Written, import, update};
pub use nearby::Nearby;
pub use read::{Published, ReadError, read};
pub use report::{DRIFT_SCHEMA, render_drift_github, render_drift_json, render_drift_markdown, render_drift_text};
pub use translate::Inexpressible;
pub use version::Version;
