//! `cargo sandbox`: starts the server, and prints the variables that clients need.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use stripe_reporting_sandbox::{Sandbox, StartError};

/// A server with Stripe's reporting APIs on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo sandbox", bin_name = "cargo sandbox")]
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
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends an event of the description to the webhooks of a running server.
    SendEvent {
        /// The type, such as `reporting.report_run.succeeded`.
        #[arg(value_name = "TYPE")]
        event_type: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Command::SendEvent { event_type }) = arguments.command {
        eprintln!("error: cannot send `{event_type}`: webhooks are not supported yet");
        return ExitCode::FAILURE;
    }
    match run(arguments.server).await {
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
    let sandbox = builder.start().await?;
    for operation in sandbox.unsupported() {
        eprintln!("warning: {operation} is not served: it does not create, retrieve or list");
    }
    println!("export STRIPE_API_BASE={}", sandbox.base_url());
    println!("export STRIPE_API_KEY={}", sandbox.key());
    tokio::signal::ctrl_c().await.map_err(StartError::Port)
}
