//! Runs what was recorded on AWS and compares: `FANOUT_CONFORMANCE=<directory with cases.dev.jsonl>`.
//!
//! L1: the outcome (status, output or error). L3x: the whole history, event by event, with ids and parents.

#![expect(clippy::disallowed_methods, reason = "tests read the recordings")]
#![expect(clippy::print_stderr, reason = "says what was and was not compared")]

#[path = "recorded/cases.rs"]
mod cases;
#[path = "recorded/matcher.rs"]
mod matcher;
#[path = "recorded/test_state.rs"]
mod test_state;

use std::sync::Arc;

use cases::Case;
use fanout_asl::{Definition, Effect, Execution, Input, Outcome, Payload, Quotas, Settings, StartedAs};
use jiff::Timestamp;
use matcher::Matcher;
use serde_json::Value;

/// As many as passed when this was last looked at.
const L1_AT_LEAST: usize = 517;
const L3X_AT_LEAST: usize = 220;

#[test]
fn recordings_are_reproduced() {
    let Some(cases) = cases() else {
        return;
    };
    let mut tally = Tally::default();
    for case in cases.iter().filter(|case| case.is_for_this_crate()) {
        match case.not_alone() {
            Some(feature) => *tally.left_out.entry(feature).or_default() += 1,
            None => tally.judge(case),
        }
    }
    eprintln!("left out: {:?}", tally.left_out);
    eprintln!("L1 {}/{}, L3x {}/{}", tally.l1.0, tally.l1.1, tally.l3x.0, tally.l3x.1);
    assert!(tally.l1.0 >= L1_AT_LEAST && tally.l3x.0 >= L3X_AT_LEAST, "fewer recordings are reproduced than before");
}

/// All recordings; `None`, said loudly, if there are none here.
fn cases() -> Option<Vec<Case>> {
    let Ok(directory) = std::env::var("FANOUT_CONFORMANCE") else {
        eprintln!("NOT RUN: set FANOUT_CONFORMANCE to the directory of the recordings (cases.dev.jsonl)");
        return None;
    };
    let path = format!("{directory}/cases.dev.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Some(text.lines().map(|line| Case(serde_json::from_str(line).expect("a case a line"))).collect())
}

/// Passed and judged.
#[derive(Default)]
struct Tally {
    l1: (usize, usize),
    l3x: (usize, usize),
    left_out: std::collections::BTreeMap<&'static str, usize>,
}

impl Tally {
    fn judge(&mut self, case: &Case) {
        let run = run(case);
        let wrong = run.differences(case);
        self.l1.1 += 1;
        self.l1.0 += usize::from(wrong.is_empty());
        for line in &wrong {
            eprintln!("L1 {}: {line}", case.id());
        }
        let Some(history) = case.history() else {
            return;
        };
        let wrong = matcher_of(case).differences(&Value::Array(history.clone()), &Value::Array(run.history.clone()));
        self.l3x.1 += 1;
        self.l3x.0 += usize::from(wrong.is_empty());
        for line in wrong.iter().take(6) {
            eprintln!("L3x {}: {line}", case.id());
        }
    }
}

fn matcher_of(case: &Case) -> Matcher {
    Matcher::new(case.tokens())
}

/// What one case came to.
struct Run {
    status: String,
    output: Option<Value>,
    error: Option<String>,
    history: Vec<Value>,
}

impl Run {
    fn differences(&self, case: &Case) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.status != case.expected("status").as_str().unwrap_or_default() {
            wrong.push(format!("status {} ({:?}), recorded {}", self.status, self.error, case.expected("status")));
        }
        if let Some(output) = &self.output {
            wrong.extend(matcher_of(case).differences(case.expected("output"), output));
        }
        if self.status == "FAILED" {
            let error = self.error.clone().map_or(Value::Null, Value::String);
            wrong.extend(matcher_of(case).differences(case.expected("error"), &error));
        }
        wrong
    }
}

fn run(case: &Case) -> Run {
    let mut run = Run { status: "OK".into(), output: None, error: None, history: Vec::new() };
    let definition = match Definition::parse(&case.definition()) {
        Ok(definition) => definition,
        Err(problems) => {
            run.status = if case.kind() == "validate" { "FAIL".into() } else { "ERROR".into() };
            run.error = Some(format!("{problems:?}"));
            return run;
        }
    };
    if case.kind() != "execution" {
        return run;
    }
    let mut execution = Execution::new(Arc::new(definition), settings(case));
    let mut now: Timestamp = "2026-01-02T03:04:05.678Z".parse().expect("a time");
    execution.handle(Input::Start, now);
    loop {
        match execution.poll_effect() {
            Some(Effect::Record(event)) => run.history.push(event.to_json(true)),
            Some(Effect::Ended(outcome)) => run.end(outcome),
            Some(_) => {}
            None => match execution.poll_deadline() {
                Some(deadline) => {
                    now = deadline.at;
                    execution.handle(Input::Tick, now);
                }
                None => return run,
            },
        }
    }
}

impl Run {
    fn end(&mut self, outcome: Outcome) {
        let (status, error) = match outcome {
            Outcome::Succeeded { output } => {
                self.output = Some(output.value().clone());
                ("SUCCEEDED", None)
            }
            Outcome::Failed { error, .. } => ("FAILED", error),
            Outcome::TimedOut { error, .. } => ("TIMED_OUT", error),
            Outcome::Aborted { error, .. } => ("ABORTED", error),
        };
        self.status = status.into();
        self.error = error;
    }
}

fn settings(case: &Case) -> Settings {
    Settings {
        execution_arn: "arn:aws:states:us-east-1:111111111111:execution:machine:run".into(),
        execution_name: "run".into(),
        state_machine_arn: "arn:aws:states:us-east-1:111111111111:stateMachine:machine".into(),
        state_machine_name: "machine".into(),
        role_arn: "snf_role_arn".into(),
        input: Payload::parse(case.input()).expect("recorded inputs are JSON"),
        seed: 1,
        quotas: Quotas::default(),
        record_history: true,
        started_as: StartedAs::default(),
    }
}
