//! The SDK's clients, and which of them makes a call.

use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_batch::config::{BehaviorVersion, Credentials, Region, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use fanout_core::call::{Answer, Call, CallError};
use http_body::Body;
use tower::Service;

use crate::{InProcess, LogPage, batch, logs, objects, states};

/// One client for each service that fanout uses.
#[derive(Clone, Debug)]
pub struct Clients {
    batch: aws_sdk_batch::Client,
    sfn: aws_sdk_sfn::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    s3: aws_sdk_s3::Client,
}

/// The services' configurations are alike but of different types.
macro_rules! client {
    ($service:ident, $http:expr $(, $setting:ident)?) => {
        $service::Client::from_conf(
            $service::Config::builder()
                // Pinned: the latest one may change what a call does from one build to the next.
                .behavior_version(BehaviorVersion::v2026_01_12())
                .region(Region::from_static("us-east-1"))
                .credentials_provider(Credentials::new("fanout", "fanout", None, None, "in-process"))
                .endpoint_url("http://localhost")
                .http_client($http)
                $(.$setting(true))?
                .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(100)))
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .build(),
        )
    };
}

impl Clients {
    /// Clients whose other end is a service in this process. No profile, no variable and no address is looked at.
    pub fn in_process<S, B>(service: S) -> Self
    where
        S: Service<http::Request<SdkBody>, Response = http::Response<B>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send,
        B: Body<Data: AsRef<[u8]> + Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let http = SharedHttpClient::new(InProcess::new(service));
        Self {
            batch: client!(aws_sdk_batch, http.clone()),
            sfn: client!(aws_sdk_sfn, http.clone()),
            logs: client!(aws_sdk_cloudwatchlogs, http.clone()),
            // No name stands for this process, so buckets cannot be part of one.
            s3: client!(aws_sdk_s3, http, force_path_style),
        }
    }

    /// Clients of an account, which read their service's own settings, too.
    pub(crate) fn of_account(config: &SdkConfig) -> Self {
        Self {
            batch: aws_sdk_batch::Client::new(config),
            sfn: aws_sdk_sfn::Client::new(config),
            logs: aws_sdk_cloudwatchlogs::Client::new(config),
            // Servers at an address of their own seldom have a name for each bucket.
            s3: aws_sdk_s3::Client::from_conf(
                aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some()).build(),
            ),
        }
    }

    /// A page of a log stream, from its beginning or from where the last page ended. A stream that is not there, or not yet, has no lines.
    ///
    /// # Errors
    /// AWS's own; `Transport` if no answer arrived.
    pub async fn log_page(&self, group: &str, stream: &str, from: Option<String>) -> Result<LogPage, CallError> {
        logs::page(&self.logs, group, stream, from).await
    }

    /// Makes one call.
    ///
    /// # Errors
    /// AWS's own; `Transport` if no answer arrived; `Unsupported` if the call has no translation.
    pub async fn call(&self, call: &Call) -> Result<Answer, CallError> {
        match call {
            Call::Batch(request) => batch::call(&self.batch, request).await.map(Answer::Batch),
            Call::States(request) => states::call(&self.sfn, request).await.map(Answer::States),
            Call::LogTail(tail) => logs::tail(&self.logs, tail).await.map(Answer::LogTail),
            Call::PutObject(put) => objects::put(&self.s3, put).await.map(|()| Answer::Object),
            Call::DeleteObject(delete) => objects::delete(&self.s3, delete).await.map(|()| Answer::Object),
        }
    }
}
