//! Tokens of pages, and the pages of inline rows.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use super::{Request, render};
use crate::data::Column;
use crate::description::{Resource, Rows};
use crate::fact::Fact;
use crate::facts;
use crate::failure::{Failure, FailureKind};
use crate::state::{Core, Limits, Record, Status};

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The objects that follow a position.
    After(u64),
    /// The objects that precede a position.
    Before(u64),
}

impl Place {
    /// Returns the token of a place in a list, which other lists refuse.
    pub(super) fn token(self, list: &str) -> String {
        let (letter, position) = match self {
            Self::After(position) => ('a', position),
            Self::Before(position) => ('b', position),
        };
        format!("page_{letter}{position}_{:08x}", self.check(list))
    }

    pub(super) fn parse(token: &str, list: &str) -> Result<Self, Failure> {
        let invalid = || Failure::new(FailureKind::PageToken, format!("Invalid page token: '{token}'"));
        let (place, check) = token.strip_prefix("page_").and_then(|rest| rest.split_once('_')).ok_or_else(invalid)?;
        let position = |digits: &str| digits.parse().ok();
        let place = place.strip_prefix('a').and_then(position).map(Self::After);
        let place = place.or_else(|| {
            token.strip_prefix("page_b").and_then(|rest| position(rest.split_once('_')?.0)).map(Self::Before)
        });
        let place = place.ok_or_else(invalid)?;
        if check == format!("{:08x}", place.check(list)) { Ok(place) } else { Err(invalid()) }
    }

    fn check(self, list: &str) -> u32 {
        let mut hasher = DefaultHasher::new();
        list.hash(&mut hasher);
        match self {
            Self::After(position) => (0, position).hash(&mut hasher),
            Self::Before(position) => (1, position).hash(&mut hasher),
        }
        u32::try_from(hasher.finish() >> 32).unwrap_or_default()
    }
}

/// A page of the rows of a result.
#[derive(Debug)]
pub(crate) struct RowPage {
    columns: Arc<Vec<Column>>,
    rows: Vec<Fact>,
    next: Option<String>,
    previous: Option<String>,
}

impl RowPage {
    /// Returns the rows that a request includes, if the run has succeeded.
    pub(super) async fn read(
        core: &Core,
        request: &Request<'_>,
        rows: &Rows,
        record: &Record,
    ) -> Result<Option<Self>, Failure> {
        let Some(run) = &record.run else { return Ok(None) };
        let included = request.fields().included;
        let is_included = rows.include.as_ref().is_none_or(|include| included.contains(include.as_str()));
        let start = match request.parameter(&rows.page).and_then(Value::as_str) {
            Some(token) => match Place::parse(token, &record.id)? {
                Place::After(position) | Place::Before(position) => usize::try_from(position).unwrap_or(usize::MAX),
            },
            None => 0,
        };
        if !is_included || run.progress().status != Status::Succeeded {
            return Ok(None);
        }
        let computed = core.results.get(&run.output, &Limits::off()).await;
        let computed = computed.map_err(|error| Failure::internal(error.message()))?;
        let limit = rows.limit.as_ref().and_then(|limit| request.integer(limit)).unwrap_or(facts::PAGE).max(1);
        let chosen = computed.table.rows.iter().skip(start).take(limit).map(|row| {
            let cells = computed.columns.iter().zip(row);
            let cells = cells.map(|(column, cell)| (column.name.clone(), Fact::Value(cell.to_json())));
            Fact::map([("data", Fact::Map(cells.collect()))])
        });
        let token = |position: usize| Place::After(u64::try_from(position).unwrap_or(u64::MAX)).token(&record.id);
        let end = start.saturating_add(limit);
        Ok(Some(Self {
            columns: computed.columns.clone(),
            rows: chosen.collect(),
            next: (end < computed.table.rows.len()).then(|| token(end)),
            previous: (start > 0).then(|| token(start.saturating_sub(limit))),
        }))
    }

    /// Adds the page to what is known of a run.
    pub(super) fn set(&self, resource: &Resource, facts: &mut Fact) {
        let Some(rows) = &resource.rows else { return };
        let token = |token: &Option<String>| token.as_deref().map_or(Fact::Value(Value::Null), Fact::from);
        facts.set(&rows.columns, render::columns(&self.columns, resource.schema.at(&rows.columns)));
        facts.set(&rows.rows, Fact::List(self.rows.clone()));
        facts.set(&rows.next_page, token(&self.next));
        // The description names the next page only; the previous one is beside it, as in lists.
        facts.set(&rows.next_page.replace("next_", "previous_"), token(&self.previous));
    }
}
