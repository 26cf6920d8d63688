//! Who is not answered at all: the port is for programs of this machine, not for what its browser shows.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{HOST, ORIGIN};

use super::failure::Failure;
use super::s3::is_for_objects;
use crate::serve::Reach;

/// The longest time from a request's head to its answer.
const PATIENCE: Duration = Duration::from_secs(90);
/// The same for a synchronous execution, which may take five minutes.
const PATIENCE_FOR_EXECUTIONS: Duration = Duration::from_secs(5 * 60 + 30);
/// The same for an object, which may be large. S3 itself does not wait long for the next piece of one.
const PATIENCE_FOR_OBJECTS: Duration = Duration::from_hours(1);

/// What is asked through a port is answered only if it was sent to this machine by name or address, and in bounded time.
pub(crate) fn guarded(router: Router, listens_at: SocketAddr, reach: Reach) -> Router {
    let here = (listens_at.ip(), Arc::new(reach));
    router.layer(middleware::from_fn(in_time)).layer(middleware::from_fn_with_state(here, refuse_other_hosts))
}

/// A page in this machine's browser can reach the port, but must not run programs. Browsers name its origin; SDKs have none.
pub(super) async fn refuse_web_pages(request: Request, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) { Failure::from_web_page().into_response() } else { next.run(request).await }
}

/// A page whose name was made to lead here afterwards is of the same origin as this port, but it cannot change the name.
async fn refuse_other_hosts(State((ip, reach)): State<(IpAddr, Arc<Reach>)>, request: Request, next: Next) -> Response {
    if is_this_machine(request.headers(), ip, &reach) { next.run(request).await } else { Failure::for_another_host().into_response() }
}

async fn in_time(request: Request, next: Next) -> Response {
    let patience = if is_for_objects(&request) {
        PATIENCE_FOR_OBJECTS
    } else if waits_for_an_execution(&request) {
        PATIENCE_FOR_EXECUTIONS
    } else {
        PATIENCE
    };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::too_slow().into_response(),
    }
}

fn waits_for_an_execution(request: &Request) -> bool {
    request.headers().get("x-amz-target").is_some_and(|target| target == "AWSStepFunctions.StartSyncExecution")
}

/// Where others are served this machine may have any address, known here or not: a page can make a name lead here, but no address.
fn is_this_machine(headers: &HeaderMap, ip: IpAddr, reach: &Reach) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(named) => named.to_canonical().is_loopback() || named == ip || matches!(reach, Reach::Others(_)),
        Err(_) => name == "localhost" || name.ends_with(".localhost") || matches!(reach, Reach::Others(names) if names.contains(&name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        is_this_machine(&headers, "127.0.0.1".parse().unwrap(), &Reach::ThisMachine)
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
        assert!(!is_this_machine(&HeaderMap::new(), "127.0.0.1".parse().unwrap(), &Reach::Others(Vec::new())));
    }
}
