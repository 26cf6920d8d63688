//! Documents: read, and what reads is run. Each task succeeds with its parameters, fails or stays, in turn.

#![no_main]

use std::sync::Arc;

use fanout_asl::fuzzing::settings;
use fanout_asl::{Definition, Effect, Execution, FailureStage, Input, MachineType, Payload, TaskId};
use fanout_fuzz::{parts, within_bounds};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Effects and ticks of one run.
const MOST_STEPS: usize = 5_000;

fuzz_target!(|data: &[u8]| {
    let Some((text, input)) = parts(data) else { return };
    within_bounds(|| {
        for kind in [MachineType::Express, MachineType::Standard] {
            if let Ok(definition) = Definition::parse_as(text, kind) {
                run(definition, input.clone());
            }
        }
    });
});

fn run(definition: Definition, input: Value) {
    let mut execution = Execution::new(Arc::new(definition), settings(&Payload::from_value(input)));
    let mut now = Timestamp::UNIX_EPOCH;
    execution.handle(Input::Start, now);
    for step in 0..MOST_STEPS {
        match execution.poll_effect() {
            Some(Effect::StartTask { task, parameters, .. }) => {
                for input in answers(step, task, parameters) {
                    execution.handle(input, now);
                }
            }
            Some(Effect::StartMapRun { task, .. }) => execution.handle(failed(task), now),
            Some(Effect::Record(event)) => _ = event.to_json(true),
            Some(_) => {}
            None => match execution.poll_deadline() {
                Some(deadline) => {
                    now = deadline.at;
                    execution.handle(Input::Tick, now);
                }
                None => {
                    execution.handle(if step % 2 == 0 { Input::Redrive } else { Input::Stop { error: None, cause: None } }, now);
                    if execution.poll_deadline().is_none() {
                        return;
                    }
                }
            },
        }
    }
}

fn answers(step: usize, task: TaskId, output: Payload) -> Vec<Input> {
    let submitted = Input::TaskSubmitted { task, output: output.clone() };
    match step % 4 {
        0 => vec![submitted, failed(task)],
        1 => vec![submitted, Input::Heartbeat { task }],
        _ => vec![submitted, Input::TaskSucceeded { task, output }],
    }
}

fn failed(task: TaskId) -> Input {
    Input::TaskFailed { task, stage: FailureStage::Run, error: "States.TaskFailed".into(), cause: Some("{}".into()) }
}
