use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::{AttemptEnd, Reply, Request};

/// An engine that a test drives, and the journal it leaves.
struct Recorder {
    engine: Engine,
    now: Timestamp,
    in_flight: Vec<AttemptId>,
    journal: Vec<(Entry, Timestamp, u64)>,
}

impl Recorder {
    fn new(settings: Settings) -> Self {
        Self { engine: Engine::new(settings), now: Timestamp::UNIX_EPOCH, in_flight: Vec::new(), journal: Vec::new() }
    }

    fn handle(&mut self, input: Input) -> Value {
        self.now += SignedDuration::from_nanos(1_234_567);
        let entry = Entry::of(&input);
        let mut digest = entry.as_ref().map(|entry| entry.digest(self.now)).unwrap_or_default();
        self.engine.handle(input, self.now);
        let mut answer = Value::Null;
        while let Some(effect) = self.engine.poll_effect() {
            digest.add(&effect);
            match effect {
                Effect::Reply { reply, .. } => answer = said(*reply),
                Effect::StartAttempt { attempt } => self.in_flight.push(attempt),
                Effect::StopAttempt { .. } | Effect::CallObjects { .. } => {}
            }
        }
        self.journal.extend(entry.map(|entry| (entry, self.now, digest.to_bits())));
        answer
    }

    fn batch(&mut self, path: &str, body: Value) -> Value {
        let request = fanout_batch::api::Request::decode(path, body.to_string().as_bytes()).unwrap().unwrap();
        self.handle(Input::Call { id: CallId(1), request: Request::Batch(request) })
    }

    fn states(&mut self, operation: &str, body: Value) -> Value {
        let request = fanout_asl::api::Request::decode(operation, body.to_string().as_bytes()).unwrap().unwrap();
        self.handle(Input::Call { id: CallId(1), request: Request::States(request) })
    }

    fn end(&mut self, at: usize, code: i32) {
        let attempt = self.in_flight.remove(at);
        self.handle(Input::AttemptStarted { attempt });
        self.handle(Input::AttemptEnded { attempt, end: AttemptEnd::Exited { code, reason: None } });
    }
}

fn said(reply: Reply) -> Value {
    match reply {
        Reply::Batch(Ok(reply)) => reply.to_json(),
        Reply::Batch(Err(error)) => json!(error.message),
        Reply::States(Ok(reply)) => reply.to_json(),
        Reply::States(Err(error)) => json!(error.message),
    }
}

/// A Map whose tasks are retried with jitter, and one that Batch refuses.
const DOCUMENT: &str = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.runs","MaxConcurrency":3,"End":true,"Iterator":{"StartAt":"T",
"States":{"T":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","End":true,
"Parameters":{"JobName":"j","JobQueue.$":"$","JobDefinition":"d"},
"Retry":[{"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":1,"MaxAttempts":2,"JitterStrategy":"FULL"}],
"Catch":[{"ErrorEquals":["States.ALL"],"Next":"P"}]},"P":{"Type":"Pass","End":true}}}}}}"#;

fn recorded(reads: bool) -> (Recorder, Value) {
    let mut engine = Recorder::new(Settings { seed: 11, ..Settings::default() });
    let resources = json!({"type": "FARGATE", "maxvCpus": 2, "subnets": ["s"], "securityGroupIds": ["g"]});
    engine.batch("createcomputeenvironment", json!({"computeEnvironmentName": "c", "type": "MANAGED", "computeResources": resources}));
    engine.batch(
        "createjobqueue",
        json!({"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "c"}]}),
    );
    let needs = json!([{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}]);
    let container = json!({"image": "i", "executionRoleArn": "arn:aws:iam::123456789012:role/r", "resourceRequirements": needs});
    engine.batch(
        "registerjobdefinition",
        json!({"jobDefinitionName": "d", "type": "container", "platformCapabilities": ["FARGATE"], "containerProperties": container}),
    );
    let role = "arn:aws:iam::123456789012:role/r";
    let machine = engine.states("CreateStateMachine", json!({"name": "m", "definition": DOCUMENT, "roleArn": role}));
    let input = json!({"runs": ["q", "none", "q", "q"]}).to_string();
    let execution = engine.states("StartExecution", json!({"stateMachineArn": machine["stateMachineArn"], "input": input}));
    for step in 0..40 {
        if reads {
            engine.batch("listjobs", json!({}));
            engine.states("GetExecutionHistory", execution.clone());
            engine.batch("describejobs", json!({"jobs": ["x"]}));
        }
        match engine.in_flight.len() {
            0 => {}
            waiting => engine.end(step % waiting, i32::from(step % 3 == 0)),
        }
        if let Some(due) = engine.engine.poll_deadline()
            && engine.in_flight.is_empty()
        {
            engine.now = engine.now.max(due.at);
            engine.handle(Input::Tick);
        }
    }
    (engine, execution)
}

fn history(engine: &mut Recorder, execution: &Value) -> Value {
    let call = json!({"executionArn": execution["executionArn"], "maxResults": 1000});
    engine.states("GetExecutionHistory", call)
}

#[test]
fn a_replayed_engine_is_the_same_engine() {
    let (mut engine, execution) = recorded(true);
    let mut replay = Replay::new(Settings { seed: 11, ..Settings::default() });
    for (entry, at, digest) in &engine.journal {
        replay.feed(entry, *at, *digest).unwrap();
    }
    let Replayed { engine: replayed, in_flight, last, .. } = replay.finish();
    assert_eq!(in_flight.into_iter().collect::<Vec<_>>(), engine.in_flight);
    assert_eq!(Some(last), engine.journal.last().map(|(_, at, _)| *at));
    let before = history(&mut engine, &execution);
    assert!(before["events"].as_array().unwrap().iter().any(|event| event["type"] == "TaskSubmitFailed"), "{before}");
    engine.engine = replayed;
    assert_eq!(history(&mut engine, &execution), before);
}

#[test]
fn calls_that_change_nothing_change_nothing() {
    let (with, without) = (recorded(true).0, recorded(false).0);
    let entries = |recorder: &Recorder| recorder.journal.iter().map(|(entry, ..)| entry.clone()).collect::<Vec<_>>();
    assert_eq!(entries(&with), entries(&without));
}

#[test]
fn another_engine_is_found_out() {
    let (engine, _) = recorded(false);
    let mut replay = Replay::new(Settings { seed: 12, ..Settings::default() });
    let mut taken = engine.journal.iter().map(|(entry, at, digest)| replay.feed(entry, *at, *digest));
    assert!(taken.any(|taken| matches!(taken, Err(ReplayError::Differs))));
}
