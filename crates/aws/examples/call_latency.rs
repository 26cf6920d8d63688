//! Measures an SDK call that never leaves the process: `cargo run --release -p fanout-aws --example call_latency`.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::time::{Duration, Instant};

use axum::Router;
use fanout_aws::Clients;
use fanout_batch::api::Request;
use fanout_core::call::{Call, CallError};

const CALLS: u32 = 5_000;
const ROUNDS: usize = 7;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), CallError> {
    let answer = r#"{"jobArn":"arn","jobName":"n","jobId":"id"}"#;
    let clients = Clients::in_process(Router::new().fallback(move || async move { answer }));
    let body =
        br#"{"jobName":"n","jobQueue":"q","jobDefinition":"d","containerOverrides":{"environment":[{"name":"RunNumber","value":"5"}]}}"#;
    let Some(Ok(request)) = Request::decode("submitjob", body) else { return Ok(()) };
    let call = Call::Batch(request);
    let mut rounds: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..CALLS {
            clients.call(&call).await?;
        }
        rounds.push(started.elapsed() / CALLS);
    }
    rounds.sort_unstable();
    println!("SubmitJob in process: median {:?}, from {:?} to {:?}", rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
    Ok(())
}
