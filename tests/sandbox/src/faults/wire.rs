//! Writes responses to the connection itself: cut, slow, or with a length that is wrong. Then the connection ends.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::response::Response;
use http::response::Parts;
use http::{Method, header};
use tokio::time::sleep;

use crate::server::Connection;

/// How long the client has to read what precedes a reset, which discards what is not read.
const BEFORE_RESET: Duration = Duration::from_millis(20);
/// How often a throttled body continues.
const PACE: Duration = Duration::from_millis(20);

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Close,
    Reset,
}

/// What is sent of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Nothing(End),
    /// The head and this many bytes of the body, by default one half.
    Part(Option<usize>, End),
    /// This many bytes a second.
    Throttled(u64),
    /// All, with a length that differs by this number.
    Length(isize),
}

/// Sends a response, and ends the connection. The response that is returned is not sent.
pub(super) async fn send(connection: &Connection, method: &Method, wire: Wire, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // An error is that of a client that has gone.
    let _ = write(connection, method, wire, &parts, body).await;
    match wire {
        Wire::Nothing(End::Reset) => connection.reset(),
        Wire::Part(_, End::Reset) => {
            sleep(BEFORE_RESET).await;
            connection.reset();
        }
        _ => connection.close(),
    }
    Response::default()
}

async fn write(connection: &Connection, method: &Method, wire: Wire, parts: &Parts, body: Bytes) -> io::Result<()> {
    let length = match wire {
        Wire::Nothing(_) => return Ok(()),
        Wire::Length(difference) => body.len().saturating_add_signed(difference),
        _ => body.len(),
    };
    connection.write(&head(parts, length)).await?;
    if *method == Method::HEAD {
        return Ok(());
    }
    match wire {
        Wire::Part(count, _) => {
            let count = count.unwrap_or(body.len() / 2).min(body.len());
            connection.write(body.get(..count).unwrap_or_default()).await
        }
        Wire::Throttled(0) => std::future::pending().await,
        Wire::Throttled(rate) => throttled(connection, rate, &body).await,
        _ => connection.write(&body).await,
    }
}

async fn throttled(connection: &Connection, bytes_per_second: u64, body: &Bytes) -> io::Result<()> {
    // Slow bodies have one byte at a time.
    let in_time = |time: Duration| usize::try_from(u128::from(bytes_per_second) * time.as_millis() / 1_000);
    let size = in_time(PACE).unwrap_or(usize::MAX).max(1);
    let pace = PACE.max(Duration::from_secs(1) / u32::try_from(bytes_per_second).unwrap_or(u32::MAX));
    for piece in body.chunks(size) {
        connection.write(piece).await?;
        sleep(pace).await;
    }
    Ok(())
}

fn head(parts: &Parts, length: usize) -> Vec<u8> {
    let mut line = String::new();
    // Writing to a string does not fail.
    let _ = write!(line, "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {length}\r\n", parts.status);
    let mut head = line.into_bytes();
    for (name, value) in parts.headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}
