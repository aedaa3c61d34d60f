//! Connections that a handler can write to and end by itself, since faults send what HTTP libraries refuse to send.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections.
#[derive(Debug)]
pub(super) struct Connections(pub(super) TcpListener);

/// The connection of a request. While its handler runs, nothing else writes to it.
#[derive(Debug, Clone)]
pub(crate) struct Connection(Arc<Socket>);

/// What the HTTP library has of a connection.
#[derive(Debug)]
pub(super) struct Io(Arc<Socket>);

#[derive(Debug)]
struct Socket {
    stream: TcpStream,
    is_ended: AtomicBool,
}

impl Connection {
    /// Writes all bytes.
    pub(crate) async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.0.stream.writable().await?;
            match self.0.stream.try_write(bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Closes the connection when the handler returns: the client reads the end of the stream.
    pub(crate) fn close(&self) {
        self.0.is_ended.store(true, Ordering::Release);
    }

    /// Resets the connection when the handler returns.
    pub(crate) fn reset(&self) {
        // A socket that cannot linger is closed.
        let _ = self.0.stream.set_zero_linger();
        self.close();
    }
}

impl Socket {
    /// Fails when the connection has been ended, so that the HTTP library drops it.
    fn check(&self) -> io::Result<()> {
        let is_ended = self.is_ended.load(Ordering::Acquire);
        if is_ended { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    fn poll_write(
        &self,
        context: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            self.check()?;
            ready!(self.stream.poll_write_ready(context))?;
            match write(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

impl Listener for Connections {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without it, small writes wait for each other.
        let _ = stream.set_nodelay(true);
        (Io(Arc::new(Socket { stream, is_ended: AtomicBool::new(false) })), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Connections>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        Self(stream.io().0.clone())
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            self.0.check()?;
            ready!(self.0.stream.poll_read_ready(context))?;
            match self.0.stream.try_read(buffer.initialize_unfilled()) {
                Ok(count) => {
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.poll_write(context, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_write(context, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Does nothing: the socket is closed when the connection is dropped, which follows.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
