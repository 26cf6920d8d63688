//! Who is not answered at all: the port is for programs of this machine, not for what its browser shows.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{HOST, ORIGIN};

use super::failure::Failure;
use super::s3::is_for_objects;

/// The longest time from a request's head to its answer.
const PATIENCE: Duration = Duration::from_secs(90);
/// The same for an object, which may be large. S3 itself does not wait long for the next piece of one.
const PATIENCE_FOR_OBJECTS: Duration = Duration::from_hours(1);

/// What is asked through a port is answered only if it was sent to this machine by name or address, and in bounded time.
pub(crate) fn guarded(router: Router, listens_at: SocketAddr) -> Router {
    router.layer(middleware::from_fn(in_time)).layer(middleware::from_fn_with_state(listens_at.ip(), refuse_other_hosts))
}

/// A page in this machine's browser can reach the port, but must not run programs. Browsers name its origin; SDKs have none.
pub(super) async fn refuse_web_pages(request: Request, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) { Failure::from_web_page().into_response() } else { next.run(request).await }
}

/// A page whose name was made to lead here afterwards is of the same origin as this port, but it cannot change the name.
async fn refuse_other_hosts(State(ip): State<IpAddr>, request: Request, next: Next) -> Response {
    if is_this_machine(request.headers(), ip) { next.run(request).await } else { Failure::for_another_host().into_response() }
}

async fn in_time(request: Request, next: Next) -> Response {
    let patience = if is_for_objects(&request) { PATIENCE_FOR_OBJECTS } else { PATIENCE };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::too_slow().into_response(),
    }
}

fn is_this_machine(headers: &HeaderMap, ip: IpAddr) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(named) => named.to_canonical().is_loopback() || named == ip,
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        is_this_machine(&headers, "127.0.0.1".parse().unwrap())
    }

    #[test]
    fn this_machine_is_named_by_loopback_addresses_and_localhost() {
        for host in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "localhost:1",
            "LOCALHOST",
            "[::1]:4566",
            "[::1]",
            "127.1.2.3",
            "b.localhost:4566",
            "localhost.",
        ] {
            assert!(accepted(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:4566",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "notlocalhost",
            "192.0.2.1",
            "",
            ":80",
            "[::2]",
        ] {
            assert!(!accepted(host), "{host}");
        }
        assert!(!is_this_machine(&HeaderMap::new(), "127.0.0.1".parse().unwrap()));
    }
}
