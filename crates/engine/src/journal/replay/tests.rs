use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::{AttemptEnd, Chaos, ListedObject, ObjectAnswer, ObjectCall, ObjectCallId, Reply, Request};

/// An engine that a test drives, and the journal it leaves.
struct Recorder {
    engine: Engine,
    now: Timestamp,
    in_flight: Vec<AttemptId>,
    journal: Vec<(Entry, Timestamp, u64)>,
    /// Of S3, and not answered.
    asked: Vec<(ObjectCallId, ObjectCall)>,
}

impl Recorder {
    fn new(settings: Settings) -> Self {
        Self { engine: Engine::new(settings), now: Timestamp::UNIX_EPOCH, in_flight: Vec::new(), journal: Vec::new(), asked: Vec::new() }
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
                Effect::CallObjects { id, call } => self.asked.push((id, call)),
                Effect::StopAttempt { .. } => {}
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
    recorded_with(Settings { seed: 11, ..Settings::default() }, reads)
}

fn recorded_with(settings: Settings, reads: bool) -> (Recorder, Value) {
    let mut engine = Recorder::new(settings);
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

/// What goes wrong on purpose goes wrong again: calls that only read take nothing from those that are remembered.
#[test]
fn a_bad_day_is_replayed_as_it_was() {
    let faults = "spot=40%,pull=20%,fail=1@1,throttle=1/s,slow-start=3s".parse().unwrap();
    let chaos = Some(Chaos { faults, seed: 7, index_variable: "I".into() });
    let settings = Settings { seed: 11, chaos, ..Settings::default() };
    let (engine, _) = recorded_with(settings.clone(), true);
    assert!(engine.journal.iter().any(|(entry, ..)| entry.kind == "started"), "something is run");
    let mut replay = Replay::new(Settings::from_json(&settings.to_json()).unwrap());
    for (entry, at, digest) in &engine.journal {
        replay.feed(entry, *at, *digest).unwrap();
    }
    assert_eq!(replay.finish().in_flight.into_iter().collect::<Vec<_>>(), engine.in_flight);
    let mut usual = Replay::new(Settings { seed: 11, ..Settings::default() });
    assert!(engine.journal.iter().any(|(entry, at, digest)| usual.feed(entry, *at, *digest).is_err()), "it was a bad day");
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

/// Everything that changes a machine, and executions to their end: one of an alias, one that a caller waits for.
fn managed() -> Recorder {
    let mut engine = Recorder::new(Settings { seed: 11, ..Settings::default() });
    let document = |wait: u32| json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": wait, "End": true}}}).to_string();
    let role = "arn:aws:iam::123456789012:role/r";
    let create = |name: &str, kind: &str| json!({"name": name, "definition": document(9), "roleArn": role, "type": kind, "publish": true});
    let arn = engine.states("CreateStateMachine", create("m", "STANDARD"))["stateMachineArn"].as_str().unwrap().to_owned();
    let express = engine.states("CreateStateMachine", create("x", "EXPRESS"))["stateMachineArn"].clone();
    let activity = engine.states("CreateActivity", json!({"name": "a"}))["activityArn"].clone();
    let route = |weight: u32, version: u32| json!({"stateMachineVersionArn": format!("{arn}:{version}"), "weight": weight});
    for (operation, call) in [
        ("UpdateStateMachine", json!({"stateMachineArn": arn, "definition": document(8)})),
        ("PublishStateMachineVersion", json!({"stateMachineArn": arn, "description": "two"})),
        ("UpdateStateMachine", json!({"stateMachineArn": arn, "tracingConfiguration": {"enabled": true}, "publish": true})),
        ("DeleteStateMachineVersion", json!({"stateMachineVersionArn": format!("{arn}:3")})),
        ("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": [route(50, 1), route(50, 2)]})),
        ("CreateStateMachineAlias", json!({"name": "b", "routingConfiguration": [route(100, 1)]})),
        ("UpdateStateMachineAlias", json!({"stateMachineAliasArn": format!("{arn}:a"), "description": "d"})),
        ("DeleteStateMachineAlias", json!({"stateMachineAliasArn": format!("{arn}:b")})),
        ("TagResource", json!({"resourceArn": arn, "tags": [{"key": "k", "value": "v"}, {"key": "l", "value": ""}]})),
        ("UntagResource", json!({"resourceArn": arn, "tagKeys": ["l"]})),
        ("CreateActivity", json!({"name": "b"})),
        ("DeleteActivity", json!({"activityArn": activity})),
        ("StartExecution", json!({"stateMachineArn": format!("{arn}:a"), "name": "n"})),
        ("StartSyncExecution", json!({"stateMachineArn": express})),
        ("StartExecution", json!({"stateMachineArn": express})),
    ] {
        let answer = engine.states(operation, call);
        assert!(!answer.is_string(), "{operation}: {answer}");
    }
    let mut answers = Vec::new();
    while let Some(due) = engine.engine.poll_deadline() {
        engine.now = due.at;
        answers.push(engine.handle(Input::Tick));
    }
    assert_eq!(answers.iter().filter(|answer| answer["status"] == "SUCCEEDED").count(), 1, "{answers:?}");
    engine
}

/// What clients can see of it.
fn shown(engine: &mut Recorder) -> Vec<Value> {
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
    let execution = "arn:aws:states:us-east-1:123456789012:execution:m:n";
    [
        ("DescribeStateMachine", json!({"stateMachineArn": arn})),
        ("ListStateMachines", json!({})),
        ("ListStateMachineVersions", json!({"stateMachineArn": arn})),
        ("ListStateMachineAliases", json!({"stateMachineArn": arn})),
        ("DescribeStateMachineAlias", json!({"stateMachineAliasArn": format!("{arn}:a")})),
        ("ListTagsForResource", json!({"resourceArn": arn})),
        ("ListActivities", json!({})),
        ("DescribeExecution", json!({"executionArn": execution})),
        ("DescribeStateMachineForExecution", json!({"executionArn": execution})),
    ]
    .map(|(operation, call)| engine.states(operation, call))
    .to_vec()
}

#[test]
fn what_was_changed_is_changed_again() {
    let mut engine = managed();
    let before = shown(&mut engine);
    assert!(before.iter().all(Value::is_object), "{before:?}");
    let mut replay = Replay::new(Settings { seed: 11, ..Settings::default() });
    for (entry, at, digest) in &engine.journal {
        replay.feed(entry, *at, *digest).unwrap();
    }
    engine.engine = replay.finish().engine;
    assert_eq!(shown(&mut engine), before);
}

/// Calls to Batch that change something, each at least once, and a job of several nodes to its end.
fn batch_managed() -> Recorder {
    let mut engine = Recorder::new(Settings { seed: 11, ..Settings::default() });
    let arn = |resource: &str| format!("arn:aws:batch:us-east-1:123456789012:{resource}");
    let resources = json!({"type": "EC2", "maxvCpus": 4, "instanceRole": "r", "subnets": ["s"]});
    let container = json!({"image": "i", "command": ["x"], "vcpus": 1, "memory": 4});
    let nodes = json!({"numNodes": 2, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:", "container": container}]});
    let order = json!([{"order": 1, "computeEnvironment": "c"}]);
    let job = |name: &str, definition: &str| json!({"jobName": name, "jobQueue": "q", "jobDefinition": definition, "shareIdentifier": "a"});
    for (path, call) in [
        ("createcomputeenvironment", json!({"computeEnvironmentName": "c", "type": "MANAGED", "computeResources": resources})),
        ("createschedulingpolicy", json!({"name": "p", "fairsharePolicy": {"shareDecaySeconds": 60}})),
        ("createschedulingpolicy", json!({"name": "gone"})),
        ("updateschedulingpolicy", json!({"arn": arn("scheduling-policy/p"), "fairsharePolicy": {"computeReservation": 10}})),
        ("deleteschedulingpolicy", json!({"arn": arn("scheduling-policy/gone")})),
        (
            "createjobqueue",
            json!({"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": order, "schedulingPolicyArn": arn("scheduling-policy/p")}),
        ),
        ("updatejobqueue", json!({"jobQueue": "q", "priority": 2})),
        ("registerjobdefinition", json!({"jobDefinitionName": "n", "type": "multinode", "nodeProperties": nodes})),
        ("registerjobdefinition", json!({"jobDefinitionName": "d", "type": "container", "containerProperties": container})),
        ("tagresource", json!({"resourceArn": arn("job-queue/q"), "tags": {"a": "1", "b": "2"}})),
        ("untagresource", json!({"resourceArn": arn("job-queue/q"), "tagKeys": ["b"]})),
        ("submitjob", job("gang", "n")),
        ("submitjob", job("big", "d")),
        ("updatecomputeenvironment", json!({"computeEnvironment": "c", "computeResources": {"maxvCpus": 3}})),
    ] {
        let answer = engine.batch(path, call);
        assert!(!answer.is_string(), "{path}: {answer}");
    }
    while !engine.in_flight.is_empty() {
        engine.end(0, 0);
    }
    engine
}

#[test]
fn what_batch_was_told_it_is_told_again() {
    let mut engine = batch_managed();
    let shown = |engine: &mut Recorder| {
        let jobs = engine.batch("listjobs", json!({"jobQueue": "q", "jobStatus": "SUCCEEDED"}));
        let id = jobs["jobSummaryList"][1]["jobId"].as_str().unwrap_or_default().to_owned();
        let calls = [
            ("describejobs", json!({"jobs": [id, format!("{id}#1")]})),
            ("describejobqueues", json!({})),
            ("describecomputeenvironments", json!({})),
            ("describejobdefinitions", json!({})),
            ("listschedulingpolicies", json!({})),
            ("listtagsforresource", json!({"resourceArn": "arn:aws:batch:us-east-1:123456789012:job-queue/q"})),
        ];
        std::iter::once(jobs).chain(calls.map(|(path, call)| engine.batch(path, call))).collect::<Vec<_>>()
    };
    let before = shown(&mut engine);
    assert_eq!(before[1]["jobs"][1]["nodeDetails"], json!({"nodeIndex": 1, "isMainNode": false}), "{before:?}");
    assert_eq!(before[6]["tags"], json!({"a": "1"}));
    let mut replay = Replay::new(Settings { seed: 11, ..Settings::default() });
    for (entry, at, digest) in &engine.journal {
        replay.feed(entry, *at, *digest).unwrap();
    }
    engine.engine = replay.finish().engine;
    assert_eq!(shown(&mut engine), before);
}

/// What S3 answers is an input like others: a Map Run's items and results, and a task's object.
fn with_objects() -> (Recorder, Vec<Value>) {
    let mut engine = Recorder::new(Settings { seed: 11, ..Settings::default() });
    let role = "arn:aws:iam::123456789012:role/r";
    let place = json!({"Bucket": "b", "Key": "k"});
    let processor = json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}
    });
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"}, "Parameters": place});
    let writer = json!({"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}});
    let states = json!({
        "M": {"Type": "Map", "ItemProcessor": processor, "ItemReader": reader, "ResultWriter": writer, "ResultPath": "$.map", "Next": "L"},
        "L": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listObjectsV2", "Parameters": {"Bucket": "b"}, "ResultPath": "$.list", "Next": "G"},
        "G": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": place, "End": true},
    });
    let definition = json!({"StartAt": "M", "States": states}).to_string();
    let machine = engine.states("CreateStateMachine", json!({"name": "m", "definition": definition, "roleArn": role}));
    let execution = engine.states("StartExecution", json!({"stateMachineArn": machine["stateMachineArn"]}));
    let listed = ListedObject {
        key: "k".into(),
        etag: "\"e\"".into(),
        last_modified: Timestamp::UNIX_EPOCH,
        size: 3,
        storage_class: "STANDARD".into(),
    };
    while let Some((id, call)) = engine.asked.pop() {
        let answer = match call {
            ObjectCall::Get { .. } => ObjectAnswer::Read("1\n2\n".into()),
            ObjectCall::List { .. } => ObjectAnswer::Listed(vec![listed.clone()]),
            ObjectCall::Put { .. } => ObjectAnswer::Written,
            ObjectCall::Operation { operation, .. } if operation == "listObjectsV2" => {
                ObjectAnswer::Answered(json!({"Contents": [{"Key": "k"}], "KeyCount": 1}).as_object().cloned().unwrap())
            }
            ObjectCall::Operation { .. } => ObjectAnswer::Failed { code: "NoSuchKey".into(), message: "gone".into() },
        };
        engine.handle(Input::ObjectAnswered { id, answer });
    }
    (engine, vec![execution])
}

#[test]
fn what_the_objects_were_is_replayed_too() {
    let (mut engine, executions) = with_objects();
    let described = engine.states("DescribeExecution", json!({"executionArn": executions[0]["executionArn"]}));
    assert_eq!((&described["status"], &described["error"]), (&json!("FAILED"), &json!("S3.NoSuchKeyException")), "{described}");
    let mut replay = Replay::new(Settings { seed: 11, ..Settings::default() });
    for (entry, at, digest) in &engine.journal {
        replay.feed(entry, *at, *digest).unwrap();
    }
    let before = history(&mut engine, &executions[0]);
    engine.engine = replay.finish().engine;
    assert_eq!(history(&mut engine, &executions[0]), before);
}
