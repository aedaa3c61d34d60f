//! Threads that fetch the next page while the caller uses the current one.

use std::convert::Infallible;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Client;
use crate::protocol::exchange::Exchange;
use crate::{Error, ErrorKind, Response};

/// How many such threads a client and its clones have.
const MOST_THREADS: usize = 4;

/// The number of threads of a client and its clones that fetch pages.
#[derive(Clone, Default)]
pub(super) struct PageThreads(Arc<AtomicUsize>);

/// One of the threads, counted from before its start until its end.
struct Slot(PageThreads);

impl PageThreads {
    fn slot(&self) -> Option<Slot> {
        let add = |threads| (threads < MOST_THREADS).then_some(threads + 1);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add).ok().map(|_| Slot(self.clone()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A page that a thread fetches. Dropping it cancels retries and their delays; an attempt in flight cannot be interrupted,
/// and ends by its timeouts.
pub(super) struct Prefetch<T> {
    thread: JoinHandle<Result<Response<T>, Error>>,
    _cancel: Sender<Infallible>,
}

impl<T: Send + 'static> Prefetch<T> {
    /// Starts to fetch a page; `None` if all threads are busy or none can be spawned.
    pub(super) fn start(client: &Client, exchange: &Exchange<T>) -> Option<Self> {
        let slot = client.page_threads.slot()?;
        let (client, exchange) = (client.clone(), exchange.clone());
        let (cancel, cancelled) = mpsc::channel();
        let fetch = move || {
            let _slot = slot;
            sleep(Duration::ZERO, &cancelled)?;
            client.exchange_with(exchange, |delay| sleep(delay, &cancelled))
        };
        let thread = thread::Builder::new().name("stripe-reporting-page".to_owned()).spawn(fetch).ok()?;
        Some(Self { thread, _cancel: cancel })
    }

    /// Waits for the page. Propagates a panic of the thread.
    pub(super) fn join(self) -> Result<Response<T>, Error> {
        self.thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
    }
}

/// Sleeps; fails immediately once the prefetch is dropped, and with it the sender.
fn sleep(delay: Duration, cancelled: &Receiver<Infallible>) -> Result<(), Error> {
    match cancelled.recv_timeout(delay) {
        Err(RecvTimeoutError::Timeout) => Ok(()),
        // This error is never seen, since its receiver was dropped.
        Err(RecvTimeoutError::Disconnected) => Err(Error::new(ErrorKind::Connection, "the prefetch was cancelled")),
        Ok(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Instant;

    use bytes::Bytes;

    use super::*;
    use crate::Config;
    use crate::blocking::{Body, ReadBody, Transport};
    use crate::protocol::testing::ListRuns;
    use crate::transport::{Limits, TransportError};

    /// Returns a first page for each list, and `second` for its next one.
    struct Scripted {
        second: fn() -> (u16, &'static str),
        /// Each thread that fetched a second page holds a clone.
        threads: Arc<()>,
        attempts: Arc<AtomicUsize>,
    }

    thread_local! {
        static THREAD: RefCell<Option<Arc<()>>> = const { RefCell::new(None) };
    }

    struct Whole(Option<Bytes>);

    impl ReadBody for Whole {
        fn read(&mut self) -> Result<Option<Bytes>, TransportError> {
            Ok(self.0.take())
        }
    }

    impl Transport for Scripted {
        fn send(&self, request: http::Request<Bytes>, _: Limits) -> Result<http::Response<Body>, TransportError> {
            let is_first = !request.uri().query().unwrap().contains("starting_after");
            let (status, body) = if is_first {
                (200, r#"{"object":"list","data":[{"id":"run_1"}],"has_more":true,"url":"/v1/runs"}"#)
            } else {
                self.attempts.fetch_add(1, Ordering::SeqCst);
                THREAD.with(|thread| *thread.borrow_mut() = Some(self.threads.clone()));
                (self.second)()
            };
            let body: Body = Box::new(Whole(Some(Bytes::from_static(body.as_bytes()))));
            Ok(http::Response::builder().status(status).header("retry-after", "20").body(body).unwrap())
        }
    }

    fn client(second: fn() -> (u16, &'static str)) -> (Client, Arc<()>, Arc<AtomicUsize>) {
        let (threads, attempts) = (Arc::new(()), Arc::new(AtomicUsize::new(0)));
        let transport = Scripted { second, threads: threads.clone(), attempts: attempts.clone() };
        (Client::with_transport(Config::new("k"), transport), threads, attempts)
    }

    fn eventually(holds: impl Fn() -> bool) {
        let begin = Instant::now();
        while !holds() {
            assert!(begin.elapsed() < Duration::from_secs(10));
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn dropping_a_list_frees_its_thread() {
        let (client, threads, attempts) = client(|| (503, "{}"));
        // Without this one and that of the transport.
        let busy = || Arc::strong_count(&threads) - 2;
        let lists: Vec<_> = (0..300)
            .map(|_| {
                let mut items = client.with_options(crate::RequestOptions::new()).list(ListRuns::default());
                items.next().unwrap().unwrap();
                items
            })
            .collect();
        eventually(|| busy() == MOST_THREADS);
        assert_eq!(attempts.load(Ordering::SeqCst), MOST_THREADS, "the other pages are fetched when they are needed");
        drop(lists);
        // Without cancellation, they would sleep for 20 seconds and retry.
        eventually(|| busy() == 0 && client.page_threads.0.load(Ordering::SeqCst) == 0);
        for _ in 0..300 {
            client.list(ListRuns::default()).pages().next().unwrap().unwrap();
        }
        eventually(|| busy() == 0);
    }

    #[test]
    fn propagates_panics_and_frees_their_thread() {
        let (client, threads, _) = client(|| panic!("the transport panics"));
        for _ in 0..2 * MOST_THREADS {
            let mut items = client.list(ListRuns::default());
            items.next().unwrap().unwrap();
            eventually(|| Arc::strong_count(&threads) == 2);
            let panic = panic::catch_unwind(panic::AssertUnwindSafe(|| items.next())).unwrap_err();
            assert_eq!(panic.downcast_ref(), Some(&"the transport panics"));
        }
        assert_eq!(client.page_threads.0.load(Ordering::SeqCst), 0);
    }
}
