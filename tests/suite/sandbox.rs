//! The examples against the sandbox: what they print and write. Data and ids follow from the seed, times from the clock.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::json;
use stripe_reporting::v2::data::QueryRun;
use stripe_reporting::{Client, Config};
use stripe_reporting_sandbox::{Builder, Outcome, Sandbox};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::examples::example;

/// In the future, since clients request URLs again that have expired by the machine's clock.
const CLOCK: &str = "2040-06-15T12:00:00Z";
const SQL: &str = "SELECT id, type, amount, fee, currency FROM balance_transactions ORDER BY created, id LIMIT 3";
const DAY: i64 = 86_400;
/// How long an example may take to print a line.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the settings of a sandbox whose responses are always the same.
fn builder() -> Builder {
    Sandbox::builder().seed(1).clock(CLOCK.parse().unwrap())
}

/// Runs an example in a folder, and returns what it prints.
async fn run(sandbox: &Sandbox, name: &'static str, arguments: &'static [&str], folder: &Path) -> String {
    let (variables, folder) = (sandbox.variables().map(|(name, value)| (name, value.to_owned())), folder.to_owned());
    let run = move || example(name, arguments, &folder).envs(variables).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs an example that needs nothing else, and returns what it prints, and the folder that it writes to.
async fn printed(name: &'static str, arguments: &'static [&str]) -> (String, TempDir) {
    let (sandbox, folder) = (builder().start().await.unwrap(), tempfile::tempdir().unwrap());
    (run(&sandbox, name, arguments, folder.path()).await, folder)
}

#[track_caller]
fn assert_snapshot(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../snapshots/sandbox", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

#[tokio::test]
async fn quick_start() {
    let (_, folder) = printed("quick_start", &[]).await;
    let result = fs::read_to_string(folder.path().join("result.csv")).unwrap();
    let head: Vec<_> = result.lines().take(5).collect();
    assert_snapshot("quick_start", &format!("{}\n{} lines", head.join("\n"), result.lines().count()));
}

#[tokio::test]
async fn sql_query() {
    let (text, folder) = printed("sql_query", &[SQL, "result.csv"]).await;
    assert_snapshot("sql_query", &(text + &fs::read_to_string(folder.path().join("result.csv")).unwrap()));
}

#[tokio::test]
async fn blocking() {
    assert_snapshot("blocking", &printed("blocking", &[SQL]).await.0);
}

#[tokio::test]
async fn schemas() {
    assert_snapshot("schemas", &printed("schemas", &["charges"]).await.0);
}

#[tokio::test]
async fn scheduled_query_runs() {
    assert_snapshot("scheduled_query_runs", &printed("scheduled_query_runs", &[]).await.0);
}

/// The example requests the last month of the machine's clock, so amounts and currencies are not in the snapshot.
#[tokio::test]
async fn report_rows() {
    let (sandbox, folder) = (Sandbox::builder().seed(1).start().await.unwrap(), tempfile::tempdir().unwrap());
    let text = run(&sandbox, "report_rows", &[], folder.path()).await;
    let mut lines: Vec<_> = text.lines().filter_map(|line| Some(line.trim_end().rsplit_once(' ')?.0)).collect();
    lines.iter_mut().for_each(|line| *line = line.trim_end_matches(|c: char| !c.is_alphabetic()));
    lines.sort_unstable();
    lines.dedup();
    assert_snapshot("report_rows", &lines.join("\n"));
}

#[tokio::test]
async fn all_pages() {
    let (sandbox, folder) = (builder().start().await.unwrap(), tempfile::tempdir().unwrap());
    for count in 0..12 {
        let outcome = match count {
            0 => Outcome::Failed { code: "internal_error".into(), message: "An internal error occurred.".into() },
            _ => Outcome::Succeeded,
        };
        let end = sandbox.now().as_second() - 10 * DAY;
        let parameters = json!({"interval_start": end - 30 * DAY, "interval_end": end});
        let properties = json!({"report_type": "balance.summary.1", "parameters": parameters});
        sandbox.add("reporting.report_run", properties, outcome).await.unwrap();
        sandbox.advance(Duration::from_secs(3600));
    }
    run(&sandbox, "all_pages", &["runs.csv"], folder.path()).await;
    assert_snapshot("all_pages", &fs::read_to_string(folder.path().join("runs.csv")).unwrap());
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Forwards all connections to an address.
async fn forward(listener: TcpListener, address: String) {
    while let Ok((mut from, _)) = listener.accept().await {
        let mut to = TcpStream::connect(&address).await.unwrap();
        tokio::spawn(async move { copy_bidirectional(&mut from, &mut to).await });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks() {
    let folder = tempfile::tempdir().unwrap();
    // Both servers need the other one's address, so events pass through a third one.
    let forwarder = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", forwarder.local_addr().unwrap());
    let sandbox = builder().webhook(url).start().await.unwrap();
    let mut command = example("webhooks", &["127.0.0.1:0"], folder.path());
    let child = command.envs(sandbox.variables()).stdout(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let stdout = BufReader::new(running.0.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let line = lines.recv_timeout(TIMEOUT).unwrap();
    let address = line.strip_prefix("listening at http://").unwrap().to_owned();
    tokio::spawn(forward(forwarder, address));

    let config = Config::builder(sandbox.key()).base_url(sandbox.base_url()).build().unwrap();
    Client::with_config(config).unwrap().send(QueryRun::create(SQL)).await.unwrap();
    sandbox.wait_for_deliveries().await;
    // One line for each event, and one for the file.
    let sent = sandbox.events().into_iter().filter(|event| !event.deliveries.is_empty()).count();
    let mut printed: Vec<_> = (0..=sent).map(|_| lines.recv_timeout(TIMEOUT).unwrap()).collect();
    // Events are handled in parallel.
    printed.sort();
    let saved = printed.iter().find_map(|line| line.split_once(": saved as ")).unwrap().1;
    let result = fs::read_to_string(folder.path().join(saved)).unwrap();
    assert_snapshot("webhooks", &format!("{}\n\n{result}", printed.join("\n")));
}
