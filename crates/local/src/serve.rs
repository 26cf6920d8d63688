//! The HTTP face on a loopback port, and on no other.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// Why nobody can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Whoever reaches the port can run programs as the user who started fanout.
    #[error("{0} is not a loopback address: whoever can reach it could run programs on this machine")]
    NotLoopback(SocketAddr),
    /// The port is taken, or the like.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
}

/// A port that listens; callers wait until it is served.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens on a loopback address; port 0 takes any free port.
    ///
    /// # Errors
    /// [`ServeError::NotLoopback`] before anything is opened; [`ServeError::Bind`] if the system refuses.
    pub async fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        if !address.ip().to_canonical().is_loopback() {
            return Err(ServeError::NotLoopback(address));
        }
        let bind = async {
            let listener = TcpListener::bind(address).await?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        bind.await.map_err(|source| ServeError::Bind { address, source })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Serves until `shutdown` resolves; calls that are under way are answered first.
///
/// # Errors
/// The system's.
pub async fn serve(listener: Listener, router: Router, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let listener = listener.listener.tap_io(|connection| {
        // Answers are small: waiting for more to send only makes them late.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn only_loopback_addresses_are_served() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
            let refused = Listener::bind(address.parse().unwrap()).await;
            assert!(matches!(refused, Err(ServeError::NotLoopback(_))), "{address}");
        }
    }

    #[tokio::test]
    async fn any_free_port_is_served_until_shutdown() {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.address();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(serve(listener, router, async { drop(stopped.await) }));
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("here"), "{answer}");
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
    }
}
