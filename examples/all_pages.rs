//! Writes all report runs, however many pages they are, to a CSV file.
//!
//! `cargo run --example all_pages -- report_runs.csv`

use std::error::Error;
use std::process::ExitCode;

use stripe_reporting::Client;
use stripe_reporting::v1::reporting::ReportRun;

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
    let path = std::env::args().nth(1).ok_or("usage: all_pages <FILE>")?;
    let stripe = Client::from_env()?;
    let mut file = csv::Writer::from_path(&path)?;
    file.write_record(["id", "created", "report_type", "status"])?;
    let mut pages = stripe.list(ReportRun::list()).pages();
    let mut count = 0;
    while let Some(page) = pages.try_next().await? {
        for run in &page {
            file.write_record([
                run.id.as_str(),
                &run.created.to_string(),
                run.report_type.as_str(),
                run.status.as_str(),
            ])?;
        }
        count += page.data.len();
        eprintln!("{count} report runs");
    }
    file.flush()?;
    Ok(())
}
