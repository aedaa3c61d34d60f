//! A scripted HTTP server on loopback: real sockets, and every way in which an respond can go wrong.
//!
//! ```
//! use stripe_reporting_tests::server::{Reply, Server};
//!
//! let server = Server::start([Reply::json(500, "{}"), Reply::json(200, r#"{"id": "run_1"}"#)]);
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! # let requests = server.requests();
//! # assert!(requests.is_empty());
//! ```
// It is part of tests: what can't go on there panics.
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

/// The server. It ends when it is dropped.
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
    /// Answers the n-th request that comes, over whatever connection, with the n-th reply.
    #[must_use]
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let left = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let script = left.clone();
        let respond = move |request: &Request| {
            let reply = script.lock().unwrap().pop_front();
            reply.unwrap_or_else(|| Reply::json(599, format!("no reply is left for {}", request.line())))
        };
        Self::run(left, Box::new(respond))
    }

    /// Answers each request as the function says.
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
                // A connection that breaks is what many tests are about.
                thread::spawn(move || serve::serve(stream, connection, &shared));
            }
        });
        Self { address, shared }
    }

    /// Its address: `http://127.0.0.1:…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that have come.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The requests that have come, when the script has been played to its end.
    #[must_use]
    pub fn finish(self) -> Vec<Request> {
        let (left, requests) = (self.shared.left.lock().unwrap().len(), self.requests());
        let lines: Vec<_> = requests.iter().map(Request::line).collect();
        assert_eq!(left, 0, "replies that were not asked for, after {lines:?}");
        requests
    }

    /// An address where nobody listens.
    #[must_use]
    pub fn refused() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}
