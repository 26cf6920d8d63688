//! The HTTP face on a loopback port, and on another only for those who insist.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::wire::guarded;

/// Connections that are served at one time; more wait.
const CONNECTIONS: usize = 1_000;
/// The longest time that a connection may be silent between requests, or take for the head of one.
const SILENCE: Duration = Duration::from_secs(75);
/// How long calls that are under way are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(3);
/// A pause when the system has no room for another connection.
const BREATH: Duration = Duration::from_millis(50);

/// Why nobody can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Whoever reaches the port and has the keys can run programs as the user who started fanout.
    #[error(
        "{0} is not a loopback address: whoever can reach it and has the keys can run programs on this machine; \
         --allow-remote says that this is meant"
    )]
    NotLoopback(SocketAddr),
    /// The port is taken, or the like.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
}

/// Whose calls are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those of this machine's programs.
    #[default]
    ThisMachine,
    /// Those of other machines, too, which call this one by any address or by one of these names, in lower case.
    Others(Vec<String>),
}

/// A port that listens; callers wait until it is served.
#[derive(Debug)]
pub struct Listener {
    port: TcpListener,
    address: SocketAddr,
    reach: Reach,
}

impl Listener {
    /// Listens on an address that is loopback unless others are to reach it; port 0 takes any free port.
    ///
    /// # Errors
    /// [`ServeError::NotLoopback`] before anything is opened; [`ServeError::Bind`] if the system refuses.
    pub async fn bind(address: SocketAddr, reach: Reach) -> Result<Self, ServeError> {
        Self::check(address, &reach)?;
        let bind = async {
            let port = TcpListener::bind(address).await?;
            let address = port.local_addr()?;
            Ok(Self { port, address, reach })
        };
        bind.await.map_err(|source| ServeError::Bind { address, source })
    }

    /// Whether [`Listener::bind`] would take this address, as far as that is known without binding.
    ///
    /// # Errors
    /// [`ServeError::NotLoopback`].
    pub fn check(address: SocketAddr, reach: &Reach) -> Result<(), ServeError> {
        let is_safe = address.ip().to_canonical().is_loopback() || *reach != Reach::ThisMachine;
        if is_safe { Ok(()) } else { Err(ServeError::NotLoopback(address)) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Serves until `shutdown` resolves; calls that are under way are answered first, if they do not take long.
pub async fn serve(listener: Listener, router: Router, shutdown: impl Future<Output = ()>) {
    let Listener { port, address, reach } = listener;
    let router = guarded(router, address, reach);
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accept = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, port.accept().await)
        };
        let (permit, connection) = tokio::select! {
            accepted = accept => accepted,
            () = &mut shutdown => break,
        };
        match connection {
            Ok((connection, _)) => {
                let served = open.watch(converse(connection, router.clone()));
                tokio::spawn(async move {
                    // A connection that breaks is its client's business.
                    drop(served.await);
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(port);
    drop(tokio::time::timeout(FAREWELL, open.shutdown()).await);
}

fn converse(connection: TcpStream, router: Router) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Answers are small: waiting for more to send only makes them late.
    let _ = connection.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SILENCE);
    http.serve_connection(TokioIo::new(connection), TowerToHyperService::new(router))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn only_loopback_addresses_are_served() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
            let refused = Listener::bind(address.parse().unwrap(), Reach::ThisMachine).await;
            assert!(matches!(refused, Err(ServeError::NotLoopback(_))), "{address}");
        }
    }

    #[tokio::test]
    async fn others_are_served_if_that_is_meant() {
        let reach = Reach::Others(vec!["batch.example".into()]);
        let listener = Listener::bind("0.0.0.0:0".parse().unwrap(), reach).await.unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], listener.address().port()));
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(serve(listener, router, std::future::pending()));
        for (host, answered) in [("192.0.2.1", true), ("batch.example:4566", true), ("localhost", true), ("rebound.example", false)] {
            let answer = ask(address, host).await;
            assert_eq!(answer.ends_with("here"), answered, "{host}: {answer}");
        }
        server.abort();
    }

    async fn ask(address: SocketAddr, host: &str) -> String {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn any_free_port_is_served_until_shutdown() {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), Reach::ThisMachine).await.unwrap();
        let address = listener.address();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(serve(listener, router, async { drop(stopped.await) }));
        let (here, elsewhere) = (ask(address, "localhost").await, ask(address, "rebound.example").await);
        assert!(here.ends_with("here"), "{here}");
        assert!(elsewhere.starts_with("HTTP/1.1 403 "), "{elsewhere}");
        let _silent = TcpStream::connect(address).await.unwrap();
        stop.send(()).unwrap();
        server.await.unwrap();
    }
}
