//! Checks the entries of `x-deviation`: `cargo xtask drift` finds the facts by their places.

use super::check::{At, Checker};
use super::node::{Content, Node};
use crate::diagnostic::Code;

impl Checker<'_, '_> {
    /// Reports places that no fact has, two entries about one place, and empty reasons.
    pub(super) fn deviations(&mut self, list: &Node, at: &At<'_>) {
        let Content::List(entries) = &list.content else { return };
        let mut seen = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let at = At::Index(at, index);
            let Some(entry) = entry.mapping() else { continue };
            let place = entry.get("at").and_then(|place| Some((place, place.value.text()?)));
            if let Some((entry, text)) =
                place.filter(|(_, text)| text.split('/').any(|key| key.is_empty() || key == "*"))
            {
                let message = format!("`{}` is not a place", text.escape_debug());
                let help = "write the keywords from here to what deviates, such as `properties/size`, or remove `at`";
                let at = At::Key(&at, "at");
                self.push(Code::MalformedExtension, entry.value.span, &at, message, Some(help.to_owned()));
            }
            if let Some(reason) = entry.get("reason")
                && reason.value.text().is_some_and(|reason| reason.trim().is_empty())
            {
                let (message, help) = ("`reason` is empty".to_owned(), "write why this description deviates");
                let at = At::Key(&at, "reason");
                self.push(Code::MalformedExtension, reason.value.span, &at, message, Some(help.to_owned()));
            }
            let text = place.map_or("", |(_, text)| text);
            if seen.contains(&text) {
                let span = place.map_or(list.span, |(entry, _)| entry.value.span);
                let message = "two deviations of the same place".to_owned();
                self.push(Code::MalformedExtension, span, &at, message, Some("remove one of them".to_owned()));
            }
            seen.push(text);
        }
    }
}
