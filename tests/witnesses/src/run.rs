//! Runs all steps with one witness, against a sandbox of its own.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};
use stripe_reporting_sandbox::{EventKind, Outcome, Sandbox, Schedule, Timing};
use tokio::runtime::Runtime;

use crate::ours::Server;
use crate::requests;
use crate::script::{self, Script, Step};
use crate::witness::{Running, Witness};

/// In the future, since clients request URLs again that have expired by the machine's clock.
const CLOCK: &str = "2040-06-15T12:00:00Z";
/// A key without permissions.
const RESTRICTED: &str = "rk_test_witness";

/// What a witness saw and sent in each step, in their order.
pub(crate) type Record = Vec<(String, Value)>;

/// Runs the steps with a description, by default that of the build. API versions are those of another record.
pub(crate) fn run(
    runtime: &Runtime,
    script: &Script,
    witness: &Witness,
    spec: Option<&Path>,
    versions: Option<&Record>,
) -> Result<Record, String> {
    let clock = CLOCK.parse().map_err(|error| format!("{CLOCK}: {error}"))?;
    let mut builder = Sandbox::builder().seed(1).clock(clock).restricted_key(RESTRICTED, []);
    if let Some(spec) = spec {
        builder = builder.spec(spec);
    }
    let sandbox = runtime.block_on(builder.start()).map_err(|error| error.to_string())?;
    let server = Server { runtime, url: sandbox.base_url().to_owned(), key: sandbox.key().to_owned() };
    let running = witness.start(&server)?;
    let mut session =
        Session { script, sandbox, server, running, versions, record: Vec::new(), outcomes: BTreeMap::new() };
    session.run().map_err(|message| format!("{}: {message}", witness.name))?;
    Ok(session.record)
}

struct Session<'s> {
    script: &'s Script,
    sandbox: Sandbox,
    server: Server<'s>,
    running: Running,
    versions: Option<&'s Record>,
    record: Record,
    outcomes: BTreeMap<String, Value>,
}

impl Session<'_> {
    fn run(&mut self) -> Result<(), String> {
        let account = self.sandbox.accounts().pop().ok_or("the sandbox has no accounts")?;
        self.outcomes.insert("account".to_owned(), account.into());
        for step in &self.script.steps {
            self.step(step)?;
        }
        for step in self.script.webhooks()? {
            self.step(&step)?;
        }
        for (event_type, kind) in self.sandbox.event_types() {
            let sent = self.server.runtime.block_on(self.sandbox.send_event(&event_type));
            let event = sent.map_err(|error| format!("{event_type}: {error}"))?;
            let payload = String::from_utf8_lossy(&event.body);
            let step = match kind {
                EventKind::Snapshot => script::event_step(&format!("events {event_type}"), &payload, "snapshot", false),
                EventKind::Thin => script::event_step(&format!("events {event_type}"), &payload, "thin", true),
            };
            self.step(&step?)?;
        }
        self.script.last.iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(fault) = &step.before.fault {
            self.sandbox.fault(fault.clone());
        }
        if step.before.outcome.is_some() {
            let outcome = Outcome::Failed { code: "internal_error".into(), message: "The run broke.".into() };
            self.sandbox.schedule_next(Schedule { timing: Timing::AtOnce, outcome });
        }
        // A step without requests has none.
        let version = self.versions.map(|record| version(record, &step.name).unwrap_or(self.sandbox.version()));
        let whole = match self.script.complete(step, &self.outcomes, version) {
            Ok(whole) => whole,
            Err(message) => {
                let outcome = json!({"error": {"class": script::CLASS, "message": message}});
                self.record.push((step.name.clone(), outcome));
                return Ok(());
            }
        };
        let last = self.sandbox.requests().pop().map(|exchange| exchange.id);
        let mut seen =
            self.running.run(&self.server, &whole).map_err(|message| format!("step `{}`: {message}", step.name))?;
        self.sandbox.clear_faults();
        if let Some(value) = seen.get("value") {
            self.outcomes.insert(step.name.clone(), value.clone());
        }
        let mut sent = self.sandbox.requests();
        if let Some(index) = sent.iter().position(|exchange| Some(&exchange.id) == last.as_ref()) {
            sent.drain(..=index);
        }
        requests::hide_ports(&mut seen);
        by_text(&mut seen);
        script::set(&mut seen, "requests", requests::neutral(&sent));
        self.record.push((step.name.clone(), seen));
        Ok(())
    }
}

/// Returns the API version of the first request of a step.
fn version<'r>(record: &'r Record, step: &str) -> Option<&'r str> {
    let (_, seen) = record.iter().find(|(name, _)| name == step)?;
    seen.pointer("/requests/0/headers/stripe-version").and_then(Value::as_str)
}

/// Makes the list of what is unknown a map, in which texts do not depend on what else is unknown.
fn by_text(seen: &mut Value) {
    if let Some(unknown) = seen.get_mut("unknown") {
        let texts = unknown.as_array().into_iter().flatten().filter_map(Value::as_str);
        *unknown = texts.map(|text| (text.to_owned(), true.into())).collect::<Map<_, _>>().into();
    }
}
