//! Results, computed when they are needed. The latest are kept, within a number of bytes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::{Output, Work, reports};
use crate::data::reports::ReportError;
use crate::data::{Column, Database, Limits, SqlError, Table};
use crate::files;
use crate::state::{self, Summary};

/// The size of the results that are kept.
const KEPT: usize = 32 << 20;

/// A result.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) columns: Arc<Vec<Column>>,
    pub(crate) table: Table,
    pub(crate) file: files::Contents,
}

/// Why a query has no result.
#[derive(Debug)]
pub(crate) enum WorkError {
    Sql(SqlError),
    Report(ReportError),
    Internal(String),
}

impl Computed {
    pub(crate) fn summary(&self) -> Summary {
        Summary {
            columns: self.columns.clone(),
            rows: self.table.rows.len(),
            size: u64::try_from(self.file.bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

impl WorkError {
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Sql(error) => &error.message,
            Self::Report(error) => &error.message,
            Self::Internal(reason) => reason,
        }
    }
}

/// Computes results.
pub(crate) struct Results {
    database: Arc<Database>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    computed: HashMap<Output, Arc<Computed>>,
    order: VecDeque<Output>,
    size: usize,
}

impl Results {
    pub(crate) fn new(database: Arc<Database>) -> Self {
        Self { database, kept: Mutex::default() }
    }

    /// Returns a result. The limits are those of the run that is started.
    pub(crate) async fn get(&self, output: &Output, limits: &state::Limits) -> Result<Arc<Computed>, WorkError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).computed.get(output).cloned();
        if let Some(computed) = kept {
            return Ok(computed);
        }
        let (database, wanted) = (self.database.clone(), output.clone());
        // A compressed result may be smaller than the file that it is made from.
        let bytes = limits.file_size.filter(|_| !output.is_compressed);
        let time = limits.execution.map(|time| time.try_into().unwrap_or_default());
        let limits = Limits { time, bytes };
        let computed = tokio::task::spawn_blocking(move || compute(&database, &wanted, &limits)).await;
        let computed = Arc::new(computed.map_err(|error| WorkError::Internal(error.to_string()))??);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(output.clone(), computed.clone());
        Ok(computed)
    }
}

impl Kept {
    fn insert(&mut self, output: Output, computed: Arc<Computed>) {
        // The cells take several times the space of their text.
        let size = |computed: &Computed| computed.file.bytes.len() * 5 + 1024;
        self.size += size(&computed);
        if let Some(replaced) = self.computed.insert(output.clone(), computed) {
            self.size -= size(&replaced);
            return;
        }
        self.order.push_back(output);
        while self.size > KEPT {
            let Some(oldest) = self.order.pop_front() else { break };
            self.size -= self.computed.remove(&oldest).map_or(0, |computed| size(&computed));
        }
    }
}

fn compute(database: &Database, output: &Output, limits: &Limits) -> Result<Computed, WorkError> {
    let scope = output.owner.scope();
    let table = match &*output.work {
        Work::Nothing => Table { columns: Vec::new(), rows: Vec::new() },
        Work::Query(sql) => database.query(sql, &scope, limits).map_err(WorkError::Sql)?,
        Work::Report { generation, report, parameters } => {
            let report = reports::find(*generation, report);
            let report = report.ok_or_else(|| WorkError::Internal("the report does not exist".into()))?;
            let parameters: Map<String, Value> =
                serde_json::from_str(parameters).map_err(|error| WorkError::Internal(error.to_string()))?;
            let parameters = reports::read(&parameters).map_err(|name| WorkError::Internal(name.to_owned()))?;
            crate::data::reports::run(database, &scope, report, &parameters, limits).map_err(|error| {
                match error.sql {
                    Some(sql) => WorkError::Sql(sql),
                    None => WorkError::Report(error),
                }
            })?
        }
    };
    let file = files::Contents::new(table.to_csv(), output.is_compressed);
    let file = file.map_err(|error| WorkError::Internal(error.to_string()))?;
    Ok(Computed { columns: Arc::new(table.columns.clone()), table, file })
}
