//! Configures and starts a server.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::{fmt, io};

use jiff::Timestamp;

use crate::data::{Database, LoadError};
use crate::description::{Description, SpecError};
use crate::events::{EventTypes, Events, WebhookError, WebhookUrl};
use crate::faults::Faults;
use crate::log::Log;
use crate::request::Idempotency;
use crate::sandbox::Sandbox;
use crate::state::{Clock, Core, Ids, Keys, Limits, Schedule, Schedules, Store};
use crate::validation::Validators;
use crate::work::Results;
use crate::{events, seeds, server};

/// The number of seeds and days whose data is kept for other servers.
const SHARED_DATA: usize = 2;

/// The data of a seed and a day.
type Shared = ((u64, i64), Arc<Database>);

/// Configures a [`Sandbox`].
#[derive(Debug, Clone, Default)]
pub struct Builder {
    seed: u64,
    port: u16,
    data: Option<PathBuf>,
    spec: Option<PathBuf>,
    schedule: Schedule,
    clock: Option<Timestamp>,
    limits: Limits,
    restricted: Vec<(String, Vec<String>)>,
    inaccessible: Vec<String>,
    webhooks: Vec<String>,
    webhook_secret: Option<String>,
}

/// The server cannot start.
#[derive(Debug)]
pub enum StartError {
    /// The description cannot be served.
    Spec(SpecError),
    /// The data cannot be loaded.
    Data(LoadError),
    /// A webhook's URL cannot be used.
    Webhook(WebhookError),
    /// The port cannot be used.
    Port(io::Error),
}

impl Builder {
    /// Sets the seed of the data and of ids.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the port, instead of any free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets a directory with CSV files that are loaded as tables.
    #[must_use]
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }

    /// Sets a directory with a description, instead of the one that the sandbox was built with.
    #[must_use]
    pub fn spec(mut self, directory: impl Into<PathBuf>) -> Self {
        self.spec = Some(directory.into());
        self
    }

    /// Sets when runs end, and how.
    #[must_use]
    pub fn schedule(mut self, schedule: impl Into<Schedule>) -> Self {
        self.schedule = schedule.into();
        self
    }

    /// Sets a virtual clock, which starts at a time and moves by [`Sandbox::advance`] only.
    #[must_use]
    pub fn clock(mut self, start: Timestamp) -> Self {
        self.clock = Some(start);
        self
    }

    /// Sets the limits of runs and results, instead of Stripe's.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Adds a restricted key (`rk_test_…` or `rk_live_…`) with permissions such as `reporting_read`.
    #[must_use]
    pub fn restricted_key<'p>(
        mut self,
        key: impl Into<String>,
        permissions: impl IntoIterator<Item = &'p str>,
    ) -> Self {
        self.restricted.push((key.into(), permissions.into_iter().map(str::to_owned).collect()));
        self
    }

    /// Refuses access to a resource, by its `x-resourceId`, as for an account without the feature.
    #[must_use]
    pub fn inaccessible(mut self, resource: impl Into<String>) -> Self {
        self.inaccessible.push(resource.into());
        self
    }

    /// Adds a URL that events are sent to, with plain `http`.
    ///
    /// A delivery without a 2xx status is retried five times, after 0.1 s at first, then after three times the previous
    /// delay. With a virtual clock, retries wait until [`Sandbox::advance`] moves it.
    #[must_use]
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhooks.push(url.into());
        self
    }

    /// Sets the secret that events are signed with, by default `whsec_sandbox`.
    #[must_use]
    pub fn webhook_secret(mut self, secret: impl Into<String>) -> Self {
        self.webhook_secret = Some(secret.into());
        self
    }

    /// Returns the types of events that the description has, by their kind.
    ///
    /// # Errors
    ///
    /// [`StartError::Spec`] if the description cannot be served.
    pub fn event_types(&self) -> Result<EventTypes, StartError> {
        let (description, _) = self.described().map_err(StartError::Spec)?;
        Ok(events::types(&description))
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the description, the data, a webhook's URL or the port cannot be used.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let webhooks = self.webhooks.iter().map(|url| WebhookUrl::parse(url)).collect::<Result<Vec<_>, _>>();
        let webhooks = webhooks.map_err(StartError::Webhook)?;
        let (description, validators) = self.described().map_err(StartError::Spec)?;
        let clock = Clock::new(self.clock);
        let end = clock.now();
        let database = self.database(end).map_err(StartError::Data)?;
        let core = Arc::new(Core {
            results: Results::new(database.clone()),
            clock,
            limits: RwLock::new(self.limits),
            keys: Keys::new(database.accounts(), &self.restricted),
            store: Store::default(),
            ids: Ids::new(self.seed),
            schedules: Schedules::new(self.schedule),
            idempotency: Idempotency::default(),
            log: Log::default(),
            events: Events::new(webhooks, self.webhook_secret),
            faults: Faults::default(),
            inaccessible: self.inaccessible.into_iter().collect(),
            urls: OnceLock::new(),
            agenda: Mutex::default(),
            wake: tokio::sync::Notify::new(),
            description,
            validators,
            database,
        });
        seeds::add(&core).await;
        let servers = server::start(core.clone(), self.port).await.map_err(StartError::Port)?;
        Ok(Sandbox::new(core, servers))
    }

    /// Returns the data, which servers with the same seed and day share.
    fn database(&self, end: Timestamp) -> Result<Arc<Database>, LoadError> {
        static SHARED: Mutex<VecDeque<Shared>> = Mutex::new(VecDeque::new());
        if self.data.is_some() {
            return Database::ending_at(self.seed, self.data.as_deref(), end).map(Arc::new);
        }
        let key = (self.seed, end.as_second().div_euclid(86_400));
        // The lock is held while the data is made: others would make the same.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, database)) = shared.iter().find(|(other, _)| *other == key) {
            return Ok(database.clone());
        }
        let database = Arc::new(Database::ending_at(self.seed, None, end)?);
        shared.push_back((key, database.clone()));
        if shared.len() > SHARED_DATA {
            shared.pop_front();
        }
        Ok(database)
    }

    fn described(&self) -> Result<(Arc<Description>, Arc<Validators>), SpecError> {
        static EMBEDDED: OnceLock<(Arc<Description>, Arc<Validators>)> = OnceLock::new();
        if self.spec.is_none()
            && let Some(embedded) = EMBEDDED.get()
        {
            return Ok(embedded.clone());
        }
        let description = match &self.spec {
            Some(directory) => Description::read(directory)?,
            None => Description::embedded()?,
        };
        let validators = Validators::new(&description)?;
        // A description of one's own may be wrong on purpose.
        if self.spec.is_none() {
            validators.check_examples(&description)?;
        }
        let validators = Arc::new(validators);
        let described = (description, validators);
        Ok(if self.spec.is_none() { EMBEDDED.get_or_init(|| described).clone() } else { described })
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => write!(f, "invalid description: {error}"),
            Self::Data(error) => write!(f, "cannot load the data: {error}"),
            Self::Webhook(error) => error.fmt(f),
            Self::Port(error) => write!(f, "cannot listen: {error}\nhelp: choose another port"),
        }
    }
}

impl std::error::Error for StartError {}
