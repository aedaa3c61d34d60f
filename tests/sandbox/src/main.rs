//! `cargo sandbox`: starts the server, and prints the variables that clients need; or sends an event.
#![forbid(unsafe_code)]

mod send_event;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use stripe_reporting_sandbox::{Sandbox, StartError};

use send_event::SendEvent;

/// A server with Stripe's reporting APIs on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo sandbox", bin_name = "cargo sandbox", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
struct Server {
    /// The port to listen on; 0 is any free one.
    #[arg(long, default_value_t = 12111)]
    port: u16,
    /// A directory with CSV files to load as tables.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The seed of the data.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A directory with the description to serve, instead of the one of this build.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
    /// A URL to send signed events to. May be repeated.
    #[arg(long, value_name = "URL")]
    webhook: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends an event of the description to the webhooks of a running sandbox, or to a URL.
    SendEvent(SendEvent),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Some(Command::SendEvent(command)) => command.run().await,
        None => run(arguments.server).await.map_err(|error| error.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(server: Server) -> Result<(), StartError> {
    let mut builder = Sandbox::builder().port(server.port).seed(server.seed);
    if let Some(data) = server.data {
        builder = builder.data(data);
    }
    if let Some(spec) = server.spec {
        builder = builder.spec(spec);
    }
    for url in server.webhook {
        builder = builder.webhook(url);
    }
    let sandbox = builder.start().await?;
    for operation in sandbox.unsupported() {
        eprintln!("warning: {operation} is not served: it does not create, retrieve or list");
    }
    for (name, value) in sandbox.variables() {
        println!("export {name}={value}");
    }
    // Comments, so that a shell can read all of it.
    println!("# page: {}", sandbox.base_url());
    println!("# admin API: {}/_sandbox", sandbox.base_url());
    // Until the process ends. A handler of signals would open sockets in every program that is built with the sandbox.
    std::future::pending().await
}
