//! What several places of a description say about the same thing, and must say alike.

use super::Lowering;
use super::members::Given;
use crate::diagnostic::{Code, Diagnostic, Related};

impl<'a> Lowering<'a> {
    /// Merges a name that is given in two places; reports two different names.
    pub(super) fn same_name(
        &mut self,
        known: Option<Given<'a>>,
        found: Option<Given<'a>>,
        what: &str,
    ) -> Option<Given<'a>> {
        if let (Some(one), Some(other)) = (&known, &found)
            && one.name != other.name
        {
            let message = format!("{what} is named `{}` here and `{}` elsewhere", other.name, one.name);
            let diagnostic = other.site.at_value(Code::Contradiction, message);
            let help = "write the same name in both places, or in one of them only";
            self.contradiction(diagnostic, one.site.related("the other name"), help);
        }
        known.or(found)
    }

    /// Reports a contradiction with another place.
    pub(super) fn contradiction(&mut self, mut diagnostic: Diagnostic, other: Related, help: &str) {
        diagnostic.related.push(other);
        diagnostic.help = Some(help.to_owned());
        self.report(diagnostic);
    }
}
