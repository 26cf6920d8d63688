//! An HTTP client for the SDK whose other end is a service in this process: no socket, no thread, no TLS.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::HeaderValue;
use http::header::HOST;
use http_body::Body;
use tower::{Service, ServiceExt};

type BoxError = Box<dyn Error + Send + Sync>;

/// Answers the SDK's requests by calling `S`, such as an `axum::Router`.
#[derive(Clone)]
pub struct InProcess<S> {
    service: S,
    read_timeout: Option<Duration>,
}

impl<S> InProcess<S> {
    /// A client that reaches `service` whatever the address.
    pub fn new(service: S) -> Self {
        Self { service, read_timeout: None }
    }
}

impl<S> fmt::Debug for InProcess<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl<S, B> HttpClient for InProcess<S>
where
    S: Service<http::Request<SdkBody>, Response = http::Response<B>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
    B: Body<Data: AsRef<[u8]> + Send, Error: Into<BoxError>> + Send + 'static,
{
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        // Connecting takes no time, so its timeout cannot pass.
        SharedHttpConnector::new(Self { read_timeout: settings.read_timeout(), ..self.clone() })
    }
}

impl<S, B> HttpConnector for InProcess<S>
where
    S: Service<http::Request<SdkBody>, Response = http::Response<B>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
    B: Body<Data: AsRef<[u8]> + Send, Error: Into<BoxError>> + Send + 'static,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { service, read_timeout } = self.clone();
        HttpConnectorFuture::new(async move {
            let answer = exchange(service, request);
            match read_timeout {
                None => answer.await,
                Some(limit) => tokio::time::timeout(limit, answer).await.unwrap_or_else(|late| Err(ConnectorError::timeout(late.into()))),
            }
        })
    }
}

async fn exchange<S, B>(service: S, request: HttpRequest) -> Result<HttpResponse, ConnectorError>
where
    S: Service<http::Request<SdkBody>, Response = http::Response<B>, Error = Infallible>,
    B: Body<Data: AsRef<[u8]>, Error: Into<BoxError>>,
{
    let mut request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    if !request.headers().contains_key(HOST)
        && let Some(authority) = request.uri().authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        request.headers_mut().insert(HOST, host);
    }
    let (head, body) = match service.oneshot(request).await {
        Ok(response) => response.into_parts(),
        Err(never) => match never {},
    };
    let body = whole(body).await.map_err(ConnectorError::io)?;
    let response = http::Response::from_parts(head, SdkBody::from(body));
    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
}

/// The SDK wants bodies that threads can share, which a service's are not. They are in memory anyhow.
async fn whole<B>(body: B) -> Result<Vec<u8>, BoxError>
where
    B: Body<Data: AsRef<[u8]>, Error: Into<BoxError>>,
{
    let mut body = pin!(body);
    let mut bytes = Vec::with_capacity(body.size_hint().lower() as usize);
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame.map_err(Into::into)?.into_data() {
            bytes.extend_from_slice(data.as_ref());
        }
    }
    Ok(bytes)
}
