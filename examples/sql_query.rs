//! Runs an SQL query and saves its result, with a progress bar.
//!
//! `cargo run --example sql_query -- "SELECT id, amount FROM balance_transactions LIMIT 10" result.csv`

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use stripe_reporting::Client;
use stripe_reporting::v2::data::QueryRun;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(sql), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: sql_query <SQL> <FILE>".into());
    };
    let stripe = Client::from_env()?;

    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(100));
    let run = stripe.send(QueryRun::create(sql)).await?;
    let states = spinner.clone();
    let run = stripe
        .wait(run)
        .timeout(Duration::from_secs(90 * 60))
        .on_poll(move |poll| match poll {
            Ok(run) => states.set_message(format!("{} is {}", run.id, run.status)),
            Err(error) => states.set_message(error.to_string()),
        })
        .await?;
    spinner.finish();

    let download = stripe.download(&run)?;
    let bar = ProgressBar::new(download.size().unwrap_or_default());
    bar.set_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?);
    let received = bar.clone();
    let size = download.on_progress(move |progress| received.set_position(progress.received)).save_to(&path).await?;
    bar.finish();
    println!("{path}: {size} bytes");
    Ok(())
}
