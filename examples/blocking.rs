//! Runs an SQL query and prints its rows, without async.
//!
//! `cargo run --example blocking -- "SELECT id, amount FROM balance_transactions LIMIT 10"`

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use stripe_reporting::blocking::Client;
use stripe_reporting::v2::data::QueryRun;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let sql = std::env::args().nth(1).ok_or("usage: blocking <SQL>")?;
    let stripe = Client::from_env()?;
    let run = stripe.send(QueryRun::create(sql))?;
    let run = stripe.wait(run).until_done()?;
    for row in stripe.download(&run)?.records::<BTreeMap<String, String>>() {
        println!("{:?}", row?);
    }
    Ok(())
}
