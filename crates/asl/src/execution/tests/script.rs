//! Driving an execution by hand, with nothing left unseen.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::history::HistoryEvent;
use crate::{Definition, Effect, Execution, FailureStage, Input, Outcome, Payload, Quotas, Settings, StartedAs, TaskId};

/// An execution, the clock, and what it has done that no assertion has seen yet.
pub(super) struct Script {
    execution: Execution,
    start: Timestamp,
    now: Timestamp,
    unseen: Vec<Effect>,
    pub(super) history: Vec<HistoryEvent>,
}

impl Script {
    /// Starts a document with an input, under AWS's quotas.
    pub(super) fn start(document: &Value, input: &Value) -> Self {
        Self::start_with(document, input, Quotas::default())
    }

    pub(super) fn start_with(document: &Value, input: &Value, quotas: Quotas) -> Self {
        let definition = Definition::parse(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let settings = Settings {
            execution_arn: "arn:aws:states:us-east-1:111111111111:execution:m:e".into(),
            execution_name: "e".into(),
            state_machine_arn: "arn:aws:states:us-east-1:111111111111:stateMachine:m".into(),
            state_machine_name: "m".into(),
            role_arn: "role".into(),
            input: Payload::from_value(input.clone()),
            seed: 1,
            quotas,
            record_history: true,
            started_as: StartedAs::default(),
        };
        let start = "2026-01-02T03:04:05Z".parse().unwrap();
        let execution = Execution::new(Arc::new(definition), settings);
        let mut script = Self { execution, start, now: start, unseen: Vec::new(), history: Vec::new() };
        script.handle(Input::Start);
        script
    }

    fn handle(&mut self, input: Input) {
        self.execution.handle(input, self.now);
        while let Some(effect) = self.execution.poll_effect() {
            match effect {
                Effect::Record(event) => self.history.push(event),
                other => self.unseen.push(other),
            }
        }
    }

    pub(super) fn submitted(&mut self, task: u64) {
        self.handle(Input::TaskSubmitted { task: TaskId(task), output: Payload::from_serialized("{\"JobId\":\"j\"}".into()) });
    }

    pub(super) fn succeeded(&mut self, task: u64, output: &Value) {
        self.handle(Input::TaskSucceeded { task: TaskId(task), output: Payload::from_value(output.clone()) });
    }

    pub(super) fn failed(&mut self, task: u64, stage: FailureStage, error: &str) {
        let cause = Some(format!("cause of {error}"));
        self.handle(Input::TaskFailed { task: TaskId(task), stage, error: error.into(), cause });
    }

    pub(super) fn stop(&mut self) {
        self.handle(Input::Stop { error: Some("Enough".into()), cause: None });
    }

    /// Goes to the next deadline; how many seconds after the start it is, and why.
    pub(super) fn tick(&mut self) -> (f64, &'static str) {
        let deadline = self.execution.poll_deadline().expect("a deadline");
        self.now = deadline.at;
        self.handle(Input::Tick);
        (self.now.duration_since(self.start).as_secs_f64(), deadline.why)
    }

    pub(super) fn wait_seconds(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(super) fn has_deadline(&self) -> bool {
        self.execution.poll_deadline().is_some()
    }

    /// The tasks started since the last look, with their parameters; nothing else may have happened.
    pub(super) fn started(&mut self) -> Vec<(u64, Value)> {
        let started = self.unseen.drain(..).map(|effect| match effect {
            Effect::StartTask { task, parameters, .. } => (task.0, parameters.value().clone()),
            other => panic!("unexpected {other:?}"),
        });
        started.collect()
    }

    /// The numbers of the tasks started since the last look.
    pub(super) fn started_ids(&mut self) -> Vec<u64> {
        self.started().into_iter().map(|(task, _)| task).collect()
    }

    /// Everything but history since the last look.
    pub(super) fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.unseen)
    }

    /// The outcome; it must be all that has happened since the last look, and nothing may follow it.
    pub(super) fn outcome(&mut self) -> Outcome {
        let mut effects = self.effects();
        assert_eq!(effects.len(), 1, "{effects:#?}");
        assert!(!self.has_deadline());
        match effects.pop() {
            Some(Effect::Ended(outcome)) => outcome,
            other => panic!("unexpected {other:?}"),
        }
    }

    /// The output of an execution that succeeded.
    pub(super) fn output(&mut self) -> Value {
        match self.outcome() {
            Outcome::Succeeded { output } => output.value().clone(),
            other => panic!("unexpected {other:?}"),
        }
    }

    /// The error and cause of an execution that failed.
    pub(super) fn fault(&mut self) -> (String, String) {
        match self.outcome() {
            Outcome::Failed { error, cause } => (error.unwrap_or_default(), cause.unwrap_or_default()),
            other => panic!("unexpected {other:?}"),
        }
    }

    /// The history as lines like `7 <- 6 TaskStateExited`.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |event: &HistoryEvent| format!("{} <- {} {}", event.id, event.previous, event.kind());
        self.history.iter().map(line).collect()
    }
}

/// A machine of one state, called `S`, that ends there.
pub(super) fn single(state: Value) -> Value {
    let mut state = state;
    if !matches!(state["Type"].as_str(), Some("Succeed" | "Fail" | "Choice")) {
        state["End"] = true.into();
    }
    serde_json::json!({"StartAt": "S", "States": {"S": state}})
}

/// A Batch job's Task.
pub(super) fn job(more: Value) -> Value {
    let mut task = serde_json::json!({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
        "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}});
    if let (Some(task), Value::Object(more)) = (task.as_object_mut(), more) {
        task.extend(more);
    }
    task
}
