//! The client machine made real: its calls through the AWS SDK, its deadlines by the clock.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use fanout_aws::Clients;
use fanout_core::client::{Client, Effect, Input, Settings};
use fanout_core::event::Event;
use fanout_core::plan::Plan;
use fanout_local::Clock;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc::Receiver;

use crate::exit_code::Exit;

/// How far a plan was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// Every run's end is known.
    ToTheEnd,
    /// Somebody was in a hurry.
    Abandoned,
}

/// Carries out a plan. The first message of `cancel` asks to stop and to await each run's end; the
/// second one is obeyed by returning at once.
pub(crate) async fn carry_out(
    plan: Arc<Plan>,
    clients: &Clients,
    settings: Settings,
    clock: Clock,
    cancel: &mut Receiver<Exit>,
    mut on_event: impl FnMut(&Event),
) -> Carried {
    let mut client = Client::new(plan, settings);
    let mut calls = FuturesUnordered::new();
    let mut cancelled = false;
    client.handle(Input::Start, clock.now());
    loop {
        while let Some(effect) = client.poll_effect() {
            match effect {
                Effect::Event(event) => on_event(&event),
                Effect::Call { id, call } => calls.push(async move { (id, clients.call(&call).await) }),
            }
        }
        if client.has_ended() {
            return Carried::ToTheEnd;
        }
        let deadline = client.poll_deadline().map(|deadline| clock.until(deadline.at));
        tokio::select! {
            Some((id, result)) = calls.next(), if !calls.is_empty() => {
                client.handle(Input::Answered { id, result: Box::new(result) }, clock.now());
            }
            () = pause(deadline) => client.handle(Input::Tick, clock.now()),
            Some(_) = cancel.recv() => {
                if cancelled {
                    return Carried::Abandoned;
                }
                cancelled = true;
                client.handle(Input::Cancel, clock.now());
            }
        }
    }
}

async fn pause(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => pending().await,
    }
}
