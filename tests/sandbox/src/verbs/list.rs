//! Lists objects, newest first, one page at a time: with cursors in v1, with tokens in v2.

use std::sync::Arc;

use serde_json::{Value, json};

use super::matches::{self, Condition};
use super::page::Place;
use super::{Request, expand, object};
use crate::catalogue;
use crate::description::{Generation, Resource};
use crate::facts;
use crate::failure::{Failure, FailureKind};
use crate::state::{Core, Record};
use crate::validation::{Problem, ProblemKind};

/// The longest page of a list without a maximum.
const LONGEST: usize = 100;

type Found = Vec<(u64, Arc<Record>)>;

/// The objects that a list selects.
struct Selection<'l> {
    core: &'l Core,
    resource: &'l Arc<Resource>,
    request: &'l Request<'l>,
    conditions: Vec<Condition<'l>>,
    /// The objects that were not created, in the order of the list.
    catalogue: Option<Vec<Arc<Record>>>,
}

pub(super) fn list(core: &Core, request: &Request<'_>) -> Result<Value, Failure> {
    let operation = request.operation;
    let resource = core.resource(&operation.resource).ok_or_else(|| Failure::internal("the resource is missing"))?;
    expand::check(request, &resource.schema)?;
    core.prune(resource);
    let selection = Selection {
        core,
        resource,
        request,
        conditions: matches::conditions(request, resource),
        catalogue: catalogue::all(core, resource, request.caller.key.livemode),
    };
    let limit = operation.parameters.property("limit").map(|schema| {
        let default = schema.default.as_ref().and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let limit = request.integer("limit").filter(|limit| *limit > 0).or(default).unwrap_or(facts::PAGE);
        let is_bounded = matches!(schema.kind, crate::description::Kind::Integer { maximum: Some(_), .. });
        if is_bounded { limit } else { limit.min(LONGEST) }
    });
    match operation.generation {
        Generation::V1 => selection.v1(limit),
        Generation::V2 => selection.v2(limit.unwrap_or(facts::PAGE)),
    }
}

impl Selection<'_> {
    fn accepts(&self, record: &Record) -> bool {
        let is_visible = self.catalogue.is_some() || self.request.filter().accepts(record);
        is_visible && matches::accepts(self.core, record, &self.conditions)
    }

    /// Returns objects of the catalogue with positions as created objects have them: those at the end are the oldest.
    fn listed(&self) -> Option<impl DoubleEndedIterator<Item = (u64, &Arc<Record>)>> {
        let catalogue = self.catalogue.as_ref()?;
        let count = catalogue.len();
        let position = move |index: usize| u64::try_from(count - index).unwrap_or_default();
        Some(catalogue.iter().enumerate().map(move |(index, record)| (position(index), record)))
    }

    fn older(&self, after: Option<u64>, most: usize) -> Found {
        let Some(listed) = self.listed() else {
            return self.core.store.older(&self.resource.id, after, most, |record| self.accepts(record));
        };
        let following = listed.filter(|(position, _)| after.is_none_or(|after| *position < after));
        let accepted = following.filter(|(_, record)| self.accepts(record));
        accepted.take(most).map(|(position, record)| (position, record.clone())).collect()
    }

    fn newer(&self, before: u64, most: usize) -> Found {
        let Some(listed) = self.listed() else {
            return self.core.store.newer(&self.resource.id, before, most, |record| self.accepts(record));
        };
        let preceding = listed.rev().filter(|(position, _)| *position > before);
        let accepted = preceding.filter(|(_, record)| self.accepts(record));
        let mut found: Found = accepted.take(most).map(|(position, record)| (position, record.clone())).collect();
        found.reverse();
        found
    }

    fn objects(&self, found: &Found) -> Vec<Value> {
        let fields = self.request.fields();
        found.iter().map(|(_, record)| object(self.core, record, &fields, None)).collect()
    }

    fn v1(&self, limit: Option<usize>) -> Result<Value, Failure> {
        let (after, before) = (self.cursor("starting_after")?, self.cursor("ending_before")?);
        if after.is_some() && before.is_some() {
            let message = "You may only specify one of these parameters: ending_before, starting_after.";
            return Err(Problem::new(ProblemKind::Exclusive, "ending_before", message).into());
        }
        let most = limit.unwrap_or(usize::MAX - 1);
        let mut found = match before {
            Some(before) => self.newer(before, most + 1),
            None => self.older(after, most + 1),
        };
        let has_more = found.len() > most;
        if has_more {
            // The one too many is the farthest from the cursor.
            let farthest = if before.is_some() { 0 } else { most };
            found.remove(farthest);
        }
        let mut body = json!({
            "object": "list",
            "data": self.objects(&found),
            "has_more": has_more,
            "url": self.request.operation.path,
        });
        expand::expand(self.core, self.request, &mut body, &self.resource.schema);
        Ok(body)
    }

    /// Returns the position of the object that a cursor names.
    fn cursor(&self, name: &str) -> Result<Option<u64>, Failure> {
        let Some(id) = self.request.parameter(name).and_then(Value::as_str) else {
            return Ok(None);
        };
        let record = super::retrieve::find(self.core, self.resource, self.request.filter(), id);
        let position = match self.listed() {
            Some(mut listed) => listed.find(|(_, record)| record.id == id).map(|(position, _)| position),
            None => record.and_then(|record| self.core.store.position(&self.resource.id, &record.id)),
        };
        position.map(Some).ok_or_else(|| {
            let object = self.resource.id.rsplit('.').next().unwrap_or_default().replace('_', " ");
            Failure::new(FailureKind::NotFound, format!("No such {object}: '{id}'")).param(name)
        })
    }

    fn v2(&self, limit: usize) -> Result<Value, Failure> {
        let path = &self.request.operation.path;
        let place = self.request.page.as_deref().map(|token| Place::parse(token, path)).transpose()?;
        let mut found = match place {
            Some(Place::Before(position)) => self.newer(position, limit + 1),
            Some(Place::After(position)) => self.older(Some(position), limit + 1),
            None => self.older(None, limit + 1),
        };
        if found.len() > limit {
            let farthest = if matches!(place, Some(Place::Before(_))) { 0 } else { limit };
            found.remove(farthest);
        }
        let url = |place: Place| {
            let query = &self.request.query;
            let separator = if query.is_empty() { "" } else { "&" };
            format!("{path}?{query}{separator}page={}", place.token(path))
        };
        let (first, last) = (found.first().map(|(position, _)| *position), found.last().map(|(position, _)| *position));
        let next = last.filter(|last| !self.older(Some(*last), 1).is_empty()).map(Place::After);
        let previous = first.filter(|first| !self.newer(*first, 1).is_empty()).map(Place::Before);
        Ok(json!({
            "data": self.objects(&found),
            "next_page_url": next.map(url),
            "previous_page_url": previous.map(url),
        }))
    }
}
