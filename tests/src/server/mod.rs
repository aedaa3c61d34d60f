//! A scripted HTTP server on loopback, with real sockets and every kind of broken response.
//!
//! ```
//! use stripe_reporting_tests::server::{Reply, Server};
//!
//! let server = Server::start([Reply::json(500, "{}"), Reply::json(200, r#"{"id": "run_1"}"#)]);
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! # let requests = server.requests();
//! # assert!(requests.is_empty());
//! ```
// Tests panic on errors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod reply;
mod request;
mod serve;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

pub use self::reply::Reply;
pub use self::request::Request;

/// A scripted HTTP server, which stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    requests: Mutex<Vec<Request>>,
    respond: Box<dyn Fn(&Request) -> Reply + Send + Sync>,
    left: Arc<Mutex<VecDeque<Reply>>>,
    is_over: AtomicBool,
}

impl Server {
    /// Starts a server that sends the n-th reply to the n-th request, over any connection.
    #[must_use]
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let left = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let script = left.clone();
        let respond = move |request: &Request| {
            let reply = script.lock().unwrap().pop_front();
            reply.unwrap_or_else(|| Reply::json(599, format!("no reply left for {}", request.line())))
        };
        Self::run(left, Box::new(respond))
    }

    /// Starts a server that sends the reply that a function returns for each request.
    #[must_use]
    pub fn start_with(respond: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::run(Arc::default(), Box::new(respond))
    }

    fn run(left: Arc<Mutex<VecDeque<Reply>>>, respond: Box<dyn Fn(&Request) -> Reply + Send + Sync>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { requests: Mutex::default(), respond, left, is_over: AtomicBool::new(false) });
        let for_thread = shared.clone();
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                if for_thread.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), shared) = (stream, for_thread.clone()) else { continue };
                // Many tests break connections, so that errors are expected.
                thread::spawn(move || serve::serve(stream, connection, &shared));
            }
        });
        Self { address, shared }
    }

    /// Returns its URL, such as `http://127.0.0.1:1234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns the requests, and panics if replies are left.
    #[must_use]
    pub fn finish(self) -> Vec<Request> {
        let (left, requests) = (self.shared.left.lock().unwrap().len(), self.requests());
        let lines: Vec<_> = requests.iter().map(Request::line).collect();
        assert_eq!(left, 0, "{left} replies left after {lines:?}");
        requests
    }

    /// Returns a URL that refuses connections.
    #[must_use]
    pub fn refused() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts connections.
        drop(TcpStream::connect(self.address));
    }
}
