//! Receives webhooks: verifies them, and downloads the result of each query run that succeeded.
//!
//! `STRIPE_WEBHOOK_SECRET=whsec_… cargo run --example webhooks -- 127.0.0.1:4242`

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use stripe_reporting::v2::core::{Event, EventSubject, EventType};
use stripe_reporting::{Client, ErrorKind, Webhook};

struct App {
    stripe: Client,
    webhook: Webhook,
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
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4242".to_owned());
    let secret = std::env::var("STRIPE_WEBHOOK_SECRET").map_err(|error| format!("STRIPE_WEBHOOK_SECRET: {error}"))?;
    let webhook = Webhook::new(secret)?;
    let app = App { stripe: Client::from_env()?, webhook };
    let router = Router::new().route("/", post(receive)).with_state(Arc::new(app));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening at http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Signatures cover the raw body.
async fn receive(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match app.webhook.parse::<Event>(signature, &body) {
        Ok(event) => {
            // Stripe expects the response at once, and sends the event again without one.
            tokio::spawn(async move {
                if let Err(error) = handle(&app, &event).await {
                    eprintln!("{}: {error}", event.id);
                }
            });
            StatusCode::OK
        }
        Err(error) => {
            eprintln!("refused: {error}");
            if error.kind() == ErrorKind::Signature { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST }
        }
    }
}

async fn handle(app: &App, event: &Event) -> Result<(), stripe_reporting::Error> {
    println!("{}: {}", event.id, event.type_);
    if event.type_ != EventType::V2DataQueryRunSucceeded {
        return Ok(());
    }
    if let Some(EventSubject::V2DataQueryRun(request)) = event.subject() {
        let run = app.stripe.send(request).await?;
        let path = format!("{}.csv", run.id);
        app.stripe.download(&run)?.save_to(&path).await?;
        println!("{}: saved as {path}", event.id);
    }
    Ok(())
}
