//! What a transition costs, and what memory a Map takes: `cargo run --release -p fanout-asl --example language_speed`.

#![expect(clippy::disallowed_methods, reason = "this measures")]
#![expect(clippy::print_stdout, reason = "this reports")]

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use fanout_asl::{Definition, Effect, Execution, Input, Outcome, Payload, Quotas, Settings, StartedAs, TaskId};
use jiff::Timestamp;
use serde_json::{Value, json};

const ITEMS: u64 = 100_000;
const ROUNDS: usize = 5;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if let [items, concurrency] = numbers[..] {
        return memory(items as u64, concurrency);
    }
    let items = Payload::from_value((0..ITEMS).collect());
    let pass = parsed(&json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ResultPath": null,
        "ItemProcessor": {"StartAt": "Nothing", "States": {"Nothing": {"Type": "Pass", "End": true}}}}}}));
    report("Map of Pass, an iteration", ITEMS, || drive(&pass, &items, Some(40), false));
    report("the same, all at once", ITEMS, || drive(&pass, &items, None, false));
    report("the same with history", ITEMS, || drive(&pass, &items, Some(40), true));
    let chain = parsed(&chain(10_000));
    let small = Payload::from_value(json!({"a": 1}));
    report("chain of Pass, a transition", 500_000, || (0..50).for_each(|_| drive(&chain, &small, None, false)));
    report("chain of Pass with history", 500_000, || (0..50).for_each(|_| drive(&chain, &small, None, true)));
    let tasks = parsed(&article());
    report("Map of .sync Task, an iteration", ITEMS, || drive(&tasks, &items, Some(40), false));
    report("the same, all at once", ITEMS, || drive(&tasks, &items, None, false));
    report("the same with history", ITEMS, || drive(&tasks, &items, Some(40), true));
    for (items, concurrency) in [(100_000_u64, 40), (1_000_000, 40), (1_000_000, 4_000), (1_000_000, 40_000)] {
        // In a process of its own: what was freed before is not given back to the system.
        let itself = std::env::current_exe().map(std::process::Command::new);
        drop(itself.and_then(|mut itself| itself.args([items.to_string(), concurrency.to_string()]).status()));
    }
}

/// The most memory that a Map of tasks takes beyond its items, where Linux tells of it.
fn memory(items: u64, concurrency: usize) {
    let (tasks, value) = (parsed(&article()), Payload::from_value((0..items).collect()));
    let before = kibibytes("VmHWM:");
    drive(&tasks, &value, Some(concurrency), false);
    let after = kibibytes("VmHWM:").zip(before).map(|(most, before)| most.saturating_sub(before));
    if let Some(kibibytes) = after {
        println!("{items:9} items, {concurrency:6} in flight: {kibibytes:8} KiB beyond the items");
    }
}

fn kibibytes(what: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with(what))?.split_whitespace().nth(1)?.parse().ok()
}

fn parsed(document: &Value) -> Arc<Definition> {
    Arc::new(Definition::parse(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}")))
}

fn report(what: &str, count: u64, work: impl Fn()) {
    let mut times: Vec<u64> = (0..ROUNDS)
        .map(|_| {
            let start = cpu_nanoseconds();
            work();
            cpu_nanoseconds() - start
        })
        .collect();
    times.sort_unstable();
    let (least, middle) = (times[0], times[ROUNDS / 2]);
    println!("{what:34} {:6} ns each   {:6} ms best, {:6} ms median of {ROUNDS}", least / count, least / 1_000_000, middle / 1_000_000);
}

/// Time on a processor as Linux counts it, so that a busy machine disturbs less; elsewhere the wall's.
fn cpu_nanoseconds() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    counted.unwrap_or_else(|| START.get_or_init(Instant::now).elapsed().as_nanos() as u64)
}

fn chain(length: u64) -> Value {
    let state = |n: u64| {
        let end =
            if n + 1 == length { json!({"Type": "Pass", "End": true}) } else { json!({"Type": "Pass", "Next": format!("S{}", n + 1)}) };
        (format!("S{n}"), end)
    };
    json!({"StartAt": "S0", "States": (0..length).map(state).collect::<serde_json::Map<_, _>>()})
}

/// The fan-out of the article: one Batch job per item, its number in the environment.
fn article() -> Value {
    json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ResultPath": null,
    "ItemSelector": {"ContainerOverrides": {"Environment": [
        {"Name": "RunNumber", "Value.$": "States.Format('{}', $$.Map.Item.Value)"},
        {"Name": "FANOUT_INDEX", "Value.$": "States.Format('{}', $$.Map.Item.Index)"},
        {"Name": "FANOUT_ITEM", "Value.$": "States.JsonToString($$.Map.Item.Value)"},
    ]}},
    "ItemProcessor": {"StartAt": "Submit", "States": {"Submit": {
        "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "ResultPath": null, "End": true,
        "Parameters": {"JobName": "run", "JobQueue": "arn:aws:batch:us-east-1:111111111111:job-queue/q",
            "JobDefinition": "arn:aws:batch:us-east-1:111111111111:job-definition/d:1",
            "ContainerOverrides.$": "$.ContainerOverrides"},
    }}}}}})
}

fn drive(definition: &Arc<Definition>, input: &Payload, concurrency: Option<usize>, record_history: bool) {
    let settings = Settings {
        execution_arn: "arn:aws:states:us-east-1:111111111111:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:us-east-1:111111111111:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::111111111111:role/r".into(),
        input: input.clone(),
        seed: 1,
        quotas: Quotas { inline_map_concurrency: concurrency, ..Quotas::off() },
        started_as: StartedAs::default(),
        record_history,
    };
    let mut execution = Execution::new(definition.clone(), settings);
    let now = Timestamp::UNIX_EPOCH;
    let (submitted, done) = (Payload::from_serialized("{}".into()), Payload::from_serialized("{\"Status\":\"SUCCEEDED\"}".into()));
    let mut running: Vec<TaskId> = Vec::new();
    execution.handle(Input::Start, now);
    loop {
        match execution.poll_effect() {
            Some(Effect::StartTask { task, .. }) => running.push(task),
            Some(Effect::Ended(outcome)) => {
                assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
                return;
            }
            Some(Effect::CancelTask { .. } | Effect::StartMapRun { .. } | Effect::RedriveMapRun { .. } | Effect::Record(_)) => {}
            None => {
                let Some(task) = running.pop() else { panic!("nothing runs") };
                execution.handle(Input::TaskSubmitted { task, output: submitted.clone() }, now);
                execution.handle(Input::TaskSucceeded { task, output: done.clone() }, now);
            }
        }
    }
}
