//! What the HTTP libraries log, in its own process, since the logger is global.

use std::sync::Mutex;

use log::LevelFilter;
use stripe_reporting::RawRequest;

use super::*;

const CHILD: &str = "STRIPE_REPORTING_TEST_LOGS";

static LOG: Mutex<String> = Mutex::new(String::new());

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let message = record.args().to_string();
        // ureq dumps 16 bytes per line, with the text at its end.
        let dumped =
            record.target().starts_with("ureq_proto::util").then(|| message.get(message.len().saturating_sub(16)..));
        let mut log = LOG.lock().unwrap();
        match dumped.flatten() {
            Some(text) => log.push_str(text),
            None => log.push_str(&format!("\n{message}\n")),
        }
    }

    fn flush(&self) {}
}

/// Returns what `log` and `tracing` record while a client sends a request.
fn logged(kind: Kind, level: LevelFilter) -> String {
    log::set_max_level(level);
    let server = Server::start_with(|_| Reply::json(200, "{}"));
    let traced = secrets::logged(|| {
        let config = Config::builder(KEY).base_url(server.url()).options(quick()).build().unwrap();
        let client = match kind {
            // On this thread, where the output of `tracing` is collected.
            Kind::Async => AnyClient::Async(
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
                Client::with_config(config).unwrap(),
            ),
            Kind::Blocking => kind.configured(config),
        };
        client.send(RawRequest::get("/v1/x?geheim=1")).unwrap();
    });
    log::set_max_level(LevelFilter::Off);
    format!("{traced}\n{}", std::mem::take(&mut *LOG.lock().unwrap()))
}

#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    log::set_logger(&Logger).unwrap();
    for (kind, level) in
        [(Kind::Async, LevelFilter::Trace), (Kind::Async, LevelFilter::Debug), (Kind::Blocking, LevelFilter::Debug)]
    {
        let log = logged(kind, level);
        assert!(log.contains("HTTP request") && !log.contains("geheim"), "{kind:?} {level}: {log}");
    }
    // As documented at `ApiKey` and `blocking`. If this fails, ureq has changed and the documentation can be shortened.
    let log = logged(Kind::Blocking, LevelFilter::Trace);
    assert!(log.contains(&format!("Bearer.{KEY}")), "{log}");
}

#[test]
fn only_ureq_logs_the_key_and_only_at_trace() {
    in_child("clients::logs::child", &[(CHILD, "1")]);
}
