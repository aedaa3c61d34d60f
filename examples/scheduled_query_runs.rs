//! Lists the runs of scheduled Sigma queries as a table.
//!
//! `cargo run --example scheduled_query_runs`

use std::process::ExitCode;

use stripe_reporting::v1::sigma::ScheduledQueryRun;
use stripe_reporting::{Client, Error};

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

async fn run() -> Result<(), Error> {
    let stripe = Client::from_env()?;
    println!("{:<30} {:<22} {:<10} {:>12}  title", "id", "created", "status", "bytes");
    let mut runs = stripe.list(ScheduledQueryRun::list());
    while let Some(run) = runs.try_next().await? {
        let size = run.file.as_ref().map(|file| file.size.to_string()).unwrap_or_default();
        println!("{:<30} {:<22} {:<10} {size:>12}  {}", run.id, run.created.to_string(), run.status, run.title);
    }
    Ok(())
}
