//! Result files: contents with the key on the first port, pre-signed URLs on the second one.
//!
//! Ranges, ETags and conditions are the same for both. How results are computed is not known here.

mod archive;
mod contents;
mod file;
mod pre_signed;
mod range;
mod refusal;

use crate::state::{Core, Record};
use crate::work::Output;

pub(crate) use contents::{Change, Contents};
pub(crate) use file::File;
pub(crate) use pre_signed::{handle, url as pre_signed_url};
pub(crate) use refusal::Refusal;

/// Returns the URL of the contents of a file that is an object, which requires the key.
pub(crate) fn url(core: &Core, file: &Record) -> String {
    let base = core.urls.get().map(|urls| urls.base.as_str()).unwrap_or_default();
    let path = file.resource.path.as_deref().unwrap_or_default();
    let start = path.split_once('{').map_or(path, |(start, _)| start);
    format!("{base}{start}{}/contents", file.id)
}

/// Returns the extension of a file's name, which is its type in responses, too.
pub(crate) fn extension(output: &Output) -> &'static str {
    if output.is_compressed { "zip" } else { "csv" }
}
