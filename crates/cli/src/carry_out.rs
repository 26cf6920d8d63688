//! The client machine made real: its calls through the AWS SDK, its deadlines by the clock.

use std::future::pending;
use std::io;
use std::time::Duration;

use fanout_core::call::CallError;
use fanout_core::client::{Client, Effect, Input};
use fanout_core::event::Event;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc::Receiver;

use crate::error::Error;
use crate::exit_code::Exit;
use crate::target::OpenTarget;

/// How far a plan was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// Every run's end is known.
    ToTheEnd,
    /// Somebody was in a hurry.
    Abandoned,
    /// Nothing more can be asked, and what was submitted goes on.
    Left(CallError),
}

/// Carries out a plan, or stops what is left of one. The first message of `cancel` asks to stop and to await each run's end; the
/// second one is obeyed by returning at once. An event that cannot be kept asks to stop, too.
pub(crate) async fn carry_out(
    mut client: Client,
    target: &OpenTarget,
    stop: bool,
    cancel: &mut Receiver<Exit>,
    mut on_event: impl FnMut(Event) -> io::Result<()>,
) -> Result<Carried, Error> {
    let clock = target.clock();
    let mut calls = FuturesUnordered::new();
    let (mut cancelled, mut unkept) = (stop, None);
    client.handle(Input::Start, clock.now());
    if stop {
        client.handle(Input::Cancel, clock.now());
    }
    loop {
        while let Some(effect) = client.poll_effect() {
            match effect {
                Effect::Event(event) => {
                    if let Err(error) = on_event(*event) {
                        unkept.get_or_insert(error);
                    }
                }
                Effect::Call { id, call } => calls.push(async move { (id, target.clients().call(&call).await) }),
            }
        }
        if let Some(error) = client.has_left() {
            return unkept.map_or_else(|| Ok(Carried::Left(error.clone())), |source| Err(Error::Unkept { source }));
        }
        if client.has_ended() {
            return unkept.map_or(Ok(Carried::ToTheEnd), |source| Err(Error::Unkept { source }));
        }
        if unkept.is_some() && !cancelled {
            cancelled = true;
            client.handle(Input::Cancel, clock.now());
            continue;
        }
        let deadline = client.poll_deadline().map(|deadline| clock.until(deadline.at));
        tokio::select! {
            Some((id, result)) = calls.next(), if !calls.is_empty() => {
                client.handle(Input::Answered { id, result: Box::new(result) }, clock.now());
            }
            () = pause(deadline) => client.handle(Input::Tick, clock.now()),
            reason = target.failed() => return Err(Error::EngineGaveUp(reason)),
            Some(_) = cancel.recv() => {
                if cancelled {
                    return Ok(Carried::Abandoned);
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
