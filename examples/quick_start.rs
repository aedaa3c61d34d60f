//! Runs a query, waits for its result and saves it.

use std::time::Duration;

use stripe_reporting::v2::data::QueryRun;
use stripe_reporting::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let stripe = Client::from_env()?; // STRIPE_API_KEY
    let run = stripe.send(QueryRun::create("SELECT id, amount FROM balance_transactions")).await?;
    let run = stripe.wait(run).timeout(Duration::from_secs(600)).await?;
    stripe.download(&run)?.save_to("result.csv").await?;
    Ok(())
}
