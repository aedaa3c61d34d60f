//! Runs the balance report of last month and prints its rows.
//!
//! `cargo run --example report_rows`

use std::error::Error;
use std::process::ExitCode;

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::Deserialize;
use stripe_reporting::v2::data::{ReportName, ReportRun};
use stripe_reporting::{Client, Timestamp};

/// The columns of the report that are printed.
#[derive(Debug, Deserialize)]
struct Row {
    category: String,
    description: String,
    /// In units of the currency, not in cents.
    net_amount: String,
    currency: String,
}

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
    let stripe = Client::from_env()?;
    let (start, end) = last_month(&Timestamp::now().to_zoned(TimeZone::UTC))?;
    let interval = [("interval_start", start.to_string()), ("interval_end", end.to_string())];
    let run = stripe.send(ReportRun::create(ReportName::BALANCE_SUMMARY, interval)).await?;
    let run = stripe.wait(run).await?;
    let mut rows = stripe.rows::<Row>(&run)?;
    while let Some(row) = rows.try_next().await? {
        println!("{:<24} {:<40} {:>16} {}", row.category, row.description, row.net_amount, row.currency);
    }
    Ok(())
}

/// From the first moment of last month to the first of this one, in UTC.
fn last_month(now: &Zoned) -> Result<(Timestamp, Timestamp), jiff::Error> {
    let end = now.first_of_month()?.start_of_day()?;
    let start = end.yesterday()?.first_of_month()?.start_of_day()?;
    Ok((start.timestamp(), end.timestamp()))
}
