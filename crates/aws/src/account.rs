//! An account: credentials, region and addresses from where every AWS program finds them.

use std::time::Duration;

use aws_config::{AppName, Region, SdkConfig};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::Clients;

/// The longest that one try of a call may take: a connection that died without a word is noticed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said of an account; the rest is found in the environment, the shared files, and wherever else the SDK looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// A profile of the shared files.
    pub profile: Option<String>,
    /// A region.
    pub region: Option<String>,
    /// One address for all services, instead of AWS's.
    pub endpoint_url: Option<String>,
}

/// An account in one region.
#[derive(Clone, Debug)]
pub struct Account {
    /// Clients that speak to it. Credentials are looked for when the first call is made.
    pub clients: Clients,
    /// Its region.
    pub region: String,
    /// The address that was found for all services, if it is not AWS's.
    pub endpoint_url: Option<String>,
}

/// There is no region: none is said, and none is in the environment or the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no region is known")]
pub struct NoRegion;

impl Account {
    /// Finds the region and the addresses.
    ///
    /// # Errors
    /// If there is no region.
    pub async fn open(login: Login) -> Result<Self, NoRegion> {
        let Login { profile, region, endpoint_url } = login;
        let is_nearby = endpoint_url.as_deref().is_some_and(is_loopback);
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http_client(is_nearby))
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build());
        if let Ok(name) = AppName::new("fanout") {
            loader = loader.app_name(name);
        }
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        if let Some(url) = endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config: SdkConfig = loader.load().await;
        let region = config.region().ok_or(NoRegion)?.to_string();
        let endpoint_url = config.endpoint_url().map(str::to_owned);
        Ok(Self { clients: Clients::of_account(&config), region, endpoint_url })
    }
}

/// Whether the address is one of this machine.
pub fn is_loopback(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Through the proxy of the environment, unless what is asked is this machine.
fn http_client(is_nearby: bool) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let proxy = if is_nearby { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
        let mut builder = Connector::builder().proxy_config(proxy);
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    })
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_told_from_others() {
        for url in ["http://127.0.0.1:4566", "http://localhost:5000/", "https://[::1]:4566"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["https://batch.us-east-1.amazonaws.com", "http://10.0.0.1:4566", "http://localhost.example", ""] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
