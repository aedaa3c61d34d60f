//! Listens on both ports, and glues HTTP to [`api`].

mod api;
mod connection;
mod guard;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::state::{Core, Urls};
use crate::{admin, events, faults, files, page};
use connection::Connections;

pub(crate) use connection::Connection;

/// The servers of both ports. They end when this is dropped.
#[derive(Debug)]
pub(crate) struct Servers {
    _stop: watch::Sender<()>,
}

/// Starts the servers. Port 0 is any free port.
pub(crate) async fn start(core: Arc<Core>, port: u16) -> io::Result<Servers> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let files_listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let url = |address: SocketAddr| format!("http://{address}");
    let urls = Urls { base: url(listener.local_addr()?), files: url(files_listener.local_addr()?) };
    // Set once: each core has one server.
    let _ = core.urls.set(urls);
    let (stop, stopped) = watch::channel(());
    // Faults wrap what Stripe serves: the page, admin endpoints and their guard meet none.
    let faults = from_fn_with_state(core.clone(), faults::apply);
    let page = page::routes(|core, request| Box::pin(api::handle(State(core), request)));
    let local = page.merge(admin::routes()).merge(events::routes()).route_layer(from_fn(guard::check));
    let api = Router::new().fallback(api::handle).layer(faults.clone());
    serve(listener, api.merge(local), &core, stopped.clone());
    serve(files_listener, Router::new().fallback(files::handle).layer(faults), &core, stopped.clone());
    events::start(&core, stopped.clone());
    tokio::spawn(settle(core, stopped));
    Ok(Servers { _stop: stop })
}

fn serve(listener: TcpListener, routes: Router<Arc<Core>>, core: &Arc<Core>, mut stopped: watch::Receiver<()>) {
    let service = routes.with_state(core.clone()).into_make_service_with_connect_info::<Connection>();
    tokio::spawn(async move {
        let stop = async move {
            // An error when the sender is dropped.
            while stopped.changed().await.is_ok() {}
        };
        // Fails never: errors of a connection end the connection.
        let _ = axum::serve(Connections(listener), service).with_graceful_shutdown(stop).await;
    });
}

/// Ends runs at their time, so that events are in time without requests.
async fn settle(core: Arc<Core>, mut stopped: watch::Receiver<()>) {
    loop {
        let next = core.settle();
        let sleep = async {
            match next.map(|next| next.duration_since(core.clock.now())) {
                Some(duration) if !core.clock.is_virtual() => {
                    tokio::time::sleep(duration.try_into().unwrap_or_default()).await;
                }
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = sleep => {}
            () = core.wake.notified() => {}
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

/// The time at which a request was received, and its id.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) at: Timestamp,
}

impl Received {
    pub(crate) fn now(core: &Core) -> Self {
        Self { id: core.ids.next("req_"), at: core.now() }
    }
}
